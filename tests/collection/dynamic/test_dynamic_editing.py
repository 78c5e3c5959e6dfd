"""A dynamic note that is open in an editor, in a real collection."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ankivault.model.note import Card, DynamicNote, NoCards
from ankivault.sync.collection.dynamic_type import pick_dynamic
from ankivault.sync.dynamic.editing import (
    ChangedMeanwhile,
    Edit,
    add_note,
    merge_edits,
    open_note,
    save_note,
)
from ankivault.sync.dynamic.notes import NoteGone, update_notes

from ...desks.dynamic_desk import DECK, cards_of, make_content, review
from ..conftest import Desk


def make_note(desk: Desk) -> int:
    return add_note(desk.col, Edit(make_content("a", "b"), ("x",), DECK)).note_ids[0]


def test_a_save_is_one_step_with_text_tags_and_deck(desk: Desk) -> None:
    col = desk.col
    note_id = make_note(desk)
    before = cards_of(col, note_id)
    review(col, before["b"])
    opened = open_note(col, note_id)
    assert opened.reviews == {"b": 1} and opened.decks == (DECK,) and opened.tags == ("x",)
    deck = int(col.decks.id("Elsewhere"))

    written = save_note(col, opened, Edit(make_content("b", "c"), ("y", "z"), deck))

    assert col.undo_status().undo == "Update Dynamic Note"
    assert written.changes.note and written.changes.card
    after = open_note(col, note_id)
    assert [card.id for card in after.read.content.cards] == ["b", "c"]
    assert (after.tags, after.decks, after.reviews) == (("y", "z"), (deck,), {"b": 1})
    col.undo()
    undone = open_note(col, note_id)
    assert undone == opened
    assert cards_of(col, note_id) == before


def test_a_save_of_the_same_writes_nothing(desk: Desk) -> None:
    note_id = make_note(desk)
    opened = open_note(desk.col, note_id)
    undo, mod = desk.col.undo_status().last_step, desk.col.mod
    save_note(desk.col, opened, Edit(opened.read.content, ("X",), DECK))
    assert (desk.col.undo_status().last_step, desk.col.mod) == (undo, mod)


def test_nothing_is_written_over_what_was_changed_meanwhile(desk: Desk) -> None:
    col = desk.col
    note_id = make_note(desk)
    opened = open_note(col, note_id)
    theirs = DynamicNote("Note ", (*make_content("a", "b").cards, Card("t", "their card", "")))
    update_notes(col, {note_id: theirs})
    review(col, cards_of(col, note_id)["t"])
    edit = Edit(make_content("b", "mine"), ("x", "y"))

    with pytest.raises(ChangedMeanwhile) as stopped:
        save_note(col, opened, edit)
    assert open_note(col, note_id).read.content == theirs

    both, merged = merge_edits(opened, edit, stopped.value.now, "ours")
    assert merged.clashes == ()
    save_note(col, stopped.value.now, both)
    after = open_note(col, note_id)
    assert [card.id for card in after.read.content.cards] == ["b", "t", "mine"]
    assert (after.tags, after.reviews) == (("x", "y"), {"t": 1})


def test_a_review_meanwhile_is_no_change(desk: Desk) -> None:
    note_id = make_note(desk)
    opened = open_note(desk.col, note_id)
    review(desk.col, cards_of(desk.col, note_id)["a"])
    save_note(desk.col, opened, Edit(make_content("a", "b", "c"), ("x",)))
    assert open_note(desk.col, note_id).reviews == {"a": 1}


def test_mistakes_leave_the_note_as_it_was(desk: Desk) -> None:
    note_id = make_note(desk)
    opened = open_note(desk.col, note_id)
    undo = desk.col.undo_status().last_step
    with pytest.raises(NoCards):
        save_note(desk.col, opened, Edit(replace(opened.read.content, cards=()), ("y",)))
    assert open_note(desk.col, note_id) == opened
    assert desk.col.undo_status().last_step == undo
    desk.col.remove_notes([note_id])
    with pytest.raises(NoteGone):
        save_note(desk.col, opened, Edit(make_content("a"), ()))


def test_only_dynamic_notes_are_known_as_such(desk: Desk) -> None:
    col = desk.col
    other = col.new_note(col.models.by_name("Basic"))
    other["Front"] = "question"
    col.add_note(other, DECK)
    assert pick_dynamic(col, [other.id]) == []
    note_id = make_note(desk)
    assert pick_dynamic(col, [other.id, note_id, 1]) == [note_id]
    assert pick_dynamic(col, []) == []
