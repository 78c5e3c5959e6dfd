"""Tells whether words that one section of a page lost have turned up in another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from string import punctuation

_WORD = re.compile(r"[0-9A-Za-z\u00c0-\u024f]+|\w")
_MOST_CHANGED = 4  # of this many words one must have stayed for a text to be known again

NumberedLine = tuple[int, str]


def gained_lines(before: str, now: Iterable[NumberedLine]) -> list[NumberedLine]:
    """The lines of ``now`` that are not those of ``before``, layout aside."""
    left = Counter(map(_fold, before.split("\n")))
    gained = []
    for number, line in now:
        folded = _fold(line)
        if left[folded]:
            left[folded] -= 1
        elif folded:
            gained.append((number, line))
    return gained


def find_strayed(lost: Sequence[str], gained: Sequence[NumberedLine]) -> int | None:
    """The number of the line where a text lost elsewhere seems to have gone, if it has.

    It has when a whole line of it is there, or a quarter of its words.
    """
    lines = {_fold(line) for line in lost} - {""}
    for number, line in gained:
        if _fold(line) in lines and line.strip(punctuation + " \t"):
            return number
    words = {word for line in lines for word in _WORD.findall(line)}
    found = [(number, words.intersection(_WORD.findall(_fold(line)))) for number, line in gained]
    shared = {word for _, some in found for word in some}
    if shared and len(shared) * _MOST_CHANGED >= len(words):
        return max(found, key=lambda each: len(each[1]))[0]
    return None


def _fold(line: str) -> str:
    return " ".join(line.casefold().split())
