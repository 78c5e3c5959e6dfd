"""The rows of the base that a plan needs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from ...collection.reads import LEAST_ID, MOST_ID
from ..base import Base
from ..rows import Held, IndexRow, MediaRow, PageRow, Stranger, Stretch
from .on_demand import OnDemand


@dataclass(frozen=True)
class BaseRows:
    """What both sides held when they last agreed.

    For a run that looks at everything, tables are read whole, but for the rows of pages in
    ``stretches``; for another one, row by row. What is kept of the notes themselves is always read
    in batches when it is asked for: it is as large as the collection, and only that of pages which
    are looked at is needed. Until then the base has to be open.
    """

    pages: OnDemand[int, PageRow]
    stretches: Sequence[Stretch]  # none for a run that does not look at everything
    indexes: Mapping[str, IndexRow]
    media: Mapping[str, MediaRow]  # by name in Anki
    folders: Mapping[str, str]  # by the full name of the deck
    strangers: Mapping[str, Stranger]
    meta: Mapping[str, str]
    replaces_old: bool  # it is an empty one, for what was kept is of an older version of ours
    base: Base = field(repr=False)

    def held(self, note_ids: Sequence[int]) -> dict[int, Held]:
        """What is kept of these notes, each of which has a page."""
        return self.base.held(note_ids, known=True)

    @cached_property
    def gaps(self) -> Sequence[tuple[int, int]]:
        """The ends of the ids that are in no stretch, in their order."""
        return find_gaps([(stretch.first, stretch.last) for stretch in self.stretches])

    def read_between(self, first: int, last: int) -> Mapping[int, PageRow]:
        """The pages of the notes with ids from ``first`` to ``last``, by note id."""
        if self.pages.is_loaded:
            ids = self._ids[bisect_left(self._ids, first) : bisect_right(self._ids, last)]
            return {note_id: self.pages[note_id] for note_id in ids}
        rows = self.base.pages_between(first, last)
        self.pages.keep(rows)
        return rows

    @cached_property
    def _ids(self) -> Sequence[int]:
        return [*self.pages]

    def iterate_paths(self) -> Iterator[str]:
        """The paths of all pages."""
        beside = (row.path for rows in self._beside for row in rows.values())
        return chain(chain.from_iterable(each.paths for each in self.stretches), beside)

    def iterate_media(self) -> Iterator[str]:
        """The media of all pages that have some, each as in its row."""
        for stretch in self.stretches:
            yield from (names for _, names in stretch.media)
        for rows in self._beside:
            yield from (row.media for row in rows.values() if row.media)

    @cached_property
    def _beside(self) -> Sequence[Mapping[int, PageRow]]:
        """The pages of notes in no stretch."""
        if not self.stretches:
            return [self.pages]
        return [self.read_between(*ends) for ends in self.gaps]

    def recall(self, key: str) -> str:
        """The text that the base keeps under ``key``, empty when there is none."""
        return self.meta.get(key, "")


def find_gaps(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ends of the ids that are in none of these spans of ids, which are in their order."""
    starts = [LEAST_ID, *(last + 1 for _, last in spans)]
    ends = [*(first - 1 for first, _ in spans), MOST_ID]
    return [(first, last) for first, last in zip(starts, ends) if first <= last]


def read_rows(base: Base, *, whole: bool = True, in_memory: bool = False) -> BaseRows:
    """Read all tables but that of notes, or make them readable row by row.

    ``in_memory``: the rows of all pages are read, so that they can be used when the base is closed.
    """
    pages = OnDemand(base.page, base.pages)
    stretches = base.stretches() if whole else []
    if whole and (in_memory or not stretches):
        pages.load()
    media: Mapping[str, MediaRow] = OnDemand(base.media_named, base.media)
    strangers: Mapping[str, Stranger] = OnDemand(base.stranger_at, base.strangers)
    return BaseRows(
        pages=pages,
        stretches=stretches,
        indexes=base.indexes(),
        media=base.media() if whole else media,
        folders=base.folders(),
        strangers=base.strangers() if whole else strangers,
        meta=base.texts(),
        replaces_old=base.replaces_old,
        base=base,
    )
