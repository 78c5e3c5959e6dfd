"""Reads the fields in the managed part of a page; refuses whatever is not certain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..field_style import Clozes
from .field_headings import field_heading, match_heading
from .note import PageProblem
from .render import ConvertedNote, Section, arm_markers
from .sections import Block, BlockFinder
from .strayed_text import Difference, find_line, find_words, subtract_lines

_LIKE_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]*(\S.*?)[ \t]*#*[ \t]*")


@dataclass(frozen=True)
class FieldSection:
    """A field on a page. ``line`` is the line of the page where its Markdown begins.

    ``clozes`` tells how to read the Markdown: a key of ``PageStyle.field_styles``.
    """

    name: str
    markdown: str
    line: int
    clozes: Clozes = "none"


@dataclass(frozen=True)
class ManagedReading:
    """The fields of a page.

    ``sections`` are the fields with text, in the order of the page; ``emptied`` are the fields
    whose text was removed. All other fields are unchanged. With ``problems`` both are empty:
    nothing on the page counts as an edit.
    """

    sections: tuple[FieldSection, ...] = ()
    emptied: tuple[str, ...] = ()
    problems: tuple[PageProblem, ...] = ()


def read_managed(managed: str, first_line: int, before: ConvertedNote) -> ManagedReading:
    """Read each field of a note in the managed part of its page.

    The managed part begins on line ``first_line`` of the page; ``before`` is the note as the page
    last showed it. A user may change the case, level or emphasis of headings, reorder sections, and
    add sections for fields that were empty. Everything ambiguous is a problem, and all problems are
    reported at once.
    """
    text = managed.replace("\r\n", "\n").replace("\r", "\n")
    shown, written = before.sections, before.managed
    if text == written:
        return ManagedReading(_locate(shown, first_line))
    reading = _read(BlockFinder(text, before), first_line)
    if not reading.problems:
        check = _read(BlockFinder(written, before), first_line)
        if [each.name for each in check.sections] != [each.name for each in shown]:
            text = "Something here reads like a heading. Edit this note in Anki."
            return ManagedReading(problems=(PageProblem(first_line, text),))
    return reading


def _locate(shown: Sequence[Section], line: int) -> tuple[FieldSection, ...]:
    """The sections of an unedited page."""
    sections = []
    for section in shown:
        start = line + bool(section.heading)
        sections.append(FieldSection(section.name, section.markdown, start, section.clozes))
        line += section.text.count("\n") + 2
    return tuple(sections)


def _read(finder: BlockFinder, first_line: int) -> ManagedReading:
    finder.find()
    _check_missing(finder)
    _check_outline(finder)
    _check_moved(finder)
    if finder.problems:
        found = {replace(each, line=each.line + first_line) for each in finder.problems}
        problems = sorted(found, key=lambda problem: problem.line)
        return ManagedReading(problems=tuple(problems))
    sections = tuple(read_sections(finder, first_line))
    present = {section.name for section in sections}
    emptied = tuple(section.name for section in finder.shown if section.name not in present)
    return ManagedReading(sections, emptied)


def read_sections(finder: BlockFinder, first_line: int) -> Iterator[FieldSection]:
    """The fields of the blocks found, without empty ones."""
    for block in finder.blocks:
        start, end = finder.trim(block)
        if block.name and start < end:
            markdown = arm_markers("\n".join(finder.lines[start:end]))
            clozes = finder.clozes_of(block.name)
            yield FieldSection(block.name, markdown, start + first_line, clozes)


def _check_missing(finder: BlockFinder) -> None:
    """Check that a field without a heading is gone with its text, not merged into the one above."""
    present = {block.name for block in finder.blocks}
    for section in finder.shown:
        if section.name in present:
            continue
        line = _find_broken_heading(finder, section.name)
        if line is not None:
            finder.tell(
                line,
                f"This is no heading, so the field “{section.name}” is missing: a heading reads "
                f"“## {field_heading(section.name)}” and stands outside of code, formulas and HTML "
                "that were begun above.",
            )
            continue
        line = find_words(_find_lost(finder, section), _find_gained(finder, section.name))
        if line is not None:
            finder.tell(line, _say_missing(section))


def _check_outline(finder: BlockFinder) -> None:
    """Check that an outline did not lose its first heading and run into the section above."""
    sections = {section.name: section for section in finder.shown}
    for above, block in zip(finder.blocks, finder.blocks[1:]):
        section = sections.get(block.name)
        if block.headed or section is None:
            continue
        line = find_words(_find_lost(finder, section), [_gained_by(finder, above)])
        if line is not None:
            finder.tell(line, _say_missing(section))


def _check_moved(finder: BlockFinder) -> None:
    """Check that moved headings took their text along."""
    names = [block.name for block in finder.blocks]
    present = [section for section in finder.shown if section.name in names]
    before = [section.name for section in present]
    reordered = before != [name for name in names if name in before]
    for section in present:
        lost = _find_lost(finder, section)
        if lost.kept and not reordered:
            continue
        line = find_line(lost, _find_gained(finder, section.name))
        if line is not None:
            finder.tell(
                line,
                f"This stood in the field “{section.name}”. Move it back below its heading; or, if "
                "it is to stand here, take it away, wait for Anki to have it so, and put it back.",
            )


def _say_missing(section: Section) -> str:
    heading = section.heading or section.markdown.split("\n")[0].lstrip("# ")
    if not section.heading and not section.markdown.startswith("## "):
        heading = field_heading(section.name)
    return (
        f"The heading of the field “{section.name}” is gone, so its text has run into the field "
        f"above. Put “## {heading}” back; to empty the field, leave nothing below it."
    )


def _find_lost(finder: BlockFinder, section: Section) -> Difference:
    """The text that a field lost."""
    blocks = [block for block in finder.blocks if block.name == section.name]
    now = [line for block in blocks for line in finder.lines[block.start : block.end]]
    return subtract_lines(enumerate(section.markdown.split("\n")), now)


def _find_gained(finder: BlockFinder, but_for: str) -> list[Difference]:
    """The text that all fields gained, except one."""
    return [_gained_by(finder, block) for block in finder.blocks if block.name not in ("", but_for)]


def _gained_by(finder: BlockFinder, block: Block) -> Difference:
    """The text in a block that its field did not have before."""
    shown = (section for section in finder.shown if section.name == block.name)
    before = [line for section in shown for line in section.markdown.split("\n")]
    return subtract_lines(enumerate(finder.lines[block.start : block.end], block.start), before)


def _find_broken_heading(finder: BlockFinder, name: str) -> int | None:
    """The line that looks like the field's heading but is none: wrong place, or a missing space."""
    known = {line.strip() for section in finder.shown for line in section.markdown.split("\n")}
    headings = {heading.line for heading in finder.headings}
    for number, line in enumerate(finder.lines):
        found = None if number in headings else _LIKE_HEADING.fullmatch(line)
        if found and line.strip() not in known and match_heading(found.group(1), [name]):
            return number
    return None
