"""Options…: what a subscriber wants of a deck, and what no update may write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from aqt.main import AnkiQt
from aqt.qt import (
    QCheckBox,
    QDialogButtonBox,
    QLineEdit,
    Qt,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
    qconnect,
)
from aqt.utils import disable_help_button, saveGeom

from ...convert.deck_file.definition import DeckFile
from ...sync.deck.read.file import read_data
from ...sync.run.regular import read_regular
from ...sync.source.subscription.author import leave_out
from ...sync.source.subscription.preview import list_fields
from ...sync.source.subscription.run import change_subscription
from ...sync.source.subscription.store import Home
from ...sync.source.subscription.subscription import (
    PROTECT,
    Subscription,
    SubscriptionTrouble,
    keep_unseen,
)
from ..app.asking import Asking
from ..app.labels import plain_label, plain_title
from ..app.leading import add_help
from ..app.messages import say, still_open, tell_error
from ..app.places import restore_place
from ..runs import sources as runs
from ..runs.source_kinds import SubscriptionSource
from ..widgets.deck_tree import DeckTree, make_box_style
from ..widgets.quiet_dialog import QuietDialog

_ON, _OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked
_KEY = "deck"


def show_options(mw: AnkiQt, source: SubscriptionSource, parent: QWidget) -> None:
    """Read the author's deck in the background, then open the options of its subscription."""
    reading = Asking()
    reading.add(_KEY, partial(read_theirs, source))

    def show() -> None:
        outcome = reading.outcomes.get(_KEY)
        window = still_open(parent, mw)
        if outcome is None or outcome.value is None:
            tell_error(mw, outcome.error if outcome else None, window)
        else:
            OptionsDialog(mw, source, outcome.value, window)

    reading.wait(mw, show, parent=parent)


def read_theirs(source: SubscriptionSource) -> DeckFile:
    """The author's deck as last fetched. Raises ``SubscriptionTrouble``."""
    try:
        deck = read_data(read_regular(Home(source.state, source.subscription.address).theirs)).deck
    except OSError:
        deck = None
    if deck is None:
        raise SubscriptionTrouble(f"“{source.title}” was not fetched yet. Press Update first.")
    return deck


class OptionsDialog(QuietDialog):
    """The options of one subscription."""

    def __init__(
        self, mw: AnkiQt, source: SubscriptionSource, deck: DeckFile, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._mw, self._source = mw, source
        subscription = source.subscription
        self.setWindowTitle(plain_title(f"Ankivault: Options of {subscription.title}"))
        disable_help_button(self)
        mw.garbage_collect_on_dialog_finish(self)
        self.automatic = QCheckBox("&Update with each AnkiWeb sync")
        self.automatic.setChecked(subscription.automatic)
        self.fields = make_tree("Protected fields")
        fill_fields(self.fields, list_fields(deck), subscription.protected)
        self._decks = list(dict.fromkeys((*(d.name for d in deck.decks), *_used(deck))))
        self.decks = DeckTree(self, "&Decks that you take")
        self.decks.show_decks(enumerate(self._decks, start=1), subscription.left_out)
        self.tags = make_tree("Optional tags")
        fill_tags(self.tags, deck.package.optional_tags, subscription.wanted_tags)
        self.unwanted = QLineEdit(" ".join(subscription.unwanted_tags))
        self.unwanted.setPlaceholderText("none")
        self.unwanted.setAccessibleName("Tags that the notes do not get")
        self.tabs = QTabWidget(self)
        self.tabs.addTab(self._fields_tab(), "&Protected Fields")
        self.tabs.addTab(self._tab(self.decks), "D&ecks")
        self.tabs.addTab(self._tags_tab(deck), "&Tags")
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        add_help(mw, self, "subscribe#keep-something-out-of-updates", self.buttons)
        layout = QVBoxLayout(self)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.automatic)
        layout.addWidget(self.buttons)
        qconnect(self.buttons.accepted, self.accept)
        qconnect(self.buttons.rejected, self.reject)
        self.resize(560, 440)
        restore_place(self, "ankivaultSourceOptions")
        self.setModal(True)
        self.show()

    def _fields_tab(self) -> QWidget:
        told = (
            "No update writes a ticked field of a note that is in Anki. To protect a field of one "
            f"note only, give that note the tag {PROTECT}::Field, with the field's name."
        )
        return self._tab(plain_label(self, told), self.fields)

    def _tags_tab(self, deck: DeckFile) -> QWidget:
        told = "The author offers these tags. Your notes get the ticked ones."
        if not deck.package.optional_tags:
            told = "The author offers no optional tags."
            self.tags.hide()
        others = plain_label(self, "Tags that the notes do not get, with spaces between:")
        return self._tab(plain_label(self, told), self.tags, others, self.unwanted)

    def _tab(self, *widgets: QWidget) -> QWidget:
        tab = QWidget(self)
        layout = QVBoxLayout(tab)
        for widget in widgets:
            layout.addWidget(widget)
        if all(isinstance(w, QLineEdit) or w.isHidden() for w in widgets[1:]):
            layout.addStretch(1)
        return tab

    def accept(self) -> None:
        subscription = self.wanted()
        try:
            change_subscription(self._source.state, subscription)
        except Exception as error:
            tell_error(self._mw, error, self)
            return
        runs.announce_change()
        if subscription != self._source.subscription:
            say("The next update goes by this.", parent=self.parentWidget() or self._mw)
        super().accept()

    def wanted(self) -> Subscription:
        """The subscription as the boxes say."""
        source = self._source
        now = Home(source.state, source.subscription.address).read() or source.subscription
        return replace(
            now,
            automatic=self.automatic.isChecked(),
            protected=read_fields(self.fields, now.protected),
            left_out=leave_out(
                now.left_out,
                self._decks,
                [self._decks[number - 1] for number in self.decks.left_out()],
            ),
            wanted_tags=read_tags(self.tags, now.wanted_tags),
            unwanted_tags=tuple(self.unwanted.text().split()),
        )

    def done(self, result: int) -> None:
        saveGeom(self, "ankivaultSourceOptions")
        super().done(result)


def make_tree(name: str) -> QTreeWidget:
    """A tree for check boxes."""
    tree = QTreeWidget()
    tree.setHeaderHidden(True)
    tree.setUniformRowHeights(True)
    tree.setAccessibleName(name)
    tree.setStyleSheet(make_box_style())
    return tree


def fill_fields(
    tree: QTreeWidget,
    fields: Mapping[str, Sequence[str]],
    protected: Mapping[str, Sequence[str]],
) -> None:
    """Show note types with their fields; those that are protected are ticked."""
    for model, names in fields.items():
        item = QTreeWidgetItem([model])
        tree.addTopLevelItem(item)
        for name in names:
            item.addChild(_box(name, name in protected.get(model, ())))
        item.setExpanded(True)


def read_fields(
    tree: QTreeWidget, before: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """The ticked fields by note type. Note types and fields that are not shown stay as before."""
    found = {model: tuple(names) for model, names in before.items()}
    for row in range(tree.topLevelItemCount()):
        item = tree.topLevelItem(row)
        assert item is not None
        model, fields = item.text(0), [item.child(n) for n in range(item.childCount())]
        shown = [field.text(0) for field in fields if field]
        found[model] = keep_unseen(before.get(model, ()), shown, _ticked(fields))
    return {model: names for model, names in found.items() if names}


def fill_tags(tree: QTreeWidget, tags: Sequence[str], wanted: Sequence[str]) -> None:
    """Show the author's optional tags; those that are wanted are ticked."""
    chosen = {tag.casefold() for tag in wanted}
    for tag in tags:
        tree.addTopLevelItem(_box(tag, tag.casefold() in chosen))


def read_tags(tree: QTreeWidget, before: Sequence[str]) -> tuple[str, ...]:
    """The ticked tags. Those that are not shown stay as before."""
    items = [tree.topLevelItem(n) for n in range(tree.topLevelItemCount())]
    return keep_unseen(before, [item.text(0) for item in items if item], _ticked(items))


def _used(deck: DeckFile) -> list[str]:
    return list(dict.fromkeys(note.deck for note in deck.notes))


def _box(text: str, ticked: bool) -> QTreeWidgetItem:
    item = QTreeWidgetItem([text])
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(0, _ON if ticked else _OFF)
    return item


def _ticked(items: object) -> list[str]:
    return [item.text(0) for item in items if item and item.checkState(0) == _ON]  # type: ignore[attr-defined]
