"""Work on the collection while the window stays alive: progress, cancel, and what came of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Optional, TypeVar

from anki.collection import Collection, OpChanges
from aqt.main import AnkiQt
from aqt.operations import QueryOp, on_op_finished
from aqt.qt import QWidget
from PyQt6 import sip

from ...sync.run.errors import Cancelled
from .engine import load

if TYPE_CHECKING:
    from ...sync.run.progress import Progress

T = TypeVar("T")
_BETWEEN_UPDATES = 0.1  # seconds
# How long a busy thread may keep others waiting. Python's own 5 ms is too long for a window, whose
# event loop needs many turns to paint once; the work is not slower for it.
_TURN = 0.0005  # seconds
_running = False
EVERYTHING = OpChanges(**{field.name: True for field in OpChanges.DESCRIPTOR.fields})


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What background work ended in: a value, or the error that stopped it."""

    value: Optional[T] = None
    error: Optional[BaseException] = None


def start(
    mw: AnkiQt,
    work: Callable[[Collection, Progress], T],
    done: Callable[[Outcome[T]], None],
    *,
    parent: Optional[QWidget] = None,
    changes: Callable[[], Optional[OpChanges]] = lambda: None,
) -> bool:
    """Do ``work`` on the collection's thread, then call ``done`` on the main one, whatever happens.

    A progress window appears when it takes longer than a moment; Esc in it makes ``work`` stop
    with ``Cancelled`` where it next reports progress. Operations on the collection wait for
    each other in the order they were started. ``changes`` is asked at the end what the work
    wrote to the collection, so that Anki's screens and its Undo follow before ``done`` is called.
    Work whose collection is closed under it is cancelled.
    Returns False, with nothing done and nothing called, while earlier work of ours is running.
    """
    global _running
    if _running:
        return False
    _running = True
    shown = _ShownProgress(mw)
    usual_turn = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)

    opened = mw.col

    def try_to_work(col: Collection) -> Outcome[T]:
        try:
            if not _is_open(col, opened):
                raise Cancelled
            load()
            return Outcome(value=work(col, shown))
        except BaseException as error:  # a panic in Anki's backend is no Exception
            return Outcome(error=error if _is_open(mw.col, opened) else Cancelled())

    def tell(outcome: Outcome[T]) -> None:
        global _running
        _running = False
        sys.setswitchinterval(usual_turn)
        shown.end()
        if sip.isdeleted(mw):  # Anki has closed
            return
        try:
            written = changes()
            if written is not None:
                on_op_finished(mw, written, None)
        finally:
            done(outcome)

    operation = QueryOp(parent=parent or mw, op=try_to_work, success=tell)
    operation.with_progress("Ankivault…").run_in_background()
    mw.progress.set_title("Ankivault")
    return True


def _is_open(now: Optional[Collection], opened: Optional[Collection]) -> bool:
    """Whether the collection that work was started on is still there to work on."""
    return now is opened and now is not None and now.db is not None


def merge_changes(changes: Iterable[Optional[OpChanges]]) -> Optional[OpChanges]:
    """All that was written, or nothing when nothing was."""
    merged: Optional[OpChanges] = None
    for each in changes:
        if each is not None:
            merged = merged or OpChanges()
            merged.MergeFrom(each)
    return merged


class _ShownProgress:
    """Hands progress from the working thread to Anki's progress window, a few times a second."""

    def __init__(self, mw: AnkiQt) -> None:
        self._mw = mw
        self._next = 0.0
        self._ended = False

    def __call__(self, label: str, done: int, total: int) -> None:
        if self._mw.progress.want_cancel():
            raise Cancelled
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _BETWEEN_UPDATES
            self._mw.taskman.run_on_main(lambda: self._show(label, done, total))

    def end(self) -> None:
        self._ended = True

    def _show(self, label: str, done: int, total: int) -> None:
        if not self._ended:
            count = f": {done:,} of {total:,}" if total else "…"
            text = f"{label}{count}\nPress Esc to cancel"
            self._mw.progress.update(label=text, value=done, max=total)
