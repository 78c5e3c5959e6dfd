"""Edits of pages that went into Anki, and were taken back there: what was typed is not lost.

Undo makes a note what it was before. To the next run that looks like any edit in Anki; but then
the words that a person typed on the page would be nowhere.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Optional

from ...collection.reads import NoteRow
from ..base import Held, own_to_json, unpack_fields
from ..changes import NEW_NOTE, PageChange
from ..read.pages_on_disk import digest_of

KEY = "before"  # among our properties in the base
NO_NOTE = ""


def remember_edit(change: PageChange, before: NoteRow) -> PageChange:
    """Have the base know what the note was before this run."""
    return _remember(change, _mark(before.fields))


def remember_new(change: PageChange) -> PageChange:
    """Have the base know that the note was made of its page."""
    return _remember(replace(change, reason=NEW_NOTE), NO_NOTE)


def keep_memory(
    change: Optional[PageChange], held: Optional[Held], now: NoteRow
) -> Optional[PageChange]:
    """The same of an earlier run, as long as Anki has what that run wrote."""
    mark = _read(held)
    if change is None or change.held is None or held is None or mark is None:
        return change
    return _remember(change, mark) if unpack_fields(held.fields) == now.fields else change


def is_taken_back(held: Optional[Held], now: NoteRow) -> bool:
    """Whether a note is again what it was before its page went into it."""
    return _read(held) == _mark(now.fields)


def keep_what_was_typed(change: Optional[PageChange], held: Held) -> Optional[PageChange]:
    """A page that goes with its note: into the trash when a person wrote it."""
    if change is None or change.kind != "delete" or _read(held) != NO_NOTE:
        return change
    return replace(change, trash=True)


def _remember(change: PageChange, mark: str) -> PageChange:
    assert change.held is not None
    own = own_to_json({**json.loads(change.held.own), KEY: mark})
    return replace(change, held=change.held._replace(own=own))


def _read(held: Optional[Held]) -> Optional[str]:
    if held is None or f'"{KEY}":' not in held.own:
        return None
    mark = json.loads(held.own).get(KEY)
    return mark if isinstance(mark, str) else None


def _mark(fields: str) -> str:
    return digest_of(fields.encode("utf-8", "surrogatepass")).hex()
