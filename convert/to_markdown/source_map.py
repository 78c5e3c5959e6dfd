"""Cuts a field's HTML into one slice for each piece of Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from ..html.tokens import CLOZE_CLOSE, CLOZE_OPEN, END, START, TEXT, VOID, Token
from ..segment import Segment

_CLOZE = "{{"


def cut_slices(
    html: str, tokens: Sequence[Token], pieces: Sequence[tuple[int, int, str, str]]
) -> tuple[Segment, ...]:
    """One segment for each piece, with the tags that belong only to it, and segments between.

    ``pieces`` are first token, token after the last, Markdown and gap, in order. Tags around
    exactly one piece, and the ``<br>`` that ends its line, go with it; tags around several pieces
    become segments without Markdown, so that slices stay balanced where the HTML is.
    """
    if not pieces:
        return (Segment(html, ""),) if html else ()
    if len(pieces) == 1:
        return (Segment(html, pieces[0][2]),)
    segments: list[Segment] = []
    position = 0
    floor = 0
    ceilings = [*(piece[0] for piece in pieces[1:]), len(tokens)]
    for (first, last, markdown, gap), ceiling in zip(pieces, ceilings):
        if first < floor:
            first = floor
        if last < floor:
            last = floor
        first, last = _widen(tokens, first, last, floor, max(ceiling, last))
        start = tokens[first].start if first < len(tokens) else len(html)
        end = tokens[last - 1].end if last > first else start
        if start < position:
            start, end = position, max(end, position)
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
    """Extend a piece by the tags that complete it, the pairs around it, the ``<br>`` after it."""
    opened, closed = _open_ends(tokens, first, last)
    broken = False
    while True:
        left = _skip(tokens, first - 1, floor - 1, -1)
        right = _skip(tokens, last, ceiling, 1)
        before = _border(tokens[left]) if left >= floor else None
        after = _border(tokens[right]) if right < ceiling else None
        if opened and after == (END, opened[-1]):
            opened.pop()
            last = right + 1
        elif opened and opened[-1] == _CLOZE and _cloze_end(tokens, last, ceiling) > last:
            opened.pop()
            last = _cloze_end(tokens, last, ceiling)
        elif closed and before == (START, closed[0]):
            closed.pop(0)
            first = left
        elif after == (START, "br") and not broken:
            broken = True
            last = right + 1
        elif before and after and before[0] == START and after == (END, before[1]):
            first, last = left, right + 1
        else:
            return first, last


def _cloze_end(tokens: Sequence[Token], first: int, ceiling: int) -> int:
    """The token after the end of the cloze whose hint begins at ``first``; ``first`` if none."""
    depth = 1
    for index in range(first, ceiling):
        if tokens[index].kind == CLOZE_OPEN:
            depth += 1
        elif tokens[index].kind == CLOZE_CLOSE:
            depth -= 1
            if not depth:
                return index + 1
    return first


def _border(token: Token) -> tuple[int, str]:
    """A tag or the border of a cloze, as the thing that it opens or closes."""
    if token.kind == CLOZE_OPEN:
        return START, _CLOZE
    if token.kind == CLOZE_CLOSE:
        return END, _CLOZE
    return token.kind, token.name


def _open_ends(tokens: Sequence[Token], first: int, last: int) -> tuple[list[str], list[str]]:
    """The elements that a piece leaves open, and those it closes that began before it."""
    opened: list[str] = []
    closed: list[str] = []
    for index in range(first, last):
        kind, name = _border(tokens[index])
        if kind == START and name not in VOID:
            opened.append(name)
        elif kind == END:
            if opened and opened[-1] == name:
                opened.pop()
            elif not opened:
                closed.append(name)
    return opened, closed


def _skip(tokens: Sequence[Token], index: int, stop: int, step: int) -> int:
    while index != stop and tokens[index].kind == TEXT:
        index += step
    return index
