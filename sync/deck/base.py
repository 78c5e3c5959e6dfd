"""The base of a TOML deck: what both sides held when they last agreed.

One SQLite file for each TOML file and collection. It can be deleted at any time: then notes are
found by their ids, and notes that are equal on both sides are adopted.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple, Optional

from ..run.base_file import BaseKind, DamagedBase

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
DECK_BASE = BaseKind(
    "deck",
    1,
    """
create table note (
  note_id integer primary key, toml_digest blob not null, anki_digest blob not null,
  held text not null);
create table pending (
  guid text primary key, position integer not null, toml_digest blob not null, held text not null)
  without rowid;
create table deck (
  name text primary key, deck_id integer not null, description text) without rowid;
create table model (
  name text primary key, notetype integer not null, toml_digest blob not null,
  anki_digest blob not null) without rowid;
create table media (
  name text primary key, size integer not null, mtime integer not null,
  anki_size integer not null, anki_mtime integer not null, digest blob not null) without rowid;
""",
)


class HeldField(NamedTuple):
    """A field when both sides last agreed on it. ``toml`` is None if the file did not have it."""

    toml: Optional[str]
    anki: str
    markdown: bool


class HeldCard(NamedTuple):
    """A card of a dynamic note when both sides last agreed on it."""

    front: HeldField
    back: HeldField


@dataclass(frozen=True)
class HeldNote:
    """A note when both sides last agreed. Parts on which they never agreed are left out."""

    model: str
    deck: Optional[str] = None
    tags: Optional[tuple[str, ...]] = None
    fields: Mapping[str, HeldField] = field(default_factory=dict)
    cards: Mapping[str, HeldCard] = field(default_factory=dict)  # by id, in their order

    def pack(self) -> str:
        """The note as JSON, for the base."""
        fields = {name: _pack_field(held) for name, held in self.fields.items()}
        cards = [[id_, *map(_pack_field, held)] for id_, held in self.cards.items()]
        return _ENCODE([self.model, self.deck, self.tags, fields, *([cards] if cards else ())])

    @classmethod
    def unpack(cls, text: str) -> HeldNote:
        """The note from the text that ``pack`` made. Raises ``DamagedBase`` for any other text."""
        try:
            model, deck, tags, fields, *cards = json.loads(text)
            held = cls(
                model,
                deck,
                None if tags is None else tuple(map(str, tags)),
                {name: _unpack_field(packed) for name, packed in fields.items()},
                {
                    id_: HeldCard(_unpack_field(front), _unpack_field(back))
                    for id_, front, back in (cards[0] if cards else ())
                },
            )
        except (ValueError, TypeError, AttributeError, KeyError, LookupError) as error:
            raise DamagedBase("a note that nobody has written") from error
        if not isinstance(model, str) or not isinstance(deck, (str, type(None))):
            raise DamagedBase("a note that nobody has written")
        return held


def _pack_field(held: HeldField) -> list[Any]:
    return [int(held.markdown), held.toml, None if held.anki == held.toml else held.anki]


def _unpack_field(packed: Sequence[Any]) -> HeldField:
    markdown, toml, anki = packed
    if not (isinstance(toml, (str, type(None))) and isinstance(anki, (str, type(None)))):
        raise TypeError("no text")
    both = toml if anki is None else anki
    if both is None:
        raise TypeError("no text")
    return HeldField(toml, both, bool(markdown))


class NoteEntry(NamedTuple):
    """A note in the base. The digests are empty unless both sides agreed on all parts."""

    note_id: int
    toml_digest: bytes
    anki_digest: bytes
    held: str


class PendingEntry(NamedTuple):
    """A note that a run is about to add to Anki. Its id is not in the file yet."""

    guid: str
    position: int
    toml_digest: bytes
    held: str


class DeckEntry(NamedTuple):
    """A declared deck, its id in Anki, and the description on which both sides agreed."""

    name: str
    deck_id: int
    description: Optional[str]


class ModelEntry(NamedTuple):
    """A declared model, the id of its note type, and digests of both sides."""

    name: str
    notetype: int
    toml_digest: bytes
    anki_digest: bytes


class MediaEntry(NamedTuple):
    """A media file that is the same on both sides. Dates are in nanoseconds."""

    name: str
    size: int
    mtime: int
    anki_size: int
    anki_mtime: int
    digest: bytes


class DeckBase:
    """An open base. Reads whole tables; each write is one transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def notes(self) -> dict[int, NoteEntry]:
        """Every note by its id in Anki."""
        return {row[0]: NoteEntry._make(row) for row in self._db.execute("select * from note")}

    def note_ids(self) -> set[int]:
        """The ids of all notes, without what was held of them."""
        return {row[0] for row in self._db.execute("select note_id from note")}

    def pending(self) -> list[PendingEntry]:
        """Notes that a killed run may have added, in their order in the file."""
        rows = self._db.execute("select * from pending order by position")
        return [PendingEntry._make(row) for row in rows]

    def decks(self) -> dict[str, DeckEntry]:
        """Every declared deck by its name in the file."""
        return {row[0]: DeckEntry._make(row) for row in self._db.execute("select * from deck")}

    def models(self) -> dict[str, ModelEntry]:
        """Every declared model by its name in the file."""
        return {row[0]: ModelEntry._make(row) for row in self._db.execute("select * from model")}

    def media(self) -> dict[str, MediaEntry]:
        """Every media file by its name in Anki."""
        return {row[0]: MediaEntry._make(row) for row in self._db.execute("select * from media")}

    def save_pending(self, entries: Iterable[PendingEntry]) -> None:
        """Save the notes that are about to be added."""
        with self._db:
            self._db.executemany("insert or replace into pending values (?, ?, ?, ?)", entries)

    def save_media(self, entries: Iterable[MediaEntry]) -> None:
        """Save the media files that are the same on both sides."""
        with self._db:
            self._db.executemany("insert or replace into media values (?, ?, ?, ?, ?, ?)", entries)

    def save_run(
        self,
        notes: Iterable[NoteEntry],
        gone: Iterable[int],
        decks: Iterable[DeckEntry],
        models: Iterable[ModelEntry],
    ) -> None:
        """Save the result of a run, and delete the notes ``gone`` and all pending notes."""
        with self._db:
            self._db.executemany("insert or replace into note values (?, ?, ?, ?)", notes)
            self._db.executemany("delete from note where note_id = ?", ((id_,) for id_ in gone))
            self._db.executemany("insert or replace into deck values (?, ?, ?)", decks)
            self._db.executemany("insert or replace into model values (?, ?, ?, ?)", models)
            self._db.execute("delete from pending")


def digest(*parts: object) -> bytes:
    """Sixteen bytes that change when any of these values changes."""
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()
