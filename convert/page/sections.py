"""Cuts the lines of a page into blocks at the headings of a note's fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..field_style import Clozes
from ..markdown.comments import find_unended
from ..markdown.headings import Heading, find_headings
from ..markdown.parser import parse_markdown
from .field_headings import fold_heading, match_heading
from .note import PageProblem
from .render import ConvertedNote, outlines

_NUMBERED = re.compile(r"[0-9]+\.(?:\s|$)")


@dataclass
class Block:
    """Consecutive lines of one field; without a name, lines that belong to no field.

    ``headed``: the line above ``start`` is a heading with the field's name.
    """

    name: str
    start: int
    end: int = 0
    headed: bool = False


@dataclass
class BlockFinder:
    """Cuts one page into blocks. Everything unclear is collected in ``problems``.

    Lines count from 0, also in the problems. ``before`` is the note as the page showed it, or an
    empty one. ``opening`` is the field that owns the text above all headings, when that is known.
    """

    text: str
    before: ConvertedNote
    opening: str = ""
    blocks: list[Block] = field(default_factory=list)
    problems: list[PageProblem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.note, self.shown = self.before.note, self.before.sections
        self.lines = self.text.split("\n")
        self.names = tuple(name for name, _ in self.note.fields)
        self.outlined = self._find_outlined()
        self.headings = find_headings(self.text)
        self._sections = {section.name: section for section in self.shown}
        self._usual = {
            name
            for heading in self.headings
            if heading.level <= 2 and not heading.underlined
            for name in match_heading(heading.text, self.names)
        }
        self._inside = {
            (heading.level, fold_heading(heading.text))
            for section in self.shown
            if "#" in section.markdown
            for heading in find_headings(section.markdown)
        }

    def find(self) -> None:
        """Find the blocks, in the order of the page. A field with several blocks is a problem."""
        headless = not self.shown[0].heading if self.shown else True
        opening = Block(self.opening or (self.outlined if headless else ""), 0)
        self.blocks.append(opening)
        for heading in self.headings:
            self._take(heading)
        self.blocks[-1].end = len(self.lines)
        start, end = self.trim(opening)
        if start == end:
            self.blocks.remove(opening)
        elif not opening.name:
            self.tell(
                start,
                "This text stands above the first heading, so it belongs to no field. "
                "Move it below a heading, or out of the marked part.",
            )
        self._check_comments()

    def trim(self, block: Block) -> tuple[int, int]:
        """The first line of a block and the line after it, without the blank lines around it."""
        start, end = block.start, block.end
        while start < end and not self.lines[start].strip(" \t"):
            start += 1
        while start < end and not self.lines[end - 1].strip(" \t"):
            end -= 1
        return start, end

    def clozes_of(self, name: str) -> Clozes:
        """How the Markdown of a field shows clozes."""
        if name not in self.note.cloze_fields:
            return "none"
        return "outline" if name == self.outlined else "inline"

    def tell(self, line: int, text: str) -> None:
        """Note a problem."""
        self.problems.append(PageProblem(line, text))

    def _find_outlined(self) -> str:
        """The cloze field that may stand without a heading; empty when there is none."""
        if not outlines(self.note, self.before.style):
            return ""
        clozes = self.note.cloze_fields
        shown = (section.name for section in self.shown if section.name in clozes)
        return next(shown, "") or next((name for name in self.names if name in clozes), "")

    def _check_comments(self) -> None:
        """Refuse a comment without an end: the card would show it, the page hides all after it."""
        if "%%" not in self.text:
            return
        known = {line.strip() for section in self.shown for line in section.markdown.split("\n")}
        for block in self.blocks:
            lines = self.lines[block.start : block.end]
            if all(line.strip() in known for line in lines if "%%" in line):
                continue
            for first, end in find_unended(parse_markdown("\n".join(lines), wikilinks=True)):
                odd = (n for n in range(first, end) if "%%" in lines[n])
                at = next((n for n in odd if lines[n].strip() not in known), None)
                if at is not None:
                    self.tell(
                        block.start + at,
                        "This comment (%%) has no end in its field, or holds a cloze (%%c1%%): "
                        "end it with %% before that. For the signs themselves, write \\%\\%.",
                    )

    def _take(self, heading: Heading) -> None:
        """Begin a block at this heading, if it is a field's heading."""
        found = match_heading(heading.text, self.names)
        if heading.hidden and (found or heading.level <= 2):
            self.tell(heading.line, "This heading stands in a comment. End the comment above it.")
        elif heading.underlined:
            self.tell(
                heading.line,
                "The line below this text makes it a heading of the page. Leave a blank line "
                "between them; a heading within a field begins with “###”.",
            )
        elif heading.level <= 2:
            self._take_usual(heading, found)
        elif found:
            self._take_lowered(heading, found)
        else:
            self._check_numbered(heading)

    def _take_usual(self, heading: Heading, found: Sequence[str]) -> None:
        name = ""
        if len(found) == 1:
            name = found[0]
        elif found:
            names = " or ".join(f"“{each}”" for each in found)
            self.tell(heading.line, f"This may mean the field {names}. Write it exactly so.")
        elif heading.level == 2 and self.outlined and _NUMBERED.match(heading.text):
            self._take_outline(heading)
            return
        else:
            self.tell(heading.line, self._say_unknown(heading.text))
        self._begin(heading, Block(name, heading.end, headed=True))

    def _say_unknown(self, heading: str) -> str:
        heading = f"{heading[:59]}…" if len(heading) > 60 else heading
        names = ", ".join(f"“{name}”" for name in self.names)
        hint = " (headings of its clozes: “## 1. …”)" if self.outlined else ""
        return (
            f"This note has no field “{heading}”. Its fields are {names}{hint}; "
            "a heading within a field begins with “###”."
        )

    def _take_outline(self, heading: Heading) -> None:
        """Handle a numbered heading: it begins the outlined field, or continues it."""
        if self.blocks[-1].name != self.outlined:
            self._begin(heading, Block(self.outlined, heading.line))

    def _take_lowered(self, heading: Heading, found: Sequence[str]) -> None:
        """Handle a lower heading with a field's name: it is that field's if its own is gone."""
        missing = [name for name in found if name not in self._usual]
        if not missing or (heading.level, fold_heading(heading.text)) in self._inside:
            return
        name = missing[0]
        section = self._sections.get(name)
        if len(missing) == 1 and section is not None and section.heading:
            self._usual.add(name)
            self._begin(heading, Block(name, heading.end, headed=True))
            return
        self.tell(
            heading.line,
            f"This may be the heading of the field “{name}”, or one within the field above. "
            f"Write “## {name}” for the field, or other words.",
        )

    def _check_numbered(self, heading: Heading) -> None:
        """Check that no heading of the outline was lowered: it would become part of the text."""
        words = fold_heading(heading.text)
        known = (2, words) in self._inside and (heading.level, words) not in self._inside
        if known and self.outlined and _NUMBERED.match(heading.text):
            self.tell(heading.line, f"Write “## {heading.text}”, with two “#”, as it was.")

    def _begin(self, heading: Heading, block: Block) -> None:
        """End the block before and begin this one. A field that begins twice is a problem."""
        self.blocks[-1].end = heading.line
        for other in self.blocks if block.name else ():
            if block.name != other.name:
                continue
            start, end = self.trim(other)
            if other.headed or start < end:
                self.tell(
                    heading.line,
                    f"The text of the field “{block.name}” stands in two places. "
                    "Bring it together below one heading.",
                )
                break
        self.blocks.append(block)
