"""Lays widgets out in rows, as words in a paragraph: what does not fit goes into the next row."""

from __future__ import annotations

from typing import Optional

from aqt.qt import QLayout, QLayoutItem, QRect, QSize, Qt, QWidget

_GAP = 8


class Flow(QLayout):
    """A row of widgets that breaks where the window is too narrow, so that it widens none."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []

    def addItem(self, item: Optional[QLayoutItem]) -> None:
        if item is not None:
            self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> Optional[QLayoutItem]:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> Optional[QLayoutItem]:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), moves=False)

    def setGeometry(self, area: QRect) -> None:
        super().setGeometry(area)
        self._arrange(area, moves=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, area: QRect, *, moves: bool) -> int:
        """Place all, if ``moves``; returns the height that they need."""
        x, y, row = area.x(), area.y(), 0
        for item in self._items:
            if item.isEmpty():  # a hidden widget
                continue
            size = item.sizeHint()
            if x > area.x() and x + size.width() > area.x() + area.width():
                x, y, row = area.x(), y + row + _GAP, 0
            if moves:
                item.setGeometry(QRect(x, y, min(size.width(), area.width()), size.height()))
            x, row = x + size.width() + _GAP, max(row, size.height())
        return y + row - area.y()
