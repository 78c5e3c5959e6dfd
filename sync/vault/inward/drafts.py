"""A note read from a new page, and the reasons why a page cannot become a note."""

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
    """Raised when a page cannot become a note. ``problems`` say why, and in which lines."""

    def __init__(self, *problems: PageProblem) -> None:
        super().__init__()
        self.problems = problems


@dataclass(frozen=True)
class Draft:
    """A note read from a page. ``claimed`` is the text of the page after the note is added.

    ``clozes`` are the numbers of new clozes.
    """

    note: NoteText
    claimed: str
    clozes: tuple[int, ...]
    media: PageMedia
    values: Optional[tuple[str, ...]] = None  # all fields, of a dynamic note


def line_of(text: str, key: str) -> int:
    """The number of the line that has the property ``key``, from 1; 0 when there is none."""
    found = re.search(rf"^[\"']?{key}[\"']?[ \t]*:", text, re.M)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def check_encoding(text: str) -> None:
    """Check that a page is UTF-8 and that its properties have an end. Raises ``Left``."""
    line = find_undecoded(text)
    if line:
        raise Left(PageProblem(line, "this is not UTF-8; save the page as UTF-8"))
    torn = find_torn_properties(text)
    if torn:
        raise Left(PageProblem(1, torn))


def refuse_edit(edit: FieldEdit, section: FieldSection) -> None:
    """Raise ``Left`` when the edit of a section was refused."""
    if edit.refusals:
        raise Left(
            *(PageProblem(section.line + max(r.line, 1) - 1, r.reason) for r in edit.refusals)
        )
