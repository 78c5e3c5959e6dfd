"""Tells how much of a TOML deck has changed in Anki since its last run, without comparing texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..collection.reads import identify
from ..run.base_file import DAMAGED
from .base import DECK_BASE, DeckBase

if TYPE_CHECKING:
    from anki.collection import Collection

_HOMES = "select nid, case odid when 0 then did else odid end from cards"


def count_changed_in_anki(col: Collection, file: Path, state: Path, since: int) -> int:
    """How many notes of a deck were edited, moved, added or deleted in Anki after a second.

    ``state`` is the folder of the base files. 0 when it is not known what both sides held.
    """
    assert col.db is not None
    try:
        with DECK_BASE.read(state, file, identify(col), trusted=True) as db:
            base = DeckBase(db)
            known = {*base.notes()}
            decks = {entry.deck_id for entry in base.decks().values()}
    except DAMAGED:
        return 0
    if not known:
        return 0
    there = {*col.db.list("select id from notes")}
    changed = {*col.db.list("select id from notes where mod > ?", since)} & known
    homes: dict[int, bool] = {}
    for note_id, deck in col.db.all(_HOMES):
        homes[note_id] = homes.get(note_id, False) or deck in decks
    new = {note_id for note_id, is_here in homes.items() if is_here} - known
    moved = {note_id for note_id in known & homes.keys() if not homes[note_id]}
    return len(changed | new | moved | (known - there))
