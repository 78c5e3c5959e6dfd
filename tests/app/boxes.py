"""Message boxes: which of them a hasty Enter, or Esc, answers with what cannot be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

_TITLE = "Ankivault"
# What Enter may press though it is not the way out: it only shows something.
_SHOWS = ("Preview Changes…",)
_ASKS_TO_SHOW = "Open the settings?"


def find_rash(dialogs: Iterable[dict[str, Any]]) -> list[str]:
    """What is wrong with the keys of the add-on's message boxes among these dialogs."""
    wrong = []
    for dialog in dialogs:
        keys = dialog["keys"]
        if not keys or dialog["title"] != _TITLE:
            continue
        shows = keys["enter"] in _SHOWS or dialog["text"].endswith(_ASKS_TO_SHOW)
        if not keys["esc"] or not all(keys["buttons"]):
            wrong.append(f"Esc does nothing, or a button has no name: {keys}, {dialog['text']}")
        elif keys["enter"] != keys["esc"] and not shows:
            wrong.append(f"Enter does not leave all as it is: {keys}, {dialog['text']}")
    return wrong
