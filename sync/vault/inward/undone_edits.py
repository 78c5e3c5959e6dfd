"""Finds edits of pages that were written into Anki and undone there, so that no text is lost.

After an undo, a note is as it was before the edit, or a person has edited it on from there. The
next run would take that for an edit in Anki and replace the text on the page, which would then be
nowhere. So the base keeps the note as it was before the edit, and the page goes to the trash first.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Optional

from ...collection.reads import NoteRow
from ..changes import PageChange, Why
from ..read.pages_on_disk import digest_of
from ..rows import ADOPTED, OLD_DIGEST, TYPED_WORDS, Held, pack_fields, unpack_fields

NO_NOTE = b""
_WORDS = re.compile(r"<[^>]*>|\w+|[^\w\s]")  # a tag, a word, or a single mark


def remember_edit(change: PageChange, before: NoteRow) -> PageChange:
    """The change, with the note before this run for the base."""
    return _remember(change, pack_fields(before.fields))


def remember_new(change: PageChange) -> PageChange:
    """The change, with a mark for the base that the note was made from its page."""
    return _remember(replace(change, why=(Why.NEW_NOTE,)), NO_NOTE)


def remember_agreed(
    change: Optional[PageChange], held: Optional[Held], now: NoteRow
) -> Optional[PageChange]:
    """The change of a page that was found to say what its note says.

    A run may have written it into Anki, and was killed before the base was told; or the base is
    another one. So it counts as typed on the page what the base does not know of.
    """
    if change is None or change.held is None:
        return change
    if held is None:
        return _remember(change, ADOPTED)
    if unpack_fields(held.fields) != now.fields:
        return _remember(change, held.fields)
    return keep_memory(change, held, now)


def keep_memory(
    change: Optional[PageChange], held: Optional[Held], now: NoteRow
) -> Optional[PageChange]:
    """The change, with what the base remembers of the words that were typed on the page.

    Where the note was edited in Anki since then, these are the words themselves, as far as they are
    in the note: a person may undo one edit after the other.
    """
    before = held.before if held else None
    if change is None or change.held is None or held is None or before is None:
        return change
    if before == ADOPTED or unpack_fields(held.fields) == now.fields:
        return _remember(change, before)
    if before.startswith(OLD_DIGEST):
        return change
    words = _count_words(now.fields)
    if before.startswith(TYPED_WORDS):
        typed = _read_typed(before) & words
    else:
        others = _count_words(unpack_fields(before) if before else "")
        typed = (_count_words(unpack_fields(held.fields)) - others) & (words - others)
    if not typed:
        return change
    return _remember(change, TYPED_WORDS + pack_fields(" ".join(typed.elements())))


def is_taken_back(held: Optional[Held], now: NoteRow) -> bool:
    """Whether the note lacks something that was typed on its page and written into it.

    It was undone in Anki, or deleted there by hand: nobody can tell these from each other.
    """
    if held is None or held.before is None or held.before == ADOPTED:
        return False
    if unpack_fields(held.fields) == now.fields:
        return False
    if held.before.startswith(OLD_DIGEST):
        digest = digest_of(now.fields.encode("utf-8", "surrogatepass"))
        return held.before == OLD_DIGEST + digest
    if held.before.startswith(TYPED_WORDS):
        # All of them: a word that somebody takes out in Anki is no Undo.
        return not _read_typed(held.before) & _count_words(now.fields)
    before = unpack_fields(held.before) if held.before else ""
    if before == now.fields:
        return True
    typed = _count_words(unpack_fields(held.fields)) - _count_words(before)
    return bool(typed - _count_words(now.fields))


def keep_what_was_typed(change: Optional[PageChange], held: Held) -> Optional[PageChange]:
    """The deletion of a page. If words of its note may be typed on it, it goes to the trash."""
    if change is None or change.kind != "delete" or held.before is None:
        return change
    return replace(change, trash=True)


def _read_typed(before: bytes) -> Counter[str]:
    return _count_words(unpack_fields(before.removeprefix(TYPED_WORDS)))


def _remember(change: PageChange, before: bytes) -> PageChange:
    assert change.held is not None
    return replace(change, held=change.held._replace(before=before))


def _count_words(fields: str) -> Counter[str]:
    return Counter(_WORDS.findall(fields))
