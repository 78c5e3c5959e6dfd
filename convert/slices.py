"""Cuts a field's HTML between its pieces of Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from .segment import Segment
from .tokenize import END, START, TEXT, Token


def cut_slices(
    html: str, tokens: Sequence[Token], pieces: Sequence[tuple[int, int, str, str]]
) -> tuple[Segment, ...]:
    """One segment for each piece, with the tags that belong to it alone, and segments between.

    ``pieces`` are first token, token after the last, Markdown and gap, in order. Tags that wrap
    exactly one piece, and the ``<br>`` that ends its line, go with it; tags that hold several
    pieces become segments without Markdown, so that slices stay balanced where the HTML is.
    """
    if not pieces:
        return (Segment(html, ""),) if html else ()
    if len(pieces) == 1:
        return (Segment(html, pieces[0][2]),)
    segments: list[Segment] = []
    position = 0
    floor = 0
    for index, (first, last, markdown, gap) in enumerate(pieces):
        first, last = max(first, floor), max(last, floor)
        ceiling = pieces[index + 1][0] if index + 1 < len(pieces) else len(tokens)
        first, last = _widen(tokens, first, last, floor, max(ceiling, last))
        start = tokens[first].start if first < len(tokens) else len(html)
        end = tokens[last - 1].end if last > first else start
        start, end = max(start, position), max(end, position)
        if start > position:
            segments.append(Segment(html[position:start], ""))
        segments.append(Segment(html[start:end], markdown, gap))
        position, floor = end, last
    if position < len(html):
        segments.append(Segment(html[position:], ""))
    return tuple(segments)


def _widen(
    tokens: Sequence[Token], first: int, last: int, floor: int, ceiling: int
) -> tuple[int, int]:
    """Take in the pairs of tags around a piece, and the ``<br>`` after it."""
    while True:
        left = _skip(tokens, first - 1, floor - 1, -1)
        right = _skip(tokens, last, ceiling, 1)
        closes = right < ceiling and tokens[right].kind == END
        opens = left >= floor and tokens[left].kind == START
        if closes and opens and tokens[left].name == tokens[right].name:
            first, last = left, right + 1
        elif right < ceiling and tokens[right].kind == START and tokens[right].name == "br":
            return first, right + 1
        else:
            return first, last


def _skip(tokens: Sequence[Token], index: int, stop: int, step: int) -> int:
    while index != stop and tokens[index].kind == TEXT:
        index += step
    return index
