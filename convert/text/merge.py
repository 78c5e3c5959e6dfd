"""Three-way merges of lines, words and tags. Pure functions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import Match, SequenceMatcher

_WORD = re.compile(r"<[^<>]*>|\s+|[^\s<]+|<")
_PAIRS = 100_000  # of equal parts: up to here a match is exact and takes a tenth of a second
_Region = tuple[int, int, int, int, int, int]  # base, ours, theirs: start and end of each


def merge_lines(base: str, ours: str, theirs: str) -> str | None:
    """Merge both edits of ``base``; None when they change the same lines differently."""
    return _merge(base, ours, theirs, _split_lines)


def merge_words(base: str, ours: str, theirs: str) -> str | None:
    """Merge both edits of ``base``; None when they change the same words or tags differently."""
    return _merge(base, ours, theirs, _WORD.findall)


def merge_tags(base: Iterable[str], ours: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
    """Add the tags that either side added, remove the tags that either side removed.

    Case is ignored, as in Anki. Ours come first, in their order and spelling.
    """
    before = {tag.casefold() for tag in base}
    in_ours, in_theirs = ({tag.casefold() for tag in tags} for tags in (ours, theirs))
    merged: dict[str, str] = {}
    for tag in (*ours, *theirs):
        key = tag.casefold()
        if key not in before or (key in in_ours and key in in_theirs):
            merged.setdefault(key, tag)
    return tuple(merged.values())


def same_tags(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether both are the same set of tags, without regard to case."""
    return {tag.casefold() for tag in some} == {tag.casefold() for tag in others}


def _split_lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _merge(base: str, ours: str, theirs: str, split: object) -> str | None:
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    assert callable(split)
    return _merge_parts(split(base), split(ours), split(theirs))


def _merge_parts(base: list[str], ours: list[str], theirs: list[str]) -> str | None:
    merged: list[str] = []
    done = 0
    for b1, b2, o1, o2, t1, t2 in _find_regions(base, ours, theirs):
        merged += base[done:b1]
        part = _merge_region(base[b1:b2], ours[o1:o2], theirs[t1:t2])
        if part is None:
            return None
        merged += part
        done = b2
    return "".join(merged + base[done:])


def _merge_region(base: list[str], ours: list[str], theirs: list[str]) -> list[str] | None:
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    if not len(base) == len(ours) == len(theirs):
        return None
    merged = []
    for before, our, their in zip(base, ours, theirs):
        if before not in (our, their) and our != their:
            return None
        merged.append(their if our == before else our)
    return merged


def _find_regions(base: list[str], ours: list[str], theirs: list[str]) -> Iterator[_Region]:
    """The regions where at least one side differs, between the parts that all three share."""
    b = o = t = 0
    for start, end, in_ours, in_theirs in _find_shared(base, ours, theirs):
        if (start, in_ours, in_theirs) != (b, o, t):
            yield b, start, o, in_ours, t, in_theirs
        size = end - start
        b, o, t = end, in_ours + size, in_theirs + size


def _match(base: list[str], side: list[str]) -> list[Match]:
    """Runs that both have. In long texts, frequent words are no anchors, to save time."""
    often = Counter(side)
    pairs = sum(times * often[part] for part, times in Counter(base).items())
    return SequenceMatcher(None, base, side, autojunk=pairs > _PAIRS).get_matching_blocks()


def _find_shared(
    base: list[str], ours: list[str], theirs: list[str]
) -> Iterator[tuple[int, int, int, int]]:
    """Runs of ``base`` that both sides kept: start, end, and the start in each side."""
    our_blocks, their_blocks = _match(base, ours), _match(base, theirs)
    i = j = 0
    while i < len(our_blocks) and j < len(their_blocks):
        mine, other = our_blocks[i], their_blocks[j]
        start = max(mine.a, other.a)
        end = min(mine.a + mine.size, other.a + other.size)
        if start < end:
            yield start, end, mine.b + start - mine.a, other.b + start - other.a
        if mine.a + mine.size < other.a + other.size:
            i += 1
        else:
            j += 1
    yield len(base), len(base), len(ours), len(theirs)
