"""Tells whether words that one section of a page lost are now in another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import punctuation

_WORD = re.compile(r"[0-9A-Za-z\u00c0-\u024f]+|\w")
_MOST_CHANGED = 4  # a text is recognised when at least one of this many words stayed

NumberedLine = tuple[int, str]


@dataclass(frozen=True)
class Difference:
    """Lines of one text that another lacks, and the words in them that it lacks completely.

    ``kept``: whether the two texts share any word.
    """

    lines: tuple[tuple[NumberedLine, frozenset[str]], ...]
    kept: bool

    @property
    def words(self) -> frozenset[str]:
        """All words of the lines that the other text lacks."""
        return frozenset().union(*(words for _, words in self.lines))


def subtract_lines(text: Iterable[NumberedLine], other: Iterable[str]) -> Difference:
    """The lines that only ``text`` has, without regard to case and layout."""
    left = Counter(map(_fold, other))
    known = frozenset(word for line in left for word in _WORD.findall(line))
    lines = []
    kept = False
    for number, line in text:
        folded = _fold(line)
        words = frozenset(_WORD.findall(folded))
        kept = kept or not words.isdisjoint(known)
        if left[folded]:
            left[folded] -= 1
        elif folded:
            lines.append(((number, line), words - known))
    return Difference(tuple(lines), kept)


def find_line(lost: Difference, gained: Sequence[Difference]) -> int | None:
    """The number of the first gained line that is the same as a lost one."""
    lines = {_fold(line) for (_, line), _ in lost.lines if line.strip(punctuation + " \t")}
    for difference in gained:
        for (number, line), _ in difference.lines:
            if _fold(line) in lines:
                return number
    return None


def find_words(lost: Difference, gained: Sequence[Difference]) -> int | None:
    """The number of the line that seems to hold the lost text, if there is one.

    It must contain a whole lost line, or the gained text a quarter of the lost words.
    """
    line = find_line(lost, gained)
    if line is not None:
        return line
    found = [each for difference in gained for each in difference.lines]
    words = lost.words
    shared = [(number, words & some) for (number, _), some in found]
    often = len(frozenset().union(*(some for _, some in shared)))
    if often and often * _MOST_CHANGED >= len(words):
        return max(shared, key=lambda each: len(each[1]))[0]
    return None


def _fold(line: str) -> str:
    return " ".join(line.casefold().split())
