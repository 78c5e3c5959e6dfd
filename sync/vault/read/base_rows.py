"""The rows of the base that a plan needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..base import Base
from ..rows import Held, IndexRow, MediaRow, PageRow, Stranger
from .on_demand import OnDemand


@dataclass(frozen=True)
class BaseRows:
    """What both sides held when they last agreed.

    For a run that looks at everything, tables are read whole; for another one, row by row. What is
    kept of the notes themselves is always read in batches when it is asked for: it is as large as
    the collection, and only that of pages which are looked at is needed. Until then the base has
    to be open.
    """

    pages: Mapping[int, PageRow]
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

    def recall(self, key: str) -> str:
        """The text that the base keeps under ``key``, empty when there is none."""
        return self.meta.get(key, "")


def read_rows(base: Base, *, whole: bool = True) -> BaseRows:
    """Read all tables but that of notes, or make them readable row by row."""
    pages: Mapping[int, PageRow] = OnDemand(base.page, base.pages)
    media: Mapping[str, MediaRow] = OnDemand(base.media_named, base.media)
    strangers: Mapping[str, Stranger] = OnDemand(base.stranger_at, base.strangers)
    return BaseRows(
        pages=base.pages() if whole else pages,
        indexes=base.indexes(),
        media=base.media() if whole else media,
        folders=base.folders(),
        strangers=base.strangers() if whole else strangers,
        meta=base.texts(),
        replaces_old=base.replaces_old,
        base=base,
    )
