"""The base of a subscription: what the author said when it was last taken into Anki.

It can be deleted at any time: then notes are found by their guids, those that are equal are
adopted, and the others are asked about.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, NamedTuple, Optional

from ....convert.deck_file.definition import ModelDef, TemplateDef
from ...deck.base import HeldNote
from ...run.base_file import BaseKind, DamagedBase

SUBSCRIPTION_BASE = BaseKind(
    "base",
    1,
    """
create table note (
  guid text primary key, note_id integer not null, digest blob not null, state text not null,
  held text not null) without rowid;
create table model (
  name text primary key, notetype integer not null, owned integer not null,
  held text not null) without rowid;
create table deck (
  name text primary key, deck_id integer not null, description text not null) without rowid;
create table media (name text primary key, digest text not null) without rowid;
""",
)
TAKEN, WAITING = "taken", "waiting"


class NoteEntry(NamedTuple):
    """A note that was taken. ``digest`` is empty unless all of what the author says was.

    ``state``: ``pending`` when a run is about to add it, ``absent`` while it is asked whether it is
    new, ``kept`` when the author took it out and the subscriber keeps it, else empty.
    """

    guid: str
    note_id: int
    digest: bytes
    state: str = ""


class ModelEntry(NamedTuple):
    """An author's model as last taken, and its note type.

    ``owned``: only notes of the subscription have the type, so that updates may change it.
    """

    name: str
    notetype: int
    owned: bool
    held: ModelDef


class DeckEntry(NamedTuple):
    """An author's deck, its id in Anki, and its description as last taken."""

    name: str
    deck_id: int
    description: str


class SubscriptionBase:
    """An open base. Each write is one transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def read_notes(self) -> dict[str, NoteEntry]:
        """Every note by its guid, without what the author said."""
        rows = self._db.execute("select guid, note_id, digest, state from note")
        return {row[0]: NoteEntry._make(row) for row in rows}

    def read_guids(self) -> set[str]:
        """The guids of every note."""
        return {row[0] for row in self._db.execute("select guid from note")}

    def read_held(self, guid: str) -> Optional[HeldNote]:
        """What the author said of a note. Raises ``DamagedBase``."""
        row = self._db.execute("select held from note where guid = ?", (guid,)).fetchone()
        return HeldNote.unpack(row[0]) if row else None

    def read_models(self) -> dict[str, ModelEntry]:
        """Every model by the author's name. Raises ``DamagedBase``."""
        rows = self._db.execute("select * from model")
        return {
            name: ModelEntry(name, id_, bool(own), _unpack(held)) for name, id_, own, held in rows
        }

    def read_decks(self) -> dict[str, DeckEntry]:
        """Every deck by the author's name."""
        return {row[0]: DeckEntry._make(row) for row in self._db.execute("select * from deck")}

    def read_media(self) -> dict[str, str]:
        """The SHA-256 of every media file as last taken, by name."""
        return dict(self._db.execute("select * from media"))

    @property
    def taken(self) -> str:
        """What the last finished run has taken; empty before."""
        return self._meta(TAKEN)

    @property
    def waiting(self) -> int:
        """How many questions the last finished run left open."""
        waiting = self._meta(WAITING)
        return int(waiting) if waiting.isdigit() else 0

    def _meta(self, key: str) -> str:
        row = self._db.execute("select value from meta where key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def save_notes(
        self, notes: Iterable[tuple[NoteEntry, HeldNote]], gone: Iterable[str] = ()
    ) -> None:
        """Save notes, and forget those ``gone``."""
        rows = (
            (note.guid, note.note_id, note.digest, note.state, held.pack()) for note, held in notes
        )
        with self._db:
            self._db.executemany("delete from note where guid = ?", ((guid,) for guid in gone))
            self._db.executemany("insert or replace into note values (?, ?, ?, ?, ?)", rows)

    def save_types(self, models: Iterable[ModelEntry], decks: Iterable[DeckEntry]) -> None:
        """Save models and decks."""
        rows = ((m.name, m.notetype, int(m.owned), _pack(m.held)) for m in models)
        with self._db:
            self._db.executemany("insert or replace into model values (?, ?, ?, ?)", rows)
            self._db.executemany("insert or replace into deck values (?, ?, ?)", decks)

    def save_media(self, media: Iterable[tuple[str, str]]) -> None:
        """Save the SHA-256 of media files that were taken, by name."""
        with self._db:
            self._db.executemany("insert or replace into media values (?, ?)", media)

    def finish(self, taken: str, waiting: int) -> None:
        """Save what was taken, when the whole run is done."""
        with self._db:
            rows = ((TAKEN, taken), (WAITING, str(waiting)))
            self._db.executemany("insert or replace into meta values (?, ?)", rows)


def _pack(model: ModelDef) -> str:
    values = asdict(model)
    del values["line"]
    return json.dumps(values, ensure_ascii=False)


def _unpack(text: str) -> ModelDef:
    try:
        values: dict[str, Any] = json.loads(text)
        values["templates"] = tuple(TemplateDef(**each) for each in values["templates"])
        values["fields"] = tuple(values["fields"])
        values["markdown_fields"] = tuple(values["markdown_fields"])
        return ModelDef(**values)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise DamagedBase("a model that nobody has written") from error
