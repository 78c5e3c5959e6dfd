"""A searchable tree of decks, of which one is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Optional

from aqt.qt import QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget, pyqtSignal, qconnect

from ..app.labels import plain_tip
from .deck_items import ID, add_decks, filter_decks, items_of
from .search_field import SearchField


class DeckPicker(QWidget):
    """Shows decks with a search field. The selected one is the chosen one."""

    changed = pyqtSignal()

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._names: dict[int, str] = {}
        self.search = SearchField("Search decks", self)
        self.tree = QTreeWidget(self)
        self.tree.setHeaderHidden(True)
        self.tree.setUniformRowHeights(True)
        self.tree.setAccessibleName("Deck")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)
        self.setFocusProxy(self.tree)
        qconnect(self.search.textChanged, self._search)
        qconnect(self.tree.currentItemChanged, lambda *_: self.changed.emit())

    def show_decks(self, decks: Mapping[int, str], chosen: int) -> None:
        """Show these decks (id → full name), and choose one."""
        self._names = dict(decks)
        for item, name in add_decks(self.tree, decks.items()):
            item.setToolTip(0, plain_tip(name))
            if self.tree.currentItem() is None or item.data(0, ID) == chosen:
                self.tree.setCurrentItem(item)
        current = self.tree.currentItem()
        if current is not None:
            self.tree.scrollToItem(current)

    def deck(self) -> int:
        """The id of the chosen deck."""
        item = self.tree.currentItem()
        return int(item.data(0, ID)) if item is not None else 0

    def name(self) -> str:
        """The full name of the chosen deck."""
        return self._names.get(self.deck(), "")

    def _search(self, text: str) -> None:
        self.search.tell_found(filter_decks(self.tree, text), "deck")
        current = self.tree.currentItem()
        if current is None or current.isHidden():
            found = next((i for i in items_of(self.tree) if not _is_hidden(i)), None)
            if found is not None:
                self.tree.setCurrentItem(found)


def _is_hidden(item: QTreeWidgetItem) -> bool:
    above: Optional[QTreeWidgetItem] = item
    while above is not None:
        if above.isHidden():
            return True
        above = above.parent()
    return False
