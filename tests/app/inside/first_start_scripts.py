"""The first start, by keyboard and by mouse."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import aqt
from aqt.qt import QApplication, QEvent, QKeyEvent, Qt
from choice_scripts import find_box, pages_of
from PyQt6 import QtTest
from scripts import MENU
from two_way_scripts import placed
from window import Steps, Window, label_of

Key = Qt.Key
QTest: Any = QtTest.QTest
TITLE = "Ankivault: First Start"


def write_vaults(places: list[str], broken: str = "") -> None:
    """Have Obsidian's own list name these vaults."""
    file = Path.home() / ".config" / "obsidian" / "obsidian.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    vaults = {str(i): {"path": place, "ts": 100 - i} for i, place in enumerate(places)}
    file.write_text(broken or json.dumps({"vaults": vaults}), encoding="utf-8")


def has_left(dialog: Any, step: int) -> bool:
    """Whether another step is shown."""
    return bool(dialog.steps.currentIndex() != step)


def start_by_keyboard(window: Window, vaults: list[str]) -> Steps[dict[str, Any]]:
    """Wait for the first start to open by itself, and press Enter until there are pages."""
    write_vaults(vaults)
    yield from window.ready()
    dialog: Any = yield from window.dialog(TITLE)
    seen: dict[str, Any] = {"modal": dialog.isModal(), "titles": [], "keys": 0}
    window.mw.app.setActiveWindow(dialog)
    for _ in range(4):
        yield from window.until(dialog.next_button.isEnabled, f"step {dialog.title.text()}")
        seen["titles"].append(dialog.title.text())
        before = dialog.steps.currentIndex()
        target = QApplication.focusWidget() or dialog
        QTest.keyClick(target, Key.Key_Return)
        seen["keys"] += 1
        yield from window.until(partial(has_left, dialog, before), "the next step")
        if before == 2:
            seen["numbers"] = dialog.numbers.text()
            seen["saved_before"] = bool((window.mw.pm.profile or {}).get("ankivault"))
    yield from window.idle()
    seen["result"] = dialog.ending.text()
    seen["pages"] = pages_of(window, str(Path(vaults[0], "Anki")))
    window.press(dialog.open_button)
    yield from window.until(lambda: window.seen.links, "Obsidian to be asked")
    seen["link"] = window.seen.links[-1]
    QTest.keyClick(dialog.next_button, Key.Key_Return)
    yield from window.closed(dialog)
    return seen


def close_first_start(window: Window, vaults: list[str]) -> Steps[dict[str, Any]]:
    """Close what opened by itself, come back to the profile, then ask for it with Sync Now."""
    write_vaults(vaults)
    yield from window.ready()
    dialog: Any = yield from window.dialog(TITLE)
    yield from window.until(dialog.next_button.isEnabled, "the vault to be found fine")
    for _ in range(3):
        before = dialog.steps.currentIndex()
        window.press(dialog.next_button)
        yield from window.until(partial(has_left, dialog, before), "the next step")
        yield from window.idle()
    made = Path(vaults[0], "Anki").is_dir()
    dialog.reject()
    yield from window.closed(dialog)
    values = window.mw.pm.profile or {}
    seen: dict[str, Any] = {"made": made, "left": Path(vaults[0], "Anki").exists()}
    seen["settings"] = "ankivault" in values
    seen["remembered"] = values["ankivault_first_start"]
    window.press(window.menu_action(*MENU, "Sync Now"))
    dialog = yield from window.dialog(TITLE)
    seen["again"] = dialog.title.text()
    dialog.reject()
    yield from window.closed(dialog)
    return seen


def show_bad_places(window: Window, vaults: list[str], broken: str = "") -> Steps[dict[str, Any]]:
    """What is said of Obsidian's list, and of folders that cannot be used."""
    if vaults or broken:
        write_vaults(vaults, broken)
    yield from window.ready()
    window.press(window.menu_action(*MENU, "Preview Changes…"))
    dialog: Any = yield from window.dialog(TITLE)
    step = dialog.vault
    seen: dict[str, Any] = {"told": step.told.text(), "rows": step.list.count(), "said": {}}
    step.list.setCurrentRow(step.list.count() - 1)
    media = window.mw.col.media.dir() if window.mw.col else ""
    long = "/" + "x" * 300
    for name, text in (
        ("none", ""), ("relative", "Anki"), ("media", f"{media}/x"), ("long", long),
        ("nowhere", "/no such folder/Anki"), ("home", "~"),
    ):  # fmt: skip
        step.folder.setText("?")
        step.folder.setText(text)
        yield from window.until(lambda: "✕" in step.status.text(), f"an answer about {name}")
        seen["said"][name] = step.status.text()
        if dialog.next_button.isEnabled():
            raise AssertionError(f"{name} can be used")
        QTest.keyClick(step.folder, Key.Key_Return)
    if vaults:
        step.list.setCurrentRow(0)
        for text in ("", "..", "/tmp", "a//b"):
            step.sub_folder.setText("?")
            step.sub_folder.setText(text)
            yield from window.until(lambda: "✕" in step.status.text(), f"an answer about {text}")
    seen["step"] = dialog.steps.currentIndex()
    seen["width"] = dialog.minimumSizeHint().width()
    dialog.reject()
    yield from window.closed(dialog)
    return seen


def wait_beside_a_window(window: Window) -> Steps[dict[str, Any]]:
    """While another window is open, the first start does not come; when it is closed, it does."""
    yield from window.ready()
    aqt.dialogs.open("AddCards", window.mw)
    looks: list[int] = []
    timer = aqt.qt.QTimer(window.mw)
    timer.timeout.connect(lambda: looks.append(1))
    timer.start(1500)
    yield from window.until(lambda: len(looks) > 2, "the time for two looks")
    timer.stop()
    titles = [w.windowTitle() for w in QApplication.topLevelWidgets() if w.isVisible()]
    aqt.dialogs._dialogs["AddCards"][1].close()
    dialog = yield from window.dialog(TITLE)
    dialog.reject()
    yield from window.closed(dialog)
    return {"meanwhile": titles}


def stop_and_go_on(window: Window, vaults: list[str]) -> Steps[dict[str, Any]]:
    """Press Esc while the pages are made; then go on in the same window."""
    write_vaults(vaults)
    yield from window.ready()
    dialog: Any = yield from window.dialog(TITLE)
    for _ in range(3):
        yield from window.until(dialog.next_button.isEnabled, dialog.title.text())
        before = dialog.steps.currentIndex()
        window.press(dialog.next_button)
        yield from window.until(partial(has_left, dialog, before), "the next step")
        yield from window.idle()
    folder = Path(vaults[0], "Anki")
    window.press(dialog.next_button)
    yield from window.until(lambda: any(folder.rglob("*.md")), "the first page")
    progress = window.mw.progress._win
    assert progress is not None
    seen: dict[str, Any] = {}
    key = (QEvent.Type.KeyPress, Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    QApplication.postEvent(progress, QKeyEvent(*key))
    yield from window.until(lambda: dialog.title.text() == "Stopped", "the run to end")
    yield from window.idle()
    seen["pages"] = len([*folder.rglob("*.md")])
    seen["told"] = dialog.about.text()
    seen["left"] = dialog.numbers.text()
    window.press(dialog.next_button)
    yield from window.until(partial(has_left, dialog, 3), "the end")
    yield from window.idle()
    seen["end"] = [dialog.title.text(), dialog.ending.text()]
    dialog.accept()
    yield from window.closed(dialog)
    return seen


def start_in(window: Window, folder: str, answer: str = "") -> Steps[dict[str, Any]]:
    """Go through the first start with a folder of one's own; what the last step says.

    Then press its button; ``answer`` is pressed in the question that this brings.
    """
    yield from window.ready()
    window.press(window.menu_action(*MENU, "Sync Now"))
    dialog: Any = yield from window.dialog(TITLE)
    dialog.vault.list.setCurrentRow(dialog.vault.list.count() - 1)
    dialog.vault.folder.setText(folder)
    for _ in range(3):
        yield from window.until(dialog.next_button.isEnabled, f"step {dialog.title.text()}")
        before = dialog.steps.currentIndex()
        window.press(dialog.next_button)
        yield from window.until(partial(has_left, dialog, before), "the next step")
        yield from window.idle()
    seen: dict[str, Any] = {"numbers": dialog.numbers.text()}
    seen["button"] = label_of(dialog.next_button)
    yield from placed(window)
    window.press(dialog.next_button)
    if answer:
        box: Any = yield from window.until(find_box, "the question")
        seen["asked"] = box.text()
        yield from placed(window)
        window.press(next(b for b in box.buttons() if label_of(b) == answer))
        yield from window.closed(box)
    if answer != "Cancel":
        yield from window.until(partial(has_left, dialog, 3), "the end")
        yield from window.idle()
    seen["end"], seen["ending"] = dialog.title.text(), dialog.ending.text()
    seen["saved"] = "vault_folder" in (window.mw.pm.profile or {})["ankivault"]
    dialog.reject()
    yield from window.closed(dialog)
    return seen


def quit_while_planning(window: Window, folder: str) -> Steps[bool]:
    """Choose a folder to be made, and end while its first run is planned: Anki closes."""
    yield from window.ready()
    window.press(window.menu_action(*MENU, "Sync Now"))
    dialog: Any = yield from window.dialog(TITLE)
    dialog.vault.list.setCurrentRow(dialog.vault.list.count() - 1)
    dialog.vault.folder.setText(folder)
    for step in range(2):
        yield from window.until(dialog.next_button.isEnabled, dialog.title.text())
        window.press(dialog.next_button)
        yield from window.until(partial(has_left, dialog, step), "the next step")
    window.press(dialog.next_button)
    yield from window.until(lambda: dialog._works, "the plan to be begun")
    return Path(folder).is_dir()
