"""Live mode as a person sees it in Anki's window: its setting, and its sign in the toolbar."""

from __future__ import annotations

from .anki_app import AnkiApp


def test_live_is_on_until_it_is_switched_off_in_the_settings(anki: AnkiApp) -> None:
    assert anki.play("switch_live_off").value == [True, False, False]
