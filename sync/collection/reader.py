"""Reads an open collection, and never writes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Optional

from ..run.errors import Cancelled
from .card_effects import count_cards, count_reviews
from .decks import DeckNames, iterate_notes, read_decks
from .dynamic_cards import CardRow, find_cards
from .media import AnkiMedia
from .reads import (
    NoteContents,
    NoteRow,
    can_redo,
    content_of,
    count_notes,
    digest_notes_between,
    find_notes_by_guid,
    has_note,
    read_contents,
    read_newest,
    read_notes,
    was_deleted,
)
from .study import StudyReader

if TYPE_CHECKING:
    from anki.collection import Collection


@dataclass(frozen=True)
class CollectionReader:
    """Reads what a plan needs from a collection.

    Notes are not kept in memory: a large collection would take a gigabyte, and nearly all of
    its notes are unchanged. With ``study``, what pages tell of how notes are studied is read too.
    """

    _col: Collection
    study: Optional[StudyReader] = None

    def reads(self, col: Collection) -> bool:
        """Whether it reads this collection."""
        return self._col is col

    def read_contents(self, first: int, last: int, most: int) -> NoteContents:
        """The notes with ids from ``first`` to ``last``, by id, or so many of them at most."""
        contents = read_contents(self._col, first, last, most)
        if self.study is None:
            return contents
        studied = self.study.join_between(contents.first, contents.last)
        return contents._replace(study=self.study.tell(studied), studied=studied)

    def digest_notes_between(self, first: int, last: int) -> bytes:
        """``digest_contents`` of the notes with ids from ``first`` to ``last``."""
        studied = self.study.join_between(first, last) if self.study else ""
        return digest_notes_between(self._col, first, last, studied)

    def count_notes(self) -> int:
        """How many notes there are."""
        return count_notes(self._col)

    def read_contents_of(self, ids: Iterable[int]) -> NoteContents:
        """The notes with these ids that exist, by id."""
        rows = self.read_with_decks(sorted(ids))
        notes = [(row.id, row.notetype, content_of(row)) for row in rows]
        cards = (f"{row.id} {card}" for row in rows if row.decks for card in row.decks.split(","))
        study = {row.id: row.study for row in rows if row.study}
        return NoteContents(notes, ",".join(cards), study=study)

    def read_with_decks(self, note_ids: Sequence[int]) -> list[NoteRow]:
        """The notes with these ids that exist, with their decks, by note id."""
        rows = [*iterate_notes(self._col, note_ids)]
        if self.study is None:
            return rows
        told = self.study.read([row.id for row in rows])
        return [row._replace(study=told.get(row.id, "")) for row in rows]

    def has_note(self, note_id: int) -> bool:
        """Whether there is a note of this id."""
        return has_note(self._col, note_id)

    def check_open(self) -> None:
        """Raise ``Cancelled`` when the collection was closed: then each note would seem a fault."""
        if self._col.db is None:
            raise Cancelled

    def was_deleted(self, note_id: int) -> bool:
        """Whether Anki knows that a note was deleted."""
        return was_deleted(self._col, note_id)

    def read_newest(self) -> tuple[int, int]:
        """The id of the note that was changed last, and when; zeros without one."""
        return read_newest(self._col)

    def can_redo(self) -> bool:
        """Whether a step was undone that Anki offers to redo."""
        return can_redo(self._col)

    def read_notes(self, note_ids: Sequence[int]) -> Iterator[NoteRow]:
        """The notes with these ids that exist, without their decks."""
        return read_notes(self._col, note_ids)

    def find_note(self, note_id: int) -> Optional[NoteRow]:
        """One note, without its decks."""
        return next(self.read_notes([note_id]), None)

    def find_notes_by_guid(self, guids: Iterable[str]) -> Mapping[str, int]:
        """Guid → note id, for guids that exactly one note has."""
        return find_notes_by_guid(self._col, guids)

    def find_notes_with(self, text: str) -> list[int]:
        """The ids of the notes that hold a text, which has no ``%`` and no ``_``."""
        assert self._col.db is not None
        return self._col.db.list("select id from notes where flds like ?", f"%{text}%")

    def find_cards(self, note_id: int) -> list[CardRow]:
        """The cards of a dynamic note, in the order of their slots."""
        return find_cards(self._col, [note_id])[note_id]

    def count_cards(self, note_id: int) -> int:
        """How many cards a note has."""
        return count_cards(self._col, note_id)

    def count_reviews(self, note_id: int, numbers: Sequence[int]) -> int:
        """How often the cards of these clozes or slots, from 1, were reviewed."""
        return count_reviews(self._col, note_id, numbers)

    def find_notetype(self, name: str) -> Any:
        """A note type as Anki has it, or nothing when no type has that name."""
        return self._col.models.by_name(name)

    def check_fields(self, notetype: Any, fields: Sequence[str]) -> int:
        """Let Anki check a new note's fields; returns a ``NoteFieldsCheckResponse`` number.

        The note is not added.
        """
        note = self._col.new_note(notetype)
        note.fields = list(fields)
        return int(note.fields_check())

    @cached_property
    def decks(self) -> DeckNames:
        """All decks."""
        return read_decks(self._col)

    @cached_property
    def media(self) -> AnkiMedia:
        """The media folder."""
        return AnkiMedia(self._col.media.dir())
