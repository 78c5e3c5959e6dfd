"""The list of Activity: runs, the newest first, and below each what it did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Optional, Union

from aqt.qt import (
    QHeaderView,
    QKeyEvent,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
    qconnect,
)

from ...sync.activity.entry import Kept, Run
from ...sync.activity.find import PAGE
from ..app.labels import plain_tip
from ..widgets.search_field import ENTER
from .activity_words import tell_entry, tell_run

MORE = "Show more…"


class _Row(QTreeWidgetItem):
    """A row; without a value it is the one that shows more."""

    def __init__(self, text: str, deck: str = "", value: Union[Run, Kept, None] = None) -> None:
        super().__init__([text, deck])
        self.setToolTip(0, plain_tip(text))  # a long line is cut off
        self.value = value


class ActivityTree(QTreeWidget):
    """Runs and entries. It reads nothing: ``fetch`` is asked for the entries of a run.

    ``more`` is called for older runs, when the last row is chosen with a click or Enter.
    """

    def __init__(
        self,
        parent: QWidget,
        fetch: Callable[[Run, int], None],
        more: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._fetch, self._more = fetch, more
        self.setColumnCount(2)
        self.setHeaderLabels(["What was done", "Deck"])
        self.setAccessibleName("Runs, and what each did")
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        header = self.header()
        assert header is not None
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        self.setColumnWidth(1, 160)
        qconnect(self.itemExpanded, self._expand)
        qconnect(self.itemActivated, lambda item, _column: self._choose(item))

    def show_runs(self, runs: Sequence[Run], *, adds: bool, has_more: bool) -> None:
        """Show these runs, instead of those before or, with ``adds``, after them."""
        if adds:
            self._drop_more(self.invisibleRootItem())
        else:
            self.clear()
        items = []
        for run in runs:
            item = _Row(tell_run(run), "", run)
            if run.entries:
                policy = QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator
                item.setChildIndicatorPolicy(policy)
            items.append(item)
        if has_more:
            items.append(_Row(MORE))
        self.addTopLevelItems(items)
        for item in items:
            item.setFirstColumnSpanned(True)  # a run is about many decks, and its line is long

    def show_entries(self, run_id: int, entries: Sequence[Kept], *, has_more: bool) -> None:
        """Show entries of a run, after those that it shows already."""
        item = self.find_run(run_id)
        if item is None:
            return
        self._drop_more(item)
        children = [_Row(tell_entry(k.entry), k.entry.deck, k) for k in entries]
        if has_more:
            children.append(_Row(MORE))
        item.addChildren(children)

    def chosen(self) -> Union[Run, Kept, None]:
        """What the current row shows."""
        return _value(self.currentItem())

    def find_run(self, run_id: int) -> Optional[QTreeWidgetItem]:
        """The row of a run."""
        for row in range(self.topLevelItemCount()):
            item = self.topLevelItem(row)
            run = _value(item)
            if isinstance(run, Run) and run.id == run_id:
                return item
        return None

    def choose(self, run_id: int, entry_id: int) -> bool:
        """Make the row of an entry the current one, if it is shown."""
        item = self.find_run(run_id)
        for row in range(item.childCount() if item else 0):
            child = item.child(row) if item else None
            value = _value(child)
            if child is not None and isinstance(value, Kept) and value.id == entry_id:
                self.setCurrentItem(child)
                return True
        return False

    @property
    def is_deep(self) -> bool:
        """Whether more runs are shown than are read at once."""
        return self.topLevelItemCount() > PAGE + 1

    def open_runs(self) -> list[int]:
        """The runs whose entries are shown."""
        found = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        return [run.id for item in found if item and item.isExpanded() and (run := _value(item))]

    def keyPressEvent(self, event: Optional[QKeyEvent]) -> None:
        item = self.currentItem()
        if event and event.key() in ENTER and item:
            self._choose(item)
            event.accept()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: object) -> None:
        super().mouseReleaseEvent(event)  # type: ignore[arg-type]
        item = self.currentItem()
        if item and _value(item) is None:
            self._choose(item)

    def _choose(self, item: QTreeWidgetItem) -> None:
        value = _value(item)
        if isinstance(value, Run):
            item.setExpanded(not item.isExpanded())
        elif value is None:
            above = item.parent()
            if above is None:
                self._more()
            else:
                self._ask(above)

    def _expand(self, item: QTreeWidgetItem) -> None:
        if not item.childCount():
            self._ask(item)

    def _ask(self, item: QTreeWidgetItem) -> None:
        run = _value(item)
        known = [each.id for row in range(item.childCount()) if (each := _value(item.child(row)))]
        if isinstance(run, Run):
            self._fetch(run, max(known, default=0))

    def _drop_more(self, item: Optional[QTreeWidgetItem]) -> None:
        if item is None or not item.childCount():
            return
        last = item.child(item.childCount() - 1)
        if last is not None and _value(last) is None:
            item.removeChild(last)


def _value(item: Optional[QTreeWidgetItem]) -> Union[Run, Kept, None]:
    return item.value if isinstance(item, _Row) else None
