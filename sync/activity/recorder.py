"""Records what a run does while it does it. Never stops a run, and never fails one."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Optional

from ..run.base_file import DAMAGED, is_damage
from ..run.disk import explain
from ..run.errors import Cancelled, LargeChange
from ..run.report import Message, Report
from .begun import who_begins
from .entry import Began, Entry, Kind, State
from .held import give_back, take
from .store import close, drop_store, forget_old, make_room, save_entries

_AT_ONCE = 200  # entries that are saved together: a killed run loses at most so many
_BYTES_AT_ONCE = 200_000
_MESSAGES = 100  # of one run
_told: set[tuple[Path, str]] = set()  # what went wrong, which is told once while Anki is open


class Recorder:
    """Records one run. What cannot be kept is not: a run is more than its record.

    The file is opened with the first entry. A run that had nothing
    to do leaves a row, which the next one of its kind only counts up; a live one leaves none.
    """

    def __init__(self, state: Optional[Path], kind: Kind, target: str) -> None:
        """``state`` is the folder of the file; None: nothing is recorded."""
        self._state, self._began = state, Began(who_begins(), kind, target)
        self._when = time.time()
        self._clock = time.monotonic()
        self._entries: list[Entry] = []
        self._bytes = 0
        self._db: Optional[sqlite3.Connection] = None
        self._run = 0
        self._trouble = self._news = ""

    @property
    def is_on(self) -> bool:
        """Whether entries are kept, so that their words have to be gathered."""
        return self._state is not None and not self._trouble

    def record(self, entry: Entry) -> None:
        """Record one thing that was done. It is saved soon, with others."""
        if self.is_on:
            self._entries.append(entry)
            self._bytes += len(entry.before) + len(entry.after)
            if len(self._entries) >= _AT_ONCE or self._bytes >= _BYTES_AT_ONCE:
                self.flush()

    def flush(self) -> None:
        """Save what was recorded so far."""
        if self._entries and self.is_on:
            self._try(self._save_entries)
        self._entries, self._bytes = [], 0

    def keep(self, work: Callable[[], Report]) -> Report:
        """Call what does the run, and keep how it ends; what it raises is raised.

        The report that is returned also says, once, that activity could not be kept.
        """
        try:
            report = work()
        except LargeChange as error:
            if self._began.who not in ("by hand", "command line"):  # these are asked, and go on
                self._end(Report(messages=(Message("warning", str(error)),)), "failed")
            raise
        except Exception as error:
            cancelled = isinstance(error, Cancelled)
            told = () if cancelled else (Message("error", str(error) or type(error).__name__),)
            self._end(Report(messages=told), "cancelled" if cancelled else "failed")
            raise
        except BaseException:
            self._end(Report(), "failed")
            raise
        self._end(report, "cancelled" if report.cancelled else "done")
        return replace(report, messages=(*report.messages, *self._tell_trouble()))

    def _end(self, report: Report, state: State) -> None:
        if self.is_on:
            self._try(lambda: self._save_end(report, state))
        self._entries, self._bytes = [], 0
        if self._db is not None and self._state is not None:
            give_back(self._state, self._db)
            self._db = None

    def _try(self, save: Callable[[], None]) -> None:
        """Save something; a damaged file is begun anew, and after any other fault we rest."""
        try:
            try:
                save()
            except DAMAGED as error:
                if not is_damage(error) or self._state is None:
                    raise
                self._let_go()
                drop_store(self._state)
                save()
                self._news = "Activity was damaged, and begins anew. Nothing else was lost."
        except Exception as error:  # whatever it is, the run itself is worth more
            self._let_go()
            reason = explain(error) if isinstance(error, OSError) else str(error)
            self._trouble = f"What Ankivault does is not kept in Activity now: {reason}."

    def _let_go(self) -> None:
        self._run = 0
        if self._db is not None:
            close(self._db)
            self._db = None

    def _tell_trouble(self) -> tuple[Message, ...]:
        text = self._trouble or self._news
        if not text or self._state is None or (self._state, text) in _told:
            return ()
        _told.add((self._state, text))
        return (Message("info", text),)

    def _open(self) -> sqlite3.Connection:
        if self._db is None:
            assert self._state is not None
            self._db = take(self._state)
        return self._db

    def _save_entries(self) -> None:
        with self._saving() as db:
            if not self._run:
                self._run = self._add_run("running", Report())
            save_entries(db, self._run, self._entries)
            make_room(db)

    @contextmanager
    def _saving(self) -> Iterator[sqlite3.Connection]:
        """Save all that is saved in the block, or nothing of it."""
        db = self._open()
        db.execute("begin immediate")
        try:
            yield db
            db.execute("commit")
        except BaseException:
            with suppress(sqlite3.Error):
                db.execute("rollback")
            raise

    def _add_run(self, state: State, report: Report) -> int:
        began, now = self._began, time.time()
        seconds = time.monotonic() - self._clock
        row = (began.who, began.kind, began.target, self._when, now, seconds, state)
        added = self._open().execute(
            "insert into run (who, kind, target, began, last, times, seconds, state, counts, "
            "messages) values (?, ?, ?, ?, ?, 1, ?, ?, ?, ?)",
            (*row, _pack_counts(report), _pack_messages(report)),
        )
        return int(added.lastrowid or 0)

    def _save_end(self, report: Report, state: State) -> None:
        if not self._run and not self._entries:
            is_news = any(what.is_change and n for what, n in report.counts.items())
            if self._began.who == "live" and state == "done" and not is_news:
                return
            if not is_news and self._count_up(report, state):
                return
        now = time.time()
        with self._saving() as db:
            if self._run:
                db.execute(
                    "update run set last = ?, seconds = ?, state = ?, counts = ?, messages = ? "
                    "where id = ?",
                    (now, time.monotonic() - self._clock, state, *_pack_report(report), self._run),
                )
            else:  # a short run is saved at once
                self._run = self._add_run(state, report)
            if self._entries:
                save_entries(db, self._run, self._entries)
                make_room(db)
            forget_old(db, now)

    def _count_up(self, report: Report, state: State) -> bool:
        """Count one more run like the last one of its target: it changes one row in its place."""
        db = self._open()
        began, told = self._began, _pack_report(report)
        row = db.execute(
            "select id, who, kind, state, counts, messages from run where target = ? "
            "order by id desc limit 1",
            (began.target,),
        ).fetchone()
        if row is None or row[1:] != (began.who, began.kind, state, *told):
            return False
        db.execute(
            "update run set last = ?, seconds = ?, times = times + 1 where id = ?",
            (time.time(), time.monotonic() - self._clock, row[0]),
        )
        return True


def keep_failure(state: Path, kind: Kind, target: str, error: BaseException) -> None:
    """Keep a run that could not even be planned, with the reason. Never raises.

    The same reason again and again is one row. That a person cancelled is no failure.
    """
    if isinstance(error, Cancelled):
        return

    def fail() -> Report:
        raise error

    with suppress(Exception):
        Recorder(state, kind, target).keep(fail)


IDLE = Recorder(None, "vault", "")  # records nothing


def _pack_report(report: Report) -> tuple[str, str]:
    return _pack_counts(report), _pack_messages(report)


def _pack_counts(report: Report) -> str:
    return json.dumps({w.name: n for w, n in report.counts.items() if n and w.is_change})


def _pack_messages(report: Report) -> str:
    told = [[m.level, m.text, m.path, m.note_id] for m in report.messages[:_MESSAGES]]
    return json.dumps(told)
