"""Finds properties of a page that have lost their first or last line."""

from __future__ import annotations

import re

_FENCE = re.compile(r"\ufeff?---[ \t]*\r?(?:\n|\Z)")
_CLOSING = re.compile(r"^---[ \t]*\r?$", re.M)
_OURS = re.compile(r"""^["']?anki_(?:note_id|guid|note_type|deck)["']?[ \t]*:""", re.M)
_BODY = re.compile(r"^(?:%% anki:begin %%|#{1,6} )", re.M)


def find_torn_properties(text: str) -> str:
    """A message about torn properties and how to repair them; empty when they are whole.

    When a page begins with ``---`` and has no other such line, the end of its properties is lost.
    When it begins with our keys, their first line is lost.
    """
    opening = _FENCE.match(text)
    if opening is not None:
        if _CLOSING.search(text, opening.end()):
            return ""
        return "the properties have no end; put a line “---” below the last of them"
    body = _BODY.search(text)
    ours = _OURS.search(text)
    if ours is None or (body is not None and ours.start() > body.start()):
        return ""
    above = text[: ours.start()]
    if all(":" in line or line[:1] in ("", " ", "\t", "-", "#") for line in above.split("\n")):
        return "the properties have no first line; put a line “---” above them"
    return ""
