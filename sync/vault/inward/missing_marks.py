"""Checks pages whose marks were deleted."""

from __future__ import annotations

from typing import Optional

from ....convert.page.note import NoteText, PageProblem, PageStyle
from ....convert.page.render import render_managed
from ..outward.page_maker import Present

UNMARKED = (
    "The marks “%% anki:begin %%” and “%% anki:end %%” are gone, but text that stood between them "
    "is still here. Put both marks back around it, or delete it as well."
)


def tell_unmarked(present: Present, note: NoteText, style: PageStyle) -> Optional[PageProblem]:
    """The problem of a page without marks that still has text of its note.

    A new managed part would show that text twice. None when the text was deleted with the marks:
    then the page gets a new managed part.
    """
    shown = {line.strip() for line in render_managed(note, style).split("\n")} - {""}
    above = present.parts.opening + (present.parts.front_matter or "") + present.parts.closing
    first = above.count("\n") + 1
    for number, line in enumerate(present.parts.head.splitlines()):
        if line.strip() in shown:
            return PageProblem(first + number, UNMARKED)
    return None
