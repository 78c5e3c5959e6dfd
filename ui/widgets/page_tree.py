"""What a run did, page by page, in the folders of their decks. A folder fills when it is opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from aqt.qt import QKeyEvent, QTreeWidget, QTreeWidgetItem, QWidget, qconnect

from ...sync.run.done import Done, count_words
from ..app import obsidian
from .search_field import ENTER

_MOST = 500  # pages shown of one folder: more would hold up the window


class PageTree(QTreeWidget):
    """Decks with counts, and below each its pages. Enter or a double click opens a page."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._folder = Path()
        self._pages: dict[str, list[tuple[Done, str]]] = {}
        self._places: list[str] = []
        self.setHeaderLabels(["Deck, page", "What was done"])
        self.setAccessibleName("Pages by deck")
        self.setUniformRowHeights(True)
        self.setColumnWidth(0, 420)
        qconnect(self.itemExpanded, self._fill)
        qconnect(self.itemActivated, lambda *_: self.open_chosen())

    def show_pages(self, pages: Sequence[tuple[Done, str]], folder: Path) -> None:
        """Show these. Their paths are relative to ``folder``. A single deck is open at once."""
        self._folder, self._pages = folder, {}
        for done, path in pages:
            self._pages.setdefault(path.rpartition("/")[0], []).append((done, path))
        self.clear()
        self._places = sorted(self._pages, key=str.casefold)
        for place in self._places:
            found = self._pages[place]
            counts = Counter(done for done, _ in found)
            told = ", ".join(done.tell(count) for done, count in counts.items())
            item = QTreeWidgetItem([place.replace("/", " ▸ ") or folder.name, told])
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
            self.addTopLevelItem(item)
        if len(self._pages) == 1:
            self.expandItem(self.topLevelItem(0))

    def chosen(self) -> str:
        """The path of the selected page; empty where none is selected."""
        item = self.currentItem()
        above = item.parent() if item else None
        if item is None or above is None:
            return ""
        found = self._shown(above)
        number = above.indexOfChild(item)
        return found[number][1] if number < min(len(found), _MOST) else ""

    def open_chosen(self) -> None:
        """Open the selected page in Obsidian."""
        path = self.chosen()
        if path:
            obsidian.show_file(self._folder / path, self)

    def keyPressEvent(self, event: Optional[QKeyEvent]) -> None:
        super().keyPressEvent(event)
        if event and event.key() in ENTER:  # it must not press the window's button too
            event.accept()

    def _shown(self, item: QTreeWidgetItem) -> list[tuple[Done, str]]:
        return self._pages[self._places[self.indexOfTopLevelItem(item)]]

    def _fill(self, item: QTreeWidgetItem) -> None:
        if item.childCount() or item.parent() is not None:
            return
        found = self._shown(item)
        for done, path in found[:_MOST]:
            name = path.rpartition("/")[2]
            below = QTreeWidgetItem([name[:-3] if name.endswith(".md") else name, done.one])
            item.addChild(below)
        if len(found) > _MOST:
            more = count_words(len(found) - _MOST, "more page")
            item.addChild(QTreeWidgetItem([f"… and {more}", ""]))
