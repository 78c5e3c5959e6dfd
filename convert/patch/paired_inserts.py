"""Places the two halves of an insertion around something, so that elements stay nested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..html.elements import INLINE
from ..html.tokens import VOID
from .atoms import TAG, THING, Atom

_FARTHEST = 12  # the most places to try on either side


@dataclass(frozen=True)
class Insert:
    """``text`` to insert at ``at``, or at another of the equivalent, ascending ``places``.

    ``opens``: how many more things it opens than it closes.
    """

    at: int
    text: str
    places: tuple[int, ...]
    opens: int


def count_opened(atoms: Sequence[Atom]) -> int:
    """How many more elements and clozes these atoms open than they close."""
    count = 0
    for atom in atoms:
        if atom.kind == TAG and _is_element(atom):
            count += -1 if atom.name[:1] == "/" else 1
        elif atom.kind == THING:
            count += (atom.name == "{{") - (atom.name == "}}")
    return count


def nest_inserts(inserts: Sequence[Insert], there: Sequence[Atom]) -> list[tuple[int, str]]:
    """Each text to insert, and its place: two halves as close around their content as possible.

    When the halves would cut an element that only formats, this element is closed before them and
    opened again after them.
    """
    placed = [(insert.at, insert.text) for insert in inserts]
    opened: list[int] = []
    for index, insert in enumerate(inserts):
        if insert.opens > 0:
            opened.append(index)
        elif insert.opens < 0 and opened:
            first = opened.pop()
            pair = _place_pair(inserts[first], insert, there)
            if pair is not None:
                placed[first], placed[index] = pair
    return placed


def _place_pair(
    first: Insert, last: Insert, there: Sequence[Atom]
) -> tuple[tuple[int, str], tuple[int, str]] | None:
    for start in first.places[::-1][:_FARTHEST]:
        for end in last.places[:_FARTHEST]:
            if start <= end and not any(_find_cut(there, start, end)):
                return (start, first.text), (end, last.text)
    if not first.places or not last.places:
        return None
    start, end = first.places[-1], last.places[0]
    closed, left_open = _find_cut(there, start, end)
    around = _find_cut(there, 0, start).left_open
    outer = around[len(around) - len(closed) :]
    if len(outer) < len(closed) or not all(_formats(tag) for tag in (*outer, *left_open)):
        return None
    return (start, _reopen(first.text, outer)), (end, _reopen(last.text, left_open))


class _Cut(NamedTuple):
    closed: list[Atom]
    left_open: list[Atom]


def _find_cut(there: Sequence[Atom], start: int, end: int) -> _Cut:
    """The end tags between two places of elements that began before, and the open start tags."""
    closed: list[Atom] = []
    opened: list[Atom] = []
    for atom in there:
        if atom.start < start or atom.end > end or atom.kind != TAG or not _is_element(atom):
            continue
        if atom.name[:1] != "/":
            opened.append(atom)
        elif opened:
            opened.pop()
        else:
            closed.append(atom)
    return _Cut(closed, opened)


def _reopen(text: str, tags: Sequence[Atom]) -> str:
    closing = "".join(f"</{element_name(tag.source)}>" for tag in reversed(tags))
    return closing + text + "".join(tag.source for tag in tags)


def _formats(tag: Atom) -> bool:
    return element_name(tag.source) in INLINE


def element_name(tag: str) -> str:
    """The element that a tag begins or ends."""
    name = tag.lstrip("</")
    for end, char in enumerate(name):
        if not (char.isalnum() or char in "-:"):
            return name[:end].lower()
    return name.lower()


def _is_element(atom: Atom) -> bool:
    return atom.name.lstrip("/") not in VOID and atom.name != "!"
