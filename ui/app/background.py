"""Runs work on the collection in the background, with progress, cancelling and an outcome."""

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
from .messages import find_open
from .progress_window import begin_progress, end_progress, find_window

if TYPE_CHECKING:
    from ...sync.run.progress import Progress

T = TypeVar("T")
_BETWEEN_UPDATES = 0.1  # seconds
# How long a busy thread may run before Python switches to another. The default of 5 ms makes the
# window slow, because its event loop needs many switches to paint once. The work is not slower.
_TURN = 0.0005  # seconds
_USUAL_TURN = sys.getswitchinterval()
_working = 0
_waiting: list[Callable[[], None]] = []
_running = False
EVERYTHING = OpChanges(**{field.name: True for field in OpChanges.DESCRIPTOR.fields})


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """The result of background work: a value, or the error that stopped it."""

    value: Optional[T] = None
    error: Optional[BaseException] = None
    began: float = 0.0  # time.time()
    seconds: float = 0.0  # that the work took


def start(
    mw: AnkiQt,
    work: Callable[[Collection, Progress], T],
    done: Callable[[Outcome[T]], None],
    *,
    parent: Optional[QWidget] = None,
    changes: Callable[[], Optional[OpChanges]] = lambda: None,
) -> bool:
    """Run ``work`` on the collection's thread, then call ``done`` on the main thread.

    ``done`` is called after success and after any error, but not after Anki itself has closed.
    A progress window appears if the work takes long. After Esc in it, ``work`` stops with
    ``Cancelled`` when it next reports progress. Operations on the collection run one after the
    other, in the order they were started. ``changes`` returns what the work wrote to the
    collection; Anki's screens and Undo are updated with it before ``done`` is called. If the
    collection was closed meanwhile, an error of the work is replaced by ``Cancelled``.

    Returns False and calls nothing if earlier work of Ankivault is still running. For a live run
    it waits.
    """
    global _running
    if _running:
        return False
    _running = True
    shown = _ShownProgress(mw)
    opened = mw.col

    def try_to_work(_: Collection) -> Outcome[T]:
        return attempt(mw, opened, lambda col: work(col, shown))

    def tell(outcome: Outcome[T]) -> None:
        global _running
        _running = False
        end_work()
        shown.end()
        if sip.isdeleted(mw):  # Anki has closed
            return
        try:
            written = changes()
            if written is not None:
                on_op_finished(mw, written, None)
        finally:
            done(outcome)

    def end(outcome: Outcome[T]) -> None:
        end_progress(mw)
        tell(outcome)

    def begin() -> None:
        begin_work()
        if not _is_open(mw, opened):
            tell(Outcome(error=Cancelled()))
            return
        window = find_open(parent) or mw
        begin_progress(mw, window)
        QueryOp(parent=window, op=try_to_work, success=end).run_in_background()

    if _working:  # a live run: it ends in a moment
        _waiting.append(begin)
    else:
        begin()
    return True


def attempt(
    mw: AnkiQt, opened: Optional[Collection], work: Callable[[Collection], T]
) -> Outcome[T]:
    """Load the engine and do ``work``, in the background, with the collection that was ``opened``.

    When it is closed before or meanwhile, the error is ``Cancelled``.
    """
    began, start_of_clock = time.time(), time.monotonic()
    value, failed = None, None
    try:
        if opened is None or not _is_open(mw, opened):
            raise Cancelled
        load()
        value = work(opened)
    except BaseException as error:  # a panic in Anki's backend is no Exception
        failed = error if _is_open(mw, opened) else Cancelled()
    return Outcome(value, failed, began, time.monotonic() - start_of_clock)


def begin_work() -> None:
    """Have threads take short turns, so that the window lives while one of them works."""
    global _working
    _working += 1
    sys.setswitchinterval(_TURN)


def end_work() -> None:
    """Have threads take their usual turns, when nothing else works."""
    global _working
    _working -= 1
    if not _working:
        sys.setswitchinterval(_USUAL_TURN)
        while _waiting:
            _waiting.pop(0)()


def is_running() -> bool:
    """Whether work started here is still running."""
    return _running


def _is_open(mw: AnkiQt, opened: Optional[Collection]) -> bool:
    """Whether the collection that was ``opened`` at the start is still the open one."""
    return opened is not None and mw.col is opened and opened.db is not None


def merge_changes(changes: Iterable[Optional[OpChanges]]) -> Optional[OpChanges]:
    """Merge all changes into one; ``None`` when there are none."""
    merged: Optional[OpChanges] = None
    for each in changes:
        if each is not None:
            merged = merged or OpChanges()
            merged.MergeFrom(each)
    return merged


class _ShownProgress:
    """Passes progress from the background thread to Anki's progress window, at most every 0.1 s.

    Raises ``Cancelled`` in the background thread after Esc.
    """

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
        if self._ended or not self._is_there():
            return
        count = f": {done:,} of {total:,}" if total else "…"
        text = f"{label}{count}\nPress Esc to cancel"
        self._mw.progress.update(label=text, value=done, max=total)

    def _is_there(self) -> bool:
        """Whether Anki has its progress window, or none yet: when it closes, Qt deletes that."""
        if sip.isdeleted(self._mw):
            return False
        window = find_window(self._mw)
        return window is None or not sip.isdeleted(window)
