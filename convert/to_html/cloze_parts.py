"""Joins the parts of a cloze over several lines, while a field is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from ..html.tokens import VOID

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)[^<>]*>")
_ITEM_TAG = re.compile(r"\s*<(/?)(ul|ol|li)\b[^<>]*>\s*")
_CLOZE_BORDER = re.compile(r"\{\{c\d|\}\}")


class Border(NamedTuple):
    """The start or the end of a part of a cloze. ``goes_on``: the part does not end it."""

    numbers: str
    starts: bool
    goes_on: bool


def join_parts(parts: list[str], borders: Mapping[int, Border]) -> None:
    """Make one cloze of each part that goes on and the part behind it.

    A part that goes on with nothing, or with another number, stays a cloze of its own: such a text
    is refused.
    """
    places = sorted(borders)
    start = -1  # where the cloze of several parts begins
    for place, after in zip(places, [*places[1:], -1]):
        border = borders[place]
        if border.starts:
            start = place if start < 0 else start
            continue
        follower = borders.get(after)
        joins = (
            border.goes_on
            and follower is not None
            and follower.starts
            and follower.numbers == border.numbers
            and not any(_CLOZE_BORDER.search(part) for part in parts[place + 1 : after])
        )
        if joins:
            parts[place] = parts[after] = ""
        else:
            if start >= 0:
                _hold_whole(parts, start, place)
            start = -1


def _hold_whole(parts: list[str], start: int, end: int) -> None:
    """Move the borders of a cloze around the lists that it fills, so that it holds them whole.

    A browser ends the highlight of a cloze with the item in which it begins.
    """
    ends, starts = _unbalanced("".join(parts[start + 1 : end]))
    first, last = start, end
    while True:
        before, after = _beside(parts, first, -1), _beside(parts, last, 1)
        opens, closes = (
            _ITEM_TAG.fullmatch(parts[at]) if at >= 0 else None for at in (before, after)
        )
        if not opens or not closes or opens[1] or not closes[1] or opens[2] != closes[2]:
            break
        if ends:
            if ends.pop(0) != opens[2] or not starts or starts.pop() != opens[2]:
                break
        elif starts or opens[2] == "li":
            break
        first, last = before, after
    if first < start and not ends and not starts:
        parts[first : start + 1] = [parts[start], *parts[first:start]]
        parts[end : last + 1] = [*parts[end + 1 : last + 1], parts[end]]


def _beside(parts: list[str], index: int, step: int) -> int:
    """The next part that is not empty; -1: there is none."""
    index += step
    while 0 <= index < len(parts) and not parts[index].strip():
        index += step
    return index if index < len(parts) else -1


def _unbalanced(html: str) -> tuple[list[str], list[str]]:
    """The elements that a piece of HTML ends but does not start, and those that it only starts."""
    ends: list[str] = []
    starts: list[str] = []
    for found in _TAG.finditer(html):
        name = found[2].lower()
        if name in VOID:
            continue
        if not found[1]:
            starts.append(name)
        elif starts and starts[-1] == name:
            starts.pop()
        else:
            ends.append(name)
    return ends, starts
