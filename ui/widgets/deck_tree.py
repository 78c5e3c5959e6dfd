"""A tree of decks with check boxes. An unticked deck is left out, with all decks below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Optional

from aqt import colors
from aqt.qt import (
    Qt,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
    qconnect,
)
from aqt.theme import theme_manager

from ...sync.vault.deck_choice import DeckRef
from ..app.labels import plain_label
from .search_field import SearchField

_ID = Qt.ItemDataRole.UserRole
_ON = Qt.CheckState.Checked
_PART = Qt.CheckState.PartiallyChecked
_OFF = Qt.CheckState.Unchecked


class DeckTree(QWidget):
    """Shows decks with check boxes, and a search field.

    A half-ticked deck is included, but some decks below it are not.
    """

    def __init__(
        self, parent: Optional[QWidget] = None, title: str = "Dec&ks that have pages"
    ) -> None:
        super().__init__(parent)
        self.search = SearchField("Search decks", self)
        self.tree = QTreeWidget(self)
        self.tree.setHeaderHidden(True)
        self.tree.setUniformRowHeights(True)
        self.tree.setAccessibleName(title.replace("&", ""))
        self.tree.setStyleSheet(make_box_style())
        label = plain_label(self, f"{title}:", short=True)
        label.setBuddy(self.tree)
        layout = QVBoxLayout(self)
        layout.addWidget(label)
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)
        qconnect(self.tree.itemChanged, self._ticked)
        qconnect(self.search.textChanged, self._filter)

    def show_decks(self, decks: Iterable[tuple[int, str]], left_out: Sequence[DeckRef]) -> None:
        """Show these decks (id, full name). ``left_out`` and all decks below them are unticked."""
        self.tree.blockSignals(True)
        self.tree.clear()
        items: dict[str, QTreeWidgetItem] = {}
        for deck_id, name in sorted(decks, key=lambda deck: deck[1].casefold().split("::")):
            above, _, last = name.rpartition("::")
            parent = items.get(above.casefold())
            item = QTreeWidgetItem([last if parent else name])
            item.setData(0, _ID, deck_id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            out = (parent and parent.checkState(0) == _OFF) or left_out_by(left_out, deck_id, name)
            item.setCheckState(0, _OFF if out else _ON)
            items[name.casefold()] = item
            if parent:
                parent.addChild(item)
            else:
                self.tree.addTopLevelItem(item)
        for item in reversed(list(items.values())):
            _look_below(item)
        for item in items.values():
            item.setExpanded(item.checkState(0) == _PART or item.parent() is None)
        self.tree.blockSignals(False)

    def left_out(self) -> tuple[int, ...]:
        """Ids of the decks that are left out, without the decks below them."""
        found: list[int] = []
        waiting = [self.tree.topLevelItem(i) for i in range(self.tree.topLevelItemCount())]
        while waiting:
            item = waiting.pop()
            assert item is not None
            if item.checkState(0) == _OFF:
                found.append(item.data(0, _ID))
            else:
                waiting += [item.child(i) for i in range(item.childCount())]
        return tuple(sorted(found))

    def _ticked(self, item: QTreeWidgetItem, _column: int) -> None:
        self.tree.blockSignals(True)
        _set_below(item, item.checkState(0))
        above = item.parent()
        while above:
            if item.checkState(0) != _OFF and above.checkState(0) == _OFF:
                above.setCheckState(0, _PART)
            _look_below(above)
            above = above.parent()
        self.tree.blockSignals(False)
        viewport = self.tree.viewport()
        assert viewport is not None
        viewport.update()

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for i in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(i)
            assert item is not None
            _show_matches(item, words, "")


def left_out_by(left_out: Sequence[DeckRef], deck_id: int, name: str) -> bool:
    """Whether one of the references, ids or names in any case, means this deck itself."""
    names = {ref.casefold() for ref in left_out if isinstance(ref, str)}
    return deck_id in left_out or name.casefold() in names


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


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    children = (item.child(i) for i in range(item.childCount()))
    return [child for child in children if child is not None]


def _set_below(item: QTreeWidgetItem, state: Qt.CheckState) -> None:
    for child in _children(item):
        child.setCheckState(0, state)
        _set_below(child, state)


def _look_below(item: QTreeWidgetItem) -> None:
    # It may have notes of its own: half ticked, it stays included when all below it are unticked.
    if item.checkState(0) != _OFF:
        whole = all(child.checkState(0) == _ON for child in _children(item))
        item.setCheckState(0, _ON if whole else _PART)


def _show_matches(item: QTreeWidgetItem, words: Sequence[str], above: str) -> bool:
    name = f"{above} {item.text(0).casefold()}"
    below = [_show_matches(child, words, name) for child in _children(item)]
    found = all(word in name for word in words) or any(below)
    item.setHidden(not found)
    if words and any(below):
        item.setExpanded(True)
    return found
