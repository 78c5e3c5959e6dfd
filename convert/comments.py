"""Obsidian's comments, ``%%`` around words that nobody is to see."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .canonical import VERBATIM
from .syntax import scan_lines

_CLOZE = re.compile(r"%%(?:c[0-9,]+(?=::|,|%%)[^\n]*?|-,[^\n]*?)%%")
_MARK = re.compile(r"(?<!\\)%%")


def find_comments(markdown: str) -> Iterator[int]:
    """The numbers, from 0, of the lines where a comment begins; those of clozes are none."""
    inside = False
    for number, line, verbatim in scan_lines(markdown):
        if verbatim or "%%" not in line:
            continue
        marks = len(_MARK.findall(VERBATIM.sub("", _CLOZE.sub("", line))))
        if marks and not inside:
            yield number
        if marks % 2:
            inside = not inside
