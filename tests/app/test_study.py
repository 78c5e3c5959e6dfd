"""Pages tell in real Anki how their notes are studied."""

from __future__ import annotations

from dataclasses import replace
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


def test_a_link_on_a_page_opens_its_note_in_the_anki_that_runs(
    any_own_anki: AnkiApp, vault: Path, tmp_path: Path
) -> None:
    """The box in Configure… has the desktop start Anki with the link, and takes that back."""
    anki = with_launcher(with_settings(any_own_anki, vault, anki_links=True, live=False), tmp_path)
    note_id = add_note(anki)

    seen = anki.play("click_link", note_id=note_id, home=str(anki.base / "home")).value

    assert seen["shown"] == [note_id]
    (none,) = seen["none"]
    assert "no note with the id 1 " in none
    assert seen["new"] == [
        ".config/mimeapps.list",
        ".local/share/applications/ankivault-links.desktop",
    ]
    assert seen["left"] == [True, True], "unticked, and when the add-on is deleted"


def test_a_link_on_a_page_starts_anki_and_opens_its_note(
    any_own_anki: AnkiApp, vault: Path
) -> None:
    anki = with_settings(any_own_anki, vault)
    note_id = add_note(anki)
    link = f"anki://x-callback-url/search?query=nid:{note_id}"

    assert anki.play("browser_shows_note", opens=link).value == [note_id]


def with_launcher(anki: AnkiApp, folder: Path) -> AnkiApp:
    """Anki as if it was started by its launcher."""
    launcher = folder / "anki launcher"
    code = 'import os, aqt; aqt.AnkiApp.KEY = os.environ["KEY_OF_THIS_ANKI"]; aqt.run()'
    launcher.write_text(f"#!/bin/sh\nexec timeout 60 '{anki.python}' -c '{code}' \"$@\"\n")
    launcher.chmod(0o755)
    return replace(anki, environment={**anki.environment, "ANKI_LAUNCHER": str(launcher)})
