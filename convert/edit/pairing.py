"""Matches a field's old segments with the units of its new text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..text.matching import matching_blocks
from .edited_field import FieldText
from .regions import read_keys
from .units import Unit

_WORD = re.compile(r"\w+")
_ALIKE = 0.3


def pair_units(text: FieldText, number: int) -> list[tuple[int, int]]:
    """The matching segments and units of a region, as positions, in order."""
    old, units = text.old(number), text.units(number)
    before = [read_keys(text.segments[index].markdown) for index in old]
    after = [read_keys(unit.markdown) for unit in units]
    pairs: list[tuple[int, int]] = []
    done = (0, 0)
    ends = (len(before), len(after), 0)
    for a, b, size in [*matching_blocks(before, after), ends]:
        pairs += _pair_edited(text, old[done[0] : a], units[done[1] : b], done)
        pairs += [(a + step, b + step) for step in range(size)]
        done = (a + size, b + size)
    return pairs


def _pair_edited(
    text: FieldText, old: Sequence[int], units: Sequence[Unit], start: tuple[int, int]
) -> list[tuple[int, int]]:
    """Match edited segments with units of the same kind and with similar text."""
    if not old or not units:
        return []
    kinds = [_kind_of(text.old_units(index)) for index in old]
    others = [_kind_of([unit]) for unit in units]
    if kinds == others:
        pairs = [(position, position) for position in range(len(old))]
    else:
        texts = [text.segments[index].markdown for index in old]
        new = [unit.markdown for unit in units]
        pairs = _pair_alike(list(zip(kinds, texts)), list(zip(others, new)))
    return [(start[0] + one, start[1] + other) for one, other in pairs]


def _kind_of(units: Sequence[Unit]) -> str:
    """The kind of a piece. An edit keeps it."""
    if len(units) != 1:
        return "several"
    return units[0].kind + (units[0].list_tag[:3] if units[0].kind == "item" else "")


def _pair_alike(
    before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]
) -> list[tuple[int, int]]:
    """Match texts with similar ones, in order. Each text comes with its kind."""
    pairs: list[tuple[int, int]] = []
    low = 0
    for position, (kind, text) in enumerate(before):
        words = set(_WORD.findall(text))
        best, best_score = -1, 0.0 if len(before) == 1 else _ALIKE
        for other in range(low, min(len(after), low + 40)):
            if after[other][0] != kind:
                continue
            others = set(_WORD.findall(after[other][1]))
            score = (2 * len(words & others) + 0.01) / (len(words) + len(others) + 0.01)
            if score > best_score:
                best, best_score = other, score
        if best >= 0:
            pairs.append((position, best))
            low = best + 1
    return pairs
