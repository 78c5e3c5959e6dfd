"""The SQLite file that keeps what runs did: 90 days and 50 MB of it, the oldest goes.

The file may be lost without harm to anything else. A damaged one is begun anew. Two processes may
write at the same time; who reads waits for nobody, and nobody waits for who reads.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ..run.base_file import DamagedBase, find_odd_file
from .entry import Entry

NAME = "activity.db"
VERSION = 1
DAYS = 90
MOST_BYTES = 50_000_000
_STEP = 2_000  # entries that one run deletes at most because of their age
_WAIT = 2.0  # seconds, for another process
_TABLES = """
create table run (
    id integer primary key autoincrement, who text not null, kind text not null,
    target text not null, began real not null, last real not null, times integer not null,
    seconds real not null, state text not null, counts text not null, messages text not null
);
create index run_target on run (target, id);
create index run_last on run (last);
create table block (
    id integer primary key autoincrement, last integer not null, data blob not null
);
create table entry (
    id integer primary key autoincrement, run integer not null, side text not null,
    done text not null, note_id integer not null, title text not null, path text not null,
    deck text not null, was text not null, trash text not null, words text not null,
    block integer, start integer, cut integer, edge integer, stop integer
);
create index entry_run on entry (run);
create index entry_note on entry (note_id);
"""


class NewerStore(ValueError):
    """The file is of a later version, which knows more: it is left alone."""


def find_file(state: Path) -> Path:
    """The file of a state folder, which may not exist yet."""
    return state / NAME


def open_store(state: Path, *, create: bool = True) -> sqlite3.Connection | None:
    """Open the file; with ``create``, an empty one where there is none.

    Raises ``OSError``, ``NewerStore``, or one of ``DAMAGED`` for a file that is no such file.
    """
    file = find_file(state)
    if not os.path.lexists(file):
        if not create:
            return None
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
    odd = find_odd_file(file)
    if odd and os.path.lexists(file):
        raise DamagedBase(f"“{odd}” is no file")
    db = sqlite3.connect(file, timeout=_WAIT, check_same_thread=False, isolation_level=None)
    try:
        version = db.execute("pragma user_version").fetchone()[0]
        if version == 0 and create:
            db.execute("pragma journal_mode = wal")
            db.executescript(f"begin immediate;{_TABLES}pragma user_version = {VERSION};commit;")
        elif version > VERSION:
            raise NewerStore("its file was written by a newer version of Ankivault")
        elif version != VERSION:
            raise DamagedBase("of another version")
        db.execute("pragma synchronous = normal")
    except sqlite3.OperationalError as error:
        if "already exists" not in str(error):  # another process was faster
            db.close()
            raise
        db.rollback()
    except BaseException:
        db.close()
        raise
    return db


def drop_store(state: Path) -> None:
    """Delete a damaged file, to begin anew. Raises ``OSError``."""
    file = find_file(state)
    for each in (file, file.with_name(f"{NAME}-wal"), file.with_name(f"{NAME}-shm")):
        each.unlink(missing_ok=True)


def save_entries(db: sqlite3.Connection, run: int, entries: Sequence[Entry]) -> None:
    """Save entries of a run. The words of all of them are compressed together."""
    texts: list[bytes] = []
    rows = []
    at = 0
    following = _last_number(db, "block") + 1
    for entry in entries:
        side, done, note_id, title, path, deck, was, trash, before, after, note = entry
        place: tuple[int | None, ...] = (None, None, None, None, None)
        if before or after or note:
            cut = at + len(before)
            edge = cut + len(after)
            stop = edge + len(note)
            place = (following, at, cut, edge, stop)
            at = stop
            texts += (before, after, note)
        words = f"{title}\n{path}\n{deck}\n{was}\n{trash}".casefold()
        rows.append((run, side, done.name, note_id, title, path, deck, was, trash, words, *place))
    marks = ",".join("?" * 15)
    insert = (
        "insert into entry (run, side, done, note_id, title, path, deck, was, trash, words, block, "
        f"start, cut, edge, stop) values ({marks})"
    )
    try:
        db.executemany(insert, rows)
    except UnicodeEncodeError:  # half a character, which SQLite cannot keep
        db.executemany(insert, [tuple(map(_whole, row)) for row in rows])
    if texts:
        last = db.execute("select max(id) from entry").fetchone()[0]
        data = zlib.compress(b"".join(texts), 1)
        db.execute("insert into block values (?, ?, ?)", (following, last, data))


def _whole(value: object) -> object:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _last_number(db: sqlite3.Connection, table: str) -> int:
    row = db.execute("select seq from sqlite_sequence where name = ?", (table,)).fetchone()
    return int(row[0]) if row else 0


def make_room(db: sqlite3.Connection) -> None:
    """Delete the oldest entries while the file is too large, with the words that they share."""
    while _used(db) > MOST_BYTES:
        block = db.execute("select id, last from block order by id limit 1").fetchone()
        oldest = db.execute("select id from entry order by id limit 1 offset 500").fetchone()
        if block is None and oldest is None:
            break
        last = block[1] if block else oldest[0]
        db.execute("delete from entry where id <= ?", (last,))
        if block:
            db.execute("delete from block where id = ?", (block[0],))
        _forget_empty_runs(db)


def _used(db: sqlite3.Connection) -> int:
    pages, free, size = (
        db.execute(f"pragma {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def _forget_empty_runs(db: sqlite3.Connection) -> None:
    """Forget the runs before the oldest entry: they are older than all that is kept."""
    db.execute("delete from run where id < (select run from entry order by id limit 1)")


def forget_old(db: sqlite3.Connection, now: float) -> None:
    """Delete what is older than 90 days, or a part of it: the next run goes on."""
    limit = now - DAYS * 86_400
    old = "select id from run where last < ?"
    # Each run by its own date: while a computer's clock is wrong, a later run may seem older.
    found = db.execute(
        f"select id, block from entry where run in ({old}) order by id limit ?", (limit, _STEP)
    ).fetchall()
    if found:  # a block is of one run, and goes with its last entry
        blocks = {(block, entry) for entry, block in found if block is not None}
        db.executemany("delete from block where id = ? and last = ?", blocks)
        db.executemany("delete from entry where id = ?", ((entry,) for entry, _ in found))
    left = "not exists (select 1 from entry where entry.run = run.id)"
    db.execute(f"delete from run where last < ? and {left}", (limit,))


def close(db: sqlite3.Connection) -> None:
    """Close the file. Never raises."""
    with suppress(sqlite3.Error):
        db.close()
