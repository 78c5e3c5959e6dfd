"""Updates sources with an AnkiWeb sync. The servers are asked while AnkiWeb syncs.

What comes is written into Anki only after AnkiWeb has sent what other devices did: a note that was
edited on the phone must not lose that edit to an update. A second sync uploads what was written.
No server holds Anki up: what comes late is written while Anki is used, and what has not come within
the limit is dropped, and told.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Optional

from anki.collection import Collection
from aqt.main import AnkiQt

from ...sync.run.errors import AnkivaultError, Cancelled
from ..app.asking import Asking
from ..app.background import Outcome
from .source_kinds import Source, Surroundings, look_around
from .sources import SourceRuns, ask_servers, run_sources

if TYPE_CHECKING:
    from ...sync.run.progress import Progress

LIMIT = 10.0  # seconds from the beginning of the sync, for all sources together
_MOMENT = 2.0  # seconds after AnkiWeb's part, so that what comes is uploaded with the same press
_FIND = "find"


class TooLate(AnkivaultError):
    """A server did not answer in time."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"“{title}” did not answer within {LIMIT:.0f} s. It is asked again with the next sync."
        )


class AutomaticSources:
    """The sources that run by themselves, from asking their servers to the results."""

    def __init__(self, mw: AnkiQt) -> None:
        self._mw = mw
        self._asking: Optional[Asking] = None
        self._sources: list[Source] = []
        self.ended = SourceRuns()

    def begin(self) -> None:
        """Ask the servers in the background."""
        asking = self._asking = Asking()
        asking.add(_FIND, partial(self._find, look_around(self._mw), asking))

    def _find(self, around: Surroundings, asking: Asking) -> None:
        self._sources = around.find(automatic=True)
        ask_servers(asking, self._sources, automatic=True)

    @property
    def is_asking(self) -> bool:
        """Whether there are answers that were not used yet, or that are still to come."""
        return self._asking is not None

    def drop(self) -> None:
        """Want no answers any more."""
        if self._asking:
            self._asking.drop()
        self._asking = None

    def wait_briefly(self, then: Callable[[], None]) -> None:
        """Call ``then`` when all have answered, or after a moment: who is slow comes later."""
        if self._asking:
            self._asking.describe = lambda: "Asking the sources"
            until = min(LIMIT, self._asking.seconds + _MOMENT)
            self._asking.wait(self._mw, then, until=until)
        else:
            then()

    def wait_for_rest(self, then: Callable[[], None]) -> None:
        """Call ``then`` when all have answered, or when the limit is over. Anki can be used."""
        if self._asking:
            self._asking.wait(self._mw, then, until=LIMIT, shows=False)

    def run(self, col: Collection, progress: Progress) -> SourceRuns:
        """Plan and apply what has come. The results are in ``ended``, also after an error.

        After the limit, who has not answered is told.
        """
        self.ended = SourceRuns()
        asking = self._asking
        if asking is None:
            return self.ended
        is_over = asking.is_done or asking.is_dropped or asking.seconds >= LIMIT
        if is_over:
            self.drop()
        fetched, rest = [], []
        known = tuple(self._sources)
        for source in known:
            outcome = asking.outcomes.get(source.key)
            if outcome is None and not is_over:
                rest.append(source)
                continue
            late = TooLate(source.title) if asking.seconds >= LIMIT else Cancelled()
            fetched.append((source, outcome or Outcome(error=late)))
        if known:
            self._sources = rest
        return run_sources(col, fetched, progress, self._mw.create_backup_now, self.ended)
