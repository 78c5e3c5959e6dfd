"""What Home's Overview reads in the background: counts, and how decks and sources stand."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anki.collection import Collection

from ...sync.collection.dynamic_type import find_notetypes
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


def look(
    col: Collection,
    settings: Settings,
    state: Path,
    linked: Sequence[LinkedDeck],
    around: Surroundings,
    describe: Callable[[LinkedDeck], str],
) -> Standing:
    """Read all of it. To be called in the background, when the engine of sources is loaded."""
    return Standing(
        _look_at_vault(settings, state),
        tuple((deck, describe(deck)) for deck in linked),
        around.find(automatic=False),
        _count_dynamic(col),
    )


def _look_at_vault(settings: Settings, state: Path) -> VaultFacts:
    if not settings.vault_folder.strip():
        return VaultFacts()
    folder = settings.real_folder
    root = find_obsidian_root(folder)
    pages, file = 0, VAULT_BASE.file(state, folder)
    if file.is_file():
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(file)) as db:
            pages = db.execute("select count(*) from page").fetchone()[0]
    return VaultFacts(pages, settings.folder.is_dir(), root.name if root else "")


def _count_dynamic(col: Collection) -> int:
    types = ",".join(map(str, find_notetypes(col)))
    assert col.db is not None
    return int(col.db.scalar(f"select count() from notes where mid in ({types})")) if types else 0
