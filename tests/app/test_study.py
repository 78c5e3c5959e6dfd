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


def test_the_study_base_is_made_and_one_of_a_persons_own_only_replaced_if_they_say_so(
    any_anki: AnkiApp, vault: Path
) -> None:
    anki = with_settings(any_anki, vault)

    seen = anki.play("create_study_base", vault=str(vault)).value

    made, again, replaced = seen["told"]
    assert "is in your vault folder" in made
    assert "Its tables fill when" in made
    assert "is there already" in again
    assert seen["kept"] == "views: []\n"
    assert "trash" in replaced
    assert seen["replaced"].startswith("filters:")
    assert (vault.parent / ".trash" / "Anki" / "Anki.base").read_text("utf-8") == "views: []\n"
