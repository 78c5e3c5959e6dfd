"""The watch of the vault folder, for as long as one profile is open with one choice of settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from aqt.main import AnkiQt

from ..app.background import Outcome
from ..app.messages import explain
from ..runs import vault as sync_now

if TYPE_CHECKING:
    from ...sync.vault.live.change import FolderChange
    from ...sync.vault.live.watch import FolderWatch


class WatchedFolder:
    """Watches one folder. ``note`` is called with what changed, on the main thread.

    ``is_lost``: the folder went away, and can be watched again when it is there.
    """

    def __init__(self, mw: AnkiQt, folder: Path, note: Callable[[FolderChange], None]) -> None:
        self._mw = mw
        self._folder = folder
        self._note = note
        self._watch: Optional[FolderWatch] = None
        self._is_starting = self._is_over = self.is_lost = False

    @property
    def is_starting(self) -> bool:
        """Whether it is not known yet if the folder can be watched."""
        return self._is_starting

    @property
    def tells_all(self) -> bool:
        """Whether every change is told from now on."""
        return self._watch is not None and not self._is_starting

    def start(self, ready: Callable[[], None]) -> None:
        """Watch from now on, and call ``ready``: what changed before is not told."""
        from ...sync.vault.live.watch import FolderWatch
        from .work import run_beside

        self._stop()
        self.is_lost, self._is_starting = False, True
        watch = self._watch = FolderWatch(self._folder, self._tell)

        def started(outcome: Outcome[Optional[str]]) -> None:
            if self._is_over:
                return
            self._is_starting = False
            if outcome.error is not None:
                self._lose(explain(self._mw, outcome.error))
            elif outcome.value:
                self._lose(outcome.value)
            else:
                ready()

        run_beside(self._mw, lambda _: watch.start(), started)

    def end(self) -> None:
        """Watch no more, and tell nothing more."""
        self._is_over = True
        self._stop()

    def _stop(self) -> None:
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.stop()

    def _tell(self, change: FolderChange) -> None:
        self._mw.taskman.run_on_main(lambda: self._take(change))

    def _take(self, change: FolderChange) -> None:
        if self._is_over:
            return
        if change.ended:
            self._lose(change.ended)
            self.is_lost = True
        self._note(change)

    def _lose(self, reason: str) -> None:
        from ...sync.run.report import Message

        self._watch = None
        looks = "Ankivault looks at the folder whenever you come to Anki's window."
        sync_now.add_notice(Message("info", f"{reason} {looks}"))
