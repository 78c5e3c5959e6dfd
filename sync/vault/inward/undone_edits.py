"""Finds edits of pages that were written into Anki and undone there, so that no text is lost.

After an undo, a note is as it was before the edit. The next run would take that for an edit in
Anki and replace the text on the page, which would then be nowhere. So the base keeps a digest of
the note before the edit, and the page goes to the trash first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from ...collection.reads import NoteRow
from ..changes import PageChange, Why
from ..read.pages_on_disk import digest_of
from ..rows import Held, unpack_fields

NO_NOTE = b""


def remember_edit(change: PageChange, before: NoteRow) -> PageChange:
    """The change, with a digest for the base of the note before this run."""
    return _remember(change, _digest(before))


def remember_new(change: PageChange) -> PageChange:
    """The change, with a mark for the base that the note was made from its page."""
    return _remember(replace(change, why=(Why.NEW_NOTE,)), NO_NOTE)


def keep_memory(
    change: Optional[PageChange], held: Optional[Held], now: NoteRow
) -> Optional[PageChange]:
    """The change, with the digest that the base has, if Anki still has the fields of that run."""
    before = held.before_digest if held else None
    if change is None or change.held is None or held is None or before is None:
        return change
    return _remember(change, before) if unpack_fields(held.fields) == now.fields else change


def is_taken_back(held: Optional[Held], now: NoteRow) -> bool:
    """Whether the note is again as it was before the edit of its page was written into it."""
    return held is not None and held.before_digest == _digest(now)


def keep_what_was_typed(change: Optional[PageChange], held: Held) -> Optional[PageChange]:
    """The deletion of a page. If its note was made from it, it goes to the trash."""
    if change is None or change.kind != "delete" or held.before_digest != NO_NOTE:
        return change
    return replace(change, trash=True)


def _remember(change: PageChange, before: bytes) -> PageChange:
    assert change.held is not None
    return replace(change, held=change.held._replace(before_digest=before))


def _digest(note: NoteRow) -> bytes:
    return digest_of(note.fields.encode("utf-8", "surrogatepass"))
