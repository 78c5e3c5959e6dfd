"""The rows of a list as a tree of groups, such as decks; fast with 100,000 rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Optional

from aqt.qt import (
    QAbstractItemModel,
    QAbstractItemView,
    QHeaderView,
    QItemSelectionModel,
    QKeyEvent,
    QModelIndex,
    QObject,
    Qt,
    QTreeView,
    QWidget,
)

from ..app.labels import plain_tip
from .rows import Rows
from .search_field import ENTER

Level = tuple[int, str]  # a rank, by which the groups of one level are sorted first, and a name
GroupPath = tuple[Level, ...]
_MOST_OPENED = 30  # rows: a tree of no more is shown with all groups open


@dataclass(frozen=True)
class Grouping:
    """Which group each row is in: its place in ``groups``, which are sorted.

    No group is inside another that has rows.
    """

    groups: Sequence[GroupPath] = ()
    of_row: Sequence[int] = ()


def group_rows(paths: Sequence[GroupPath]) -> Grouping:
    """Group rows by the path that each has. Call it in the background."""
    known = sorted(set(paths), key=lambda path: [(rank, name.casefold()) for rank, name in path])
    number = {path: n for n, path in enumerate(known)}
    return Grouping(known, [number[path] for path in paths])


@dataclass
class _Node:
    name: str
    path: GroupPath
    parent: int
    row: int  # its place among the children of its parent
    count: int = 0
    children: list[int] = field(default_factory=list)  # groups in it; then it has no rows
    rows: list[int] = field(default_factory=list)  # positions


class GroupedRows(QAbstractItemModel):
    """Shows the rows that ``Rows`` shows, in groups with counts.

    ``columns``: those shown; ``shorten`` makes the first shorter, as the groups say the rest.
    An index holds the number of its parent. A group has either groups or rows in it.
    """

    def __init__(
        self,
        rows: Rows,
        columns: Sequence[int],
        headers: Sequence[str],
        shorten: Callable[[str], str],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._rows = rows
        self._columns, self._headers = columns, headers
        self._shorten = shorten
        self._grouping = Grouping()
        self._nodes = [_Node("", (), 0, 0)]
        self._leaves: dict[int, int] = {}  # group → its node

    @property
    def has_groups(self) -> bool:
        """Whether there is anything to group by."""
        return bool(self._grouping.groups)

    def set_grouping(self, grouping: Grouping) -> None:
        """Group by this, from the next ``rebuild`` on."""
        self._grouping = grouping

    def rebuild(self) -> None:
        """Take over the rows that are shown now."""
        self.beginResetModel()
        nodes = [_Node("", (), 0, 0)]
        self._nodes, self._leaves = nodes, {}
        of_row = self._grouping.of_row
        buckets: list[list[int]] = [[] for _ in self._grouping.groups]
        for position in self._rows.shown():
            buckets[of_row[position]].append(position)
        by_path: dict[GroupPath, int] = {(): 0}
        for group, positions in enumerate(buckets):
            if positions:
                self._leaves[group] = self._add(self._grouping.groups[group], positions, by_path)
        self._join_lonely()
        self.endResetModel()

    def _add(self, path: GroupPath, positions: list[int], by_path: dict[GroupPath, int]) -> int:
        parent = 0
        for depth in range(1, len(path) + 1):
            here = path[:depth]
            number = by_path.get(here)
            if number is None:
                number = by_path[here] = len(self._nodes)
                above = self._nodes[parent]
                self._nodes.append(_Node(here[-1][1], here, parent, len(above.children)))
                above.children.append(number)
            self._nodes[number].count += len(positions)
            parent = number
        self._nodes[parent].rows = positions
        return parent

    def _join_lonely(self) -> None:
        """Make one group of each that holds nothing but one other: “Biology ▸ Cell”."""
        old, nodes, moved = self._nodes, [replace(self._nodes[0], children=[])], dict[int, int]()
        waiting = [(child, 0) for child in reversed(old[0].children)]
        while waiting:
            number, parent = waiting.pop()
            first = node = old[number]
            names = [node.name]
            while len(node.children) == 1:
                number = node.children[0]
                node = old[number]
                names.append(node.name)
            moved[number] = here = len(nodes)
            siblings = nodes[parent].children
            nodes.append(
                _Node(
                    " ▸ ".join(names),
                    first.path,
                    parent,
                    len(siblings),
                    node.count,
                    rows=node.rows,
                )
            )
            siblings.append(here)
            waiting += [(child, here) for child in reversed(node.children)]
        self._nodes = nodes
        self._leaves = {group: moved[number] for group, number in self._leaves.items()}

    # What is where

    def position(self, index: QModelIndex) -> Optional[int]:
        """The position of the row that an index shows; ``None`` for a group."""
        if not index.isValid():
            return None
        rows = self._nodes[index.internalId()].rows
        return rows[index.row()] if rows else None

    def positions(self, index: QModelIndex) -> Iterator[int]:
        """The positions of all rows that an index stands for."""
        position = self.position(index)
        if position is not None:
            yield position
        elif index.isValid():
            yield from self._below(self._number(index))

    def _below(self, number: int) -> Iterator[int]:
        node = self._nodes[number]
        yield from node.rows
        for child in node.children:
            yield from self._below(child)

    def _number(self, index: QModelIndex) -> int:
        return self._nodes[index.internalId()].children[index.row()] if index.isValid() else 0

    def find(self, position: int) -> QModelIndex:
        """The index of a row; an invalid one if it is not shown."""
        of_row = self._grouping.of_row
        number = self._leaves.get(of_row[position]) if position < len(of_row) else None
        if number is None:
            return QModelIndex()
        try:
            row = self._nodes[number].rows.index(position)
        except ValueError:
            return QModelIndex()
        return self.createIndex(row, 0, number)

    def path(self, index: QModelIndex) -> Hashable:
        """What a group is called in every tree; ``None`` for a row."""
        if self.position(index) is not None:
            return None
        return self._nodes[self._number(index)].path

    def groups(self) -> Iterator[QModelIndex]:
        """The indexes of all groups."""
        for node in self._nodes[1:]:
            yield self.createIndex(node.row, 0, node.parent)

    # What Qt asks

    def index(self, row: int, column: int, parent: QModelIndex = QModelIndex()) -> QModelIndex:
        """Qt asks this for each row of an open group, so it is answered without more calls."""
        nodes = self._nodes
        number = nodes[parent.internalId()].children[parent.row()] if parent.isValid() else 0
        node = nodes[number]
        if 0 <= row < len(node.rows or node.children):
            return self.createIndex(row, column, number)
        return QModelIndex()

    def hasChildren(self, parent: QModelIndex = QModelIndex()) -> bool:
        """Qt asks this for each row of an open group, so it is answered without more calls."""
        return not self._nodes[parent.internalId()].rows if parent.isValid() else True

    def parent(self, index: QModelIndex = QModelIndex()) -> QModelIndex:  # type: ignore[override]
        number = index.internalId() if index.isValid() else 0
        if not number:
            return QModelIndex()
        node = self._nodes[number]
        return self.createIndex(node.row, 0, node.parent)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:
        if parent.column() > 0 or self.position(parent) is not None:
            return 0
        node = self._nodes[self._number(parent)]
        return len(node.children) or len(node.rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:
        return len(self._columns)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        position, column = self.position(index), index.column()
        if position is None:
            node = self._nodes[self._number(index)]
            told = f"{node.name} ({node.count:,})"
            is_tip = role == Qt.ItemDataRole.ToolTipRole
            return None if column else plain_tip(told) if is_tip else told
        text = self._rows.text(position, self._columns[column])
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(text)
        return text if column else self._shorten(text)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        return None


class GroupedView(QTreeView):
    """Shows ``GroupedRows``. Groups stay open or closed as the user left them."""

    def __init__(self, grouped: GroupedRows, parent: QWidget) -> None:
        super().__init__(parent)
        self.grouped = grouped
        self.answers: Callable[[], Optional[QWidget]] = lambda: None
        self._open: dict[Hashable, bool] = {}  # what the user opened and closed
        self._restores = False
        self.setModel(grouped)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAccessibleName("Changes by deck and kind")
        header = self.header()
        assert header is not None
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        self.setColumnWidth(0, 430)
        self.expanded.connect(lambda index: self._note(index, True))
        self.collapsed.connect(lambda index: self._note(index, False))

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes to the answers to the selected change, if there are any."""
        answers = self.answers() if next else None
        if answers is None:
            return super().focusNextPrevChild(next)
        answers.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: Optional[QKeyEvent]) -> None:
        super().keyPressEvent(event)
        if event and event.key() in ENTER:
            index = self.currentIndex()
            if self.grouped.position(index) is None:
                self.setExpanded(index, not self.isExpanded(index))
            event.accept()

    def take_over(self, shown: int) -> None:
        """Show the rows that are there now, with the groups open that were open."""
        self.grouped.rebuild()
        self._restores = True
        for index in self.grouped.groups():
            if self._open.get(self.grouped.path(index), shown <= _MOST_OPENED):
                self.expand(index)
        self._restores = False

    def choose(self, position: int) -> None:
        """Select only the row with this position, and open its groups."""
        index, chosen = self.grouped.find(position), self.selectionModel()
        assert chosen is not None
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag
            chosen.setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            if self.isVisible():
                self.scrollTo(index)
            else:
                self._open_groups_of(index)

    def _open_groups_of(self, index: QModelIndex) -> None:
        above = self.grouped.parent(index)
        while above.isValid():
            self.expand(above)
            above = self.grouped.parent(above)

    def selected(self) -> list[int]:
        """The positions of all rows that are selected, alone or by their group."""
        chosen = self.selectionModel()
        assert chosen is not None
        found: dict[int, None] = {}
        for index in chosen.selectedRows():
            found.update(dict.fromkeys(self.grouped.positions(index)))
        return list(found)

    def _note(self, index: QModelIndex, is_open: bool) -> None:
        if not self._restores:
            self._open[self.grouped.path(index)] = is_open
