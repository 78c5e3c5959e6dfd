"""Finds out how an AnkiWeb sync ended: Anki calls the same callback after success and failure."""

from __future__ import annotations

from typing import Any, Optional

from anki.collection import Collection
from anki.sync import SyncOutput


class SyncWatch:
    """Watches one sync, from ``begin`` to ``end``.

    ``succeeded``: AnkiWeb was reached; the edits of other devices are here unless ``was_full``.
    ``was_full``: a full sync was due instead, and it is unknown whether it was done.
    """

    def __init__(self) -> None:
        self.succeeded = False
        self.was_full = False
        self._col: Optional[Collection] = None

    def begin(self, col: Collection) -> None:
        """Start watching the syncs of this collection."""
        sync = col.sync_collection

        def sync_collection(*args: Any, **how: Any) -> SyncOutput:
            output = sync(*args, **how)
            self.was_full = output.required != output.NO_CHANGES
            self.succeeded = True
            return output

        self._col = col
        col.sync_collection = sync_collection  # type: ignore[method-assign]

    def end(self) -> None:
        """Stop watching."""
        if self._col is not None:
            del self._col.sync_collection
        self._col = None
