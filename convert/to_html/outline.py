"""Reads the cloze outline: turns numbered headings and the text below them into lines again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ..markdown.escape import escape_line
from ..markdown.syntax import FENCE, HEADING_MARK, LIST_MARK, scan_lines
from ..text.spaceless_scripts import joins_without_space

_HEADING = re.compile(r"##[ \t]+(?:(?P<number>\d+)[.)](?:[ \t]+|$))?(?P<lead>.*?)[ \t]*$")
_BLOCK = re.compile(rf"[ \t]*(?:{LIST_MARK}\s|{HEADING_MARK}\s|{FENCE}|\||>)")
_CLOZE = re.compile(r"==.*%%c[\d,]+|\{\{c\d|data-cloze|%%c\d|==\S.*==")


@dataclass(frozen=True)
class Heading:
    """A heading of an outline, and the joints to its line.

    ``before`` is the text between the line's previous text and the heading's words, None when the
    heading begins the line; ``after`` is the text between these words and the rest.
    """

    lead: str
    before: str | None
    after: str


def outline_key(line: str) -> str:
    """A canonical line without its number as an outline's heading."""
    if not line.startswith("##"):
        return line
    found = _HEADING.match(line)
    return f"## 1. {found['lead']}" if found else line


def line_headings(outline: str, inline: str) -> list[Heading]:
    """The headings made from one line of a field, with the joints between them."""
    headings: list[Heading] = []
    position = 0
    before: str | None = None
    lead = ""
    for line in outline.split("\n"):
        found = _HEADING.match(line)
        text = found["lead"] if found else line
        if not text:
            continue
        at = _find(inline, text, position)
        space = _space(inline[position:at]) if at >= 0 else None
        position = at + len(text) if at >= 0 else position
        if found:
            if lead:
                headings.append(Heading(lead, before, space or ""))
            lead, before = text, (space if headings or at > 0 or lead else None)
        elif lead:
            headings.append(Heading(lead, before, " " if space is None else space))
            lead = ""
    if lead:
        headings.append(Heading(lead, before, ""))
    return headings


def _find(inline: str, text: str, position: int) -> int:
    at = inline.find(text, position)
    return at if at >= 0 else inline.find(escape_line(text), position)


def _space(between: str) -> str | None:
    return between if not between or between.isspace() else None


def read_outline(text: str, known: Sequence[Heading]) -> str:
    """The text with each numbered heading joined to the line that follows it.

    ``known`` are the headings that stood there before: such a heading gets its old joints to its
    line.
    """
    lines = text.split("\n")
    found = _headings(lines)
    partners = _pair([match["lead"] for match in found.values()], known)
    out: list[str] = []
    goes_on: str | None = None  # the joint between the last line and the next
    for number, line in enumerate(lines):
        match = found.get(number)
        if match is None:
            if not line.strip() and goes_on is None:
                out.append(line)
            elif line.strip():
                _add(out, line, goes_on)
                goes_on = None
            continue
        lead, partner = match["lead"], partners.get(match["lead"])
        if not lead:
            continue
        if partner is None and not match["number"] and not _has_cloze(lines, number):
            out.append(line)  # a heading of its own
            continue
        before = partner.before if partner else None
        while before is not None and out and not out[-1].strip():
            out.pop()
        if goes_on is not None and before is None:
            before = goes_on
        if before is None or not out:
            if len(out) > 1 and not out[-1].strip():
                out.pop()  # the blank line before a heading
            out.append(escape_line(lead))
        else:
            out[-1] += before + lead
        if _CLOZE.search(lead) and not (
            _has_cloze(lines, number) and (partner or "%%" not in lead)
        ):
            goes_on = None  # the cloze is in the line
        else:
            goes_on = partner.after if partner else _default(lead, lines, number)
    return "\n".join(out)


def _add(out: list[str], line: str, goes_on: str | None) -> None:
    if goes_on is None or not out or _BLOCK.match(line):
        out.append(line)
    else:
        out[-1] += goes_on + line


def _default(lead: str, lines: Sequence[str], number: int) -> str:
    following = next((line for line in lines[number + 1 :] if line.strip()), "")
    return "" if joins_without_space(lead, following.lstrip("=*~")) else " "


def _headings(lines: Sequence[str]) -> dict[int, re.Match[str]]:
    found: dict[int, re.Match[str]] = {}
    for number, _, verbatim in scan_lines("\n".join(lines)):
        heading = None if verbatim else _HEADING.match(lines[number])
        if heading is not None:
            found[number] = heading
    return found


def _has_cloze(lines: Sequence[str], number: int) -> bool:
    for line in lines[number + 1 : number + 3]:
        if line.strip():
            return _CLOZE.search(line) is not None
    return False


def _pair(leads: Sequence[str], known: Sequence[Heading]) -> dict[str, Heading]:
    if len(leads) == len(known):
        return dict(zip(leads, known))
    pairs: dict[str, Heading] = {}
    matcher = SequenceMatcher(None, leads, [heading.lead for heading in known], False)
    for a, b, size in matcher.get_matching_blocks():
        pairs.update(zip(leads[a : a + size], known[b : b + size]))
    return pairs
