"""Writes the cloze outline: the text before each cloze of a line as a numbered heading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import punctuation

from ..html.blocks import ASIDE, COMMENT, MATH, PICTURES, TEXT, Run
from ..text.spaceless_scripts import SPACELESS, SPACELESS_CHAR, STOP
from .block_writer import heading_text, says_something
from .line_writer import render_runs
from .spacing import settle_spaces

_READING = re.compile(rf"[{SPACELESS}]\[[{SPACELESS}]+\]$")
_NO_BREAK = "\xa0\u202f"
_ASCII_MARKS = frozenset(punctuation)
_ASCII_ENDINGS = frozenset(":;,.!?)]}=")
_CUTTABLE = frozenset("bism")
_WORD_START = re.compile(rf"[^\s{SPACELESS}]+")


def outline_line(runs: Sequence[Run], number: int) -> tuple[str, int]:
    """A line as headings and bodies, and the number of the last heading.

    A line without its own cloze, or without words before its clozes, stays an ordinary line.
    ``number`` is the number of the heading before.
    """
    runs = settle_spaces(runs)
    parts: list[str] = []
    body: list[Run] = []
    position = 0
    while position < len(runs):
        start = _next_cloze(runs, position)
        if start < 0:
            break
        kept, lead = _split_lead(runs[position:start], position > 0)
        body += kept
        stop = start + 1
        while stop < len(runs) and runs[stop].marks[:1] == runs[start].marks[:1]:
            stop += 1
        if stop < len(runs) and runs[stop].kind == COMMENT:
            stop += 1
        lead, glued = _split_glued(lead, runs[start].text[:1])
        if says_something(lead) and _is_clean_cut(lead, glued):
            number += 1
            below: list[str] = []
            heading = f"## {number}. {heading_text(lead, below)}"
            _add_body(body, parts)
            parts.append("\n".join([heading, *below]))
            body = glued
        else:
            body += lead + glued
        body += runs[start:stop]
        position = stop
    body += runs[position:]
    text = _body_text(body)
    if not parts:
        return text, number
    return "\n\n".join(parts) + ("\n" + text if text else ""), number


def _add_body(body: Sequence[Run], parts: list[str]) -> None:
    text = _body_text(body)
    if text and parts:
        parts[-1] += "\n" + text
    elif text:
        parts.append(text)


def _body_text(body: Sequence[Run]) -> str:
    below: list[str] = []
    text = render_runs(body, below)
    return "\n".join([text, *below] if text else below)


def _next_cloze(runs: Sequence[Run], position: int) -> int:
    for index in range(position, len(runs)):
        marks = runs[index].marks
        if marks and marks[0].kind == "cloze":
            return index
    return -1


def _split_lead(runs: Sequence[Run], follows_cloze: bool) -> tuple[list[Run], list[Run]]:
    """Split a lead: the body up to the last embed, and the heading.

    An ending or punctuation that directly follows the cloze before stays with this cloze.
    """
    for index in range(len(runs) - 1, -1, -1):
        if runs[index].kind in PICTURES:
            kept, lead = list(runs[: index + 1]), list(runs[index + 1 :])
            while index >= 0 and runs[index].kind in PICTURES:
                index -= 1
            if follows_cloze if index < 0 else not runs[index].text[-1:].isspace():
                glued, lead = _split_ending(lead)
                kept += glued
            return kept, lead
    return _split_ending(runs) if follows_cloze else ([], list(runs))


def _split_ending(lead: Sequence[Run]) -> tuple[list[Run], list[Run]]:
    """Split a lead after a cloze: the rest of a word that continues the cloze, and all else."""
    for index, run in enumerate(lead):
        match = _WORD_START.match(run.text) if run.kind == TEXT else None
        if match is None:
            return list(lead[:index]), list(lead[index:])
        if match.end() < len(run.text):
            if not _may_be_cut(run):
                continue
            ending = [run._replace(text=match[0])]
            rest = run._replace(text=run.text[match.end() :])
            return [*lead[:index], *ending], [rest, *lead[index + 1 :]]
    return list(lead), []


def _split_glued(lead: Sequence[Run], follower: str) -> tuple[list[Run], list[Run]]:
    """Split a lead before the start of a word that the cloze, ``follower``, continues."""
    at_cloze = True
    for index in range(len(lead) - 1, -1, -1):
        run = lead[index]
        if run.kind != TEXT:
            if run.kind != MATH or at_cloze or follower.isalnum():
                return list(lead[: index + 1]), list(lead[index + 1 :])
            follower = "$"
            continue
        end = _last_break(run.text, follower, at_cloze)
        if end == len(run.text):
            return list(lead[: index + 1]), list(lead[index + 1 :])
        if end and _may_be_cut(run):
            head, tail = run._replace(text=run.text[:end]), run._replace(text=run.text[end:])
            return [*lead[:index], head], [tail, *lead[index + 1 :]]
        follower, at_cloze = run.text[0], False
    return [], list(lead)


def _last_break(text: str, follower: str, at_cloze: bool) -> int:
    """The last position where a line may break without cutting a word; 0 when there is none."""
    ends_reading = at_cloze and _READING.search(text) is not None
    for position in range(len(text), 0, -1):
        left = text[position - 1]
        if left.isspace() and left not in _NO_BREAK:
            return position
        right = text[position] if position < len(text) else follower
        at_border = at_cloze and position == len(text)
        if STOP.match(left):
            may_break = not STOP.match(right)
        elif SPACELESS_CHAR.match(left):
            joins = right in _ASCII_MARKS or STOP.match(right)
            may_break = at_border or not (joins or SPACELESS_CHAR.match(right))
        else:
            may_break = at_border and ends_reading and SPACELESS_CHAR.match(right) is not None
        if may_break:
            return position
    return 0


def _is_clean_cut(lead: Sequence[Run], glued: Sequence[Run]) -> bool:
    """Whether a heading may end here: not before its punctuation, not in a literal cloze."""
    if glued and glued[-1].kind == TEXT and glued[-1].text[-1] in _ASCII_ENDINGS:
        return False
    if any(run.kind == ASIDE and "\n" in run.text for run in lead):
        return False
    text = "".join(run.text for run in lead if run.kind == TEXT)
    return text.count("{{") == text.count("}}")


def _may_be_cut(run: Run) -> bool:
    return all(mark.kind in _CUTTABLE for mark in run.marks)
