"""Checks that CommonMark reads a line's ``*`` and ``~~`` as they are meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import category

CLOZE = -1  # the group of a cloze's highlight, which has no other form


class Delimiter(NamedTuple):
    """``text`` (``*``, ``**``, ``~~`` or ``==``) that opens or closes the group ``group``."""

    text: str
    opens: bool
    group: int


class _Run:
    __slots__ = ("closes", "left", "length", "opens")

    def __init__(self, length: int, opens: bool, closes: bool) -> None:
        self.length = length
        self.left = length
        self.opens = opens
        self.closes = closes


def broken_groups(pieces: Sequence[object]) -> set[int]:
    """The groups whose delimiters CommonMark would not pair as meant.

    ``pieces`` are a line's delimiters and, as strings, the text between them. Follows "Emphasis and
    strong emphasis" of the CommonMark specification, with its rule of three, and the same flanking
    rules for ``~~``.
    """
    emphasis = _Emphasis()
    broken: set[int] = set()
    position = 0
    while position < len(pieces):
        group = _delimiters_from(pieces, position)
        if not group:
            position += 1
            continue
        before = _edge(pieces, position - 1, -1)
        position += len(group)
        opens, closes = _flanking(before, _edge(pieces, position, 0))
        if group[0].text[0] == "*":
            emphasis.add(group, opens, closes)
        else:
            strict = group[0].text == "~~"
            for delimiter in group:
                fits = (opens if delimiter.opens else closes) or not strict
                if len(group) > 1 or not fits:
                    broken.add(delimiter.group)
    broken |= emphasis.broken()
    broken.discard(CLOZE)
    return broken


def _delimiters_from(pieces: Sequence[object], position: int) -> list[Delimiter]:
    """The consecutive delimiters of one character from a position on."""
    group: list[Delimiter] = []
    for piece in pieces[position : position + 16]:
        if not isinstance(piece, Delimiter) or (group and piece.text[0] != group[0].text[0]):
            break
        group.append(piece)
    return group


class _Emphasis:
    """The runs of ``*`` in a line, and the runs where each group should begin and end."""

    def __init__(self) -> None:
        self._runs: list[_Run] = []
        self._ends: dict[int, list[int]] = {}
        self._widths: dict[int, int] = {}

    def add(self, group: Sequence[Delimiter], opens: bool, closes: bool) -> None:
        self._runs.append(_Run(sum(len(d.text) for d in group), opens, closes))
        for delimiter in group:
            self._ends.setdefault(delimiter.group, []).append(len(self._runs) - 1)
            self._widths[delimiter.group] = len(delimiter.text)

    def broken(self) -> set[int]:
        pairs = Counter(_pair(self._runs) if self._runs else ())
        broken: set[int] = set()
        for number, ends in self._ends.items():
            key = (ends[0], ends[-1], self._widths[number])
            if pairs[key] > 0:
                pairs[key] -= 1
            else:
                broken.add(number)
        return broken


def _pair(runs: list[_Run]) -> list[tuple[int, int, int]]:
    """The pairs (opening run, closing run, width) that the specification's algorithm makes."""
    pairs: list[tuple[int, int, int]] = []
    openers: list[int] = []
    for index, run in enumerate(runs):
        while run.closes and run.left:
            at = len(openers) - 1
            while at >= 0 and not _may_pair(runs[openers[at]], run):
                at -= 1
            if at < 0:
                break
            opener = runs[openers[at]]
            del openers[at + 1 :]
            width = 2 if opener.left >= 2 and run.left >= 2 else 1
            pairs.append((openers[at], index, width))
            opener.left -= width
            run.left -= width
            if not opener.left:
                openers.pop()
        if run.opens and run.left:
            openers.append(index)
    return pairs


def _may_pair(opener: _Run, closer: _Run) -> bool:
    if (opener.closes or closer.opens) and (opener.length + closer.length) % 3 == 0:
        return opener.length % 3 == 0 and closer.length % 3 == 0
    return True


def _edge(pieces: Sequence[object], index: int, side: int) -> str:
    if 0 <= index < len(pieces):
        piece = pieces[index]
        text = piece.text if isinstance(piece, Delimiter) else str(piece)
        return text[side] if text else " "
    return " "


def _flanking(before: str, after: str) -> tuple[bool, bool]:
    space_before, space_after = before.isspace(), after.isspace()
    mark_before, mark_after = _is_punctuation(before), _is_punctuation(after)
    left = not space_after and (not mark_after or space_before or mark_before)
    right = not space_before and (not mark_before or space_after or mark_after)
    return left, right


def _is_punctuation(char: str) -> bool:
    return category(char)[0] in "PS"
