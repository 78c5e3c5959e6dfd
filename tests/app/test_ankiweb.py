"""Runs around AnkiWeb sync, against a real sync server: they help, and never stand in its way."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from anki.collection import Collection

from ..sample import humanities, science
from .anki_app import FIRST_PROFILE, AnkiApp, Played
from .ankiweb import AnkiWeb

SAMPLES = len(science.NOTES + humanities.NOTES)
QUESTION = "Which bases pair in DNA?"


def log_in(anki: AnkiApp, ankiweb: AnkiWeb, auto_sync: bool, **settings: Any) -> AnkiApp:
    """The same Anki, logged in, with these Ankivault settings."""
    values = {**ankiweb.log_in(anki.collection_file()), "autoSync": auto_sync}
    return replace(anki, profiles={FIRST_PROFILE: {**values, "ankivault": settings}})


def assert_nothing_modal(played: Played) -> None:
    anki_tells_where_it_is = ("ProgressDialog", "MediaSyncDialog")
    assert not [d for d in played.dialogs if d["kind"] not in anki_tells_where_it_is]


def add_note(anki: AnkiApp, front: str) -> None:
    col = Collection(str(anki.collection_file()))
    note = col.new_note(col.models.by_name("Basic"))
    note["Front"], note["Back"] = front, "an answer"
    col.add_note(note, col.decks.id("Biology::Cell"))
    col.close()


def test_runs_at_start_up_and_on_close(
    own_anki: AnkiApp, ankiweb: AnkiWeb, vault: Path, tmp_path: Path
) -> None:
    """The vault is up to date before AnkiWeb is, when Anki opens and when it closes."""
    anki = log_in(own_anki, ankiweb, auto_sync=True, vault_folder=str(vault))
    add_note(anki, "Written before Anki was opened")

    played = anki.play("edit_between_syncs", search=QUESTION, text="Edited in the window")

    at_start_up, on_close = played.value
    assert at_start_up == {"pages": SAMPLES + 1, "edit_in_vault": False}
    assert on_close == {"pages": SAMPLES + 1, "edit_in_vault": True}
    assert list(vault.rglob("Written before Anki was opened_*.md"))
    page = next(vault.rglob("Which bases pair in DNA_*.md"))
    assert "Edited in the window" in page.read_text(encoding="utf-8")
    on_server = ankiweb.first_fields(tmp_path)
    assert "Written before Anki was opened" in on_server
    assert "Edited in the window" in on_server
    assert_nothing_modal(played)


def test_runs_on_the_sync_button(
    anki: AnkiApp, ankiweb: AnkiWeb, vault: Path, tmp_path: Path
) -> None:
    anki = log_in(anki, ankiweb, auto_sync=False, vault_folder=str(vault))

    played = anki.play("press_sync_button", search=QUESTION, text="Edited before the button")

    assert played.value == [{"pages": SAMPLES, "edit_in_vault": True}]
    assert "Edited before the button" in ankiweb.first_fields(tmp_path)
    assert_nothing_modal(played)


def test_brings_edits_from_the_phone_into_the_vault(
    anki: AnkiApp, ankiweb: AnkiWeb, vault: Path, tmp_path: Path
) -> None:
    anki = log_in(anki, ankiweb, auto_sync=False, vault_folder=str(vault), after_ankiweb_sync=True)
    ankiweb.edit_elsewhere(tmp_path, f'"Front:{QUESTION}"', "Back", "Edited on the phone")

    played = anki.play("press_sync_button")

    page = next(vault.rglob("Which bases pair in DNA_*.md"))
    assert "Edited on the phone" in page.read_text(encoding="utf-8")
    assert_nothing_modal(played)


def test_ankiweb_sync_goes_on_when_the_vault_is_missing(
    own_anki: AnkiApp, ankiweb: AnkiWeb, vault: Path, tmp_path: Path
) -> None:
    """At start-up, on the button and on close: a tooltip says why, and nothing asks."""
    anki = log_in(own_anki, ankiweb, auto_sync=True, vault_folder=str(vault))
    shutil.rmtree(vault)
    add_note(anki, "Written before Anki was opened")

    played = anki.play("press_sync_button", search=QUESTION, text="Edited before the button")

    assert [sync["pages"] for sync in played.value] == [0, 0, 0]
    assert not vault.exists()
    on_server = ankiweb.first_fields(tmp_path)
    assert "Written before Anki was opened" in on_server
    assert "Edited before the button" in on_server
    assert any("does not exist" in text for text in played.tooltips)
    assert_nothing_modal(played)


def test_profiles_without_a_vault_are_left_alone(own_anki: AnkiApp, ankiweb: AnkiWeb) -> None:
    """Installed, but never configured: AnkiWeb sync is as it was, without a word."""
    anki = log_in(own_anki, ankiweb, auto_sync=True)

    played = anki.play("press_sync_button")

    assert not [text for text in played.tooltips if "vault" in text.lower()]
    assert_nothing_modal(played)


def edit_page(vault: Path, page: str, old: str, new: str) -> None:
    file = next(vault.rglob(page))
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_an_edited_page_goes_into_anki_after_the_phone_s_edits_and_up_again(
    anki: AnkiApp, ankiweb: AnkiWeb, vault: Path, tmp_path: Path
) -> None:
    """Both edited the same note: the desktop's page must not win over what the phone did."""
    anki = log_in(anki, ankiweb, auto_sync=False, vault_folder=str(vault), two_way=True)
    anki.play("press_sync_button")
    edit_page(vault, "Which bases pair in DNA_*.md", QUESTION, "Which bases pair in our DNA?")
    edit_page(vault, "Which organelle makes most*.md", "The *mitochondrion*.", "My own words.")
    ankiweb.edit_elsewhere(tmp_path, f'"Front:{QUESTION}"', "Back", "Edited on the phone")
    ankiweb.edit_elsewhere(tmp_path, '"Front:Which organelle*"', "Back", "The phone's own words")

    played = anki.play("press_sync_button")

    page = next(vault.rglob("Which bases pair in DNA_*.md")).read_text(encoding="utf-8")
    assert "Which bases pair in our DNA?" in page
    assert "Edited on the phone" in page
    on_server = ankiweb.fields(tmp_path)
    assert ["Which bases pair in our DNA?", "Edited on the phone"] in on_server
    assert any(fields[-1] == "The phone's own words" for fields in on_server)
    assert next(vault.rglob("Which organelle*.md")).read_text("utf-8").count("My own words") == 1
    assert any("1 to decide in Preview Changes" in text for text in played.tooltips)
    assert_nothing_modal(played)


def test_an_edited_page_waits_while_ankiweb_cannot_be_reached(
    anki: AnkiApp, ankiweb: AnkiWeb, vault: Path
) -> None:
    anki = log_in(anki, ankiweb, auto_sync=False, vault_folder=str(vault), two_way=True)
    anki.play("press_sync_button")
    edit_page(vault, "Which bases pair in DNA_*.md", QUESTION, "Which bases pair in our DNA?")
    nobody = {"customSyncUrl": "http://127.0.0.1:9/"}
    anki = replace(anki, profiles={k: {**v, **nobody} for k, v in anki.profiles.items()})

    played = anki.play("press_sync_button")

    assert any("One edit from Obsidian waits" in text for text in played.tooltips)
    page = next(vault.rglob("Which bases pair in DNA_*.md")).read_text(encoding="utf-8")
    assert "Which bases pair in our DNA?" in page
    col = Collection(str(anki.collection_file()))
    assert col.find_notes(f'"Front:{QUESTION}"')
    col.close()
