"""The tables of a vault's base, and how those of older versions become them."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from ...convert.text.file_names import fold_file_name
from ..run.base_file import BaseKind
from .rows import OLD_DIGEST, to_json


def _upgrade_from_3(db: sqlite3.Connection) -> None:
    """Move how a page shows its note from the JSON of our properties into columns."""
    for column in ("shown_fields text", "clozes text", "cloze_style text", "before_digest blob"):
        db.execute(f"alter table held add column {column}")
    rows: list[tuple[Any, ...]] = []
    for note_id, own in db.execute("select note_id, own from held"):
        kept = json.loads(own)
        names = [to_json(kept.pop(key)) if key in kept else None for key in ("fields", "clozes")]
        style, before = kept.pop("style", None), kept.pop("before", None)
        before_digest = None if before is None else bytes.fromhex(before)
        rows.append((to_json(kept), *names, style, before_digest, note_id))
    db.executemany(
        "update held set own = ?, shown_fields = ?, clozes = ?, cloze_style = ?, before_digest = ? "
        "where note_id = ?",
        rows,
    )


def _upgrade_from_4(db: sqlite3.Connection) -> None:
    """A page can be found by its name and by its decks, without reading all pages."""
    db.execute("alter table page rename to page_4")
    for statement in _PAGE.split(";"):
        db.execute(statement)
    rows = db.execute("select * from page_4").fetchall()
    db.executemany(SAVE_PAGE, ((*row, fold_file_name(row[1])) for row in rows))
    db.execute("drop table page_4")


def _upgrade_from_5(db: sqlite3.Connection) -> None:
    """What a note was before an edit of its page is kept in words, where there was a digest."""
    db.execute("alter table held rename column before_digest to before")
    digests = db.execute("select before, note_id from held where length(before) > 0").fetchall()
    marked = ((OLD_DIGEST + digest, note_id) for digest, note_id in digests)
    db.executemany("update held set before = ? where note_id = ?", marked)


def _upgrade_from_6(db: sqlite3.Connection) -> None:
    """Nothing is known yet of whole stretches of notes."""
    db.execute(_STRETCH)


def _upgrade_from_7(db: sqlite3.Connection) -> None:
    """No page tells yet how its note is studied, or has a link to it."""
    told = ',"told":[]}'
    db.execute("update held set own = substr(own, 1, length(own) - 1) || ?", (told,))


def _upgrade_from_8(db: sqlite3.Connection) -> None:
    """No copy of a page has been told or left to its owner."""
    db.execute("alter table stranger add column stance text not null default ''")


_STRETCH = """create table stretch (
  first integer primary key, last integer not null, notes integer not null, digest blob not null,
  looked_at blob not null, paths blob not null, media text not null, check_sum integer not null)"""
_PAGE = """
create table page (
  note_id integer primary key, path text not null, size integer not null, mtime integer not null,
  digest blob not null, decks text not null, title text not null, media text not null,
  name text not null);
create index page_name on page (name);
create index page_decks on page (decks);
"""
SAVE_PAGE = "insert or replace into page values (?, ?, ?, ?, ?, ?, ?, ?, ?)"

VAULT_BASE = BaseKind(
    "vault",
    9,
    f"{_PAGE}{_STRETCH};"
    """
create table held (
  note_id integer primary key, managed_digest blob not null, own text not null,
  fields blob not null, shown_fields text, clozes text, cloze_style text, before blob);
create table index_page (
  path text primary key, deck text not null, deck_id integer not null, size integer not null,
  mtime integer not null, managed_digest blob not null) without rowid;
create table media (
  name text primary key, path text not null, size integer not null, mtime integer not null,
  copy_size integer not null, copy_mtime integer not null, target text not null)
  without rowid;
create table folder (deck text primary key, path text not null) without rowid;
create table stranger (
  path text primary key, size integer not null, mtime integer not null, note_id integer,
  typed integer not null, guid text not null, stance text not null default '') without rowid;
""",
    synchronous="normal",
    unchecked=("held", "page"),
    upgrades={
        3: _upgrade_from_3,
        4: _upgrade_from_4,
        5: _upgrade_from_5,
        6: _upgrade_from_6,
        7: _upgrade_from_7,
        8: _upgrade_from_8,
    },
)
