"""Live mode in real Anki: what is saved on one side is on the other within a moment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from anki.collection import Collection

from .anki_app import FIRST_PROFILE, AnkiApp
from .ankiweb import AnkiWeb
from .test_ankiweb import log_in
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


def add_many(anki: AnkiApp, number: int) -> list[int]:
    col = Collection(str(anki.collection_file()))
    notetype, deck = col.models.by_name("Basic"), col.decks.id("Many")
    notes = [col.new_note(notetype) for _ in range(number)]
    for at, note in enumerate(notes):
        note["Front"], note["Back"] = f"Question {at}", "This is one of many"
        col.add_note(note, deck)
    col.close()
    return [note.id for note in notes]


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


def test_pages_and_folders_that_change_at_once(anki: AnkiApp, vault: Path) -> None:
    """Pages saved twice, 500 at once, unreadable, renamed and moved away; and Undo in Anki.

    Of 2,600 pages, 500 are no large change.
    """
    live = with_settings(anki, vault, **LIVE)
    note_id = add_note(live)
    many = add_many(live, 2600)[:500]

    seen = live.play("live_pages", vault=str(vault), note_id=note_id, many=many).value

    assert "Engine of each cell" in seen["twice"]["page"]
    undo = seen["undo"]
    assert undo["step"] == f"Ankivault: {FRONT}"
    assert undo["note"] == [FRONT, BACK]
    assert any("Engine of each cell" in page for page in undo["in trash"])
    assert undo["redone"] == [FRONT, "Engine of each cell"]
    burst = seen["many"]
    assert burst["step"] == "Ankivault: 500 Pages"
    assert (burst["pages after Undo"], burst["edited pages after Undo"]) == (2600, 0)
    assert burst["notes after Undo"] == 0
    unreadable = seen["unreadable"]
    assert len(unreadable["news"]) == 1
    assert "not in step" in unreadable["signs"][0]
    assert seen["renamed"]["deck"] == "Biology::Cells"
    assert seen["renamed"]["page"].startswith("Biology/Cells/")
    away = seen["moved away"]
    assert "not in step" in away["gone"]
    assert not away["made again"]
    assert away["notes kept"]
    assert away["lost pages"] == []


def test_trouble_is_told_and_overcome(anki: AnkiApp, vault: Path) -> None:
    """There is no watch; live mode is switched off and on; runs fail."""
    live = with_settings(anki, vault, **LIVE)
    note_id = add_note(live)

    seen = live.play("live_in_trouble", vault=str(vault), note_id=note_id).value

    assert sorted(seen["notices"]) == [0, 1], "it is told once"
    assert seen["off"] == {"at rest": True, "written": False}
    rests = seen["rests"]
    assert rests["tries"] == 3
    assert "live mode rests" in rests["sign"]
    assert "until the next Sync Now" in rests["sign"]
    assert "in step" in rests["after"]


def test_the_summary_lists_what_live_mode_found_to_be_wrong(anki: AnkiApp, vault: Path) -> None:
    """All of it, until it is mended: the sign and Home have room for one message."""
    live = with_settings(anki, vault, **LIVE)
    notes = add_many(live, 2)

    seen = live.play("list_trouble", vault=str(vault), note_ids=notes).value

    assert not seen["offered before"]
    assert seen["offered"] == "Show 2 Messages…"
    pages = list(vault.rglob("Question*.md"))
    for row in seen["listed"]:
        assert "“%% anki:end %%” (not there)" in str(row)
    assert all(page.name in str(seen["listed"]) for page in pages) and len(pages) == 2
    assert len(seen["left"]) == 1
    assert "went wrong" not in seen["said"], "that run itself went well"


def test_pages_wait_for_what_the_phone_did(anki: AnkiApp, ankiweb: AnkiWeb, vault: Path) -> None:
    note_id = add_note(anki)
    log_in(anki, ankiweb, False, vault_folder=str(vault), two_way=True).play("press_sync_button")
    logged_in = dict(log_in(anki, ankiweb, False, vault_folder=str(vault), **LIVE).profiles)

    seen = replace(anki, profiles=logged_in).play(
        "wait_for_ankiweb", vault=str(vault), note_id=note_id
    )

    assert not seen.value["early"]
    assert "after the first AnkiWeb sync" in seen.value["sign"]
    assert seen.value["inward"][0] is False
    assert seen.value["inward"][-1] is True


def test_a_profile_is_left_while_a_run_goes_on(own_anki: AnkiApp, vault: Path) -> None:
    """Nothing is written any more, nothing is lost, and the next profile has nothing of it."""
    note_id = add_note(own_anki)
    settings = {"vault_folder": str(vault), **LIVE}
    anki = replace(own_anki, profiles={FIRST_PROFILE: {"ankivault": settings}, "Second": {}})

    seen = anki.play("leave_midway", vault=str(vault), note_id=note_id, other="Second").value

    assert seen["held"][0] == "begun"
    assert seen["held"][-1] == "begun"
    assert not seen["shown in the other"]
    (page,) = vault.rglob(f"*_{note_id}.md")
    assert "Engine of the cell" in page.read_text("utf-8")
    col = Collection(str(anki.collection_file()))
    assert col.get_note(note_id).fields == [FRONT, BACK]
    col.close()
