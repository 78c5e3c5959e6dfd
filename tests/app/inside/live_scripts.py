"""What is done in Anki's window with live mode: its setting, and its sign in the top toolbar."""

from __future__ import annotations

from typing import Any

from scripts import MENU, OK
from window import Steps, Window


def switch_live_off(window: Window) -> Steps[list[bool]]:
    """Untick the box in Configure…; what it shows before, what is stored, what it shows again."""
    yield from window.ready()
    shown = []
    for _ in range(2):
        window.press(window.menu_action(*MENU, "Configure…"))
        dialog: Any = yield from window.dialog("Ankivault: Settings")
        shown.append(dialog.live.isChecked())
        dialog.live.setChecked(False)
        window.press(dialog.buttons.button(OK))
        yield from window.closed(dialog)
    profile = window.mw.pm.profile
    assert profile is not None
    return [shown[0], profile["ankivault"]["live"], shown[1]]
