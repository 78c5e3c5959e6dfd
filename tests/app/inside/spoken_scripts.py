"""What a person hears who uses Ankivault with a screen reader."""

from __future__ import annotations

import importlib
from functools import partial
from pathlib import Path
from typing import Any

from aqt.qt import Qt
from first_start_scripts import write_vaults
from hearing import Ear
from home_scripts import open_home
from live_scripts import show_live
from PyQt6.QtTest import QTest
from scripts import MENU, press_sync_now
from two_way_scripts import open_preview, placed
from window import Steps, Window

_QTest: Any = QTest  # its methods are static, which its type hints do not say


def hear_what_is_found(window: Window, folder: str) -> Steps[dict[str, str]]:
    """Sync, type into each search, and enter a folder that is refused."""
    yield from window.ready()
    ear, heard = Ear(window), {}
    try:
        yield from press_sync_now(window)
        heard["run"] = yield from ear.hears("page")
        next(Path(folder).rglob("el perro_*.md")).unlink()
        dialog: Any = yield from open_preview(window)
        yield from placed(window)
        heard["changes"] = yield from type_and_hear(window, ear, dialog.search, "perro", "row")
        heard["no change"] = yield from type_and_hear(window, ear, dialog.search, "xyz", "Nothing")
        dialog.reject()
        yield from window.closed(dialog)
        home: Any = yield from open_home(window)
        page = home.go_to("Help")
        heard["help"] = yield from type_and_hear(window, ear, page.search, "undo", "place")
        form = home.go_to("Settings").form
        heard["folder"] = yield from type_and_hear(
            window, ear, form.folder, f"{folder}/no", "folder"
        )
        form.tabs.setCurrentIndex(form.tabs.indexOf(form.decks))
        heard["decks"] = yield from type_and_hear(
            window, ear, form.decks.search, "spanish", "4 decks"
        )
        home.go_to("Settings").revert_button.click()
        page = home.go_to("Activity")
        heard["runs"] = yield from type_and_hear(window, ear, page.search, "perro", "run")
        heard["no run"] = yield from type_and_hear(window, ear, page.search, "xyz", "Nothing")
        home.reject()
        yield from window.closed(home)
    finally:
        ear.close()
    return heard


def hear_an_answer(window: Window, folder: str) -> Steps[dict[str, Any]]:
    """Answer the question about a page that is gone, and open a preview with no reader after it."""
    yield from window.ready()
    yield from press_sync_now(window)
    next(Path(folder).rglob("el perro_*.md")).unlink()
    sorted(Path(folder).rglob("*_*.md"))[0].unlink()
    ear, heard = Ear(window), dict[str, Any]()
    try:
        dialog: Any = yield from open_preview(window)
        yield from placed(window)
        heard["plan"] = yield from ear.hears("for you to decide")
        heard["buttons"] = [b.accessibleName() for b in dialog.questions.settle.buttons.values()]
        ear.heard.clear()
        button = next(iter(dialog.questions.settle.buttons.values()))
        button.setFocus()
        _QTest.keyClick(button, Qt.Key.Key_Return)
        yield from window.until(lambda: len(ear.heard) > 1, "what the answer did")
        heard["answer"] = sorted(ear.heard)
        ear.heard.clear()
    finally:
        ear.close()
    dialog.search.setText("perro")
    yield from placed(window)
    heard["without a reader"] = ear.heard
    dialog.done(0)
    yield from window.closed(dialog)
    return heard


def hear_how_things_stand(window: Window, states: list[dict[str, Any]]) -> Steps[list[str]]:
    """Show states of live mode, in the main window and then with Home in front of it."""
    yield from window.ready()
    ear, heard = Ear(window), []
    try:
        for state in states:
            ear.heard.clear()
            show_live(window, **state)
            heard.append((yield from ear.hears("Ankivault")))
            for _ in range(2):  # a run that changes nothing about it
                show_live(window, kind="working")
                show_live(window, **{**state, "since": 1.0})
        home: Any = yield from open_home(window)
        cards: Any = importlib.import_module("ankivault.ui.home.cards")
        for words in ("In step", "File edited since"):
            row = cards.Row("Animals", words, 0, lambda window: None)
            home.page("Overview").decks.show_rows([row])
        yield from window.until(partial(is_said, ear, "Animals"), "“Animals” to be said")
        heard += ear.heard  # and nothing of what Home opened with
        for state in states:
            ear.heard.clear()
            show_live(window, **state)
            heard.append((yield from ear.hears(state.get("text", "wait"))))
        ear.heard.clear()
        home.reject()
        yield from window.closed(home)
        window.mw.activateWindow()
        heard.append((yield from ear.hears("Ankivault")))
    finally:
        ear.close()
    return heard


def hear_first_start(window: Window, vaults: list[str]) -> Steps[list[str]]:
    """Go through the first start, with a folder that is refused at first."""
    write_vaults(vaults)
    yield from window.ready()
    ear, heard = Ear(window), []
    try:
        window.press(window.menu_action(*MENU, "Preview Changes…"))
        start: Any = yield from window.dialog("First Start")
        yield from window.until(start.next_button.isEnabled, "the vault to be found fine")
        yield from placed(window)
        heard.append((yield from type_and_hear(window, ear, start.vault.sub_folder, "..", "Write")))
        heard.append(
            (yield from type_and_hear(window, ear, start.vault.sub_folder, "A", "will be made"))
        )
        for words in ("mirror", "decks", "pages", "Done"):
            yield from window.until(start.next_button.isEnabled, "the next step")
            ear.heard.clear()
            window.press(start.next_button)
            yield from window.until(partial(is_said, ear, words), f"“{words}” to be said")
            yield from window.idle()
            yield from placed(window)
            heard += ear.heard
        start.reject()
        yield from window.closed(start)
    finally:
        ear.close()
    return heard


def is_said(ear: Ear, words: str) -> bool:
    return any(words in text for text in ear.heard)


def search_before_qt_6_8(window: Window) -> Steps[str]:
    """Search in Help with a Qt that can announce nothing: what the search is described as then."""
    yield from window.ready()
    ear = Ear(window)
    ear.forget_announcements()
    try:
        home: Any = yield from open_home(window)
        page = home.go_to("Help")
        page.search.setFocus()
        _QTest.keyClicks(page.search, "undo")
        described = yield from window.until(page.search.accessibleDescription, "a description")
        home.reject()
        yield from window.closed(home)
    finally:
        ear.close()
    assert not ear.heard
    return str(described)


def type_and_hear(window: Window, ear: Ear, field: Any, text: str, words: str) -> Steps[str]:
    """Put a text into a field at once, as a paste does, and wait for what is said of it."""
    field.setFocus()
    ear.heard.clear()
    field.setText(text)
    return (yield from ear.hears(words))
