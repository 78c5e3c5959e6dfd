"""A real collection, a real vault folder, and short words for what tests do with them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from ankivault.sync.reconcile.question import NO_ANSWERS, Answers, Choice
from ankivault.sync.run.report import Message, Report
from ankivault.sync.vault.changes import Direction, VaultPlan
from ankivault.sync.vault.run import plan_vault, sync_vault
from ankivault.sync.vault.settings import Settings


@dataclass
class Desk:
    """A person's collection and vault, and the add-on's state folder."""

    col: Collection
    vault: Path
    state: Path
    settings: Settings

    def add(
        self, deck: str = "Biology", notetype: str = "Basic", tags: str = "", **fields: str
    ) -> int:
        """A new note; fields by name, with ``_`` for a space."""
        note = self.col.new_note(self.col.models.by_name(notetype))
        for name, value in fields.items():
            note[name.replace("_", " ")] = value
        note.tags = tags.split()
        self.col.add_note(note, self.col.decks.id(deck))
        return note.id

    def edit(self, note_id: int, **fields: str) -> None:
        note = self.col.get_note(note_id)
        for name, value in fields.items():
            note[name.replace("_", " ")] = value
        self.col.update_note(note)

    def move(self, note_id: int, deck: str) -> None:
        self.col.set_deck(self.col.card_ids_of_note(note_id), self.col.decks.id(deck))

    def set(self, **values: Any) -> None:
        self.settings = replace(self.settings, **values)

    def plan(self, *, answers: Answers = NO_ANSWERS, inward: bool = True, **how: Any) -> VaultPlan:
        direction = Direction(inward, answers)
        return plan_vault(self.col, self.settings, self.state, direction=direction, **how)

    def sync(self, *, answers: Answers = NO_ANSWERS, inward: bool = True, **how: Any) -> Report:
        direction = Direction(inward, answers)
        return sync_vault(self.col, self.settings, self.state, direction=direction, **how)

    def retype(self, note_id: int, old: str, new: str) -> None:
        """Edit a note's page by hand."""
        page = self.page(note_id)
        text = page.read_bytes().decode()
        assert text.count(old) == 1, f"{old!r} in {text!r}"
        page.write_bytes(text.replace(old, new).encode())

    def fields(self, note_id: int) -> dict[str, str]:
        return dict(self.col.get_note(note_id).items())

    def answer(self, key: str, choice: Choice) -> Report:
        """A run in which a person has settled one question."""
        return self.sync(answers={key: choice})

    def bases(self) -> list[Path]:
        """The files of the state folder, but for the one of what runs did."""
        return [file for file in sorted(self.state.iterdir()) if file.stem != "activity"]

    def lose_base(self) -> None:
        for file in self.state.iterdir():
            file.unlink()

    def files(self) -> dict[str, bytes]:
        """Every file of the vault but the trash: path → bytes."""
        return {
            path: data for path, data in self.everything().items() if not path.startswith(".trash/")
        }

    def trash(self) -> dict[str, str]:
        return {
            path[len(".trash/") :]: data.decode()
            for path, data in self.everything().items()
            if path.startswith(".trash/")
        }

    def everything(self) -> dict[str, bytes]:
        return {
            file.relative_to(self.vault).as_posix(): file.read_bytes()
            for file in sorted(self.vault.rglob("*"))
            if file.is_file() and not file.is_symlink()
        }

    def dates(self) -> Mapping[str, int]:
        """Every file and folder of the vault, and when it was last changed."""
        return {
            str(file.relative_to(self.vault)): os.lstat(file).st_mtime_ns
            for file in (self.vault, *self.vault.rglob("*"))
        }

    def page(self, note_id: int) -> Path:
        """The one page of a note."""
        (page,) = self.pages(note_id)
        return page

    def pages(self, note_id: int) -> list[Path]:
        line = f"anki_note_id: {note_id}\n"
        return [
            file
            for file in self.vault.rglob("*.md")
            if ".trash" not in file.parts and line in file.read_text("utf-8", "surrogateescape")
        ]

    def told(self, report: Report | VaultPlan, word: str) -> Message:
        """The one message that says this word."""
        (message,) = [m for m in report.messages if word in m.text]
        return message


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "anki").mkdir()
    vault = tmp_path / "Obsidian" / "Anki"
    vault.mkdir(parents=True)
    col = Collection(str(tmp_path / "anki" / "collection.anki2"))
    yield Desk(col, vault, tmp_path / "state", Settings(vault_folder=str(vault)))
    col.close()
