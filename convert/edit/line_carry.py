"""Carries an edit of a text over to the same text in another spelling."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..text.matching import matching_blocks

_WORD = re.compile(r"<[^<>]*>|[^\W_]+|\s+|[\W_]")


class _Cell(NamedTuple):
    """A range of the first text and the matching range of the second."""

    first: int
    last: int
    other_first: int
    other_last: int


def carry_lines(
    base: str, spelled: str, edited: str, key: Callable[[str], str], words: bool = False
) -> tuple[str, list[int]]:
    """``edited``, with the lines that it kept from ``base`` in the spelling of ``spelled``.

    ``base`` and ``spelled`` mean the same; lines with the same ``key`` are the same line. An edited
    line is taken from ``edited`` or, with ``words``, from ``spelled`` with only the edited words
    changed. Blank lines of ``spelled`` stay. The second result is the line of ``edited``, from 1,
    for each line of the first.
    """
    before, ours, theirs = (text.split("\n") for text in (base, spelled, edited))
    keys = list(map(key, before)), list(map(key, ours))
    carried = _carry(before, ours, theirs, keys, _carry_words if words else None)
    return "\n".join(line for line, _ in carried), [place + 1 for _, place in carried]


def take_lines(text: str, spelled: str, key: Callable[[str], str]) -> str:
    """``text``, with lines that ``spelled`` also has in the spelling of ``spelled``."""
    lines, others = text.split("\n"), spelled.split("\n")
    for a, b, size in matching_blocks(list(map(key, lines)), list(map(key, others))):
        lines[a : a + size] = others[b : b + size]
    return "\n".join(lines)


def _carry_words(base: str, spelled: str, edited: str) -> str:
    before, ours, theirs = (_WORD.findall(text) for text in (base, spelled, edited))
    return "".join(word for word, _ in _carry(before, ours, theirs, (before, ours)))


def _carry(
    before: Sequence[str],
    ours: Sequence[str],
    theirs: Sequence[str],
    keys: tuple[Sequence[str], Sequence[str]],
    mix: Callable[[str, str, str], str] | None = None,
) -> list[tuple[str, int]]:
    """The parts of ``theirs``, each with its place there; unedited parts come from ``ours``."""
    cells, blanks = _align(*keys, ours)
    cell_of = {at: cell for cell in cells for at in range(cell.first, cell.last)}
    kept, edited = _compare(before, theirs)
    place_of = {at: place for place, at in kept.items()}
    result = [(part, 0) for part in blanks.get(-1, ())]
    done: set[_Cell] = set()
    for place, part in enumerate(theirs):
        at = kept.get(place)
        source = edited.get(place) if at is None else at
        cell = None if source is None else cell_of.get(source)
        if cell in done:
            continue
        if cell is not None and at is not None and _is_whole(cell, place_of):
            result += [(mine, place) for mine in ours[cell.other_first : cell.other_last]]
            done.add(cell)
            source = cell.last - 1
        elif cell is not None and mix and source is not None and _is_pair(cell):
            result.append((mix(before[source], ours[cell.other_first], part), place))
        else:
            result.append((part, place))
        if source is not None:
            result += [(blank, place) for blank in blanks.get(source, ())]
    return result


def _is_pair(cell: _Cell) -> bool:
    return cell.last - cell.first == cell.other_last - cell.other_first == 1


def _is_whole(cell: _Cell, place_of: dict[int, int]) -> bool:
    """Whether all parts of a cell were kept, side by side."""
    places = [place_of.get(at) for at in range(cell.first, cell.last)]
    first = places[0]
    return first is not None and all(p == first + n for n, p in enumerate(places))


def _compare(before: Sequence[str], theirs: Sequence[str]) -> tuple[dict[int, int], dict[int, int]]:
    """Place in ``theirs`` → place before, for the kept parts and for the edited parts."""
    kept: dict[int, int] = {}
    edited: dict[int, int] = {}
    for same, b1, b2, t1, t2 in _find_ranges(before, theirs):
        if same:
            kept.update(zip(range(t1, t2), range(b1, b2)))
        elif b2 - b1 == t2 - t1:
            edited.update(zip(range(t1, t2), range(b1, b2)))
    return kept, edited


def _align(
    before: Sequence[str], ours: Sequence[str], texts: Sequence[str]
) -> tuple[list[_Cell], dict[int, list[str]]]:
    """Match the parts; find the blank lines that only ``ours`` has, by the parts before them."""
    cells: list[_Cell] = []
    blanks: dict[int, list[str]] = {}
    for _, b1, b2, o1, o2 in _find_ranges(before, ours):
        if b2 - b1 == o2 - o1:
            cells += [_Cell(b1 + n, b1 + n + 1, o1 + n, o1 + n + 1) for n in range(b2 - b1)]
        elif b1 < b2:
            cells.append(_Cell(b1, b2, o1, o2))
        elif not "".join(texts[o1:o2]).strip():
            blanks[b1 - 1] = list(texts[o1:o2])
        elif cells:
            cells.append(cells.pop()._replace(other_last=o2))
    return cells, blanks


def _find_ranges(
    some: Sequence[str], others: Sequence[str]
) -> Iterator[tuple[bool, int, int, int, int]]:
    """The ranges of both in order, and whether they are equal there."""
    a = b = 0
    for first, second, size in [*matching_blocks(some, others), (len(some), len(others), 0)]:
        if (a, b) != (first, second):
            yield False, a, first, b, second
        if size:
            yield True, first, first + size, second, second + size
        a, b = first + size, second + size
