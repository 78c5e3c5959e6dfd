"""The cloze outline: the text before each cloze of a line as a numbered heading."""

from __future__ import annotations

from collections.abc import Sequence

from .blocks import IMAGE, Run
from .inline import render_runs
from .render import heading_text, shows_text


def outline_line(runs: Sequence[Run], number: int) -> tuple[str, int]:
    """A line as headings and bodies, and the number of the last heading.

    A line without a cloze of its own, or whose clozes have no words before them, is an ordinary
    line. ``number`` is that of the heading before.
    """
    parts: list[str] = []
    body: list[Run] = []
    position = 0
    while position < len(runs):
        start = _next_cloze(runs, position)
        if start < 0:
            break
        kept, lead = _split_at_embed(runs[position:start])
        body += kept
        stop = start + 1
        while stop < len(runs) and runs[stop].marks[:1] == runs[start].marks[:1]:
            stop += 1
        if shows_text(lead):
            _flush(body, parts)
            below: list[str] = []
            number += 1
            heading = heading_text([Run(0, f"{number}. ")] + list(lead), below)
            parts += ["\n\n" if parts else "", "## " + heading, "\n"]
            parts += [embed + "\n" for embed in below]
            body = []
        else:
            body += lead
        body += runs[start:stop]
        position = stop
    body += runs[position:]
    _flush(body, parts)
    return "".join(parts), number


def _flush(body: Sequence[Run], parts: list[str]) -> None:
    below: list[str] = []
    text = render_runs(body, below)
    parts.append("\n".join([text, *below] if text else below))


def _next_cloze(runs: Sequence[Run], position: int) -> int:
    for index in range(position, len(runs)):
        marks = runs[index].marks
        if marks and marks[0].kind == "cloze":
            return index
    return -1


def _split_at_embed(runs: Sequence[Run]) -> tuple[list[Run], list[Run]]:
    """What stays in the body, up to the last embed, and what becomes the heading."""
    for index in range(len(runs) - 1, -1, -1):
        if runs[index].kind == IMAGE:
            return list(runs[: index + 1]), list(runs[index + 1 :])
    return [], list(runs)
