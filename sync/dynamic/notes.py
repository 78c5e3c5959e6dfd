"""Dynamic notes in bulk: read, create and update them, each time in one undo step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...model.note import DynamicNote, ReadNote, read_note, write_fields
from ..collection.dynamic_cards import find_cards, find_unsettled, guard_slots
from ..collection.dynamic_type import find_notetypes
from ..collection.planned_notes import Addition, NoteEdit
from ..collection.reads import note_digest, read_notes
from ..collection.writer import CollectionWriter
from ..run.errors import AnkivaultError

if TYPE_CHECKING:
    from anki.collection import Collection, OpChanges


class NoteGone(AnkivaultError):
    """A note is no longer in the collection, or is not a dynamic note: then it ``is_there``."""

    def __init__(self, note_id: int, *, is_there: bool = False) -> None:
        self.is_there = is_there
        told = "has another note type now" if is_there else "is no longer in the collection"
        super().__init__(f"The dynamic note {note_id} {told}.")


@dataclass(frozen=True)
class StoredNote:
    """A dynamic note in a collection. ``fields`` are its raw values."""

    id: int
    guid: str
    tags: tuple[str, ...]
    fields: tuple[str, ...]
    read: ReadNote
    digest: bytes


@dataclass(frozen=True)
class NewNote:
    """A dynamic note to create. ``deck`` is a deck's id; without a guid, Anki gives one."""

    content: DynamicNote
    deck: int
    tags: tuple[str, ...] = ()
    guid: str = ""


@dataclass(frozen=True)
class Written:
    """The notes that were written, in the order asked for, and what Anki's window must know."""

    note_ids: tuple[int, ...]
    changes: OpChanges

    @classmethod
    def by(cls, writer: CollectionWriter[Any], note_ids: Iterable[int]) -> Written:
        """What a writer wrote."""
        from anki.collection import OpChanges

        return cls(tuple(note_ids), writer.changes or OpChanges())


def read_dynamic_notes(col: Collection, note_ids: Iterable[int]) -> Iterator[StoredNote]:
    """The notes among these that exist and are dynamic, in the order of their ids."""
    types = find_notetypes(col)
    for row in read_notes(col, sorted({*note_ids})) if types else ():
        if row.notetype in types:
            fields = tuple(row.fields.split("\x1f"))
            tags, digest = tuple(row.tags.split()), note_digest(row)
            yield StoredNote(row.id, row.guid, tags, fields, read_note(fields), digest)


def find_linked(col: Collection, start: str) -> list[tuple[str, str]]:
    """The guid and link of the dynamic notes whose link begins so."""
    types = ",".join(map(str, find_notetypes(col)))
    assert col.db is not None
    rows = col.db.all(
        f"select cast(guid as text), cast(flds as text) from notes where mid in ({types}) "
        "and substr(cast(flds as text), 1, ?) = ?",
        len(start),
        start,
    )
    return [(guid, fields.partition("\x1f")[0]) for guid, fields in rows]


def create_notes(
    col: Collection, notes: Sequence[NewNote], undo_name: str = "Add Dynamic Notes"
) -> Written:
    """Add notes; adds their type when the collection has none.

    Raises a ``CardError``, before anything is added, when a note cannot have these cards.
    """
    contents = [write_fields((), note.content) for note in notes]
    writer: CollectionWriter[NewNote] = CollectionWriter(col, undo_name)
    notetype = writer.prepare_dynamic()
    writer.add(
        [
            Addition(note, notetype, fields, note.deck, note.tags, note.guid)
            for note, fields in zip(notes, contents)
        ]
    )
    return Written.by(writer, [note_id for _, note_id in writer.added])


def update_notes(
    col: Collection,
    contents: Mapping[int, DynamicNote],
    undo_name: str = "Update Dynamic Notes",
) -> Written:
    """Give notes new content: note id → content. An unchanged note is not written.

    Afterwards each note has exactly the Anki cards of its cards: new ones are in the note's deck,
    those of deleted cards are removed. Raises a ``CardError`` or ``NoteGone``, before
    anything is written.
    """
    edits = plan_updates(col, contents)
    writer: CollectionWriter[int] = CollectionWriter(col, undo_name)
    if contents:
        writer.prepare_dynamic()
    writer.update(edits)
    return Written.by(writer, writer.updated)


def plan_updates(col: Collection, contents: Mapping[int, DynamicNote]) -> list[NoteEdit[int]]:
    """What ``update_notes`` has to write. Raises the same errors."""
    stored = {note.id: note for note in read_dynamic_notes(col, contents)}
    cards = find_cards(col, stored)
    changed: dict[int, tuple[str, ...]] = {}
    for note_id, content in contents.items():
        if note_id not in stored:
            raise NoteGone(note_id)
        fields = write_fields(guard_slots(cards[note_id], stored[note_id].fields), content)
        if fields != stored[note_id].fields:
            changed[note_id] = fields
    return [
        NoteEdit(id_, id_, stored[id_].digest, values=changed.get(id_), dynamic=True)
        for id_ in (*changed, *sorted(find_unsettled(col, contents) - {*changed}))
    ]
