"""A page that a person laid out in their own way keeps that where its note was not edited."""

from __future__ import annotations

import re

from ...convert.page import NoteText, PageStyle
from ...convert.reading import Reading
from ..merge import merge_lines, merge_words
from .field_merge import read_same

_BLANKS = re.compile(r"\n(?:[ \t]*\n){2,}")


def keep_layout(
    before: str, present: str, after: str, note: NoteText, style: PageStyle, how: Reading
) -> str:
    """The managed part of an edited note with a person's list markers, blank lines and names of
    paragraphs, as far as that says exactly what the note says.

    ``before`` is how we write what the page said last, ``present`` how it stands there, ``after``
    how we write the note as it will be.
    """
    if present == before or note.cards:
        return after
    for text in dict.fromkeys((present, _BLANKS.sub("\n\n", present))):
        for merge in (merge_lines, merge_words):
            merged = merge(before, text, after)
            if merged is not None and (merged == after or read_same(merged, note, style, how)):
                return merged
    return after
