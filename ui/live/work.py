"""Runs work beside Anki's window, and has notes written where Anki writes them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Event
from typing import TypeVar

from anki.collection import Collection
from aqt.main import AnkiQt

from ...sync.run.errors import Cancelled
from ..app.background import Outcome, attempt, begin_work, end_work

T = TypeVar("T")


def run_beside(
    mw: AnkiQt, work: Callable[[Collection], T], done: Callable[[Outcome[T]], None]
) -> None:
    """Do ``work`` beside Anki's operations, then call ``done`` on the main thread.

    The collection may be read meanwhile by both. When it is closed, the work ends with
    ``Cancelled``. To be called on the main thread.
    """
    opened = mw.col
    begin_work()

    def end(future: Future[Outcome[T]]) -> None:
        end_work()
        done(future.result())

    mw.taskman.run_in_background(lambda: attempt(mw, opened, work), end, uses_collection=False)


def write_in_turn(mw: AnkiQt, write: Callable[[], None]) -> None:
    """Call ``write`` on the collection's thread, in turn with Anki's operations, and wait for it.

    To be called by ``work`` of ``run_beside``. Raises what ``write`` raises, or ``Cancelled`` when
    the collection is closed before its turn has come.
    """
    opened, ended, given_up = mw.col, Event(), Event()
    errors: list[BaseException] = []

    def write_once() -> None:
        try:
            if given_up.is_set() or mw.col is not opened or opened.db is None:
                raise Cancelled
            write()
        except BaseException as error:
            errors.append(error)
        finally:
            ended.set()

    mw.taskman.run_on_main(lambda: _queue(mw, write_once))
    while not ended.wait(0.2):
        if mw.col is not opened:
            given_up.set()
            if not ended.wait(1.0):
                raise Cancelled
    if errors:
        raise errors[0]


def _queue(mw: AnkiQt, write: Callable[[], None]) -> None:
    mw.taskman.run_in_background(write, uses_collection=True)
