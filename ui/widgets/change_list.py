"""A list or tree of changes with a search and a filter, and below it the details of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Optional

import aqt
from aqt.qt import (
    QCheckBox,
    QHBoxLayout,
    QKeySequence,
    QModelIndex,
    QShortcut,
    QSplitter,
    QStackedWidget,
    Qt,
    QVBoxLayout,
    QWidget,
    pyqtSignal,
    qconnect,
)

from .grouped_rows import GroupedRows, GroupedView, Grouping
from .rows import Row, Rows, RowsView
from .search_field import FilterBox, SearchField

_AS_TREE = "ankivaultPreviewAsTree"  # in the profile
_UNGROUPED = Grouping()
Filter = tuple[str, int, str]  # its name; a column, and the value it must have


class ChangeList(QWidget):
    """Shows a search field, a choice of filters, the rows, and ``below`` them another widget.

    With a grouping, the rows are a tree, unless the user wants a list; what is found is a list. The
    list knows what is selected, also while the tree is shown.

    ``chosen_changed`` is emitted when the current row or the rows have changed.
    ``selection_changed`` is emitted when other rows are selected.
    """

    chosen_changed = pyqtSignal()
    selection_changed = pyqtSignal()

    def __init__(
        self,
        headers: Sequence[str],
        widths: Sequence[int],
        purpose: str,
        below: QWidget,
        named: int = 1,
        shorten: Callable[[str], str] = str,
    ) -> None:
        """``named``: the column with the name of a change, which the tree shows, ``shorten``ed."""
        super().__init__()
        self.search = SearchField(purpose, self)
        self.kind = FilterBox(self)
        self.kind.setAccessibleName("Kind of change")
        self.kind.setSizeAdjustPolicy(FilterBox.SizeAdjustPolicy.AdjustToContents)
        self.rows = Rows(headers, self)
        self.view = RowsView(self.rows, widths, self)
        grouped = GroupedRows(self.rows, (named, 3), ("Change", headers[3]), shorten, self)
        self.tree = GroupedView(grouped, self)
        self.as_tree = QCheckBox("By &deck", self)
        self.as_tree.setToolTip("Show the changes by deck and kind; without the tick, as a list")
        profile = aqt.mw.pm.profile if aqt.mw else None
        self.as_tree.setChecked(bool((profile or {}).get(_AS_TREE, True)))
        self._follows = False  # one view is following the other
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.tree)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.addWidget(self._stack)
        self.splitter.addWidget(below)
        self.splitter.setChildrenCollapsible(False)
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.kind)
        top.addWidget(self.as_tree)
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
        qconnect(self.as_tree.clicked, self._choose_view)
        qconnect(chosen.currentChanged, lambda *_: self._follow_list())
        qconnect(self.rows.modelAboutToBeReset, self._begin_to_follow)
        qconnect(self.rows.modelReset, self._follow_rows)
        in_tree = self.tree.selectionModel()
        assert in_tree is not None
        qconnect(in_tree.selectionChanged, lambda *_: self._follow_tree())
        qconnect(self.tree.activated, self._activate)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        qconnect(find.activated, self._find)
        ways = (self.search, self.kind, self.as_tree, self.view, self.tree, below)
        for here, there in zip(ways, ways[1:]):
            QWidget.setTabOrder(here, there)

    def add_tool(self, tool: QWidget) -> None:
        """Show a widget beside the search."""
        self._top.addWidget(tool)
        QWidget.setTabOrder(self.kind, tool)

    def show_rows(
        self,
        rows: Sequence[Row],
        filters: Sequence[Filter],
        grouping: Grouping = _UNGROUPED,
        first: Optional[tuple[int, str]] = None,
    ) -> None:
        """Show these rows. The search stays, and so does the filter if it still exists.

        ``first``: the filter to begin with, if it has rows; without it, all rows are shown.
        """
        self.tree.grouped.set_grouping(grouping)
        self.as_tree.setVisible(bool(grouping.groups))
        counts = [Counter(map(itemgetter(column), rows)) for column in (0, 1)]
        before = self.kind.currentData()
        self.kind.blockSignals(True)
        self.kind.clear()
        self.kind.addItem(f"All ({len(rows):,})", (0, ""))
        for name, column, value in filters:
            here = counts[column] if column < 2 else Counter(map(itemgetter(column), rows))
            count = here[value]
            if count:
                self.kind.addItem(f"{name} ({count:,})", (column, value))
        self.kind.setCurrentIndex(max(0, self._find_filter(before or first)))
        self.kind.blockSignals(False)
        self.rows.set_rows(rows, self.search.text(), *(self.kind.currentData() or (0, "")))

    def forget_filter(self) -> None:
        """Clear the search, and let the next rows begin with their own filter."""
        self.search.clear()
        self.kind.blockSignals(True)
        self.kind.setCurrentIndex(-1)
        self.kind.blockSignals(False)

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
            shown = self._stack.currentWidget()
            assert shown is not None
            shown.setFocus()
            self.view.choose(0)

    # The tree

    @property
    def _is_tree(self) -> bool:
        return self.tree.grouped.has_groups and self.as_tree.isChecked() and not self.search.text()

    def _choose_view(self, as_tree: bool) -> None:
        if aqt.mw and aqt.mw.pm.profile is not None:
            aqt.mw.pm.profile[_AS_TREE] = as_tree
        self._follow_rows()

    def _begin_to_follow(self) -> None:
        """Leave the tree alone until it has the rows that the list has."""
        self._follows = True

    def _follow_rows(self) -> None:
        """Show the rows that are there now, in the view that is wanted."""
        had_focus = self.view.hasFocus() or self.tree.hasFocus()
        is_tree = self._is_tree
        if is_tree:
            self._begin_to_follow()
            self.tree.take_over(self.rows.rowCount())
        self._follows = False
        self._follow_list()
        self._stack.setCurrentWidget(self.tree if is_tree else self.view)
        if had_focus:
            (self.tree if is_tree else self.view).setFocus()

    def _follow_list(self) -> None:
        """Select in the tree what became current in the list."""
        position = self.view.chosen()
        if self._follows or position is None or not self._is_tree:
            return
        self._follows = True
        self.tree.choose(position)
        self._follows = False

    def _follow_tree(self) -> None:
        """Select in the list what was selected in the tree."""
        if self._follows:
            return
        self._follows = True
        self.view.choose_all(self.tree.selected())
        self._follows = False

    def _activate(self, index: QModelIndex) -> None:
        if self.tree.grouped.position(index) is not None:
            self.view.activated.emit(self.view.currentIndex())

    def _filter(self) -> None:
        column, value = self.kind.currentData() or (0, "")
        self.rows.search(self.search.text(), column, value)
        self.search.tell_found(self.rows.rowCount())
