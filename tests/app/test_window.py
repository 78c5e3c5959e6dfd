"""The add-on as a person uses it: installed from its file into real Anki, configured, and run."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from anki.collection import AddNoteRequest, Collection

from ..sample import humanities, science
from .anki_app import AnkiApp

SAMPLES = len(science.NOTES + humanities.NOTES)
State = Callable[[Path], dict[str, tuple[int, int, bytes]]]


def add_notes(anki: AnkiApp, count: int) -> None:
    col = Collection(str(anki.collection_file()))
    notetype, deck = col.models.by_name("Basic"), col.decks.id("Many")
    requests = []
    for number in range(count):
        note = col.new_note(notetype)
        note.fields = [f"Question {number}", f"<b>Answer</b> <i>{number}</i>"]
        requests.append(AddNoteRequest(note, deck))
    col.add_notes(requests)
    col.close()


def pages_in(vault: Path) -> list[Path]:
    return [p for p in vault.rglob("*.md") if not p.name.lower().endswith("_index.md")]


def read_activity(files: Path) -> list[tuple[str, str]]:
    """What runs did, by Activity; what of it lies in a file beside it is part of it."""
    (file,) = files.rglob("activity.db")
    with closing(sqlite3.connect(file)) as db:
        return db.execute("select done, path from entry order by id").fetchall()


def test_install_configure_sync_and_restart(
    any_own_anki: AnkiApp, vault: Path, state_of: State
) -> None:
    """The way everyone goes first; after a restart there is nothing left to do."""
    first = any_own_anki.play("configure_and_sync", folder=str(vault), leave_out="Spanish")

    notes = first.value["notes_in_pages"]
    assert len(pages_in(vault)) == notes > 0
    assert f"{notes} pages created" in first.value["summary"]
    assert not (vault / "Spanish").exists()
    assert not [m for m in first.value["messages"] if m[0] != "Note"]

    before = state_of(vault)
    again = any_own_anki.play("sync")
    assert (
        again.value["summary"].startswith("Nothing to do")
        or "created" not in again.value["summary"]
    )
    assert state_of(vault) == before


def test_the_settings_dialog_says_what_is_wrong_as_one_types(
    own_anki: AnkiApp, vault: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "Not in a vault"
    outside.mkdir()
    trash = vault.parent / ".trash" / "Anki"
    folders = {
        "fine": str(vault),
        "missing": str(vault / "nowhere"),
        "relative": "My Vault",
        "outside": str(outside),
        "Anki's own": str(own_anki.base),
        "below Anki's own": str(own_anki.base / "logs"),
        "above Anki's own": str(tmp_path),
        "in the trash": str(trash),
        "a place in Obsidian's settings": str(vault.parent / ".obsidian" / "nowhere"),
    }
    trash.mkdir(parents=True)
    said = own_anki.play("type_folders", folders=folders).value

    assert said["fine"] == {"says": "✓ This folder is fine.", "can_be_kept": True}
    assert "does not exist" in said["missing"]["says"]
    assert said["relative"]["can_be_kept"] is False
    assert said["outside"]["says"].startswith("⚠") and said["outside"]["can_be_kept"] is True
    for name in ("missing", *list(folders)[4:]):
        assert said[name]["says"].startswith("✕"), name
        assert said[name]["can_be_kept"] is False, name


def test_no_run_writes_to_a_refused_folder_that_a_setting_names(anki: AnkiApp, vault: Path) -> None:
    """However it came into the settings: by hand, or from an older version."""
    folder = vault.parent / ".obsidian" / "Anki"
    folder.mkdir()

    said = anki.play(
        "sync_expecting_warning",
        settings={"vault_folder": str(folder), "before_ankiweb_sync": True},
    ).value

    assert ".obsidian" in said and "Nothing was changed" in said
    assert not list(folder.iterdir())


def test_the_settings_dialog_knows_another_profiles_pages(anki: AnkiApp, vault: Path) -> None:
    anki.play("sync", settings={"vault_folder": str(vault)})
    with_ben = replace(anki, profiles={"User 1": {}, "Ben": {}})

    said = with_ben.play("type_folders", profile="Ben", folders={"taken": str(vault)}).value

    assert said["taken"]["says"].startswith("⚠")
    assert "profile" in said["taken"]["says"]


def test_the_preview_does_what_it_shows(anki: AnkiApp, vault: Path) -> None:
    shown = anki.play("preview", settings={"vault_folder": str(vault)}).value

    assert shown["written_before"] == 0
    assert shown["rows"] >= shown["notes"]
    assert shown["found"] == 1
    assert "+" in shown["diff"] and "Prophase" in shown["diff"]
    assert len(pages_in(vault)) == shown["notes"]


def test_cancel_midway_and_go_on_later(anki: AnkiApp, vault: Path) -> None:
    """What was done stays done; the next run does the rest."""
    add_notes(anki, 5000)
    cancelled = anki.play(
        "cancel_midway", settings={"vault_folder": str(vault), "before_ankiweb_sync": False}
    ).value

    done = len(pages_in(vault))
    assert 0 < done < cancelled["notes"]
    assert "Cancelled" in cancelled["said"]

    rest = anki.play("sync").value
    assert len(pages_in(vault)) == cancelled["notes"]
    assert f"{cancelled['notes'] - done:,} pages created" in rest["summary"]


def test_uninstalling_keeps_the_vault_and_installing_again_adopts_it(
    own_anki: AnkiApp, vault: Path, state_of: State
) -> None:
    own_anki.play("sync", settings={"vault_folder": str(vault)})
    before = state_of(vault)

    own_anki.play("uninstall")
    assert not (own_anki.base / "addons21" / "ankivault").exists()
    assert "Ankivault" not in own_anki.play("look").value["tools"]
    assert state_of(vault) == before

    own_anki.install()
    again = own_anki.play("sync").value
    assert "created" not in again["summary"]
    assert state_of(vault) == before


def test_an_update_keeps_what_is_remembered(
    own_anki: AnkiApp, vault: Path, state_of: State
) -> None:
    own_anki.play("sync", settings={"vault_folder": str(vault)})
    files = own_anki.base / "addons21" / "ankivault" / "user_files"
    remembered, done = state_of(files), read_activity(files)
    before = state_of(vault)

    own_anki.install()

    now = state_of(files)
    assert {name: kept[2] for name, kept in now.items() if "activity" not in name} == {
        name: kept[2] for name, kept in remembered.items() if "activity" not in name
    }
    assert done
    assert read_activity(files) == done
    assert own_anki.play("sync").value["summary"] == f"{SAMPLES} pages unchanged."
    assert state_of(vault) == before


def test_two_profiles_have_two_vaults(anki: AnkiApp, vault: Path) -> None:
    """In one session: each profile's run touches its own folder only."""
    other = vault.parent.parent / "Other Vault"
    other.mkdir()
    both = replace(
        anki,
        profiles={
            "User 1": {"ankivault": {"vault_folder": str(vault)}},
            "Ben": {"ankivault": {"vault_folder": str(other)}},
        },
    )
    both.play("sync_two_profiles", first="User 1", second="Ben", front="Only in Ben's collection")

    (bens,) = pages_in(other)
    assert bens.name.startswith("Only in Ben's collection_")
    assert len(pages_in(vault)) == SAMPLES
    assert not list(vault.rglob("Only in Ben*"))


def test_a_missing_vault_is_said_and_nothing_is_written(anki: AnkiApp, vault: Path) -> None:
    shutil.rmtree(vault)
    said = anki.play(
        "sync_expecting_warning",
        settings={"vault_folder": str(vault), "before_ankiweb_sync": False},
    ).value

    assert "does not exist" in said and "Configure" in said
    assert not vault.exists()


def test_a_large_change_is_asked_for_and_never_made_unasked(anki: AnkiApp, vault: Path) -> None:
    anki.play("sync", settings={"vault_folder": str(vault)})
    col = Collection(str(anki.collection_file()))
    col.remove_notes(col.find_notes("deck:Mathematics or deck:Biology"))
    left = col.note_count()
    col.close()

    refused = anki.play("sync_after_an_answer", answer="Cancel")
    assert f"delete {SAMPLES - left} of {SAMPLES} pages" in refused.value
    assert len(pages_in(vault)) == SAMPLES
    boxes = [d for d in refused.dialogs if d["kind"] == "MessageBox"]
    assert len(boxes) == 1

    anki.play("sync_after_an_answer", answer="Go On")
    assert len(pages_in(vault)) == left


def test_a_page_opens_in_obsidian(anki: AnkiApp, vault: Path) -> None:
    played = anki.play("open_in_obsidian", settings={"vault_folder": str(vault)})

    assert len(played.links) == 1
    assert played.links[0].startswith("obsidian://open?path=")
    assert "My%20Vault%2FAnki%2FBiology%2FCell%2F" in played.links[0]
