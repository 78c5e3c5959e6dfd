"""Pages tell in real Anki how their notes are studied."""

from __future__ import annotations

from pathlib import Path

from .anki_app import AnkiApp
from .test_live import LIVE, add_many, add_note
from .test_window_corners import with_settings


def test_pages_follow_when_a_review_session_ends_and_when_an_answer_is_undone(
    any_anki: AnkiApp, vault: Path
) -> None:
    """During the session a page of another note goes into Anki, and no reviewed page is written."""
    live = with_settings(any_anki, vault, **LIVE, study_properties=True)
    edited = add_note(live)
    many = add_many(live, 3)

    seen = live.play("study_session", vault=str(vault), many=many, edited=edited).value

    assert seen["during"] == [0, 0, 0]
    assert seen["after"] == [1, 1, 1]
    assert seen["undo"]
