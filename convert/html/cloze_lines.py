"""Marks the parts of a cloze over several lines, each of which a page shows as a highlight.

All parts but the last say in their comment that the cloze goes on (``c1…``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .blocks import BREAK, COMMENT, TEXT, Block, Code, Line, ListBlock, Mark, Rule, Run, Table
from .clozes import Cloze

GOES_ON = "…"
ANCHOR = "anchor"  # the ``html`` of a comment that stands for a part without text


class _Part:
    """A part of a cloze: the runs from ``first`` to ``last`` of a line, or a block without runs."""

    __slots__ = ("at", "blocks", "first", "last", "line")

    def __init__(
        self, line: Line | None, first: int, last: int, blocks: list[Block], at: int
    ) -> None:
        self.line = line
        self.first = first
        self.last = last
        self.blocks = blocks  # the list in which the block stands, and its place there
        self.at = at


def mark_lines(blocks: list[Block], clozes: Mapping[Mark, Cloze]) -> list[Block]:
    """The blocks, where the parts of these clozes say that they belong together.

    Where a cloze begins or ends with a block that cannot be highlighted, for example code, a
    comment of its own stands there.
    """
    if not clozes:
        return blocks
    parts: dict[Mark, list[_Part]] = {mark: [] for mark in clozes}
    for inside, at in _leaves(blocks):
        block = inside[at]
        if isinstance(block, Line):
            for mark, first, last in _stretches(block.runs, parts):
                parts[mark].append(_Part(block, first, last, inside, at))
        else:
            for mark, cloze in clozes.items():
                if cloze.first < block.first and block.last - 1 < cloze.last:
                    parts[mark].append(_Part(None, 0, 0, inside, at))
    anchors: list[tuple[list[Block], int, Line]] = []
    for mark, found in parts.items():
        _mark_parts(mark, clozes[mark], found, anchors)
    for inside, at, line in sorted(anchors, key=lambda anchor: -anchor[1]):
        inside.insert(at, line)
    return blocks


def _leaves(blocks: list[Block]) -> Iterator[tuple[list[Block], int]]:
    """The blocks that hold no others, in order: each as the list around it and its place there."""
    for at, block in enumerate(blocks):
        if isinstance(block, (Line, Code, Rule)):
            yield blocks, at
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from _leaves(item.blocks)
        elif isinstance(block, Table):
            for cell in (*block.captions, *(cell for row in block.rows for cell in row)):
                yield from _leaves(cell.blocks)
        else:
            yield from _leaves(block.blocks)


def _stretches(runs: list[Run], marks: Mapping[Mark, object]) -> Iterator[tuple[Mark, int, int]]:
    """The stretches of a line in these clozes. Spaces alone are in no cloze."""
    at = 0
    while at < len(runs):
        mark = _cloze_of(runs[at])
        stop = at + 1
        while stop < len(runs) and mark is not None and _cloze_of(runs[stop]) == mark:
            stop += 1
        if mark is not None and mark in marks:
            if any(run.kind not in (TEXT, BREAK) or run.text.strip() for run in runs[at:stop]):
                yield mark, at, stop
            else:
                _replace(runs, at, stop, mark, None)
        at = stop


def _cloze_of(run: Run) -> Mark | None:
    return next((mark for mark in run.marks if mark.kind == "cloze"), None)


def _mark_parts(
    mark: Mark, cloze: Cloze, parts: Sequence[_Part], anchors: list[tuple[list[Block], int, Line]]
) -> None:
    if not parts:
        return
    numbers = mark.comment.partition("::")[0]
    goes_on = mark._replace(comment=numbers + GOES_ON)
    begins, ends = parts[0], parts[-1]
    if begins.line is None:
        run = Run(COMMENT, goes_on.comment, (), ANCHOR)
        first = cloze.first
        anchors.append((begins.blocks, begins.at, Line(first, first + 1, 2, [run], 0)))
    if ends.line is None:
        run = Run(COMMENT, mark.comment, (), ANCHOR)
        last = cloze.last
        anchors.append((ends.blocks, ends.at + 1, Line(last, last + 1, 2, [run], 0)))
    for part in parts if ends.line is None else parts[:-1]:
        if part.line is not None:
            _replace(part.line.runs, part.first, part.last, mark, goes_on)


def _replace(runs: list[Run], first: int, last: int, old: Mark, new: Mark | None) -> None:
    for index in range(first, last):
        run = runs[index]
        marks = (new if mark == old else mark for mark in run.marks)
        runs[index] = run._replace(marks=tuple(mark for mark in marks if mark is not None))
