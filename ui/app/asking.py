"""Asks servers in threads of their own, so that neither Anki's window nor the collection waits.

The threads are daemons: Anki closes without waiting for a server that does not answer. What they
bring is looked for by a timer of the main thread, so they never touch the window.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, Optional

from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.qt import QTimer, QWidget, qconnect

from .background import Outcome
from .engine import load_sources
from .progress_window import begin_progress, end_progress

_LOOK_EVERY = 50  # milliseconds
_AT_ONCE = 6  # servers that are asked at the same time
Work = Callable[[], Any]


class Asking:
    """Some questions to servers, each with a key, and the outcomes that have come so far."""

    def __init__(self) -> None:
        self.outcomes: dict[Hashable, Outcome[Any]] = {}
        self.describe: Callable[[], str] = lambda: "Ankivault"  # what is asked, for its window
        self.is_dropped = False
        self._asked: set[Hashable] = set()
        self._lock = threading.Lock()
        self._turns = threading.Semaphore(_AT_ONCE)
        self._since = time.monotonic()

    def add(self, key: Hashable, work: Work) -> None:
        """Do ``work`` in a thread of its own. It may add others before it ends."""
        with self._lock:
            self._asked.add(key)
        threading.Thread(target=self._work, args=(key, work), daemon=True).start()

    def _work(self, key: Hashable, work: Work) -> None:
        with self._turns:
            try:
                load_sources()
                outcome = Outcome(value=work())
            except BaseException as error:  # it would only end this thread
                outcome = Outcome(error=error)
        with self._lock:
            self.outcomes[key] = outcome

    @property
    def is_done(self) -> bool:
        """Whether every outcome has come."""
        with self._lock:
            return self._asked <= self.outcomes.keys()

    def drop(self) -> None:
        """Want no more outcomes. A thread that asks ``is_dropped`` may stop."""
        self.is_dropped = True

    def wait(
        self,
        mw: AnkiQt,
        then: Callable[[], None],
        *,
        until: Optional[float] = None,
        shows: bool = True,
        parent: Optional[QWidget] = None,
    ) -> None:
        """Call ``then`` on the main thread when all has come, or ``until`` s after the beginning.

        Esc in the progress window, which ``shows`` turns off, drops what has not come. ``then`` is
        not called if the profile was closed meanwhile.
        """
        if self.is_done:
            then()
            return
        waiting = _Waiting(self, mw, then, until, shows, parent)
        _all_waiting.add(waiting)  # Qt's timer does not keep it alive

    @property
    def seconds(self) -> float:
        """The seconds since the beginning."""
        return time.monotonic() - self._since


class _Waiting:
    """Looks for outcomes from a timer, until all have come or the time is over."""

    def __init__(
        self,
        asking: Asking,
        mw: AnkiQt,
        then: Callable[[], None],
        until: Optional[float],
        shows: bool,
        parent: Optional[QWidget],
    ) -> None:
        self._asking, self._mw, self._then, self._until = asking, mw, then, until
        self._shows = shows
        if shows:
            begin_progress(mw, parent or mw)
        self._timer = QTimer(mw)
        qconnect(self._timer.timeout, self._look)
        self._timer.start(_LOOK_EVERY)

    def _look(self) -> None:
        asking, mw = self._asking, self._mw
        if not asking.is_done:
            if self._shows and mw.progress.want_cancel():
                asking.drop()
            is_late = self._until is not None and asking.seconds >= self._until
            if not (is_late or asking.is_dropped):
                self._show()
                return
        self._end()

    def _show(self) -> None:
        if self._shows:  # each time: Anki forgets it until its window is on the screen
            self._mw.progress.update(label=f"{self._asking.describe()}…\nPress Esc to cancel")

    def _end(self) -> None:
        self.stop()
        self._then()

    def stop(self) -> None:
        """Wait no longer, and call nothing."""
        _all_waiting.discard(self)
        self._timer.stop()
        self._timer.deleteLater()
        if self._shows:
            end_progress(self._mw)

    def close(self) -> None:
        """Drop what has not come: the profile closes. Anki would wait for our progress window."""
        self._asking.drop()
        self.stop()


_all_waiting: set[_Waiting] = set()


def _close_all() -> None:
    for waiting in tuple(_all_waiting):
        waiting.close()


gui_hooks.profile_will_close.append(_close_all)
