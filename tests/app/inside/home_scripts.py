"""What is done in Anki's window with Home."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from aqt.qt import QMessageBox, QPushButton
from live_scripts import read_sign, show_live
from PyQt6 import sip
from PyQt6.QtTest import QTest
from scripts import MENU, OK, press_sync_now, switch_profile
from two_way_scripts import placed
from window import Steps, Window, label_of

_QTest: Any = QTest  # its methods are static, which its type hints do not say


def open_home(window: Window) -> Steps[Any]:
    """Open Home from the menu, and wait until its Overview has looked."""
    window.press(window.menu_action(*MENU, "Home…"))
    home: Any = yield from window.dialog("Ankivault: Home")
    yield from looked(window, home)
    yield from placed(window)
    return home


def looked(window: Window, home: Any) -> Steps[None]:
    """Wait until the Overview shows what was read."""
    page = home.page("Overview")
    yield from window.until(
        lambda: not page._is_reading and not page._soon.isActive(), "the Overview to look"
    )


def click_sign(window: Window) -> None:
    """Click on the sign in Anki's toolbar."""
    window.mw.toolbar.web.eval("document.getElementById('ankivault-live').click()")


def buttons_of(card: Any) -> list[str]:
    """The buttons of a card that can be seen and pressed."""
    found = card.findChildren(QPushButton)
    return [label_of(b) for b in found if b.isVisible() and b.isEnabled()]


def click_sign_and_answer(
    window: Window, folder: str, states: list[dict[str, Any]]
) -> Steps[list[dict[str, Any]]]:
    """Delete a page, click on the sign in each state, and press the button to the questions.

    Returns what Home shows each time, and what the preview shows after the button.
    """
    yield from window.ready()
    yield from press_sync_now(window)
    next(Path(folder).rglob("el perro_*.md")).unlink()
    seen = []
    for state in states:
        show_live(window, **state)
        yield from read_sign(window, state["kind"])
        click_sign(window)
        home: Any = yield from window.dialog("Ankivault: Home")
        yield from looked(window, home)
        card = home.page("Overview").vault
        told: dict[str, Any] = {"says": card.state.text(), "buttons": buttons_of(card)}
        if card.questions.isVisible():
            window.press(card.questions)
            dialog: Any = yield from window.dialog("Ankivault: Preview")
            yield from window.idle()
            told["preview"] = dialog.kind.currentText()
            yield from placed(window)
            dialog.reject()
            yield from window.closed(dialog)
        seen.append(told)
        yield from placed(window)
        home.reject()
        yield from window.closed(home)
    return seen


def edit_settings_in_home(window: Window) -> Steps[dict[str, Any]]:
    """Change settings on Home's page, revert, change and save; leave with others not saved."""
    yield from window.ready()
    home: Any = yield from open_home(window)
    profile = window.mw.pm.profile
    assert profile is not None
    page = home.go_to("Settings")
    seen: dict[str, Any] = {"at first": page.save_button.isEnabled()}
    page.form.pages.tags.click()
    yield from window.until(page.save_button.isEnabled, "Save")
    window.press(page.revert_button)
    yield from window.until(lambda: not page.save_button.isEnabled(), "nothing to save")
    seen["reverted"] = page.form.pages.tags.isChecked()
    page.form.pages.tags.click()
    yield from window.until(page.save_button.isEnabled, "Save")
    window.press(page.save_button)
    yield from window.until(lambda: not page.save_button.isEnabled(), "nothing to save")
    seen["saved"] = profile["ankivault"]["include_tags"]

    page.form.before.click()
    yield from window.until(page.save_button.isEnabled, "Save")
    window.press(window.menu_action(*MENU, "Configure…"))
    dialog: Any = yield from window.dialog("Ankivault: Settings")
    yield from placed(window)
    dialog.form.live.click()
    window.press(dialog.buttons.button(OK))
    yield from window.closed(dialog)
    seen["followed"] = page.form.live.isChecked() == profile["ankivault"]["live"]
    seen["kept"] = page.form.before.isChecked() != profile["ankivault"]["before_ankiweb_sync"]
    window.call(home.reject)
    box: Any = yield from window.until(lambda: find_box(home), "the question")
    yield from placed(window)
    window.press(next(b for b in box.buttons() if label_of(b) == "Discard"))
    yield from window.closed(home)
    window.press(window.menu_action(*MENU, "Home…"))
    home = yield from window.dialog("Ankivault: Home")
    seen["remembered"] = home.list.currentItem().text()
    yield from placed(window)
    home.reject()
    yield from window.closed(home)
    return seen


def find_box(parent: Any) -> Any:
    """A question over a window."""
    boxes = parent.findChildren(QMessageBox)
    return next((box for box in boxes if box.isVisible()), None)


def switch_with_home_open(window: Window, name: str) -> Steps[dict[str, Any]]:
    """Open Home on each page, switch the profile, open Home there, and leave it open."""
    yield from window.ready()
    home: Any = yield from open_home(window)
    for page in [home.list.item(row).text() for row in range(home.list.count())]:
        home.go_to(page)
    yield from switch_profile(window, name)
    seen: dict[str, Any] = {"closed": sip.isdeleted(home) or not home.isVisible()}
    home = yield from open_home(window)
    seen["page"] = home.list.currentItem().text()
    seen["buttons"] = buttons_of(home.page("Overview").vault)
    seen["changed"] = len(sign_followers())
    return seen


def sign_followers() -> list[Any]:
    """Who follows the sign."""
    sign = importlib.import_module("ankivault.ui.live.sign")
    return list(sign._changed._callbacks)
