"""Dynamic notes in bulk: read, create, update and delete them, each in one undo step."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional, TypeVar, cast

from ...model.note import DynamicNote, ReadNote, read_note, write_fields
from ..collection.dynamic_cards import find_cards, find_unsettled, guard_slots, settle_cards
from ..collection.dynamic_type import ensure_notetype, find_notetypes
from ..collection.reads import read_notes
from ..collection.renderer import install_renderer
from ..run.errors import AnkivaultError

if TYPE_CHECKING:
    from anki.collection import AddNoteRequest, Collection, OpChanges
    from anki.decks import DeckId
    from anki.models import NotetypeId
    from anki.notes import NoteId

T = TypeVar("T")
CHUNK = 2500  # Anki adds many notes in fewer steps faster


class NoteGone(AnkivaultError):
    """A note is no longer in the collection, or no dynamic note."""

    def __init__(self, note_id: int) -> None:
        super().__init__(f"The dynamic note {note_id} is no longer in the collection.")


@dataclass(frozen=True)
class StoredNote:
    """A dynamic note in a collection. ``fields`` are its raw values."""

    id: int
    guid: str
    tags: tuple[str, ...]
    fields: tuple[str, ...]
    read: ReadNote


@dataclass(frozen=True)
class NewNote:
    """A dynamic note to be made. ``deck`` is a deck's id; without a guid, Anki gives one."""

    content: DynamicNote
    deck: int
    tags: tuple[str, ...] = ()
    guid: str = ""


@dataclass(frozen=True)
class Written:
    """The notes that were written, in the order asked for, and what Anki's window has to know."""

    note_ids: tuple[int, ...]
    changes: OpChanges


def read_dynamic_notes(col: Collection, note_ids: Iterable[int]) -> Iterator[StoredNote]:
    """Those of these notes that exist and are dynamic, in the order of their ids."""
    types = find_notetypes(col)
    for row in read_notes(col, sorted({*note_ids})) if types else ():
        if row.notetype in types:
            fields = tuple(row.fields.split("\x1f"))
            yield StoredNote(row.id, row.guid, tuple(row.tags.split()), fields, read_note(fields))


def create_notes(
    col: Collection, notes: Sequence[NewNote], undo_name: str = "Add Dynamic Notes"
) -> Written:
    """Add notes; their type is made when the collection has none.

    Raises a ``CardError`` before anything is added when the cards of one cannot be as wanted.
    """
    from anki.collection import AddNoteRequest

    contents = [write_fields((), note.content) for note in notes]
    install_renderer(col)
    make = _make_maker(col, ensure_notetype(col))
    requests: list[AddNoteRequest] = [
        AddNoteRequest(make(note, fields), cast("DeckId", note.deck))
        for note, fields in zip(notes, contents)
    ]
    step = _Step(col, undo_name)
    for chunk in step.chunks(requests):
        col.add_notes(chunk)
    return step.end([int(request.note.id) for request in requests])


def update_notes(
    col: Collection,
    contents: Mapping[int, DynamicNote],
    undo_name: str = "Update Dynamic Notes",
) -> Written:
    """Give notes a new content: note id → content. What is as it should be is not written.

    Each note then has exactly the Anki cards of its cards: new ones lie in the note's deck, those
    of deleted cards are removed. Raises a ``CardError`` or ``NoteGone`` before anything is written.
    """
    stored = {note.id: note for note in read_dynamic_notes(col, contents)}
    cards = find_cards(col, stored)
    changed: dict[int, tuple[str, ...]] = {}
    for note_id, content in contents.items():
        if note_id not in stored:
            raise NoteGone(note_id)
        fields = write_fields(guard_slots(cards[note_id], stored[note_id].fields), content)
        if fields != stored[note_id].fields:
            changed[note_id] = fields
    install_renderer(col)
    step = _Step(col, undo_name)
    todo = [*changed, *sorted(find_unsettled(col, contents) - {*changed})]
    for chunk in step.chunks(todo):
        before = find_cards(col, chunk)
        notes = [col.get_note(cast("NoteId", id_)) for id_ in chunk if id_ in changed]
        for note in notes:
            note.fields = list(changed[int(note.id)])
        col.update_notes(notes)
        step.merge()
        settle_cards(col, before, step.merge)
    return step.end(todo)


def _make_maker(col: Collection, notetype_id: int) -> Any:
    """A function that makes notes, faster than asking Anki for each."""
    notetype = col.models.get(cast("NotetypeId", notetype_id))
    assert notetype is not None
    pattern = col.new_note(notetype)

    def make(new: NewNote, fields: Sequence[str]) -> Any:
        from anki.utils import guid64

        note = copy.copy(pattern)
        note.guid = new.guid or guid64()
        note.tags, note.fields = list(new.tags), list(fields)
        return note

    return make


class _Step:
    """One undo step, opened with its first change: an empty one would show in Anki's menu."""

    def __init__(self, col: Collection, name: str) -> None:
        from anki.collection import OpChanges

        self._col, self._name = col, name
        self._entry: Optional[int] = None
        self._changes = OpChanges()

    def chunks(self, items: Sequence[T]) -> Iterator[Sequence[T]]:
        """``items`` in parts that Anki writes at once; each part's writes join the step."""
        for start in range(0, len(items), CHUNK):
            if self._entry is None:
                self._entry = self._col.add_custom_undo_entry(self._name)
            yield items[start : start + CHUNK]
            self.merge()

    def merge(self) -> None:
        """Let what was just written join. Anki keeps no more than 30 separate steps."""
        assert self._entry is not None
        self._changes.MergeFrom(self._col.merge_undo_entries(self._entry))

    def end(self, note_ids: Sequence[int]) -> Written:
        """What was written."""
        return Written(tuple(note_ids), self._changes)
