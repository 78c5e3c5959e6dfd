"""Live mode in real Anki: what is saved on one side is on the other within a moment."""

from __future__ import annotations

from pathlib import Path

import pytest
from anki.collection import Collection

from .anki_app import AnkiApp
from .test_window_corners import with_settings

FRONT, BACK = "What is a mitochondrion?", "Powerhouse of the cell"

LIVE = {"two_way": True, "before_ankiweb_sync": False, "live": True}


@pytest.fixture
def live(any_anki: AnkiApp, vault: Path) -> AnkiApp:
    """Anki in live mode, and one note more than the sample has."""
    return with_settings(any_anki, vault, **LIVE)


def add_note(anki: AnkiApp) -> int:
    col = Collection(str(anki.collection_file()))
    note = col.new_note(col.models.by_name("Basic"))
    note["Front"], note["Back"] = FRONT, BACK
    col.add_note(note, col.decks.id("Biology::Cell"))
    col.close()
    return note.id


def test_both_sides_follow_each_other(live: AnkiApp, vault: Path) -> None:
    """A page that is saved in place or replaced, and a note that is edited."""
    note_id = add_note(live)

    played = live.play("live_both_ways", vault=str(vault), note_id=note_id)

    assert played.value["undo"] == "Ankivault: What is a mitochondrion?"
    assert "1 page ← Anki: What is a mitochondrion?" in played.value["sign"]


def test_what_a_person_does_in_anki_comes_first(live: AnkiApp, vault: Path) -> None:
    """A note that is being typed into, a dialog, and the answer of a card: pages wait for them.

    No word is lost on either side.
    """
    note_id = add_note(live)

    seen = live.play("in_turn", vault=str(vault), note_id=note_id).value

    organelle = " a mitochondrion?"
    in_front = seen["editor in front"]
    assert in_front["before"] == [FRONT, BACK]
    assert in_front["typed"] == [FRONT, "Typed in front"]
    assert in_front["after"] == [f"What was{organelle}", "Typed in front"]
    assert seen["editor behind"]["after"] == [f"What will be{organelle}", "Typed behind"]
    assert f"What will be{organelle}" in seen["editor behind"]["page"]
    assert seen["dialog"]["before"] == [f"What will be{organelle}", "Typed behind"]
    assert seen["dialog"]["after"] == [f"Who is{organelle}", "Typed behind"]
    assert seen["answer"]["before"] == [f"Who is{organelle}", "Typed behind"]
    assert seen["answer"]["after"] == [f"Where is{organelle}", "Typed behind"]
