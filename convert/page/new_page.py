"""Reads a page that a user wrote for a note that does not exist yet."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape

from ..markdown.headings import find_headings
from ..segment import join_markdown
from ..to_markdown.html_to_markdown import html_to_markdown
from .field_headings import field_heading, match_heading
from .field_reading import FieldSection, read_sections
from .note import NoteText, PageProblem, PageStyle
from .page_text import split_page
from .properties import read_own
from .property_edits import compare_tags
from .render import ConvertedNote
from .sections import BlockFinder

_BLANK_EDGES = re.compile(r"\A(?:[ \t]*\n)+|(?:\n[ \t]*)+\Z|\A[ \t]+\Z")
_NUMBERED = re.compile(r"## [0-9]+\. ")
_END = r"[ \t]*(?:\n|\Z)"
_ABOVE = re.compile(
    r"[ \t]*\n"
    rf"|[ \t]*%%[^%\n]*%%{_END}"
    rf"|[ \t]*%%[ \t]*\n(?:(?!.*%%).*\n)*.*%%{_END}"
    rf"|#[ \t]+(?P<heading>\S.*?)(?:[ \t]+#+)?{_END}"
)
_NO_MARKS = (
    "The marks “%% anki:begin %%” and “%% anki:end %%” must stand there once each, in this order, "
    "or not at all."
)


@dataclass(frozen=True)
class NewPage:
    """The text of a page for a new note.

    ``tags`` are in Anki's spelling, ``deck`` and ``guid`` as typed, or nothing. ``above`` is the
    user's own text above the managed part, ``managed`` the text for the managed part; both use
    ``\\n`` for line ends. With ``problems`` there are no sections.
    """

    sections: tuple[FieldSection, ...] = ()
    tags: tuple[str, ...] = ()
    deck: str = ""
    guid: str = ""
    above: str = ""
    managed: str = ""
    problems: tuple[PageProblem, ...] = ()


def read_new_page(text: str, title: str, note: NoteText, style: PageStyle) -> NewPage:
    """Read a page that has no note.

    ``title`` is the page's name, ``note`` an empty note of its type. The text between the markers
    (without markers, the whole page) consists of sections with the fields' names as headings.
    Without these headings it is the text of one field: the first that shows clozes, or the second
    in a type without clozes; then the page's name is the first field. A heading of the page and
    comments may stand above. Raises ``PropertiesError`` when the properties cannot be read.
    """
    about, body, line = open_new_page(text, note)
    if about.problems:
        return about
    page = _read_body(body, line, title, note, style)
    return replace(about, sections=page.sections, managed=page.managed, problems=page.problems)


def open_new_page(text: str, note: NoteText) -> tuple[NewPage, str, int]:
    """Read a page that has no note: all but its fields, then the fields' text and its first line.

    Raises ``PropertiesError`` when the properties cannot be read.
    """
    parts = split_page(text)
    found = read_own(parts.front_matter)
    about = NewPage(
        tags=compare_tags(found, ())[0],
        deck=(found.deck or "").strip(),
        guid=found.guid or "",
    )
    if parts.damaged:
        line = text.count("\n", 0, text.index("%% anki:")) + 1
        return replace(about, problems=(PageProblem(line, _NO_MARKS),)), "", line
    before = parts.opening + (parts.front_matter or "") + parts.closing
    body, above = parts.head, ""
    if parts.managed is not None:
        before += parts.head + parts.begin
        body = parts.managed
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    line = before.count("\n") + 1
    if parts.managed is None:
        above, body = _split_above(body, note)
        line += above.count("\n")
    return replace(about, above=above), body, line


def _read_body(body: str, line: int, title: str, note: NoteText, style: PageStyle) -> NewPage:
    names = [name for name, _ in note.fields]
    headings = [heading for heading in find_headings(body) if heading.level <= 2]
    headed = any(match_heading(heading.text, names) for heading in headings)
    target = "" if headed else _find_target(note)
    finder = BlockFinder(body, ConvertedNote(note, style), target)
    finder.find()
    if finder.problems:
        told = [replace(problem, line=problem.line + line) for problem in finder.problems]
        return NewPage(problems=tuple(sorted(told, key=lambda problem: problem.line)))
    sections = tuple(read_sections(finder, line))
    managed = _BLANK_EDGES.sub("", body)
    if not sections or not target:
        return NewPage(sections, managed=managed)
    if target != finder.outlined or not (target == names[0] or _NUMBERED.match(managed)):
        managed = f"## {field_heading(target)}\n{managed}"
    if target != names[0]:
        named = join_markdown(html_to_markdown(escape(title, quote=False)))
        sections = (FieldSection(names[0], named, 1), *sections)
        managed = f"## {field_heading(names[0])}\n{named}\n\n{managed}"
    return NewPage(sections, managed=managed)


def _split_above(body: str, note: NoteText) -> tuple[str, str]:
    """Split a body in two: comments and a heading of the page above, and the managed rest."""
    names = [name for name, _ in note.fields]
    end = at = 0
    headed = False
    while at < len(body):
        found = _ABOVE.match(body, at)
        if found is None:
            break
        heading = found["heading"]
        if heading is not None:
            if headed or match_heading(heading, names):
                break
            headed = True
        at = found.end()
        if found.group().strip():
            end = at
    return body[:end], body[end:]


def _find_target(note: NoteText) -> str:
    """The field that gets a text without headings."""
    if note.cloze_fields:
        return next(name for name, _ in note.fields if name in note.cloze_fields)
    return note.fields[min(1, len(note.fields) - 1)][0]
