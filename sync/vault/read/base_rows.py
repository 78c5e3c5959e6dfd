"""The base as a plan needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..base import Base, Held, IndexRow, MediaRow, PageRow, Stranger


@dataclass(frozen=True)
class BaseRows:
    """What both sides held when they last agreed: whole tables, read at once.

    Only what is kept of the notes themselves is read when it is asked for, in batches: it is as
    large as the collection, and only that of pages which are looked at is needed. Until then the
    base has to be open.
    """

    pages: Mapping[int, PageRow]
    indexes: Mapping[str, IndexRow]
    media: Mapping[str, MediaRow]  # by name in Anki
    folders: Mapping[str, str]  # by the full name of the deck
    strangers: Mapping[str, Stranger]
    meta: Mapping[str, str]
    replaces_old: bool  # it is an empty one, for what was kept is of an older version of ours
    _base: Base = field(repr=False)

    def held(self, note_ids: Sequence[int]) -> dict[int, Held]:
        """What is kept of these notes, each of which has a page."""
        return self._base.held(note_ids, known=True)

    def recall(self, key: str) -> str:
        """A remembered text, empty when there is none."""
        return self.meta.get(key, "")


def read_rows(base: Base) -> BaseRows:
    """Read all tables but that of notes."""
    return BaseRows(
        pages=base.pages(),
        indexes=base.indexes(),
        media=base.media(),
        folders=base.folders(),
        strangers=base.strangers(),
        meta=base.texts(),
        replaces_old=base.replaces_old,
        _base=base,
    )
