"""The rows of the base that a plan needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..base import Base, Held, IndexRow, MediaRow, PageRow, Stranger


@dataclass(frozen=True)
class BaseRows:
    """What both sides held when they last agreed.

    All tables are read at once, except the fields of notes: they are as large as the collection,
    and only few of them are needed. ``held`` reads them in batches, so the base must still be open.
    """

    pages: Mapping[int, PageRow]
    indexes: Mapping[str, IndexRow]
    media: Mapping[str, MediaRow]  # by name in Anki
    folders: Mapping[str, str]  # by the full name of the deck
    strangers: Mapping[str, Stranger]
    meta: Mapping[str, str]
    replaces_old: bool  # the base is new and empty, because the one before was of an old version
    _base: Base = field(repr=False)

    def held(self, note_ids: Sequence[int]) -> dict[int, Held]:
        """What the base keeps of these notes. Each of them must have a page in the base."""
        return self._base.held(note_ids, known=True)

    def recall(self, key: str) -> str:
        """The text that the base keeps under ``key``, empty when there is none."""
        return self.meta.get(key, "")


def read_rows(base: Base) -> BaseRows:
    """Read all tables except the one of notes."""
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
