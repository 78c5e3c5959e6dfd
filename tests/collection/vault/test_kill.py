"""A run may be killed at any moment: the next one ends where an undisturbed one would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from ankivault.sync.vault.run import sync_vault
from ankivault.sync.vault.settings import Settings

ROUNDS = int(os.environ.get("ANKIVAULT_KILLS", "24"))
SCRIPT = Path(__file__).with_name("killed_runs.py")
TWO_WAY = Path(__file__).with_name("killed_two_way.py")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A collection of some variety beside an empty vault."""
    home = tmp_path / "start"
    for folder in ("anki", "vault/.obsidian", "state"):
        (home / folder).mkdir(parents=True)
    (home / "vault" / "Own note.md").write_text("untouched\n")
    with_collection(home, fill)
    return home


def with_collection(home: Path, work: Any) -> None:
    col = Collection(str(home / "anki" / "collection.anki2"))
    try:
        work(col)
    finally:
        col.close()


def fill(col: Collection) -> None:
    for number in range(8):
        col.media.write_data(f"p{number}.png", b"picture %d" % number)
    for number in range(48):
        kind = "Cloze" if number % 3 else "Basic"
        note = col.new_note(col.models.by_name(kind))
        note.fields[0] = f"{{{{c1::Question}}}} {number} <b>bold</b>"
        note.fields[1] = f'<img src="p{number % 8}.png">'
        note.tags = [f"t{number % 4}"]
        col.add_note(note, col.decks.id(f"Deck {number % 4}::Sub {number % 2}"))


def kill_often(home: Path, seed: int, script: Path = SCRIPT) -> None:
    done = subprocess.run(
        [sys.executable, str(script), str(home), str(ROUNDS), str(seed)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["moments"] == min(ROUNDS, result["writes"]) > 20
    assert result["differing"] == {}


def test_a_first_export_killed_anywhere_is_finished_by_the_next_run(home: Path) -> None:
    kill_often(home, seed=1)


def test_an_update_killed_anywhere_is_finished_by_the_next_run(home: Path) -> None:
    def sync(col: Collection) -> None:
        settings = Settings(vault_folder=str(home / "vault"))
        assert sync_vault(col, settings, home / "state").ok
        sync_vault(col, settings, home / "state")  # the base learns which notes are in step

    with_collection(home, sync)
    pages = sorted((home / "vault").rglob("Question*.md"))
    for number, page in enumerate(pages):
        text = page.read_text("utf-8")
        if number % 5 == 0:
            text = text.replace("---\n", "---\nmine: yes\n", 1) + "\nMy own words.\n"
        if number % 11 == 0:
            text = text.replace("bold", "edited by hand")
        page.write_text(text, "utf-8")

    def change(col: Collection) -> None:
        notes = col.find_notes("")
        for note_id in notes[::4]:
            note = col.get_note(note_id)
            note.fields[0] = note.fields[0].replace("bold", "bolder") + '<img src="new.png">'
            col.update_note(note)
        col.media.write_data("new.png", b"new")
        for note_id in notes[1::6]:
            col.set_deck(col.card_ids_of_note(note_id), col.decks.id("Elsewhere::New"))
        col.remove_notes(notes[2::7])
        col.decks.rename(col.decks.id("Deck 3"), "Deck Three")

    with_collection(home, change)
    kill_often(home, seed=2)


def test_a_two_way_run_killed_anywhere_is_finished_by_the_next_run(tmp_path: Path) -> None:
    home = tmp_path / "start"
    for folder in ("anki", "Obsidian/.obsidian", "Obsidian/Anki", "state"):
        (home / folder).mkdir(parents=True)
    vault = home / "Obsidian" / "Anki"
    settings = Settings(vault_folder=str(vault), two_way=True)

    def begin(col: Collection) -> None:
        fill(col)
        assert sync_vault(col, settings, home / "state").ok
        sync_vault(col, settings, home / "state")

    with_collection(home, begin)
    pages = sorted(vault.rglob("Question*.md"))
    answers = {}
    for number, page in enumerate(pages):
        text = page.read_text("utf-8")
        note_id = page.stem.rpartition("_")[2]
        kind = number % 8
        if kind == 0:
            page.write_text(text.replace("bold", "edited"), "utf-8")
        elif kind == 1:
            page.write_text(text.replace("\n  - t", "\n  - more\n  - t"), "utf-8")
        elif kind == 2:
            target = vault / "Deck 2" / "Sub 0" / page.name
            page.rename(target)
        elif kind == 3:
            page.unlink()
            answers[f"page deleted:{note_id}"] = "delete" if number % 3 else "keep"
        elif kind == 4:
            page.write_text(text.replace("bold", "written on"), "utf-8")
            answers[f"note deleted:{note_id}"] = "keep"
        elif kind == 5:
            copy = page.with_name(f"Copy of {number}.md")
            copy.write_text(text.replace("bold", "copied"), "utf-8")
            answers[f"copy:{copy.relative_to(vault).as_posix()}"] = "create"
    for number in range(7):
        (home / "Obsidian" / f"new {number}.png").write_bytes(b"new %d" % number)
        page = vault / f"Deck {number % 4}" / f"Written {number}.md"
        deck = "anki_deck: Made::Anew\n" if number == 6 else ""
        body = f"## Front\n- Is *this* new?\n- {number}\n\n## Back\n![[new {number}.png]]\n"
        page.write_text(f"---\nanki_note_type: Basic\n{deck}mine: yes\n---\n{body}", "utf-8")
    (home / "answers.json").write_text(json.dumps(answers), "utf-8")

    def change(col: Collection) -> None:
        deleted = [int(k.partition(":")[2]) for k in answers if k.startswith("note deleted")]
        col.remove_notes(deleted)

    with_collection(home, change)
    kill_often(home, seed=3, script=TWO_WAY)
