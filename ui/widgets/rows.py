"""A table of text that is fast with 100,000 rows: sorting and searching work on plain lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Optional

from aqt import colors
from aqt.qt import (
    QAbstractItemView,
    QAbstractTableModel,
    QEvent,
    QHeaderView,
    QItemSelection,
    QItemSelectionModel,
    QKeyEvent,
    QModelIndex,
    QObject,
    Qt,
    QTableView,
    QWidget,
    qconnect,
)
from aqt.theme import theme_manager

from ..app.labels import plain_tip
from .search_field import ENTER

Row = Sequence[str]


class Rows(QAbstractTableModel):
    """A model of text rows that shows the rows which match a search.

    It is no QSortFilterProxyModel, because that calls Python for each row and each comparison.
    """

    def __init__(self, headers: Sequence[str], parent: Optional[QObject] = None) -> None:
        super().__init__(parent)
        self._headers = headers
        self._rows: Sequence[Row] = ()
        self._haystacks: list[str] = []  # made for the first search
        self._sorting: Optional[tuple[int, bool]] = None  # by which column, and whether downwards
        self._order: list[int] = []  # the positions of all rows so sorted, once many are shown
        self._shown: list[int] = []  # the positions of the rows that match
        self._search = ("", 0, "")

    def set_rows(
        self, rows: Sequence[Row], text: str = "", column: int = 0, value: str = ""
    ) -> None:
        """Replace the rows, in this order, and show those that match. See ``search``."""
        self.beginResetModel()
        self._rows = rows
        self._haystacks = []
        self._sorting, self._order = None, []
        self._search = (text, column, value)
        self._shown = self._find()
        self.endResetModel()

    def search(self, text: str, column: int = 0, value: str = "") -> None:
        """Show the rows that contain every word of ``text``, in any case.

        With ``value``, the cell in ``column`` must also be equal to it.
        """
        self._search = (text, column, value)
        self.beginResetModel()
        self._shown = self._find()
        self.endResetModel()

    def position(self, index: QModelIndex) -> int:
        """The position, in the rows that were set, of the row that ``index`` shows."""
        return self._shown[index.row()]

    def text(self, position: int, column: int) -> str:
        """A cell of the row with this position; empty if there is no such row any more."""
        return self._rows[position][column] if position < len(self._rows) else ""

    def shown(self) -> Sequence[int]:
        """The positions of the rows that match, in the order they are shown."""
        return self._shown

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column's text, ignoring case. Equal rows stay in the order they were given."""
        if column < 0:
            return
        self.beginResetModel()
        self._sorting, self._order = (column, order == Qt.SortOrder.DescendingOrder), []
        self._shown = self._find()
        self.endResetModel()

    def _find(self) -> list[int]:
        text, column, value = self._search
        found = list(range(len(self._rows)))
        if value:
            found = [i for i in found if self._rows[i][column] == value]
        words = text.casefold().split()
        if words and not self._haystacks:
            self._haystacks = ["\n".join(row).casefold() for row in self._rows]
        for word in words:
            found = [i for i in found if word in self._haystacks[i]]
        return self._sort(found)

    def _sort(self, found: list[int]) -> list[int]:
        """Rows in the order that was asked for. All are sorted only where many are found."""
        if self._sorting is None or not found:
            return found
        column, downwards = self._sorting
        many = len(found) > len(self._rows) // 4
        if not many or not self._order:
            wanted: Sequence[int] = range(len(self._rows)) if many else found
            keys = {i: self._rows[i][column].casefold() for i in wanted}
            made = sorted(wanted, key=keys.__getitem__, reverse=downwards)
            if not many:
                return made
            self._order = made
        here = bytearray(len(self._rows))
        for i in found:
            here[i] = 1
        return [i for i in self._order if here[i]]

    def index(self, row: int, column: int, parent: QModelIndex = QModelIndex()) -> QModelIndex:
        """Qt asks this for each row, so it is answered without more calls."""
        if 0 <= row < len(self._shown) and not parent.isValid():
            return self.createIndex(row, column)
        return QModelIndex()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._headers)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[self._shown[index.row()]][index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            text = self._rows[self._shown[index.row()]][index.column()]
            return plain_tip(text)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        return None


# As in a tree: the grey that Anki has for tables is hardly seen by day.
_SELECTED = "QTableView {{ selection-background-color: {}; selection-color: {}; }}"


class RowsView(QTableView):
    """Shows ``Rows``. One or more whole rows can be selected; a click on a header sorts.

    It is no QTreeView, because that asks Python for each row before it shows the first.
    """

    def __init__(self, rows: Rows, widths: Sequence[int], parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.rows = rows
        self.answers: Callable[[], Optional[QWidget]] = lambda: None
        self.setModel(rows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        lines, header = self.verticalHeader(), self.horizontalHeader()
        assert lines is not None and header is not None
        lines.hide()
        lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._adapt()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        self.setSortingEnabled(True)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        qconnect(rows.modelReset, self._choose_first)

    def _adapt(self) -> None:
        """Take over the font and the theme."""
        lines, var = self.verticalHeader(), theme_manager.var
        assert lines is not None
        lines.setMinimumSectionSize(1)
        lines.setDefaultSectionSize(self.fontMetrics().height() + 2)
        style = _SELECTED.format(var(colors.HIGHLIGHT_BG), var(colors.HIGHLIGHT_FG))
        if style != self.styleSheet():
            self.setStyleSheet(style)

    def changeEvent(self, event: Optional[QEvent]) -> None:
        super().changeEvent(event)
        kinds = QEvent.Type
        if event and event.type() in (kinds.FontChange, kinds.StyleChange, kinds.PaletteChange):
            self._adapt()

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Home and End go to the first and the last row, as rows are selected as a whole."""
        ends = QAbstractItemView.CursorAction
        last = self.rows.rowCount() - 1
        if action in (ends.MoveHome, ends.MoveEnd) and last >= 0:
            return self.rows.index(0 if action == ends.MoveHome else last, 0)
        return super().moveCursor(action, modifiers)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes to the answers to the selected change, if there are any."""
        answers = self.answers() if next else None
        if answers is None:
            return super().focusNextPrevChild(next)
        answers.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: Optional[QKeyEvent]) -> None:
        super().keyPressEvent(event)
        if event and event.key() in ENTER:  # it opened the row, so press no button
            event.accept()

    def choose(self, row: int) -> None:
        """Select only this row, even while Ctrl is held down, as after an answer with Ctrl+1."""
        chosen = self.selectionModel()
        assert chosen is not None
        flags = QItemSelectionModel.SelectionFlag
        index = self.rows.index(row, 0)
        chosen.setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        if self.isVisible():  # a view that is not shown need not know where its rows are
            self.scrollTo(index)

    def _choose_first(self) -> None:
        self.choose(0)

    def selected(self) -> list[int]:
        """The positions of all selected rows, in the order they are shown."""
        chosen = self.selectionModel()
        assert chosen is not None
        selection = chosen.selection()
        ranges = [selection[n] for n in range(len(selection))]
        spans = [(each.top(), each.bottom() + 1) for each in ranges]
        shown = self.rows.shown()
        return [shown[row] for top, end in sorted(spans) for row in range(top, end)]

    def choose_all(self, positions: Sequence[int]) -> None:
        """Select the rows with these positions; the first becomes the current one."""
        chosen, wanted = self.selectionModel(), set(positions)
        assert chosen is not None
        rows = [row for row, position in enumerate(self.rows.shown()) if position in wanted]
        selection, last = QItemSelection(), self.rows.columnCount() - 1
        start = None
        for row, after in zip(rows, [*rows[1:], -2]):
            start = row if start is None else start
            if after != row + 1:
                selection.select(self.rows.index(start, 0), self.rows.index(row, last))
                start = None
        flags = QItemSelectionModel.SelectionFlag
        if rows:
            chosen.setCurrentIndex(self.rows.index(rows[0], 0), flags.NoUpdate)
        chosen.select(selection, flags.ClearAndSelect)

    def chosen(self) -> Optional[int]:
        """The position of the current row, the last one selected; ``None`` if there is none."""
        index = self.currentIndex()
        return self.rows.position(index) if index.isValid() else None
