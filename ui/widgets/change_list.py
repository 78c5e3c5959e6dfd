"""A list of changes with a search and a filter, and below it the details of the selected one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Optional

from aqt.qt import (
    QHBoxLayout,
    QKeySequence,
    QShortcut,
    QSplitter,
    Qt,
    QVBoxLayout,
    QWidget,
    pyqtSignal,
    qconnect,
)

from .rows import Row, Rows, RowsView
from .search_field import FilterBox, SearchField

Filter = tuple[str, int, str]  # its name; a column, and the value it must have


class ChangeList(QWidget):
    """Shows a search field, a choice of filters, the rows, and ``below`` them another widget.

    ``chosen_changed`` is emitted when the current row or the rows have changed.
    ``selection_changed`` is emitted when other rows are selected.
    """

    chosen_changed = pyqtSignal()
    selection_changed = pyqtSignal()

    def __init__(
        self, headers: Sequence[str], widths: Sequence[int], purpose: str, below: QWidget
    ) -> None:
        super().__init__()
        self.search = SearchField(purpose, self)
        self.kind = FilterBox(self)
        self.kind.setAccessibleName("Kind of change")
        self.kind.setSizeAdjustPolicy(FilterBox.SizeAdjustPolicy.AdjustToContents)
        self.rows = Rows(headers, self)
        self.view = RowsView(self.rows, widths, self)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.addWidget(self.view)
        self.splitter.addWidget(below)
        self.splitter.setChildrenCollapsible(False)
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.kind)
        self._top = top
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.splitter, 1)
        qconnect(self.search.textChanged, lambda _: self._filter())
        qconnect(self.kind.currentIndexChanged, lambda _: self._filter())
        chosen = self.view.selectionModel()
        assert chosen is not None
        qconnect(chosen.currentChanged, lambda *_: self.chosen_changed.emit())
        qconnect(chosen.selectionChanged, lambda *_: self.selection_changed.emit())
        qconnect(self.rows.modelReset, self.chosen_changed.emit)
        qconnect(self.search.returnPressed, self._go_to_first)
        qconnect(self.kind.entered, self._go_to_first)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        qconnect(find.activated, self._find)
        for one, next_one in ((self.search, self.kind), (self.kind, self.view), (self.view, below)):
            QWidget.setTabOrder(one, next_one)

    def add_tool(self, tool: QWidget) -> None:
        """Show a widget beside the search."""
        self._top.addWidget(tool)
        QWidget.setTabOrder(self.kind, tool)

    def show_rows(self, rows: Sequence[Row], filters: Sequence[Filter]) -> None:
        """Show these rows. The search stays, and so does the filter if it still exists."""
        before = self.kind.currentData()
        self.kind.blockSignals(True)
        self.kind.clear()
        self.kind.addItem(f"All ({len(rows):,})", (0, ""))
        for name, column, value in filters:
            count = sum(row[column] == value for row in rows)
            if count:
                self.kind.addItem(f"{name} ({count:,})", (column, value))
        self.kind.setCurrentIndex(max(0, self._find_filter(before)))
        self.kind.blockSignals(False)
        self.rows.set_rows(rows, self.search.text(), *(self.kind.currentData() or (0, "")))

    def forget_filter(self) -> None:
        """Clear the search and the filter."""
        self.search.clear()
        self.kind.setCurrentIndex(0)

    def show_only(self, column: int, value: str) -> None:
        """Clear the search, and choose this filter; if it does not exist, show all rows."""
        self.search.clear()
        self.kind.setCurrentIndex(max(0, self._find_filter((column, value))))

    def select(self, position: int) -> None:
        """Select the row with this position in ``rows``, if it is shown."""
        for row in range(self.rows.rowCount()):
            if self.rows.position(self.rows.index(row, 0)) == position:
                self.view.choose(row)
                return

    def in_question(self) -> tuple[bool, Sequence[int]]:
        """Whether several rows are selected, with their positions; else those of all rows shown."""
        selected = self.view.selected()
        return (True, selected) if len(selected) > 1 else (False, self.rows.shown())

    def select_next(self, is_wanted: Callable[[int], bool]) -> None:
        """Select the next row shown for which ``is_wanted`` is true. Starts again at the top."""
        shown, index = self.rows.shown(), self.view.currentIndex()
        after = index.row() + 1 if index.isValid() else 0
        order = [*range(after, len(shown)), *range(after)]
        found = next((row for row in order if is_wanted(shown[row])), None)
        if found is not None:
            self.view.choose(found)

    def _find_filter(self, wanted: Optional[tuple[int, str]]) -> int:
        for index in range(self.kind.count()):
            if self.kind.itemData(index) == wanted:
                return index
        return -1

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _go_to_first(self) -> None:
        """Leave the search for the first row that it found."""
        if self.rows.rowCount():
            self.view.setFocus()
            self.view.choose(0)

    def _filter(self) -> None:
        column, value = self.kind.currentData() or (0, "")
        self.rows.search(self.search.text(), column, value)
