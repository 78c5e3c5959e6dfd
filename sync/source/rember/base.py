"""The base of an account: the cookie, and what Rember said last of each remb that is in Anki.

One SQLite file for each account and collection. It can be deleted at any time: then everything is
pulled anew, notes are found by their guids, and notes that say what Rember says are adopted.

The cookie stands for a state of the account. It is saved in one transaction with everything that
belongs to that state: what is in Anki (``held``), and what is not there yet and is tried again with
each run (``waiting``): a remb that cannot be read, a question that nobody has answered.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Optional

from ....model.note import DynamicNote
from ...run.base_file import BaseKind, DamagedBase
from .content import unpack_content

REMBER_BASE = BaseKind(
    "rember",
    1,
    """
create table state (name text primary key, value text not null) without rowid;
create table remb (
  id text primary key, said text not null, held text, waiting text) without rowid;
create table writing (
  id text primary key, said text not null, held text not null, wrote text not null) without rowid;
""",
)
GONE = ""  # what waits when Rember has no such remb any more: no JSON is like it
_SOME = 500


class RembRow(NamedTuple):
    """A remb. ``said`` is the digest of what ``held`` was made from; both empty until then.

    ``held`` is a packed content. ``waiting`` is what Rember says and Anki does not know yet: JSON,
    or ``GONE``.
    """

    id: str
    said: str = ""
    held: Optional[str] = None
    waiting: Optional[str] = None

    def content(self) -> Optional[DynamicNote]:
        """What Rember said when Anki and Rember last agreed."""
        return None if self.held is None else unpack_content(self.held)


class WritingRow(NamedTuple):
    """A note that a run is about to write. ``wrote`` is the packed content it will have."""

    id: str
    said: str
    held: str
    wrote: str


class RemberBase:
    """An open base. Each write is one transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    @property
    def cookie(self) -> Optional[int]:
        """The state of the account that Anki knows; None: nothing is known of it."""
        try:
            cookie = json.loads(self._read("cookie", "null"))
        except ValueError as error:
            raise DamagedBase("a cookie that nobody has saved") from error
        if cookie is not None and type(cookie) is not int:
            raise DamagedBase("a cookie that nobody has saved")
        return cookie

    @property
    def email(self) -> str:
        """The address of the account's owner, when Rember has told it."""
        return self._read("email", "")

    @property
    def runs(self) -> int:
        """How often a run was saved. A plan is for the state that it has seen."""
        return self._read_number("runs")

    @property
    def usn(self) -> int:
        """How far AnkiWeb had come at the last run."""
        return self._read_number("usn")

    def count_held(self) -> int:
        """How many rembs are notes in Anki, or were until the person deleted them."""
        return int(self._db.execute("select count(held) from remb").fetchone()[0])

    def ids(self) -> list[str]:
        """The ids of all rembs."""
        return [row[0] for row in self._db.execute("select id from remb")]

    def find(self, ids: Iterable[str]) -> dict[str, RembRow]:
        """The rows of these rembs."""
        found = self._find("remb", ids)
        return {row[0]: RembRow(*row) for row in found}

    def waiting(self) -> dict[str, RembRow]:
        """The rembs of which something waits."""
        found = self._db.execute("select * from remb where waiting is not null")
        return {row[0]: RembRow(*row) for row in found}

    def count_waiting(self) -> int:
        """How many rembs wait."""
        return int(self._db.execute("select count(waiting) from remb").fetchone()[0])

    def writing(self) -> dict[str, WritingRow]:
        """What a killed run was about to write."""
        return {row[0]: WritingRow(*row) for row in self._db.execute("select * from writing")}

    def save_writing(self, rows: Iterable[WritingRow]) -> None:
        """Save what is about to be written."""
        with self._db:
            self._db.executemany("insert or replace into writing values (?, ?, ?, ?)", rows)

    def save_run(
        self,
        rows: Iterable[RembRow],
        gone: Iterable[str],
        cookie: Optional[int],
        email: Optional[str],
        usn: int,
        *,
        complete: bool,
    ) -> None:
        """Save the result of a run. ``complete``: all that came before the cookie is in ``rows``.

        An ``email`` of None leaves the one that is known.
        """
        rows = [*rows]
        gone = [*gone]
        with self._db:
            self._db.executemany("insert or replace into remb values (?, ?, ?, ?)", rows)
            self._db.executemany("delete from remb where id = ?", ((id_,) for id_ in gone))
            self._write("runs", str(self.runs + 1))
            if complete:
                self._write("cookie", json.dumps(cookie))
                self._write("usn", str(usn))
                if email is not None:
                    self._write("email", email)
                self._db.execute("delete from writing")
            else:
                done = [*(row.id for row in rows), *gone]
                self._db.executemany("delete from writing where id = ?", ((id_,) for id_ in done))

    def save_usn(self, usn: int) -> None:
        """Save how far AnkiWeb has come, when there is nothing else to save."""
        with self._db:
            self._write("usn", str(usn))

    def forget_cookie(self) -> None:
        """Let the next pull start from nothing. What was said last is still known."""
        with self._db:
            self._write("cookie", "null")
            self._write("runs", str(self.runs + 1))

    def _find(self, table: str, ids: Iterable[str]) -> Iterator[tuple[str, ...]]:
        wanted = [*ids]
        for start in range(0, len(wanted), _SOME):
            some = wanted[start : start + _SOME]
            marks = ",".join("?" * len(some))
            yield from self._db.execute(f"select * from {table} where id in ({marks})", some)

    def _read_number(self, name: str) -> int:
        text = self._read(name, "0")
        if not text.isdecimal():
            raise DamagedBase("a number that nobody has saved")
        return int(text)

    def _read(self, name: str, usual: str) -> str:
        row = self._db.execute("select value from state where name = ?", (name,)).fetchone()
        return str(row[0]) if row else usual

    def _write(self, name: str, value: str) -> None:
        self._db.execute("insert or replace into state values (?, ?)", (name, value))
