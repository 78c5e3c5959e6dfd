"""Three-way merge of the order of a dynamic note's cards. Pure functions; a card is its id."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from typing import Optional


def keep(order: Iterable[str], wanted: Collection[str]) -> list[str]:
    """The wanted ids, in their order in ``order``."""
    return [id_ for id_ in order if id_ in wanted]


def find_moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The smallest set of cards to move so that ``before`` gets the order of ``after``."""
    places = {id_: place for place, id_ in enumerate(before)}
    shared = [id_ for id_ in after if id_ in places]
    ends: list[int] = []  # for each length, the lowest place that ends a rising run
    runs: list[list[str]] = []
    for id_ in shared:
        length = bisect_left(ends, places[id_])
        run = [*(runs[length - 1] if length else ()), id_]
        ends[length:] = [places[id_], *ends[length + 1 :]]
        runs[length:] = [run, *runs[length + 1 :]]
    return set(shared) - set(runs[-1] if runs else ())


def merge_orders(
    held: Sequence[str], ours: Sequence[str], theirs: Sequence[str]
) -> Optional[list[str]]:
    """Merge the moves of both sides into one order, or return nothing when they contradict.

    The order of two cards is taken from the side that changed it.
    """
    before, mine, other = (
        {id_: place for place, id_ in enumerate(order)} for order in (held, ours, theirs)
    )

    def comes_first(one: str, two: str) -> bool:
        was, is_mine = before[one] < before[two], mine[one] < mine[two]
        return is_mine if is_mine != was else other[one] < other[two]

    followers = {one: sum(comes_first(one, two) for two in held if two != one) for one in held}
    if len({*followers.values()}) < len(held):  # the cards contradict each other in a circle
        return None
    return sorted(held, key=lambda id_: -followers[id_])


def weave(order: Sequence[str], other: Sequence[str]) -> list[str]:
    """Add to ``order`` what only ``other`` has, each card below the one that it follows there."""
    woven = list(order)
    known = set(order)
    place = 0
    for id_ in other:
        if id_ in known:
            place = woven.index(id_) + 1
        else:
            woven.insert(place, id_)
            place += 1
    return woven
