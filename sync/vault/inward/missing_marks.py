"""Pages whose marks are gone."""

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
    """What is wrong with a page without marks: text of the note that would be there twice.

    Nothing when that went with the marks: then the page gets both back.
    """
    shown = {line.strip() for line in render_managed(note, style).split("\n")} - {""}
    above = present.parts.opening + (present.parts.front_matter or "") + present.parts.closing
    first = above.count("\n") + 1
    for number, line in enumerate(present.parts.head.splitlines()):
        if line.strip() in shown:
            return PageProblem(first + number, UNMARKED)
    return None
