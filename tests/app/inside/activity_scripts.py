"""What is done in Anki's window with Activity."""

from __future__ import annotations

import importlib
from functools import partial
from pathlib import Path
from typing import Any

from aqt.qt import QApplication, QPushButton, Qt
from home_scripts import open_home
from live_run_scripts import begin, has_note_text, is_still, page_of, replace_in, save_in_place
from PyQt6.QtTest import QTest
from scripts import press_sync_now
from two_way_scripts import placed
from window import Steps, Window, label_of

_QTest: Any = QTest  # its methods are static, which its type hints do not say
DOWN, ENTER, RIGHT = Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Right


def settled(window: Window, page: Any) -> Steps[None]:
    """Wait until Activity shows what was read."""
    yield from window.until(
        lambda: not page.is_reading and not page._soon.isActive(), "Activity to look"
    )


def rows_of(page: Any) -> list[str]:
    """The rows of Activity, each run with what it did below it if that is shown."""
    rows = []
    for number in range(page.tree.topLevelItemCount()):
        item = page.tree.topLevelItem(number)
        rows.append(item.text(0))
        rows += [f"  {item.child(row).text(0)}" for row in range(item.childCount())]
    return rows


def open_activity(window: Window) -> Steps[Any]:
    """Open Home at Activity; returns the page."""
    home: Any = yield from open_home(window)
    page = home.go_to("Activity")
    yield from settled(window, page)
    return page


def find(window: Window, page: Any, words: str) -> Steps[list[str]]:
    """Type a search, from anywhere on the page, and return the rows."""
    _QTest.keyClick(page.tree, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    page.search.clear()
    _QTest.keyClicks(page.search, words)
    yield from settled(window, page)
    return rows_of(page)


def bring_live_mistake_back(window: Window, vault: str, note_id: int) -> Steps[dict[str, Any]]:
    """A page is spoiled, live mode carries that into Anki; Activity has the words of before.

    All by keyboard but for the way to Home.
    """
    yield from begin(window)
    page_file = page_of(Path(vault), note_id)
    save_in_place(page_file, partial(replace_in, "Powerhouse of the cell", "spoilt"))
    yield from window.until(partial(has_note_text, window, note_id, "spoilt"), "the note")
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")
    page: Any = yield from open_activity(window)
    told: dict[str, Any] = {"all": rows_of(page)}
    told["found"] = yield from find(window, page, "powerhouse")
    page.tree.setFocus()
    _QTest.keyClick(page.tree, DOWN)
    yield from settled(window, page)
    told["words"] = page.texts.toPlainText()
    window.press(page.back)
    dialog: Any = yield from window.dialog("Ankivault: Bring Back")
    told["says"] = dialog.told.text()
    told["shows"] = dialog.texts.toPlainText()
    default = next(b for b in dialog.findChildren(QPushButton) if b.isDefault())
    told["enter"] = label_of(default)
    yield from placed(window)
    _QTest.keyClick(dialog, Qt.Key.Key_F1)
    guide: Any = yield from window.dialog("Ankivault: Help")
    told["help"] = guide.page.view.place.anchor
    yield from placed(window)
    guide.reject()
    yield from window.closed(guide)
    window.press(dialog.button)
    back = partial(has_note_text, window, note_id, "Powerhouse of the cell")
    yield from window.until(back, "the note to be as before")
    assert window.mw.col is not None
    told["undo"] = window.mw.col.undo_status().undo
    yield from window.until(
        lambda: "Powerhouse of the cell" in page_file.read_text("utf-8"), "the page to follow"
    )
    yield from window.until(lambda: is_still(window), "live mode to have nothing to do")
    page.search.clear()
    yield from settled(window, page)
    told["after"] = rows_of(page)
    told["stays"] = page.tree.currentItem().text(0)
    page.refresh()
    yield from settled(window, page)
    told["still"] = page.tree.currentItem().text(0)
    window.press(page.versions)
    yield from settled(window, page)
    told["versions"] = rows_of(page)
    window.press(page.all_notes)
    yield from settled(window, page)
    page.who.setCurrentText("Live")
    yield from settled(window, page)
    told["live"] = rows_of(page)
    page.window().reject()
    return told


def look_at_activity(window: Window) -> Steps[list[str]]:
    """What Activity shows."""
    yield from window.ready()
    page: Any = yield from open_activity(window)
    rows = rows_of(page)
    yield from placed(window)
    page.window().reject()
    QApplication.processEvents()
    return rows


def damage_activity(window: Window) -> Steps[dict[str, str]]:
    """Put a damaged file in Activity's place, then sync; what the page says each time."""
    yield from window.ready()
    page: Any = yield from open_activity(window)
    seen = {"none yet": page.told.text()}
    yield from press_sync_now(window)
    page.refresh()
    yield from settled(window, page)
    seen["a run"] = page.told.text()
    profile = importlib.import_module("ankivault.ui.app.profile")
    file = profile.state_folder(window.mw) / "activity.db"
    for each in file.parent.glob("activity.db*"):
        each.unlink()
    file.write_bytes(b"no database" * 1000)
    page.refresh()
    yield from settled(window, page)
    seen["damaged"] = page.told.text()
    page.search.setText("mitosis")
    yield from settled(window, page)
    seen["searched"] = page.told.text()
    page.search.clear()
    yield from press_sync_now(window)
    page.refresh()
    yield from settled(window, page)
    seen["after a run"] = page.told.text()
    return seen
