"""A note as a new page says it should be, and why a page does not become one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

from ....convert.edit.field_edit import FieldEdit
from ....convert.page.field_reading import FieldSection
from ....convert.page.note import NoteText, PageProblem
from ....convert.page.torn_properties import find_torn_properties
from ..read.pages_on_disk import find_undecoded
from .incoming_media import PageMedia


class Left(Exception):
    """A page that does not become a note: why, and in which line, if in one."""

    def __init__(self, *problems: PageProblem) -> None:
        super().__init__()
        self.problems = problems


@dataclass(frozen=True)
class Draft:
    """A note as a page says it should be."""

    note: NoteText
    claimed: str
    clozes: tuple[int, ...]
    media: PageMedia
    values: Optional[tuple[str, ...]] = None  # all fields, of a dynamic note


def line_of(text: str, key: str) -> int:
    """The line of the page where a property stands."""
    found = re.search(rf"^[\"']?{key}[\"']?[ \t]*:", text, re.M)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def check_encoding(text: str) -> None:
    """See that a page is UTF-8, for a note can only be that, and that its properties end."""
    line = find_undecoded(text)
    if line:
        raise Left(PageProblem(line, "this is not UTF-8; save the page as UTF-8"))
    torn = find_torn_properties(text)
    if torn:
        raise Left(PageProblem(1, torn))


def refuse_edit(edit: FieldEdit, section: FieldSection) -> None:
    """Raise ``Left`` when an edit of a section cannot be carried over."""
    if edit.refusals:
        raise Left(
            *(PageProblem(section.line + max(r.line, 1) - 1, r.reason) for r in edit.refusals)
        )
