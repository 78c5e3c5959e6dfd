"""Properties of a page without the line that begins or ends them: nobody can say where they end."""

from __future__ import annotations

import re

_FENCE = re.compile(r"\ufeff?---[ \t]*\r?(?:\n|\Z)")
_CLOSING = re.compile(r"^---[ \t]*\r?$", re.M)
_OURS = re.compile(r"""^["']?anki_(?:note_id|guid|note_type|deck)["']?[ \t]*:""", re.M)
_BODY = re.compile(r"^(?:%% anki:begin %%|#{1,6} )", re.M)


def find_torn_properties(text: str) -> str:
    """What is wrong with where a page's properties begin and end, and the way out; or nothing.

    A page that begins with a line ``---`` and has no other has lost the end of its properties; one
    that begins with our keys has lost their first line.
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
