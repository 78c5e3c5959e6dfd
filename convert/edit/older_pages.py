"""Reads clozes over several lines as older versions wrote them, without a mark in each line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from ..html.colours import COLOUR_ELEMENT
from ..segment import Segment
from ..to_markdown.converted_field import ConvertedField
from .cloze_lines import has_cloze_lines
from .regions import Region, find_regions, stand_apart

_Piece = tuple[str, str, int]  # the gap before it, its Markdown, its line on the page; 0: not known


def as_page_shows(field: ConvertedField, markdown: str) -> ConvertedField:
    """The field with the choice about colours that its page was written with.

    Where none of a field's colours is on the page, it is not an edit that takes them away.
    """
    has_colours = COLOUR_ELEMENT.search(markdown) is not None
    if has_colours == field.style.colours:
        return field
    other = field.recoloured
    return field if other.segments == field.segments else other


def respell_older(field: ConvertedField, markdown: str) -> tuple[str, list[int]]:
    """A page's text with the clozes that an older version wrote spelled as today.

    The second result is the line of ``markdown``, from 1, for each line of the first. Pieces that
    were edited stay as they are.
    """
    other = None
    if ("{{c" in markdown or "<br>" in markdown) and not has_cloze_lines(markdown):
        other = field.older if has_cloze_lines(field.markdown) else None
    if other is not None and other.segments != field.segments:
        return _join(_respell(other.segments, field.segments, markdown))
    return markdown, list(range(1, markdown.count("\n") + 2))


def _respell(older: Sequence[Segment], today: Sequence[Segment], markdown: str) -> Iterator[_Piece]:
    pieces = [segment for segment in older if segment.markdown]
    found = [each for one in find_regions(older, markdown) for each in _by_line(pieces, one)]
    regions = {region.first: region for region in found}
    edited = {index for region in regions.values() for index in range(region.first, region.last)}
    shown = 0
    for before, now in _same_html(older, today):
        old = [segment for segment in before if segment.markdown]
        places = range(shown, shown + len(old))
        kept = edited.isdisjoint(places) and not any(p in regions for p in places[1:])
        for index, segment in zip(places, old):
            region = regions.get(index)
            if region is not None:
                yield "\n\n" if region.apart[0] else "\n", region.text, region.line
            if not kept and index not in edited:
                yield segment.gap or "\n", segment.markdown, 0
        if kept:
            for segment in now:
                yield segment.gap or "\n", segment.markdown, 0
        shown += len(old)
    if shown in regions:
        last = regions[shown]
        yield "\n\n" if last.apart[0] else "\n", last.text, last.line


def _by_line(pieces: Sequence[Segment], region: Region) -> Iterator[Region]:
    """A region line by line, without its unedited lines, where each line was a piece."""
    old = pieces[region.first : region.last]
    lines = [(at, line) for at, line in enumerate(region.text.split("\n")) if line.strip()]
    if len(old) != len(lines) or any("\n" in piece.markdown for piece in old):
        yield region
        return
    for place, (piece, (at, line)) in enumerate(zip(old, lines), region.first):
        if line != piece.markdown:
            apart = (len(piece.gap) > 1, False)
            yield replace(
                region, first=place, last=place + 1, text=line, line=region.line + at, apart=apart
            )


def _same_html(
    older: Sequence[Segment], today: Sequence[Segment]
) -> Iterator[tuple[Sequence[Segment], Sequence[Segment]]]:
    """The smallest groups of segments of both that are made from the same HTML."""
    ends = [list(accumulate(len(s.html) for s in segments)) for segments in (older, today)]
    one = other = 0
    for end in sorted(set(ends[0]) & set(ends[1])):
        first, second = ends[0].index(end, one) + 1, ends[1].index(end, other) + 1
        yield older[one:first], today[other:second]
        one, other = first, second


def _join(pieces: Iterator[_Piece]) -> tuple[str, list[int]]:
    text = ""
    lines = [1]
    for gap, markdown, line in pieces:
        if not markdown:
            continue
        if text:
            gap = "\n\n" if stand_apart(text, markdown) else gap
            text += gap
            lines += [lines[-1]] * (gap.count("\n") - 1)
            lines.append(line or lines[-1] + 1)
        else:
            lines = [line or 1]
        text += markdown
        first = lines[-1]
        lines += [first + number for number in range(1, markdown.count("\n") + 1)]
    return text, lines
