"""Opens, creates and replaces the SQLite file of a base.

A base is disposable. One that is missing, damaged, of another schema or of another collection is
an empty one. Of an older schema it is taken along where ``upgrades`` say how.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path

from .errors import StateUnavailable

NULL = ", 'null'"
# Errors of the disk, not of the base's content.
_TROUBLE = ("locked", "is full", "disk I/O error", "unable to open", "readonly", "out of memory")


class DamagedBase(sqlite3.DatabaseError):
    """A base has content that no run has written."""


DAMAGED = (sqlite3.DatabaseError, zlib.error)  # errors that a damaged base may raise


def is_damage(error: Exception) -> bool:
    """Whether the error means a damaged base, and not a disk that fails."""
    trouble = any(words in str(error) for words in _TROUBLE)
    return not (isinstance(error, sqlite3.OperationalError) and trouble)


def explain_state(state: Path, error: Exception) -> StateUnavailable:
    """Explain to the user why nothing can be written in the state folder."""
    return StateUnavailable(
        f"Ankivault cannot write its own notes in “{state}” "
        f"({getattr(error, 'strerror', None) or error}). Make room on the disk, or check "
        "the permissions of that folder, and run again. Nothing was changed."
    )


def _beside(file: Path) -> list[Path]:
    """The files that SQLite may leave beside a base."""
    return [file.with_name(file.name + ending) for ending in ("-journal", "-wal", "-shm")]


def find_odd_file(file: Path) -> Path | None:
    """Something at the path of a base or beside it that is not a file: SQLite may wait for it."""
    places = (file, *_beside(file))
    return next((each for each in places if os.path.lexists(each) and not each.is_file()), None)


def _copy_to_memory(db: sqlite3.Connection) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:")
    db.backup(copy)
    db.close()
    return copy


META = "create table meta (key text primary key, value text not null) without rowid;"
_TABLES = "select name, sql from sqlite_master order by name"


@cache  # one for each kind of base
def _read_tables(script: str) -> tuple[list[tuple[str, str]], Mapping[str, str]]:
    """The tables that a script makes, and for each a query that finds a value it cannot have."""
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(script)
        checks = {}
        names = made.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (name,) in names:
            columns = made.execute(f"pragma table_info({name})")
            kinds = [
                f"typeof({column}) not in ('{kind.lower()}'{'' if full or key else NULL})"
                for _, column, kind, full, _, key in columns
            ]
            checks[name] = f"select 1 from {name} where {' or '.join(kinds)} limit 1"
        return made.execute(_TABLES).fetchall(), checks


@dataclass(frozen=True)
class BaseKind:
    """What a base is for, and the statements that make its tables."""

    name: str  # how its files' names begin
    schema: int
    tables: str
    # ``normal``: a power cut may lose the last batch. Use it where a run can find that again.
    synchronous: str = "full"
    unchecked: tuple[str, ...] = ()  # tables whose rows are checked later, on reading
    # By an older schema: what makes its tables those of the schema after it.
    upgrades: Mapping[int, Callable[[sqlite3.Connection], None]] = field(
        default_factory=dict, compare=False
    )

    def file(self, state: Path, target: Path) -> Path:
        """The path of the base of a vault folder or TOML file, below the state folder."""
        name = os.path.normcase(os.path.realpath(target))
        key = blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
        return state / f"{self.name}-{key}.sqlite"

    @contextmanager
    def read(
        self,
        state: Path,
        target: Path,
        collection: str,
        *,
        anew: bool = False,
        trusted: bool = False,
    ) -> Iterator[sqlite3.Connection]:
        """Open the base read-only, or an empty one in memory when there is none. Creates nothing.

        ``anew``: always an empty one. ``trusted``: do not check every value, which takes time in
        a large base. Raises one of ``DAMAGED`` for a damaged base; the caller
        then drops it.
        """
        file = self.file(state, target)
        db = None if anew else self._open(file, collection, trusted=trusted)
        if db is None:
            db = self._create(":memory:", target, collection)
        else:
            db.execute("pragma query_only = on")
        try:
            yield db
        finally:
            db.close()

    @contextmanager
    def write(
        self, state: Path, target: Path, collection: str, *, trusted: bool = False
    ) -> Iterator[sqlite3.Connection]:
        """Open the base for writing. ``trusted``: as in ``read``.

        Raises ``StateUnavailable`` when it cannot be written, so that this is known before
        anything else is written. Raises one of ``DAMAGED`` as ``read`` does.
        """
        try:
            file = self.file(state, target)
            db = self._open(file, collection, in_place=True, trusted=trusted)
            if db is None:
                state.mkdir(parents=True, exist_ok=True, mode=0o700)
                self.drop(state, target)
                db = self._create(str(file), target, collection)
            db.execute("update meta set value = value where key = 'schema'")
            db.rollback()
        except (OSError, sqlite3.OperationalError) as error:
            if isinstance(error, sqlite3.Error) and is_damage(error):
                raise
            raise explain_state(state, error) from error
        try:
            yield db
        finally:
            db.close()

    def drop(self, state: Path, target: Path) -> None:
        """Delete a base, and anything else at its path."""
        file = self.file(state, target)
        for old in (file, *_beside(file)):
            if old.is_dir() and not old.is_symlink():
                shutil.rmtree(old)
            else:
                old.unlink(missing_ok=True)

    def open_file(self, file: Path, collection: str) -> sqlite3.Connection | None:
        """Open a base by its file; nothing when it is of another kind. Raises as ``read`` does."""
        return self._open(file, collection)

    def copy(self, db: sqlite3.Connection, state: Path, target: Path) -> None:
        """Copy an open base for another folder or file."""
        file = self.file(state, target)
        beside = file.with_name(f"{file.name}.{os.getpid()}.tmp")
        beside.unlink(missing_ok=True)
        copy = sqlite3.connect(beside)
        try:
            db.backup(copy)
            with copy:
                where = os.fsencode(target).decode("utf-8", "replace")
                copy.execute("update meta set value = ? where key = 'target'", (where,))
        finally:
            copy.close()
        os.replace(beside, file)

    def upgrade(self, state: Path, target: Path, collection: str) -> None:
        """Make an older base one of this schema, where it lies. To be called under the lock.

        What goes wrong is found again, and told, when the base is read. Never raises.
        """
        file = self.file(state, target)
        if self._find_older(file, collection) is not None:
            with suppress(*DAMAGED, OSError):
                db = self._open(file, collection, in_place=True)
                if db is not None:
                    db.close()

    def is_too_old(self, state: Path, target: Path, collection: str) -> bool:
        """Whether an older version of ours kept a base there that cannot be used. Never raises."""
        schema = self._find_older(self.file(state, target), collection)
        return schema is not None and not self._can_read(schema)

    def _find_older(self, file: Path, collection: str) -> int | None:
        """The schema of a base for this collection, if that is older than ours. Never raises."""
        if not file.is_file() or find_odd_file(file):
            return None
        with suppress(sqlite3.Error, ValueError), closing(sqlite3.connect(file)) as db:
            meta = dict(db.execute("select key, value from meta"))
            schema = int(meta.get("schema", self.schema))
            return schema if meta.get("collection") == collection and schema < self.schema else None
        return None

    def _can_read(self, schema: int) -> bool:
        """Whether a base of this schema is one of ours, or can be made one."""
        older = range(schema, self.schema)
        return schema <= self.schema and all(each in self.upgrades for each in older)

    def _upgrade(self, db: sqlite3.Connection, schema: int) -> None:
        """Make an older base one of this schema, all of it or nothing."""
        with db:
            db.execute("begin immediate")
            for older in range(schema, self.schema):
                self.upgrades[older](db)
            db.execute("update meta set value = ? where key = 'schema'", (str(self.schema),))

    def _open(
        self, file: Path, collection: str, *, in_place: bool = False, trusted: bool = False
    ) -> sqlite3.Connection | None:
        """Open and check an existing base; nothing when it is missing or of another kind.

        One of an older schema is upgraded, in memory or ``in_place``.
        """
        if not os.path.lexists(file):
            return None
        odd = find_odd_file(file)
        if odd:
            raise DamagedBase(f"“{odd}” is no file")
        db = sqlite3.connect(file)
        try:
            known = dict(db.execute("select key, value from meta"))
            schema = int(known.get("schema", -1))
            if known.get("collection") != collection or not self._can_read(schema):
                db.close()
                return None
            if schema < self.schema:
                db = db if in_place else _copy_to_memory(db)
                self._upgrade(db, schema)
            self._check(db, values=not trusted)
            db.execute(f"pragma synchronous = {self.synchronous}")
        except (UnicodeDecodeError, ValueError, TypeError) as error:  # even the message is bad
            db.close()
            raise DamagedBase("unreadable") from error
        except BaseException:
            db.close()
            raise
        return db

    def _check(self, db: sqlite3.Connection, *, values: bool) -> None:
        """Check that the tables have the right columns and, with ``values``, only valid values."""
        made, checks = _read_tables(META + self.tables)
        if db.execute(_TABLES).fetchall() != made:
            raise DamagedBase("other tables")
        for name, wrong in checks.items() if values else ():
            if name not in self.unchecked and db.execute(wrong).fetchone():
                raise DamagedBase(f"other values in {name}")

    def _create(self, place: str, target: Path, collection: str) -> sqlite3.Connection:
        db = sqlite3.connect(place)
        with db:
            db.executescript(META + self.tables)
            db.executemany(
                "insert into meta values (?, ?)",
                [
                    ("schema", str(self.schema)),
                    ("collection", collection),
                    ("target", os.fsencode(target).decode("utf-8", "replace")),
                ],
            )
        return db
