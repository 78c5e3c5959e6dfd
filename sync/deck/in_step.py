"""Tells how much of a TOML deck has changed in Anki since its last run, without comparing texts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ..collection.reads import identify
from ..run.base_file import DAMAGED
from .base import DECK_BASE, DeckBase

if TYPE_CHECKING:
    from anki.collection import Collection

_IN_DECKS = """
select nid from cards where odid = 0 and did in ({decks})
union select nid from cards where odid != 0 and odid in ({decks})"""
_EDITED = "select id from notes where id in ({ids}) and mod > ?"
_WITHOUT_CARDS = "select id from notes where id in ({ids}) and id not in (select nid from cards)"


def count_changed_in_anki(col: Collection, file: Path, state: Path, since: int) -> int:
    """How many notes of a deck were edited, moved, added or deleted in Anki after a second.

    ``state`` is the folder of the base files. 0 when it is not known what both sides held. It takes
    as long as the deck is large, however many other notes the collection has.
    """
    assert col.db is not None
    try:
        with DECK_BASE.read(state, file, identify(col), trusted=True) as db:
            base = DeckBase(db)
            known = base.note_ids()
            decks = {entry.deck_id for entry in base.decks().values()}
    except DAMAGED:
        return 0
    if not known:
        return 0
    changed = {*col.db.list(_EDITED.format(ids=_join(known)), since)}
    here = {*col.db.list(_IN_DECKS.format(decks=_join(decks)))}
    gone = known - here  # moved to another deck, or deleted
    if gone:
        gone -= {*col.db.list(_WITHOUT_CARDS.format(ids=_join(gone)))}
    return len(changed | gone | (here - known))


def _join(ids: Iterable[int]) -> str:
    return ",".join(map(str, ids))
