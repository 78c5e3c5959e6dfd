"""Anki closes without a plan when nothing has changed, and never at the cost of an edit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from .anki_app import FIRST_PROFILE, AnkiApp
from .test_live import add_note


def test_nothing_is_planned_at_close_unless_something_changed(
    own_anki: AnkiApp, vault: Path
) -> None:
    settings = {"vault_folder": str(vault), "two_way": True, "live": True}
    note_id = add_note(own_anki)
    anki = replace(own_anki, profiles={FIRST_PROFILE: {"ankivault": settings}, "Second": {}})

    seen = anki.play("close_at_rest_and_not", vault=str(vault), note_id=note_id).value

    assert (seen["nothing"], seen["a review"]) == (0, 0)
    assert seen["an edited note"] > 0 and seen["note on its page"]
    assert seen["an edited page"] > 0 and seen["page in its note"]
