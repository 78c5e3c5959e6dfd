"""What Home's Overview reads in the background: counts, and how decks and sources stand."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anki.collection import Collection

from ...sync.collection.dynamic_type import find_notetypes
from ...sync.deck.in_step import count_changed_in_anki
from ...sync.deck.linked import LinkedDeck
from ...sync.vault.base_tables import VAULT_BASE
from ...sync.vault.read.obsidian import find_obsidian_root
from ...sync.vault.settings import Settings

if TYPE_CHECKING:
    from ..runs.source_kinds import Source, Surroundings


@dataclass(frozen=True)
class VaultFacts:
    """What the disk says of the vault."""

    pages: int = 0
    is_there: bool = True
    obsidian: str = ""  # the name of the Obsidian vault around the folder


@dataclass(frozen=True)
class Standing:
    """How everything stands that a look at disk and collection can tell."""

    vault: VaultFacts
    decks: tuple[tuple[LinkedDeck, str], ...]  # each with its state in words
    sources: Sequence[Source]
    dynamic_notes: int


class ChangedInAnki:
    """How many notes of each deck changed in Anki since its last run.

    A deck is counted again only when the collection has changed, or the deck has run.
    """

    def __init__(self) -> None:
        self._counted: dict[str, tuple[tuple[Any, ...], int]] = {}

    def count(self, col: Collection, deck: LinkedDeck, state: Path) -> int:
        """The number for one deck: 0 where it is not known."""
        if not deck.last_run:
            return 0
        now = (col.path, col.mod, deck.last_run, deck.seen)
        known = self._counted.get(deck.path)
        if known is None or known[0] != now:
            number = count_changed_in_anki(col, deck.file, state, deck.last_run)
            known = self._counted[deck.path] = (now, number)
        return known[1]


def look(
    col: Collection,
    settings: Settings,
    state: Path,
    linked: Sequence[LinkedDeck],
    around: Surroundings,
    describe: Callable[[LinkedDeck, int], str],
    changed: ChangedInAnki,
) -> Standing:
    """Read all of it. To be called in the background, when the engine of sources is loaded."""
    return Standing(
        _look_at_vault(settings, state),
        tuple((deck, describe(deck, changed.count(col, deck, state))) for deck in linked),
        around.find(automatic=False),
        _count_dynamic(col),
    )


def _look_at_vault(settings: Settings, state: Path) -> VaultFacts:
    if not settings.vault_folder.strip():
        return VaultFacts()
    folder = settings.real_folder
    root = find_obsidian_root(folder)
    pages, file = 0, VAULT_BASE.file(state, folder)
    if os.path.isfile(file):
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(file)) as db:
            pages = db.execute("select count(*) from page").fetchone()[0]
    return VaultFacts(pages, os.path.isdir(settings.folder), root.name if root else "")


def _count_dynamic(col: Collection) -> int:
    types = ",".join(map(str, find_notetypes(col)))
    assert col.db is not None
    return int(col.db.scalar(f"select count() from notes where mid in ({types})")) if types else 0
