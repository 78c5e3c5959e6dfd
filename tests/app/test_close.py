"""Anki closes without a plan when nothing has changed, and never at the cost of an edit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from .anki_app import FIRST_PROFILE, AnkiApp
from .test_live import add_note
from .test_window import add_notes, pages_in
from .test_window_corners import with_settings


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


def test_anki_closes_in_the_middle_of_a_run(own_anki: AnkiApp, vault: Path) -> None:
    """Nothing fails, and the next run does what is left."""
    add_notes(own_anki, 3000)
    app = with_settings(own_anki, vault, before_ankiweb_sync=False, live=False)
    midway = app.play("quit_midway", vault=str(vault)).value
    made = len(pages_in(vault))
    summary = app.play("sync").value

    assert midway > 0 and made < 3052 == len(pages_in(vault))
    assert summary["messages"] == []
