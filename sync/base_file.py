"""The SQLite file of a base: where it is, and how it is opened, made, and made anew.

A base is disposable. One that is missing, damaged, of another schema or of another collection is
an empty one.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from .errors import StateUnavailable

META = "create table meta (key text primary key, value text not null) without rowid;"


@dataclass(frozen=True)
class BaseKind:
    """What a base is of, and the statements that make its tables."""

    name: str  # how its files' names begin
    schema: int
    tables: str
    # ``normal``: a power cut may cost the last batch. Right where that is found out again.
    synchronous: str = "full"

    def file(self, state: Path, target: Path) -> Path:
        """Where the base of a vault folder or TOML file lives, below the state folder."""
        name = os.path.normcase(os.path.realpath(target))
        key = blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
        return state / f"{self.name}-{key}.sqlite"

    @contextmanager
    def read(self, state: Path, target: Path, collection: str) -> Iterator[sqlite3.Connection]:
        """The base, read-only; an empty one in memory when there is none. Creates nothing."""
        file = self.file(state, target)
        db = self._open(file, collection)
        if db is None:
            db = self._create(":memory:", target, collection)
        else:
            db.execute("pragma query_only = on")
        try:
            yield db
        finally:
            db.close()

    @contextmanager
    def write(self, state: Path, target: Path, collection: str) -> Iterator[sqlite3.Connection]:
        """The base, to be written.

        Raises ``StateUnavailable`` when it cannot be, which is better told before anything else
        is written than after.
        """
        try:
            db = self._open(self.file(state, target), collection)
            if db is None:
                state.mkdir(parents=True, exist_ok=True)
                self.drop(state, target)
                db = self._create(str(self.file(state, target)), target, collection)
            db.execute("update meta set value = value where key = 'schema'")
            db.rollback()
        except (OSError, sqlite3.OperationalError) as error:
            raise StateUnavailable(
                f"Ankivault cannot write its own notes in “{state}” "
                f"({getattr(error, 'strerror', None) or error}). Make room on the disk, or check "
                "the permissions of that folder, and run again. Nothing was changed."
            ) from error
        try:
            yield db
        finally:
            db.close()

    def drop(self, state: Path, target: Path) -> None:
        """Throw a base away."""
        file = self.file(state, target)
        for old in (file, file.with_name(file.name + "-journal")):
            old.unlink(missing_ok=True)

    def _open(self, file: Path, collection: str) -> sqlite3.Connection | None:
        if not file.is_file():
            return None
        db = sqlite3.connect(file)
        try:
            known = dict(db.execute("select key, value from meta"))
            if known == {**known, "schema": str(self.schema), "collection": collection}:
                db.execute(f"pragma synchronous = {self.synchronous}")
                return db
        except sqlite3.DatabaseError as error:
            # Damaged: it is made anew. But one that is merely locked, or on a full disk, stays.
            if isinstance(error, sqlite3.OperationalError) and "no such" not in str(error):
                db.close()
                raise
        db.close()
        return None

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
