"""Edits of pages that went into Anki, and were taken back there: what was typed is not lost.

Undo makes a note what it was before. To the next run that looks like any edit in Anki; but then
the words that a person typed on the page would be nowhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from ...collection.reads import NoteRow
from ..base import Held, unpack_fields
from ..changes import PageChange, Why
from ..read.pages_on_disk import digest_of

NO_NOTE = b""


def remember_edit(change: PageChange, before: NoteRow) -> PageChange:
    """Have the base know what the note was before this run."""
    return _remember(change, _digest(before))


def remember_new(change: PageChange) -> PageChange:
    """Have the base know that the note was made of its page."""
    return _remember(replace(change, why=(Why.NEW_NOTE,)), NO_NOTE)


def keep_memory(
    change: Optional[PageChange], held: Optional[Held], now: NoteRow
) -> Optional[PageChange]:
    """The same of an earlier run, as long as Anki has what that run wrote."""
    before = held.before_digest if held else None
    if change is None or change.held is None or held is None or before is None:
        return change
    return _remember(change, before) if unpack_fields(held.fields) == now.fields else change


def is_taken_back(held: Optional[Held], now: NoteRow) -> bool:
    """Whether a note is again what it was before its page went into it."""
    return held is not None and held.before_digest == _digest(now)


def keep_what_was_typed(change: Optional[PageChange], held: Held) -> Optional[PageChange]:
    """A page that goes with its note: into the trash when a person wrote it."""
    if change is None or change.kind != "delete" or held.before_digest != NO_NOTE:
        return change
    return replace(change, trash=True)


def _remember(change: PageChange, before: bytes) -> PageChange:
    assert change.held is not None
    return replace(change, held=change.held._replace(before_digest=before))


def _digest(note: NoteRow) -> bytes:
    return digest_of(note.fields.encode("utf-8", "surrogatepass"))
