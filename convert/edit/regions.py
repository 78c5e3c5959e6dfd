"""Finds the segments of a field that an edit of its Markdown touches, and their new text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..markdown.canonical import canonical_lines, drop_block_names
from ..markdown.syntax import FENCE, FENCES, FOOTNOTE_MARK, HEADING_MARK, LIST_MARK, is_item
from ..segment import Segment
from ..text.matching import matching_blocks
from ..to_html.outline import outline_key
from .cloze_lines import cloze_lines, has_cloze_lines

_VERBATIM = (*FENCES, "$$", "<")  # a blank line may have a meaning there
_PLAIN = re.compile(
    rf"(?!{LIST_MARK}(?:\s|$)|{HEADING_MARK}\s|{FENCE}|\$\$|[>|<\t]|    |{FOOTNOTE_MARK})"
)
_GOES_ON = re.compile(rf"(?:\t| {{2,}})\s*(?!{LIST_MARK}(?:\s|$))\S")
_DEEPER = re.compile(rf"(?:\t| {{2,}})\s*{LIST_MARK}\s")
_ITEM_ABOVE = re.compile(rf"\s+\S|(?:{LIST_MARK}|{FOOTNOTE_MARK})\s")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")


@dataclass(frozen=True)
class Region:
    """New ``text`` for the shown segments ``first`` to ``last``.

    ``line`` is the line of the page where the text begins, from 1. ``apart``: a blank line stands
    before and after it. ``keys``: its canonical lines, as a range of the new text's.
    """

    first: int
    last: int
    text: str
    line: int
    apart: tuple[bool, bool]
    keys: tuple[int, int]


@dataclass(frozen=True)
class Lines:
    """A Markdown text as its canonical lines: ``keys``, and the number of each, from 0."""

    raw: tuple[str, ...]
    keys: tuple[str, ...]
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, markdown: str) -> Lines:
        """The lines of a text, without the numbers of an outline's headings."""
        found = canonical_lines(markdown)
        return cls(
            tuple(markdown.split("\n")),
            tuple(outline_key(key) for _, key in found),
            tuple(number for number, _ in found),
        )


def read_keys(markdown: str) -> tuple[str, ...]:
    """The same for pieces of Markdown with the same meaning."""
    return Lines.of(markdown).keys


def shown_segments(segments: Sequence[Segment]) -> list[int]:
    """The indexes of the segments that have Markdown."""
    return [index for index, segment in enumerate(segments) if segment.markdown]


def join_with_owners(segments: Sequence[Segment]) -> tuple[str, list[int]]:
    """The Markdown of a field as in ``join_markdown``, and the first line of each piece."""
    parts: list[str] = []
    starts: list[int] = []
    line = 0
    for segment in segments:
        if not segment.markdown:
            continue
        if parts:
            parts.append(segment.gap or "\n")
            line += (segment.gap or "\n").count("\n")
        starts.append(line)
        parts.append(segment.markdown)
        line += segment.markdown.count("\n")
    return "".join(parts), starts


def find_regions(segments: Sequence[Segment], markdown: str) -> list[Region]:
    """The smallest regions where ``markdown`` differs from the segments, in order."""
    markdown = drop_block_names(markdown)
    before, starts = join_with_owners(segments)
    ours, theirs = Lines.of(before), Lines.of(markdown)
    owners = [bisect_right(starts, number) - 1 for number in ours.numbers]
    kept = _kept_segments(len(starts), owners, ours, theirs)
    if has_cloze_lines(before) or has_cloze_lines(markdown):
        lines = (_owners_of_clozes(before, starts), _keys_of_clozes(markdown, theirs))
        kept = _without_cut_clozes(kept, *lines)
    regions: list[Region] = []
    shown = 0
    key = 0
    for segment, (first_key, last_key) in [*kept, (len(starts), (len(theirs.keys),) * 2)]:
        if segment > shown or first_key > key:
            regions.append(_region(shown, segment, theirs, key, first_key))
        shown, key = segment + 1, last_key
    return regions


def _region(first: int, last: int, lines: Lines, key: int, end: int) -> Region:
    numbers = lines.numbers
    begins = numbers[key - 1] + 1 if key else 0
    ends = numbers[end] if end < len(numbers) else len(lines.raw)
    raw = list(lines.raw[begins:ends])
    blank_before = blank_after = False
    line = begins + 1
    while raw and not raw[0].strip():
        del raw[0]
        blank_before, line = True, line + 1
    while raw and not raw[-1].strip():
        del raw[-1]
        blank_after = True
    return Region(
        first,
        last,
        "\n".join(raw),
        min(line, len(lines.raw)),
        (blank_before, blank_after),
        (key, end),
    )


def split_regions(segments: Sequence[Segment], regions: Sequence[Region]) -> list[Region]:
    """Split regions segment by segment where lines were only changed. ``segments``: those shown."""
    return [part for region in regions for part in _split(segments, region)]


def _split(segments: Sequence[Segment], region: Region) -> list[Region]:
    old = segments[region.first : region.last]
    counts = [len(Lines.of(segment.markdown).keys) for segment in old]
    lines = [line for line in region.text.split("\n") if line.strip()]
    if sum(counts) != len(lines) or any(mark in region.text for mark in _VERBATIM):
        return [region]
    parts: list[Region] = []
    at = 0
    for step, (segment, count) in enumerate(zip(old, counts)):
        text = "\n".join(lines[at : at + count])
        at += count
        if Lines.of(segment.markdown).keys != Lines.of(text).keys:
            first = region.first + step
            apart = (len(segment.gap) > 1, False)
            parts.append(replace(region, first=first, last=first + 1, text=text, apart=apart))
    return parts


def _kept_segments(
    count: int, owners: Sequence[int], ours: Lines, theirs: Lines
) -> list[tuple[int, tuple[int, int]]]:
    """The segments whose lines are all kept, and the range of their lines in the new text."""
    place: dict[int, int] = {}
    for a, b, size in matching_blocks(ours.keys, theirs.keys):
        place.update(zip(range(a, a + size), range(b, b + size)))
    ranges: dict[int, list[int]] = {}
    for index, owner in enumerate(owners):
        ranges.setdefault(owner, []).append(index)
    kept: list[tuple[int, tuple[int, int]]] = []
    for owner in range(count):
        lines = ranges.get(owner, [])
        first = place.get(lines[0]) if lines else None
        if first is None or any(place.get(i) != first + n for n, i in enumerate(lines)):
            continue
        kept.append((owner, (first, first + len(lines))))
    return _without_joined(kept, ours, theirs, ranges)


def _without_joined(
    kept: list[tuple[int, tuple[int, int]]],
    ours: Lines,
    theirs: Lines,
    ranges: dict[int, list[int]],
) -> list[tuple[int, tuple[int, int]]]:
    """Leave out segments directly beside new text, without a blank line: it may belong to them."""
    result: list[tuple[int, tuple[int, int]]] = []
    ends = {last: owner for owner, (_, last) in kept}
    begins = {first: owner for owner, (first, _) in kept}
    for owner, (first, last) in kept:
        new_before = first > 0 and ends.get(first) != owner - 1
        new_after = last < len(theirs.keys) and begins.get(last) != owner + 1
        joined = (new_before and _joins(theirs, first - 1, first)) or (
            new_after and _joins(theirs, last - 1, last)
        )
        if not joined:
            result.append((owner, (first, last)))
    return result


def _owners_of_clozes(markdown: str, starts: Sequence[int]) -> list[tuple[int, int]]:
    """The first segment of each cloze over several lines, and the one behind its last."""
    return [
        (bisect_right(starts, first) - 1, bisect_right(starts, last))
        for first, last in cloze_lines(markdown)
    ]


def _keys_of_clozes(markdown: str, lines: Lines) -> list[tuple[int, int]]:
    """The first canonical line of each cloze over several lines, and the one behind its last."""
    return [
        (bisect_left(lines.numbers, first), bisect_right(lines.numbers, last))
        for first, last in cloze_lines(markdown)
    ]


def _without_cut_clozes(
    kept: list[tuple[int, tuple[int, int]]],
    before: Sequence[tuple[int, int]],
    after: Sequence[tuple[int, int]],
) -> list[tuple[int, tuple[int, int]]]:
    """Leave out the segments of a cloze of which not all segments, or not all lines, are kept.

    One line of a cloze says nothing without the others: they are read together.
    """
    while True:
        owners = {owner for owner, _ in kept}
        keys = {key for _, (first, last) in kept for key in range(first, last)}
        gone = {
            owner
            for first, last in before
            if not owners.issuperset(range(first, last))
            for owner in range(first, last)
        }
        lost = {
            key
            for first, last in after
            if not keys.issuperset(range(first, last))
            for key in range(first, last)
        }
        whole = [
            (owner, (first, last))
            for owner, (first, last) in kept
            if owner not in gone and lost.isdisjoint(range(first, last))
        ]
        if len(whole) == len(kept):
            return kept
        kept = whole


def is_plain_line(line: str) -> bool:
    """Whether a line is text, and no part of a list, a table or another block."""
    return _PLAIN.match(line) is not None


def stand_apart(above: str, below: str) -> bool:
    """Whether one text would continue the other without a blank line between them."""
    if is_item(below) and is_item(above):
        return False
    return not is_plain_line(above.rpartition("\n")[2]) or not is_plain_line(below)


def _joins(lines: Lines, above: int, below: int) -> bool:
    """Whether two consecutive lines may be one block, other than lines of text."""
    one, other = lines.numbers[above], lines.numbers[below]
    top, bottom = lines.raw[one], lines.raw[other]
    if other > one + 1:
        goes_on = _GOES_ON.match(bottom) or _DEEPER.match(bottom)
        return bool(goes_on and _ITEM_ABOVE.match(top))
    if _GOES_ON.match(bottom):
        return True
    if _UNDERLINE.match(bottom):
        return True
    if _PLAIN.match(top):
        return False
    # The items of a list stand apart; a line that continues another block or an item joins it.
    return not is_item(bottom) or top[:1] in ">|<`~$"
