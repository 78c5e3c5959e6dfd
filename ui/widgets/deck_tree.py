"""A tree of decks with check boxes. A deck is ticked or not together with all decks below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Optional

from aqt import colors
from aqt.qt import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QKeySequence,
    QShortcut,
    Qt,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
    pyqtSignal,
    qconnect,
)
from aqt.theme import theme_manager

from ...sync.vault.deck_choice import DeckChoice, DeckRef, find_hidden, make_choice
from ..app.labels import plain_label, plain_tip
from .deck_items import FOUND, ID, add_decks, children_of, filter_decks, items_of
from .named_list import make_button
from .search_field import SearchField

_OWN = Qt.ItemDataRole.UserRole + 2  # whether the deck itself is ticked
_NOTES = Qt.ItemDataRole.UserRole + 3  # how many notes are in the deck itself
_ON = Qt.CheckState.Checked
_PART = Qt.CheckState.PartiallyChecked
_OFF = Qt.CheckState.Unchecked


class DeckTree(QWidget):
    """Shows decks with check boxes, and a search field.

    A half-ticked deck is told in words: it is in, and decks below it are not, or the other way
    round. The other way round is there only if ``separate``: otherwise a deck that is out takes
    along all below it.
    """

    changed = pyqtSignal()

    def __init__(
        self,
        parent: Optional[QWidget] = None,
        title: str = "De&cks that have pages",
        *,
        separate: bool = False,
    ) -> None:
        super().__init__(parent)
        self._separate = separate
        self._names: dict[int, str] = {}
        self.search = SearchField("Search decks", self)
        self.tree = _make_tree(self, title, with_notes=separate)
        self.told = plain_label(self, short=True, spoken=True)
        self.told.setVisible(separate)
        label = plain_label(self, f"{title}:", short=True)
        label.setBuddy(self.tree)
        buttons = self._make_buttons()
        self.new_decks = QCheckBox("&New decks get pages", self)
        self.new_decks.setToolTip(
            "A new deck inside another does as that one.\nThis is for those at the top."
        )
        self.new_decks.setVisible(separate)
        layout = QVBoxLayout(self)
        layout.addWidget(label)
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)
        layout.addLayout(buttons)
        layout.addWidget(self.told)
        layout.addWidget(self.new_decks)
        qconnect(self.tree.itemChanged, self._ticked)
        qconnect(self.search.textChanged, lambda text: self._quietly(self._filter, text))
        qconnect(self.new_decks.toggled, lambda _: self.changed.emit())

    def _make_buttons(self) -> QHBoxLayout:
        self.all_button = make_button(
            self, "&All", "Tick all decks that the search finds", lambda: self._set_found(True)
        )
        self.none_button = make_button(
            self, "N&one", "Untick all decks that the search finds", lambda: self._set_found(False)
        )
        self.invert_button = make_button(
            self, "&Invert", "Tick what is not ticked, and the other way round", self._invert
        )
        self.only_button = make_button(
            self,
            "Onl&y This Deck",
            "Tick or untick the selected deck, and leave those below it (Shift+Space)",
            self.toggle_only,
        )
        shortcut = QShortcut(QKeySequence("Shift+Space"), self.tree)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        qconnect(shortcut.activated, self.toggle_only)
        row = QHBoxLayout()
        for button in (self.all_button, self.none_button, self.invert_button, self.only_button):
            row.addWidget(button)
            button.setVisible(self._separate)
        row.addStretch(1)
        return row

    def show_decks(self, decks: Iterable[tuple[int, str]], left_out: Sequence[DeckRef]) -> None:
        """Show these decks (id, full name). ``left_out`` and all decks below them are unticked."""
        names = dict(decks)
        self.show_choice(names, DeckChoice(left_out=tuple(left_out)))

    def show_choice(self, decks: Mapping[int, str], choice: DeckChoice) -> None:
        """Show these decks, and tick those that have pages."""
        self._names = dict(decks)
        hidden = find_hidden(decks, choice)
        self._quietly(self._fill, decks, hidden)
        self.new_decks.setChecked(choice.new_decks)

    def _fill(self, decks: Mapping[int, str], hidden: frozenset[int]) -> None:
        for item, name in add_decks(self.tree, decks.items()):
            item.setToolTip(0, plain_tip(name))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setData(0, _OWN, item.data(0, ID) not in hidden)
            item.setData(0, _NOTES, -1)
        self._look()
        for item in items_of(self.tree):
            item.setExpanded(item.checkState(0) == _PART or item.parent() is None)
        self._filter(self.search.text())
        if self.tree.topLevelItemCount() and self.tree.currentItem() is None:
            self.tree.setCurrentItem(self.tree.topLevelItem(0))

    def show_counts(self, counts: Mapping[int, int]) -> None:
        """Show how many notes are in these decks; in a deck with decks below it, also theirs."""

        def fill() -> None:
            for item in items_of(self.tree):
                item.setData(0, _NOTES, counts.get(item.data(0, ID), 0))
            self._look()

        self._quietly(fill)

    def choice(self) -> DeckChoice:
        """What is ticked."""
        return make_choice(self._names, self.ticked(), new_decks=self.new_decks.isChecked())

    def ticked(self) -> set[int]:
        """The ids of the decks that are ticked themselves."""
        return {item.data(0, ID) for item in items_of(self.tree) if item.data(0, _OWN)}

    def left_out(self) -> tuple[int, ...]:
        """Ids of the decks that are left out, without the decks below them."""
        return tuple(id_ for id_ in self.choice().left_out if isinstance(id_, int))

    def toggle_only(self) -> None:
        """Tick or untick the selected deck, and leave those below it as they are."""
        item = self.tree.currentItem()
        if item is not None:
            self._change([(item, not item.data(0, _OWN))])

    def _set_found(self, value: bool) -> None:
        self._change([(item, value) for item in self._found()])

    def _invert(self) -> None:
        self._change([(item, not item.data(0, _OWN)) for item in self._found()])

    def _found(self) -> list[QTreeWidgetItem]:
        return [item for item in items_of(self.tree) if item.data(0, FOUND)]

    def _ticked(self, item: QTreeWidgetItem, column: int) -> None:
        if column:
            return
        value = item.checkState(0) == _ON
        rows, waiting = [item], children_of(item)
        while waiting:
            below = waiting.pop()
            rows.append(below)
            waiting += children_of(below)
        above = item.parent()
        while value and above is not None and not self._separate:
            rows.append(above)
            above = above.parent()
        self._change([(row, value) for row in rows])

    def _change(self, rows: Sequence[tuple[QTreeWidgetItem, bool]]) -> None:
        def fill() -> None:
            for item, value in rows:
                item.setData(0, _OWN, value)
            self._look()

        self._quietly(fill)
        self.changed.emit()

    def _look(self) -> None:
        """Show what follows from the decks that are ticked themselves."""
        inside: dict[int, tuple[int, int, int]] = {}  # ticked, all and notes of what is below
        decks = notes = all_notes = 0
        items = items_of(self.tree)
        for item in reversed(items):
            own, count = bool(item.data(0, _OWN)), item.data(0, _NOTES)
            below = [inside[child.data(0, ID)] for child in children_of(item)]
            ticked, whole, total = (sum(each[i] for each in below) for i in range(3))
            state = _ON if own else _OFF
            item.setCheckState(0, state if ticked == (whole if own else 0) else _PART)
            if self._separate:
                item.setText(1, f"{total + count:,}" if count >= 0 else "")
                item.setText(2, _say(own, ticked, whole))
            inside[item.data(0, ID)] = (ticked + own, whole + 1, total + max(count, 0))
            decks += own
            notes += max(count, 0) if own else 0
            all_notes += max(count, 0)
        told = f"{decks:,} of {len(items):,} decks"
        self.told.setText(f"{told}, with {notes:,} of {all_notes:,} notes" if all_notes else told)

    def _filter(self, text: str) -> None:
        self.search.tell_found(filter_decks(self.tree, text), "deck")

    def _quietly(self, act: Callable[..., None], *values: object) -> None:
        """Change many rows, which are painted once."""
        self.tree.blockSignals(True)
        act(*values)
        self.tree.blockSignals(False)
        viewport = self.tree.viewport()
        assert viewport is not None
        viewport.update()


def _say(own: bool, ticked: int, whole: int) -> str:
    """What a deck's box means, with ``ticked`` of the ``whole`` decks below it."""
    if own:
        return "" if ticked == whole else f"without {whole - ticked:,} below"
    return f"only {ticked:,} below" if ticked else "left out"


def _make_tree(parent: QWidget, title: str, *, with_notes: bool) -> QTreeWidget:
    tree = QTreeWidget(parent)
    tree.setUniformRowHeights(True)
    tree.setAccessibleName(title.replace("&", ""))
    tree.setStyleSheet(make_box_style())
    tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    header = tree.header()
    assert header is not None
    if with_notes:
        tree.setHeaderLabels(["Deck", "Notes", "Pages"])
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
    else:
        tree.setHeaderHidden(True)
    return tree


def make_box_style() -> str:
    """The style sheet for a tree with Anki's check boxes.

    Without it, the check boxes of a tree are hard to see in night mode.
    """
    box = "QTreeView::indicator"
    edge = theme_manager.var(colors.BORDER_STRONG)
    behind = theme_manager.var(colors.CANVAS_ELEVATED)
    check = theme_manager.themed_icon("mdi:check")
    part = theme_manager.themed_icon("mdi:minus-thick")
    return (
        f"{box} {{ border: 1px solid {edge}; border-radius: 3px; background: {behind};"
        " width: 12px; height: 12px; }"
        f"{box}:checked {{ image: url({check}); }}"
        f"{box}:indeterminate {{ image: url({part}); }}"
    )
