"""Which notes and pages a run looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Scope:
    """The notes and the pages that a run looks at. None: all of them.

    A run must look at everything after Anki has started, and after a change of a setting, a deck
    or a note type.
    """

    note_ids: Optional[frozenset[int]] = frozenset()
    paths: Optional[frozenset[str]] = frozenset()  # relative to the vault folder

    @property
    def is_everything(self) -> bool:
        """Whether a run looks at all notes and all pages."""
        return self.note_ids is None or self.paths is None

    @property
    def is_empty(self) -> bool:
        """Whether a run has nothing to look at."""
        return not self.is_everything and not self.note_ids and not self.paths

    def holds(self, note_id: Optional[int], path: Optional[str]) -> bool:
        """Whether a run looks at this note, or at this page."""
        if self.note_ids is None or self.paths is None:
            return True
        return note_id in self.note_ids or path in self.paths

    def joined(self, other: Scope) -> Scope:
        """What both look at, together."""
        if self.note_ids is None or self.paths is None:
            return self
        if other.note_ids is None or other.paths is None:
            return other
        return Scope(self.note_ids | other.note_ids, self.paths | other.paths)


EVERYTHING = Scope(None, None)


class NeedsEverything(Exception):
    """What a run found cannot be settled without looking at everything; nothing was written."""
