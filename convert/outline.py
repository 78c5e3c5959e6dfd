"""The cloze outline: the text before each cloze of a line as a numbered heading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .blocks import COMMENT, IMAGE, TEXT, Run
from .inline import render_runs
from .render import heading_text, says_something
from .spacing import settle_spaces

# Scripts without spaces have no words that could be torn; their punctuation still stays.
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_CUTTABLE = frozenset("bism")
_WORD_START = re.compile(rf"[^\s{_SPACELESS}]+")
_WORD_END = re.compile(rf"[^\s{_SPACELESS}]+$")


def outline_line(runs: Sequence[Run], number: int) -> tuple[str, int]:
    """A line as headings and bodies, and the number of the last heading.

    A line without a cloze of its own, or whose clozes have no words before them, is an ordinary
    line. ``number`` is that of the heading before.
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
        lead, glued = _split_glued(lead)
        if says_something(lead):
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
    """What stays in the body, up to the last embed, and what becomes the heading.

    What is glued to the cloze before, an ending or punctuation, stays with it.
    """
    for index in range(len(runs) - 1, -1, -1):
        if runs[index].kind == IMAGE:
            return list(runs[: index + 1]), list(runs[index + 1 :])
    return _split_ending(runs) if follows_cloze else ([], list(runs))


def _split_ending(lead: Sequence[Run]) -> tuple[list[Run], list[Run]]:
    """The end of a word that a lead goes on with after a cloze, and the rest."""
    for index, run in enumerate(lead):
        match = _WORD_START.match(run.text) if run.kind == TEXT else None
        if match is None:
            return list(lead[:index]), list(lead[index:])
        if match.end() < len(run.text):
            if not _may_be_cut(run):
                return list(lead[: index + 1]), list(lead[index + 1 :])
            ending = [run._replace(text=match[0])]
            rest = run._replace(text=run.text[match.end() :])
            return [*lead[:index], *ending], [rest, *lead[index + 1 :]]
    return list(lead), []


def _split_glued(lead: Sequence[Run]) -> tuple[list[Run], list[Run]]:
    """A lead, and the start of a word at its end that the cloze goes on with."""
    for index in range(len(lead) - 1, -1, -1):
        run = lead[index]
        match = _WORD_END.search(run.text) if run.kind == TEXT else None
        if match is None:
            return list(lead[: index + 1]), list(lead[index + 1 :])
        if match.start() and _may_be_cut(run):
            rest = run._replace(text=run.text[: match.start()])
            start = run._replace(text=match[0])
            return [*lead[:index], rest], [start, *lead[index + 1 :]]
        if match.start():
            return list(lead[:index]), list(lead[index:])
    return [], list(lead)


def _may_be_cut(run: Run) -> bool:
    return all(mark.kind in _CUTTABLE for mark in run.marks)
