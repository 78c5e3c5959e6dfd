"""What is done in the previews' windows: where they open, by keyboard, and what they show."""

from __future__ import annotations

from threading import Event
from typing import Any

from aqt.qt import QApplication, QMessageBox, Qt
from PyQt6.QtTest import QTest
from scripts import MENU, write_settings
from window import Steps, Window, label_of

_QTest: Any = QTest  # its methods are static, which its type hints do not say


def preview_after_progress(window: Window, settings: dict[str, Any]) -> Steps[dict[str, Any]]:
    """Open Preview Changes… while the plan takes so long that a progress window shows."""
    yield from window.ready()
    write_settings(window, settings)
    mw = window.mw
    mw.activateWindow()
    yield from window.until(lambda: QApplication.activeWindow() is mw, "Anki's window in front")
    go_on = Event()
    mw.taskman.run_in_background(go_on.wait, uses_collection=True)
    window.press(window.menu_action(*MENU, "Preview Changes…"))
    yield from window.until(lambda: mw.progress._win and mw.progress._shown, "the progress window")
    go_on.set()
    dialog: Any = yield from window.dialog("Ankivault: Preview")
    yield from window.until(lambda: not mw.progress.busy(), "the progress window to go")
    yield from window.idle()
    yield from window.until(
        lambda: QApplication.activeWindow() is dialog, "the preview to have the keyboard"
    )
    dialog.reject()
    yield from window.closed(dialog)
    return {"in_front": True}


def use_preview_by_keyboard(window: Window, settings: dict[str, Any]) -> Steps[dict[str, Any]]:
    """Search, press Enter in the search and in the filter, and find again."""
    yield from window.ready()
    write_settings(window, settings)
    window.press(window.menu_action(*MENU, "Preview Changes…"))
    dialog: Any = yield from window.dialog("Ankivault: Preview")
    yield from window.until(lambda: QApplication.activeWindow() is dialog, "the preview in front")
    seen: dict[str, Any] = {}
    before = window.seen.mark()
    _QTest.keyClick(dialog, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    yield from window.until(dialog.search.hasFocus, "Ctrl+F to go to the search")
    _QTest.keyClicks(dialog.search, "mitosis")
    _QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    yield from window.until(lambda: not dialog.search.hasFocus(), "Enter to go to the rows")
    seen["found"] = [dialog.rows.rowCount(), dialog.view.chosen() is not None]
    dialog.kind.setFocus()
    _QTest.keyClick(dialog.kind, Qt.Key.Key_Return)
    yield from window.until(lambda: not dialog.kind.hasFocus(), "Enter to go to the rows")
    yield from window.idle()
    seen["stays"] = dialog.isVisible() and not window.seen.news(before)
    dialog.reject()
    yield from window.closed(dialog)
    return seen


def look_before_a_large_change(window: Window, settings: dict[str, Any]) -> Steps[dict[str, Any]]:
    """Press Sync Now for a large change, and look at it first."""
    yield from window.ready()
    write_settings(window, settings)
    window.press(window.menu_action(*MENU, "Sync Now"))

    def find() -> Any:
        box = QApplication.activeModalWidget()
        return box if isinstance(box, QMessageBox) and box.isVisible() else None

    box = yield from window.until(find, "the question")
    buttons = {label_of(button): button for button in box.buttons()}
    window.press(buttons["Preview Changes…"])
    dialog: Any = yield from window.dialog("Ankivault: Preview")
    rows = dialog.rows.rowCount()
    dialog.reject()
    yield from window.closed(dialog)
    return {"offered": list(buttons), "rows": rows}
