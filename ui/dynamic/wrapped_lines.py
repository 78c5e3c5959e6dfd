"""Plain text whose lines end where a page was full, as PDF viewers and mails have it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONG = 45  # letters; a column of print is hardly narrower
_NEARLY_FULL = 0.7  # of the longest line
_WORDS = 4  # spaces in a line of prose
# Lists, quotes, headings, code, tables and formulas are no prose.
_OTHER = re.compile(r"\s|[-*+•–#>|]|\d+[.)]\s|.*[{}<>=\\|`\t]|.*;$|.*://")
_ENDED = re.compile(r".*[.!?…:;][\"'”’»)\]]*$")
_HYPHEN = re.compile(r"[^\W\d_]{2}[-\u00ad\u2010]$")


def join_wrapped(text: str) -> str:
    """``text`` with the lines of its paragraphs joined, where it is sure that they are wrapped.

    Only line ends and hyphens at them change. Lines that end a sentence stay apart, so do those of
    lists, verses, code and tables.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    joined: list[str] = []
    start = 0
    for stop in range(len(lines) + 1):
        if stop == len(lines) or not lines[stop].strip():
            joined += _join_block([line.rstrip() for line in lines[start:stop]])
            joined += lines[stop : stop + 1]
            start = stop + 1
    whole = "\n".join(joined)
    return text if len(joined) == len(lines) else whole


def _join_block(lines: Sequence[str]) -> Sequence[str]:
    """The lines between two blank ones, joined if they are one or several wrapped paragraphs."""
    inner = [not _ENDED.match(line) for line in lines[:-1]]
    if not _is_wrapped(lines, inner):
        return lines
    joined = [lines[0]]
    for line, goes_on in zip(lines[1:], inner):
        if not goes_on:
            joined.append(line)
        elif _HYPHEN.search(joined[-1]) and line[0].islower():
            joined[-1] = joined[-1][:-1] + line
        else:
            joined[-1] += f" {line}"
    return joined


def _is_wrapped(lines: Sequence[str], inner: Sequence[bool]) -> bool:
    """Whether lines are prose that was broken. ``inner``: each goes on in the next one, if so."""
    if sum(inner) < 2 or any(_OTHER.match(line) for line in lines):
        return False
    longest = max(map(len, lines))
    broken = [line for line, goes_on in zip(lines, inner) if goes_on]
    after = [line for line, goes_on in zip(lines[1:], inner) if goes_on]
    return (
        longest >= _LONG
        and all(len(line) >= _NEARLY_FULL * longest for line in broken)
        and all(line.count(" ") >= _WORDS for line in broken)
        and 2 * sum(line[0].islower() for line in after) > len(after)
    )
