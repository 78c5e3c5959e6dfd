"""Finds what two sequences have in common."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher

_PAIRS = 4_000_000  # items of one times items of the other: up to here a comparison is fast


def matching_blocks(
    ours: Sequence[Hashable], theirs: Sequence[Hashable]
) -> list[tuple[int, int, int]]:
    """Ranges in which both are equal: the start in each, and the length."""
    start, length = 0, min(len(ours), len(theirs))
    while start < length and ours[start] == theirs[start]:
        start += 1
    end = 0
    while end < length - start and ours[-1 - end] == theirs[-1 - end]:
        end += 1
    blocks = [(0, 0, start)] if start else []
    middle, other = ours[start : len(ours) - end], theirs[start : len(theirs) - end]
    if middle and other and len(middle) * len(other) <= _PAIRS:
        for a, b, size in SequenceMatcher(None, middle, other, False).get_matching_blocks():
            if size:
                blocks.append((start + a, start + b, size))
    if end:
        blocks.append((len(ours) - end, len(theirs) - end, end))
    return blocks
