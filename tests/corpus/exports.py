"""A collection exported into a vault, with both sides read back independently."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Callable

from anki.collection import Collection

from ankivault.sync.run.report import Report
from ankivault.sync.vault.run import sync_vault
from ankivault.sync.vault.settings import ClozeStyle, Settings

from ..judges.vault_reader import Page, Vault


@dataclass(frozen=True)
class CardNote:
    """A note as Anki has it. ``outlined`` is the cloze field whose text the page shows first."""

    id: int
    guid: str
    deck: str
    notetype: str
    tags: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    cloze_fields: tuple[str, ...]


@dataclass(frozen=True)
class Export:
    """Where a collection and its vault are, and what both held after the first run."""

    collection: Path
    obsidian_root: Path
    settings: Settings
    state: Path
    report: Report
    notes: dict[int, CardNote]
    media: frozenset[str]
    vault: Vault

    def run_again(self, change: Callable[[Collection], None] = lambda col: None) -> Report:
        """Another run, after ``change`` was made in Anki."""
        col = Collection(str(self.collection))
        try:
            change(col)
            return sync_vault(col, self.settings, self.state)
        finally:
            col.close()

    def page_of(self, note_id: int) -> Page:
        """The one page of a note."""
        (page,) = self._pages_by_note[note_id]
        return page

    @cached_property
    def _pages_by_note(self) -> dict[int, list[Page]]:
        pages: dict[int, list[Page]] = {}
        for page in self.vault.pages:
            if page.note_id is not None:
                pages.setdefault(page.note_id, []).append(page)
        return pages


def export_collection(
    collection: Path, obsidian_root: Path, folder: str, state: Path, cloze_style: ClozeStyle
) -> Export:
    """First run of a collection into ``folder`` below an Obsidian vault."""
    (obsidian_root / ".obsidian").mkdir(parents=True)
    vault_folder = obsidian_root / folder
    vault_folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(vault_folder=str(vault_folder), cloze_style=cloze_style)
    col = Collection(str(collection))
    try:
        report = sync_vault(col, settings, state)
        notes = read_notes(col)
        media = frozenset(path.name for path in Path(col.media.dir()).iterdir())
    finally:
        col.close()
    vault = Vault(obsidian_root)
    assert vault.pages  # reads them all now, before a later run changes them
    return Export(collection, obsidian_root, settings, state, report, notes, media, vault)


def read_notes(col: Collection) -> dict[int, CardNote]:
    """Every note, note by note through Anki's own interface."""
    notes = {}
    for note_id in col.find_notes(""):
        note = col.get_note(note_id)
        notetype = note.note_type()
        assert notetype is not None
        card = note.cards()[0]
        clozes = col.models.cloze_fields(notetype["id"]) if notetype["type"] == 1 else ()
        names = [field["name"] for field in notetype["flds"]]
        notes[int(note_id)] = CardNote(
            id=int(note_id),
            guid=note.guid,
            deck=col.decks.name(card.odid or card.did),
            notetype=notetype["name"],
            tags=tuple(note.tags),
            fields=tuple(note.items()),
            cloze_fields=tuple(names[position] for position in clozes),
        )
    return notes
