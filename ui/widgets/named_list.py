"""The list and the buttons of a window that lists what is linked to a profile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Optional

from aqt.qt import QHeaderView, QMouseEvent, QPushButton, QTreeWidget, QWidget, qconnect

from ..app.labels import plain_tip


def make_list(
    parent: QWidget, name: str, headers: Sequence[str], widths: Sequence[int]
) -> QTreeWidget:
    """An empty list with a row for each thing. ``name`` is for screen readers.

    ``widths`` are those of the first columns, in pixels.
    """
    made = QTreeWidget(parent)
    made.setHeaderLabels(list(headers))
    made.setRootIsDecorated(False)
    made.setAllColumnsShowFocus(True)
    made.setAccessibleName(name)
    header = made.header()
    assert header is not None
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for column, width in enumerate(widths):
        made.setColumnWidth(column, width)
    return made


class _OnceButton(QPushButton):
    """A button that a double click presses once."""

    def mouseDoubleClickEvent(self, event: Optional[QMouseEvent]) -> None:
        """Nothing: the first click has begun what there is to do."""
        if event is not None:
            event.accept()


def make_button(
    parent: QWidget, text: str, purpose: str, act: Callable[[], object], *, once: bool = False
) -> QPushButton:
    """A button that Enter does not press by itself. ``purpose`` is its tooltip.

    ``once``: a double click presses it once, as its second click would come to something else.
    """
    button = _OnceButton(text, parent) if once else QPushButton(text, parent)
    button.setToolTip(plain_tip(purpose))
    button.setAutoDefault(False)
    qconnect(button.clicked, lambda _checked: act())
    return button
