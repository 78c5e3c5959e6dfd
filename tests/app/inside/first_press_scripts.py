"""What is done in the first moment after Anki's start, while the add-on is still being loaded."""

from __future__ import annotations

from typing import Any

from aqt.qt import QApplication, QDialog, QMainWindow
from scripts import MENU
from window import Steps, Wait, Window


def press_at_once(window: Window, entries: list[str], titles: list[str]) -> Steps[list[str]]:
    """Press entries of the menu in one moment, and wait for these windows; what was told."""
    yield Wait(lambda: window.initialised and window.mw.col, "Anki to open the profile")
    for entry in entries:
        window.press(window.menu_action(*MENU, entry))
    yield from window.until(lambda: {*titles} <= {*titles_shown()}, f"{titles}")
    yield from window.until(lambda: window.seen.tooltips, "Sync Now to end")
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, (QDialog, QMainWindow)) and widget is not window.mw:
            widget.close()
    yield from window.idle()
    return window.seen.tooltips


def titles_shown() -> list[str]:
    shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    return [widget.windowTitle().replace("[*]", "") for widget in shown]


def press_and_switch_profile(window: Window, entry: str, second: str) -> Steps[dict[str, Any]]:
    """Press an entry and, in the same moment, switch to another profile; what was shown."""
    yield from window.ready()
    before = window.seen.mark()
    window.press(window.menu_action(*MENU, entry))
    window.press(window.menu_action("File", "Switch Profile"))
    yield from window.until(lambda: window.mw.state == "profileManager", "the list of profiles")
    done: list[Any] = []
    window.mw.taskman.run_in_background(lambda: None, done.append, uses_collection=False)
    yield from window.until(lambda: done, "work in the background to end")
    form = window.mw.profileForm
    form.profiles.setCurrentRow(window.mw.pm.profiles().index(second))
    window.press(form.login)
    yield from window.until(lambda: window.mw.pm.name == second and window.mw.col, second)
    yield from window.idle()
    shown = [each for each in window.seen.news(before) if each["kind"] != "ProfileManager"]
    return {"told": [each["text"] for each in shown], "titles": titles_shown()}
