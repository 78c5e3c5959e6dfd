"""How an AnkiWeb sync ended. Anki's own callbacks come alike after success, failure and cancel."""

from __future__ import annotations

from typing import Any, Optional

from anki.collection import Collection
from anki.sync import SyncOutput


class SyncWatch:
    """Watches one sync, from ``begin`` to ``end``.

    ``succeeded``: what other devices did is here. ``was_full``: a full sync was due instead, and
    nobody says here whether it was done.
    """

    def __init__(self) -> None:
        self.succeeded = False
        self.was_full = False
        self._col: Optional[Collection] = None

    def begin(self, col: Collection) -> None:
        """Listen to the collection's next sync."""
        sync = col.sync_collection

        def sync_collection(*args: Any, **how: Any) -> SyncOutput:
            output = sync(*args, **how)
            self.was_full = output.required != output.NO_CHANGES
            self.succeeded = True
            return output

        self._col = col
        col.sync_collection = sync_collection  # type: ignore[method-assign]

    def end(self) -> None:
        """Stop listening."""
        if self._col is not None:
            del self._col.sync_collection
        self._col = None
