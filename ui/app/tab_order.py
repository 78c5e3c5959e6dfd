"""Tab goes through a window as a person reads it: as its layouts put the widgets."""

from __future__ import annotations

from collections.abc import Iterator

from aqt.qt import (
    QGridLayout,
    QLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    Qt,
    QTabBar,
    QTabWidget,
    QTreeWidget,
    QWidget,
)


def follow_layout(window: QWidget) -> None:
    """Have Tab visit the widgets of a window in the order of its layouts.

    Call it when the window has all its widgets, and again when some were replaced.
    """
    before = None
    for widget in _read(window):
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
            continue  # Qt puts nothing after it
        if before is not None:
            QWidget.setTabOrder(before, widget)
        before = widget


def _read(widget: QWidget) -> Iterator[QWidget]:
    """The widgets in a widget that Tab may go to, in the order of reading."""
    layout = widget.layout()
    if isinstance(widget, QTabWidget):
        bar = widget.tabBar()
        yield from [bar] if isinstance(bar, QTabBar) else []
        yield from _read_each(widget.widget(n) for n in range(widget.count()))
    elif isinstance(widget, (QSplitter, QStackedWidget)):
        yield from _read_each(widget.widget(n) for n in range(widget.count()))
    elif isinstance(widget, QScrollArea):
        yield widget
        yield from _read_each([widget.widget()])
    elif isinstance(widget, QTreeWidget):
        yield widget
        yield from _read_each(_find_in_rows(widget))
    elif layout is not None:
        yield from _read_layout(layout)
    else:
        yield widget


def _read_each(widgets: Iterator[QWidget | None] | list[QWidget | None]) -> Iterator[QWidget]:
    for widget in widgets:
        if widget is not None:
            yield from _read(widget)


def _read_layout(layout: QLayout) -> Iterator[QWidget]:
    numbers = [*range(layout.count())]
    if isinstance(layout, QGridLayout):
        numbers.sort(key=layout.getItemPosition)
    for number in numbers:
        item = layout.itemAt(number)
        widget = item.widget() if item else None
        inside = item.layout() if item else None
        if widget is not None:
            yield from _read(widget)
        elif inside is not None:
            yield from _read_layout(inside)


def _find_in_rows(tree: QTreeWidget) -> Iterator[QWidget | None]:
    """The boxes that stand in the rows of a list."""
    for row in range(tree.topLevelItemCount()):
        item = tree.topLevelItem(row)
        for column in range(tree.columnCount()):
            yield tree.itemWidget(item, column)
