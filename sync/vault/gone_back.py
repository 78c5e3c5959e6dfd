"""Keeps the words of pages where Anki has gone back to an earlier state, as from a backup.

Then the vault holds the only copy of what was written in Anki since. Pages follow Anki all the
same, but those that are replaced or removed go to the trash.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Optional

from ..collection.reads import NoteRow
from .changes import PageChange, Why
from .read.snapshot import VaultSnapshot

NEWEST = "newest"  # in the base: the note that was changed last, and its date


@dataclass(frozen=True)
class GoneBack:
    """Tells whether Anki is older than it was at the last full run. Undo is no such thing."""

    snapshot: VaultSnapshot

    def keep_words(self, change: Optional[PageChange], row: NoteRow) -> Optional[PageChange]:
        """The change of a note's page; the page is kept in the trash where the note went back."""
        updates = change is not None and change.kind in ("update", "move")
        if change is None or not updates or Why.FIELDS not in change.why:
            return change
        if row.mod >= self._newest_before:
            return change
        return replace(change, kind="rewrite", why=(Why.WENT_BACK,), trash=True)

    def keep_page(self, change: Optional[PageChange]) -> Optional[PageChange]:
        """The change of a page without a note; it goes to the trash where nobody deleted that."""
        if change is None or change.kind != "delete" or Why.NOTE_GONE not in change.why:
            return change
        anki = self.snapshot.anki
        if anki.was_deleted(change.note_id) or self._undone:
            return change
        return replace(change, why=(Why.NOTE_LOST,), trash=True)

    def learn(self) -> dict[str, str]:
        """For the base: the note that is the newest now."""
        if self.snapshot.is_scoped:
            return {}
        newest = " ".join(map(str, self.snapshot.anki.read_newest()))
        return {NEWEST: newest} if newest != self.snapshot.base.recall(NEWEST) else {}

    @cached_property
    def _undone(self) -> bool:
        return self.snapshot.anki.can_redo()

    @cached_property
    def _newest_before(self) -> int:
        """When the newest note of the last full run was changed; 0 where it still is there so."""
        known = self.snapshot.base.recall(NEWEST).split()
        if len(known) != 2:
            return 0
        note_id, mod = map(int, known)
        anki = self.snapshot.anki
        now = anki.find_note(note_id)
        same = now.mod >= mod if now else anki.was_deleted(note_id)
        return 0 if same or self._undone else mod
