"""One dynamic note in an editor: opened, and saved only over what was opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Optional

from ...convert.text.merge import merge_tags, same_tags
from ...model.note import DynamicNote, ReadNote, clean_note, write_fields
from ..collection.dynamic_cards import find_cards
from ..collection.planned_notes import Move, NoteEdit
from ..collection.writer import CollectionWriter
from ..run.errors import AnkivaultError
from .merging import Merged, Side, merge_contents
from .notes import (
    NewNote,
    NoteGone,
    Written,
    create_notes,
    plan_updates,
    read_dynamic_notes,
    update_notes,
)

if TYPE_CHECKING:
    from anki.collection import Collection, OpChanges


@dataclass(frozen=True)
class OpenNote:
    """A note as it was when it was opened.

    ``reviews``: card id → how often it was answered. ``decks``: the home decks of its cards, the
    first card's first.
    """

    id: int
    fields: tuple[str, ...]
    read: ReadNote
    tags: tuple[str, ...]
    reviews: Mapping[str, int]
    decks: tuple[int, ...]
    digest: bytes = field(default=b"", repr=False)

    def is_same(self, other: OpenNote) -> bool:
        """Whether both have the same content. Reviews may differ: an edit does not change them."""
        return (
            self.id == other.id
            and self.read.content == other.read.content
            and same_tags(self.tags, other.tags)
        )


@dataclass(frozen=True)
class Edit:
    """The new content of a note. Without a ``deck``, its cards stay where they are."""

    content: DynamicNote
    tags: tuple[str, ...]
    deck: Optional[int] = None


class ChangedMeanwhile(AnkivaultError):
    """The note was changed after it was opened. ``now`` is its present state."""

    def __init__(self, now: OpenNote) -> None:
        super().__init__("This note was changed elsewhere since it was opened.")
        self.now = now


def open_note(col: Collection, note_id: int) -> OpenNote:
    """Read a note for an editor. Raises ``NoteGone``."""
    stored = next(read_dynamic_notes(col, [note_id]), None)
    assert col.db is not None
    if stored is None:
        is_there = bool(col.db.scalar("select count() from notes where id = ?", note_id))
        raise NoteGone(note_id, is_there=is_there)
    rows = col.db.all(
        "select c.ord + 1, count() from cards c join revlog r on r.cid = c.id "
        "where c.nid = ? and r.ease > 0 group by c.ord",
        note_id,
    )
    answers = {slot: int(count) for slot, count in rows}
    slots = stored.read.slots
    reviews = {id_: answers[slot] for id_, slot in slots.items() if slot in answers}
    decks = tuple(dict.fromkeys(card.home for card in find_cards(col, [note_id])[note_id]))
    return OpenNote(note_id, stored.fields, stored.read, stored.tags, reviews, decks, stored.digest)


def add_note(col: Collection, edit: Edit) -> Written:
    """Add a note, in one undo step. Raises what ``create_notes`` raises."""
    assert edit.deck is not None
    new = NewNote(clean_note(edit.content), edit.deck, edit.tags)
    return create_notes(col, [new], "Add Dynamic Note")


def save_note(col: Collection, opened: OpenNote, edit: Edit) -> Written:
    """Save the editor's content in a note, in one undo step.

    Raises, with nothing written, ``ChangedMeanwhile`` when the note has changed,
    ``NoteGone``, or a ``CardError``.
    """
    now = open_note(col, opened.id)
    if not now.is_same(opened):
        raise ChangedMeanwhile(now)
    content = clean_note(edit.content)
    rewritten = write_fields(now.fields, content) != now.fields
    change: NoteEdit[int] = NoteEdit(opened.id, opened.id, now.digest)
    if rewritten:
        (change,) = plan_updates(col, {opened.id: content})
    if not same_tags(edit.tags, now.tags):
        change = replace(change, tags=edit.tags)
    if edit.deck is not None and any(deck != edit.deck for deck in now.decks):
        change = replace(change, move=Move(edit.deck))
    writer: CollectionWriter[int] = CollectionWriter(col, "Update Dynamic Note")
    if rewritten:
        writer.prepare_dynamic()
    writer.update([change])
    if writer.late:
        raise ChangedMeanwhile(open_note(col, opened.id))
    return Written.by(writer, [opened.id])


def mend_note(col: Collection, note_id: int) -> OpChanges:
    """Repair the slots of a note that was changed by hand, in one undo step.

    Its texts stay as they are. Raises ``NoteGone``, or a ``CardError`` when nothing can be done.
    """
    opened = open_note(col, note_id)
    return update_notes(col, {note_id: opened.read.content}, "Mend Dynamic Note").changes


def merge_edits(opened: OpenNote, edit: Edit, now: OpenNote, prefer: Side) -> tuple[Edit, Merged]:
    """Merge the editor's changes to a note with changes from elsewhere."""
    merged = merge_contents(opened.read.content, clean_note(edit.content), now.read.content, prefer)
    tags = merge_tags(opened.tags, edit.tags, now.tags)
    return replace(edit, content=merged.content, tags=tags), merged
