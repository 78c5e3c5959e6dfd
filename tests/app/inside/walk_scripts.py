"""Walks through every window of the add-on, and notes what is wrong with its widgets."""

from __future__ import annotations

import html
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aqt.qt import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractListModel,
    QApplication,
    QLabel,
    QPoint,
    QRect,
    Qt,
    QTabBar,
    QTextDocument,
    QWidget,
)
from aqt.webview import AnkiWebView
from home_scripts import open_home
from scripts import MENU, press_sync_now
from two_way_scripts import placed
from window import Steps, Window

WINDOWS = (
    ("Sources…", "Sources"),
    ("New Dynamic Note…", "Dynamic Note"),
    ("Preview Changes…", "Preview"),
    ("Last Summary…", "Summary"),
    ("Report a Problem…", "Report a Problem"),
    ("Configure…", "Settings"),
)
SHOWN_ROWS = 50
_Qt: Any = Qt  # its type hints lack a function


def size_letters(factor: float) -> None:
    """Make the letters of all windows so many times as large."""
    font = QApplication.font()
    font.setPointSizeF(font.pointSizeF() * factor)
    QApplication.setFont(font)


def walk_windows(
    window: Window, file: str, larger: float = 1.0
) -> Steps[dict[str, dict[str, Any]]]:
    """Open each window; what it says, what is drawn as HTML, has no name, or is out of order."""
    yield from window.ready()
    size_letters(larger)
    yield from press_sync_now(window)
    for summary in QApplication.topLevelWidgets():
        if "Summary" in summary.windowTitle() and summary.isVisible():
            yield from placed(window)
            summary.close()
    menu: Any = window.menu_action(*MENU).menu()
    seen: dict[str, dict[str, Any]] = {
        "menu": {"same key": find_same([action.text() for action in menu.actions()])}
    }
    window.press(window.menu_action(*MENU, "TOML Decks…"))
    decks: Any = yield from window.dialog("Ankivault: TOML Decks")
    decks.add_file(Path(file))
    yield from window.until(lambda: decks.chosen() and decks.chosen().name, "the deck's name")
    yield from placed(window)
    seen["TOML Decks…"] = look_at(decks)
    window.press(decks.preview_button)
    dialog: Any = yield from window.dialog("Ankivault: Preview of")
    yield from window.idle()
    yield from placed(window)
    seen["Preview of a deck"] = look_at(dialog)
    dialog.close()
    yield from window.closed(dialog)
    window.press(decks.new_button)
    dialog = yield from window.dialog("Export Deck")
    yield from window.idle()
    yield from placed(window)
    seen["New from Deck…"] = look_at(dialog)
    dialog.close()
    yield from window.closed(dialog)
    decks.close()
    yield from window.closed(decks)
    for entry, title in WINDOWS:
        window.press(window.menu_action(*MENU, entry))
        dialog = yield from window.dialog(title)
        yield from window.idle()
        yield from placed(window)
        seen[entry] = look_at(dialog)
        for number in range(dialog.tabs.count() if hasattr(dialog, "tabs") else 0):
            dialog.tabs.setCurrentIndex(number)
            seen[f"{entry} {number}"] = look_at(dialog)
        dialog.close()
        yield from window.closed(dialog)
    home: Any = yield from open_home(window)
    for number in range(home.list.count()):
        page = home.list.item(number).text()
        home.go_to(page)
        yield from window.idle()
        yield from placed(window)
        seen[f"Home: {page}"] = look_at(home)
        tabs: Any = getattr(getattr(home.page(page), "form", None), "tabs", None)
        for tab in range(tabs.count() if tabs else 0):
            tabs.setCurrentIndex(tab)
            seen[f"Home: {page} {tab}"] = {"same key": find_same_keys(home)}
    home.reject()
    yield from window.closed(home)
    first_start: Any = sys.modules["ankivault.ui.first_start.opening"]
    window.call(lambda: first_start.show_first_start(window.mw))
    start: Any = yield from window.dialog("First Start")
    yield from window.until(lambda: start.decks.tree.topLevelItem(0).text(1), "the numbers")
    yield from placed(window)
    for number in range(3):
        start._go_to(number)
        seen[f"First start: {number + 1}"] = look_at(start)
    start.reject()
    yield from window.closed(start)
    size_letters(1 / larger)
    return seen


def look_at(dialog: Any) -> dict[str, Any]:
    """What a window says, and what is wrong with it."""
    texts = [text for _, text in texts_of(dialog)]
    size = dialog.minimumSizeHint()
    return {
        "size": [size.width(), size.height()],
        "opened": [dialog.width(), dialog.height()],
        "says": texts,
        "drawn": [tell(widget, text) for widget, text in texts_of(dialog) if is_drawn(text)]
        + [tell(label, label.text()) for label in labels_of(dialog) if may_draw(label)],
        "swallowed": [tell(each, each.text()) for each in buttons_of(dialog) if swallows(each)],
        "nameless": [tell(each) for each in stops_of(dialog) if not name_of(each)],
        "out of order": [*find_jumps(stops_of(dialog))],
        "same key": find_same_keys(dialog),
    }


def find_same_keys(dialog: Any) -> list[str]:
    """The texts of which two have the same letter underlined."""
    texts = [button.text() for button in buttons_of(dialog)]
    texts += [label.text() for label in labels_of(dialog) if label.buddy()]
    for bar in shown(dialog, QTabBar):
        texts += [bar.tabText(number) for number in range(bar.count())]
    return find_same(texts)


def find_same(texts: list[str]) -> list[str]:
    """Which of these have the same letter after their ``&``."""
    found: dict[str, list[str]] = {}
    for text in texts:
        mark = text.replace("&&", "").find("&")
        if mark >= 0:
            found.setdefault(text.replace("&&", "")[mark + 1].lower(), []).append(text)
    return [" = ".join(same) for same in found.values() if len(same) > 1]


def tell(widget: Any, text: str = "") -> str:
    above = type(widget.parentWidget()).__name__ if widget.parentWidget() else ""
    return f"{type(widget).__name__} “{text or widget.objectName()}” in {above}"


def shown(dialog: Any, kind: Any) -> list[Any]:
    return [widget for widget in dialog.findChildren(kind) if widget.isVisible()]


def labels_of(dialog: Any) -> list[QLabel]:
    return shown(dialog, QLabel)


def buttons_of(dialog: Any) -> list[QAbstractButton]:
    return shown(dialog, QAbstractButton)


def texts_of(dialog: Any) -> Iterator[tuple[Any, str]]:
    """The tooltips of a window and of the rows of its lists."""
    for widget in shown(dialog, QWidget):
        if widget.toolTip():
            yield widget, widget.toolTip()
        if isinstance(widget, QAbstractItemView) and widget.model():
            model: Any = widget.model()
            columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
            for row in range(min(model.rowCount(), SHOWN_ROWS)):
                for column in range(columns):
                    tip = model.data(model.index(row, column), Qt.ItemDataRole.ToolTipRole)
                    if tip:
                        yield widget, str(tip)


def is_drawn(tip: str) -> bool:
    """Whether a tooltip with the odd name does not say it."""
    if "<img src=x>" not in html.unescape(tip):
        return False
    document = QTextDocument()
    if _Qt.mightBeRichText(tip):
        document.setHtml(tip)
    else:
        document.setPlainText(tip)
    return "<img src=x>" not in document.toPlainText()


def may_draw(label: QLabel) -> bool:
    """Whether a label would draw the odd name."""
    plain = label.textFormat() == Qt.TextFormat.PlainText
    return not plain and "<img src=x>" in html.unescape(label.text())


def swallows(button: QAbstractButton) -> bool:
    """Whether a button takes the ``&`` of the odd name for its key."""
    return " & " in button.text()


def stops_of(dialog: Any) -> list[QWidget]:
    """The widgets that Tab goes to, in its order."""
    found, widget = [], dialog.nextInFocusChain()
    while widget is not None and widget is not dialog:
        stops = bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
        web = isinstance(widget.parentWidget(), AnkiWebView)  # Chromium's part of a web page
        inside = widget.window() is dialog and not widget.focusProxy() and not web
        if stops and inside and widget.isVisible() and widget.isEnabled():
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def name_of(widget: Any) -> str:
    """What a screen reader calls a widget."""
    if widget.accessibleName():
        return str(widget.accessibleName())
    if isinstance(widget, QAbstractButton):
        return widget.text()
    if isinstance(widget, QTabBar):  # its tabs have names
        return widget.tabText(0)
    buddies = [each for each in widget.window().findChildren(QLabel) if each.buddy() is widget]
    return buddies[0].text() if buddies else ""


def find_jumps(stops: list[QWidget]) -> Iterator[str]:
    """Where Tab goes up, or back to the left in a row."""
    for one, other in zip(stops, stops[1:]):
        here, there = place_of(one), place_of(other)
        if here.contains(there) or there.contains(here):
            continue
        up = there.bottom() < here.top() and there.left() < here.right()
        back = there.right() < here.left() and there.top() < here.bottom()
        if up or (back and there.bottom() <= here.bottom()):
            yield f"{tell(one, name_of(one))} → {tell(other, name_of(other))}"


def place_of(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())
