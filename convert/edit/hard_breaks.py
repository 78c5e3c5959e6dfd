"""Removes a ``\\`` at a line's end where it only repeats the line break."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from ..markdown.syntax import scan_lines

_MOST = 20  # the most that are checked one by one


def drop_hard_breaks(markdown: str, write: Callable[[str], str]) -> str:
    """The text without each ``\\`` at a line's end that means a line break there.

    Each line is later read without the line below it, and there the ``\\`` would be text. ``write``
    gives the HTML of a text: when the HTML is the same without a ``\\``, that ``\\`` was no text.
    """
    if "\\\n" not in markdown:
        return markdown
    lines = markdown.split("\n")
    ends = [n for n, line, verbatim in scan_lines(markdown) if not verbatim and _has_break(line)]
    if not ends:
        return markdown
    wanted = write(markdown)
    without = _without(lines, ends)
    if write(without) == wanted:
        return without
    real = [n for n in ends[:_MOST] if write(_without(lines, [n])) == wanted]
    without = _without(lines, real)
    return without if write(without) == wanted else markdown


def _has_break(line: str) -> bool:
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _without(lines: Sequence[str], ends: Collection[int]) -> str:
    return "\n".join(line[:-1] if n in ends else line for n, line in enumerate(lines))
