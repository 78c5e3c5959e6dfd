"""Finds out how an AnkiWeb sync ended: Anki calls the same callback after success and failure."""

from __future__ import annotations

from typing import Any, Optional

from anki.collection import Collection
from anki.sync import SyncOutput

_NAME = "sync_collection"


class SyncWatch:
    """Watches one sync, from ``begin`` to ``end``.

    ``succeeded``: AnkiWeb was reached; the edits of other devices are here unless ``was_full``.
    ``was_full``: a full sync was due instead, and it is unknown whether it was done.
    """

    def __init__(self) -> None:
        self.succeeded = False
        self.was_full = False
        self.has_ended = False
        self._col: Optional[Collection] = None

    def begin(self, col: Collection) -> None:
        """Start watching the syncs of this collection."""
        self._col = col
        setattr(col, _NAME, _Watched(self, col))

    def end(self) -> None:
        """Stop watching. What another sync, or another add-on, has put there stays."""
        col, self._col, self.has_ended = self._col, None, True
        if col is None:
            return
        there = vars(col).get(_NAME)
        while isinstance(there, _Watched) and there.watch.has_ended:
            there = there.before
        if there is not None:
            setattr(col, _NAME, there)
        elif _NAME in vars(col):
            delattr(col, _NAME)


class _Watched:
    """Syncs a collection for Anki, and tells a watch how that went. ``before``: what was there."""

    def __init__(self, watch: SyncWatch, col: Collection) -> None:
        self.watch = watch
        self.before: Any = vars(col).get(_NAME)
        self._sync = col.sync_collection

    def __call__(self, *args: Any, **how: Any) -> SyncOutput:
        output = self._sync(*args, **how)
        self.watch.was_full = output.required != output.NO_CHANGES
        self.watch.succeeded = True
        return output
