"""Keeps what both sides held when they last agreed, for one vault folder and one collection.

No data is lost without the base: if it is lost, damaged, or of another collection, an empty one is
used, and a run finds the pages again by the ids on them. It is open only during a run.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, get_args

from ...convert.text.file_names import fold_file_name
from ..run.base_file import DamagedBase
from .base_tables import SAVE_PAGE, VAULT_BASE
from .rows import (
    ADOPTED,
    DOUBTED,
    LISTS,
    MISSING,
    OLD_DIGEST,
    OWN,
    TYPED_WORDS,
    FolderRow,
    Held,
    IndexRow,
    MediaRow,
    PageRow,
    Stranger,
    Stretch,
    make_page_row,
    pack_stretch,
    unpack_fields,
    unpack_stretch,
)
from .settings import ClozeStyle

_PAGE_ROW = "note_id, path, size, mtime, digest, decks, title, media"
TWO_WAY = "two-way"  # a text that is saved: “on” after a run that went inward
VAULT_NAME = "vault"  # the name of the Obsidian vault in all links from notes to pages
LEFT_OUT = "left out"  # another: which decks were left out
_KINDS = (int, str, int, int, bytes, str, str, str)  # of the values of a ``PageRow``
_FEW = 100  # notes whose stretches are looked for one by one
_DECKS = re.compile(r"(?:-?\d+ -?\d+(?:,-?\d+ -?\d+)*)?\Z", re.ASCII)


class Base:
    """An open base. Most reads are of whole tables. Each write is committed.

    Reads raise ``DamagedBase`` or ``sqlite3.DatabaseError`` when the file is damaged.
    ``replaces_old``: it is new and empty, because the one before was of too old a version.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.replaces_old = False

    def meta(self, key: str) -> str:
        """The text that was saved as ``key``, empty when there is none."""
        row = self._db.execute("select value from meta where key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def texts(self) -> dict[str, str]:
        """All saved texts by key."""
        return dict(self._db.execute("select key, value from meta"))

    def set_meta(self, key: str, value: str) -> None:
        """Save a text and commit."""
        with self._db:
            self._db.execute("insert or replace into meta values (?, ?)", (key, value))

    def pages(self) -> dict[int, PageRow]:
        """Every page by note id."""
        return self._read_pages(f"select {_PAGE_ROW} from page")

    def pages_between(self, first: int, last: int) -> dict[int, PageRow]:
        """The pages of the notes with ids from ``first`` to ``last``, by note id."""
        query = f"select {_PAGE_ROW} from page where note_id between ? and ? order by note_id"
        return self._read_pages(query, first, last)

    def _read_pages(self, query: str, *values: int) -> dict[int, PageRow]:
        found = _check_pages(self._db.execute(query, values))
        pages = {row[0]: row for row in found}
        ids = [*pages]
        if len(ids) != len(found) or sorted(ids) != ids:  # SQLite stores them sorted by id
            raise DamagedBase("no order")
        return pages

    def page_ids_between(self, first: int, last: int) -> list[int]:
        """The ids of the notes with pages, from ``first`` to ``last``, in their order."""
        query = "select note_id from page where note_id between ? and ? order by note_id"
        return [note_id for (note_id,) in self._db.execute(query, (first, last))]

    def page(self, note_id: int) -> PageRow | None:
        """The page of one note."""
        return next(self._find_pages("note_id = ?", note_id), None)

    def page_at(self, path: str) -> PageRow | None:
        """The page at a path."""
        return next(
            (row for row in self.pages_named(fold_file_name(path)) if row.path == path), None
        )

    def pages_named(self, name: str) -> list[PageRow]:
        """The pages whose files have this folded name."""
        return [*self._find_pages("name = ?", name)]

    def pages_in_decks(self, decks: Sequence[str]) -> list[PageRow]:
        """The pages of the notes whose decks are one of these texts."""
        marks = ",".join("?" * len(decks))
        return [*self._find_pages(f"decks in ({marks})", *decks)]

    def pages_that_miss_media(self) -> list[PageRow]:
        """The pages with embedded files that were not there when the pages were made."""
        return [*self._find_pages("instr(media, ?)", MISSING)]

    def some_pages(self, number: int) -> list[PageRow]:
        """So many pages, or fewer."""
        return [*self._find_pages("1 limit ?", number)]

    def count_pages(self) -> int:
        """How many pages there are."""
        return self._count("page")

    def _count(self, table: str) -> int:
        return int(self._db.execute(f"select count(*) from {table}").fetchone()[0])

    def count_pages_in(self, decks: str) -> int:
        """How many pages have this text about their decks."""
        rows = self._db.execute("select count(*) from page where decks = ?", (decks,))
        return int(rows.fetchone()[0])

    def decks_of_pages(self) -> set[str]:
        """The different texts about decks that pages have."""
        return _check_decks({row[0] for row in self._db.execute("select distinct decks from page")})

    def _find_pages(self, condition: str, *values: object) -> Iterator[PageRow]:
        rows = self._db.execute(f"select {_PAGE_ROW} from page where {condition}", values)
        return iter(_check_pages(rows))

    def stretches(self) -> list[Stretch]:
        """All stretches, by their ids, none of which two of them have."""
        rows = self._db.execute("select * from stretch order by first")
        found = [stretch for stretch in map(unpack_stretch, rows) if stretch is not None]
        apart = all(one.last < other.first for one, other in zip(found, found[1:]))
        if not apart or len(found) != self._count("stretch"):
            raise DamagedBase("other stretches")
        return found

    def stretch_ends(self) -> list[tuple[int, int]]:
        """The first and last ids of all stretches, by the first. They are not checked."""
        return [*self._db.execute("select first, last from stretch order by first")]

    def save_stretches(self, learned: Iterable[Stretch], refuted: Iterable[Stretch] = ()) -> None:
        """Save stretches, forget the ``refuted`` and any with some of the same ids, and commit."""
        with self._db:
            for stretch in (*refuted, *learned):
                self._doubt_stretches(stretch.first, stretch.last)
            self._save("stretch", map(pack_stretch, learned))

    def _doubt_stretches(self, first: int, last: int) -> None:
        """Forget the stretches that have an id from ``first`` to ``last``."""
        self._db.execute("delete from stretch where first <= ? and last >= ?", (last, first))

    def _doubt(self, note_ids: Sequence[int]) -> None:
        """Forget the stretches of these notes, whose pages get other rows, or none."""
        if len(note_ids) > _FEW:
            self._doubt_stretches(min(note_ids), max(note_ids))
        else:
            for note_id in note_ids:
                self._doubt_stretches(note_id, note_id)

    def held(self, note_ids: Sequence[int], *, known: bool = False) -> dict[int, Held]:
        """The ``Held`` rows of these notes, by note id. A note without one is left out.

        ``known``: all these notes have page rows, so each must have this row as well. Raises
        ``DamagedBase`` for a row that is missing then, or that no run can have written.
        """
        found: dict[int, Held] = {}
        for start in range(0, len(note_ids), 500):
            part = note_ids[start : start + 500]
            marks = ",".join("?" * len(part))
            rows = self._db.execute(f"select * from held where note_id in ({marks})", part)
            found.update((row[0], _check_held(Held._make(row))) for row in rows)
        if known and not found.keys() >= {*note_ids}:
            raise DamagedBase("a page without its note")
        return found

    def indexes(self) -> dict[str, IndexRow]:
        """All index pages by path."""
        return {row[0]: IndexRow._make(row) for row in self._db.execute("select * from index_page")}

    def media(self) -> dict[str, MediaRow]:
        """All copied media files by name in Anki."""
        return {row[0]: MediaRow._make(row) for row in self._db.execute("select * from media")}

    def media_named(self, name: str) -> MediaRow | None:
        """One copied media file, by its name in Anki."""
        row = self._db.execute("select * from media where name = ?", (name,)).fetchone()
        return None if row is None else MediaRow._make(row)

    def folders(self) -> dict[str, str]:
        """The folders of all decks by the deck's full name."""
        return dict(self._db.execute("select * from folder"))

    def strangers(self) -> dict[str, Stranger]:
        """All known files that are not pages of ours, by path."""
        return {row[0]: Stranger._make(row) for row in self._db.execute("select * from stranger")}

    def stranger_paths(self) -> list[str]:
        """The paths of all of them."""
        return [row[0] for row in self._db.execute("select path from stranger")]

    def stranger_at(self, path: str) -> Stranger | None:
        """The foreign file at a path."""
        row = self._db.execute("select * from stranger where path = ?", (path,)).fetchone()
        return None if row is None else Stranger._make(row)

    def strangers_of(self, note_ids: Iterable[int]) -> list[Stranger]:
        """The foreign files that say they are the pages of these notes."""
        wanted = {*note_ids}
        rows = self._db.execute("select * from stranger where note_id is not null")
        return [row for row in map(Stranger._make, rows) if row.note_id in wanted]

    def save_pages(self, pages: Iterable[tuple[PageRow, Held]]) -> None:
        """Save pages and commit."""
        pages = list(pages)
        with self._db:
            self._doubt([row.note_id for row, _ in pages])
            self._db.executemany(SAVE_PAGE, ((*row, fold_file_name(row.path)) for row, _ in pages))
            self._save("held", (held for _, held in pages))

    def forget_pages(self, note_ids: Iterable[int]) -> None:
        """Delete the rows of these pages and commit."""
        ids = [(id_,) for id_ in note_ids]
        with self._db:
            self._doubt([id_ for (id_,) in ids])
            self._db.executemany("delete from page where note_id = ?", ids)
            self._db.executemany("delete from held where note_id = ?", ids)

    def save_indexes(self, rows: Iterable[IndexRow], gone: Iterable[str]) -> None:
        """Save index pages, delete the rows of those that are ``gone``, and commit."""
        with self._db:
            self._save("index_page", rows)
            paths = [(path,) for path in gone]
            self._db.executemany("delete from index_page where path = ?", paths)

    def save_media(self, rows: Iterable[MediaRow]) -> None:
        """Save copied media and commit."""
        with self._db:
            self._save("media", rows)

    def forget_media(self, paths: Iterable[str]) -> None:
        """Delete the rows of the copies at these paths and commit."""
        with self._db:
            self._db.executemany("delete from media where path = ?", [(path,) for path in paths])

    def doubt_indexes(self, paths: Iterable[str]) -> None:
        """Mark these index pages and commit. The next run checks those that are not saved later."""
        with self._db:
            self._db.executemany(
                f"update index_page set mtime = {DOUBTED} where path = ?", [(p,) for p in paths]
            )

    def replace_folders(self, rows: Iterable[FolderRow]) -> None:
        """Replace all folders by these and commit."""
        with self._db:
            self._db.execute("delete from folder")
            self._save("folder", rows)

    def save_strangers(self, rows: Iterable[Stranger], gone: Iterable[str]) -> None:
        """Remember foreign files, forget those that are gone, and commit."""
        with self._db:
            paths = [(path,) for path in gone]
            self._db.executemany("delete from stranger where path = ?", paths)
            self._save("stranger", rows)

    def _save(self, table: str, rows: Iterable[Sequence[object]]) -> None:
        rows = list(rows)
        if rows:
            marks = ",".join("?" * len(rows[0]))
            self._db.executemany(f"insert or replace into {table} values ({marks})", rows)


def _check_pages(rows: Iterable[Sequence[Any]]) -> list[PageRow]:
    """These rows of pages, or ``DamagedBase`` when one has a value that no run has written."""
    found = [*map(make_page_row, rows)]
    for kind, column in zip(_KINDS, zip(*found)):
        if {*map(type, column)} != {kind}:
            raise DamagedBase("other values in page")
    _check_decks({row[5] for row in found})
    return found


def _check_decks(texts: set[Any]) -> set[str]:
    if not all(isinstance(text, str) and _DECKS.match(text) for text in texts):
        raise DamagedBase("no decks")
    return texts


def _check_held(held: Held) -> Held:
    """Check that a row can be read. Returns it, or raises ``DamagedBase``."""
    try:
        unpack_fields(held.fields)
        kept = json.loads(held.own)
        if kept["note_id"] != held.note_id:
            raise DamagedBase("another note")
        if kept.keys() != OWN:
            raise DamagedBase("other properties")
        names = [*json.loads(held.shown_fields or "[]"), *json.loads(held.clozes or "[]")]
        for key, value in kept.items():
            if key in LISTS:
                names += value or ()
            elif key == "told":
                names += [each for one, other in value for each in (one, other)]
            elif not isinstance(value, int if key == "note_id" else (str, int, type(None))):
                raise DamagedBase(f"no {key}")
        if not (isinstance(held.managed_digest, bytes) and all(isinstance(n, str) for n in names)):
            raise DamagedBase("no names")
        if held.before and held.before != ADOPTED and not held.before.startswith(OLD_DIGEST):
            unpack_fields(held.before.removeprefix(TYPED_WORDS))
        if held.cloze_style not in (None, *get_args(ClozeStyle)):
            raise DamagedBase("no style of clozes")
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error) as error:
        raise DamagedBase(f"note {held.note_id}") from error
    return held


def adopt_moved_base(state: Path, folder: Path, collection: str) -> None:
    """Copy the base of a vault folder that was renamed or moved, if ``folder`` is that folder.

    It is when at least 90 % of the pages have the size and date in that base, and none is older.
    With an older page, the folder is an old copy, and its differences are not edits. A base that
    cannot be read is skipped.
    """
    if os.path.lexists(VAULT_BASE.file(state, folder)):
        return
    for other in sorted(state.glob(f"{VAULT_BASE.name}-*.sqlite")) if state.is_dir() else ():
        with suppress(sqlite3.Error, OSError, ValueError, TypeError):
            db = VAULT_BASE.open_file(other, collection)
            if db is not None:
                with closing(db):
                    if _fits(db, folder):
                        VAULT_BASE.copy(db, state, folder)
                        return


def _fits(db: sqlite3.Connection, folder: Path) -> bool:
    same = total = 0
    for path, size, mtime in db.execute("select path, size, mtime from page"):
        total += 1
        try:
            found = os.lstat(folder / path)
        except OSError:
            continue
        if (found.st_size, found.st_mtime_ns) == (size, mtime):
            same += 1
        elif found.st_mtime_ns < mtime:
            return False
    return total > 0 and same * 10 >= total * 9
