"""The writer of a collection: one undo step, and only over what the plan knew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from anki.collection import Collection
from anki.errors import BackendError

from ankivault.sync.collection import writer as module
from ankivault.sync.collection.decks import iterate_notes
from ankivault.sync.collection.planned_notes import (
    Addition,
    DeckTakesNoNotes,
    Move,
    NoteEdit,
    PlannedNote,
)
from ankivault.sync.collection.reads import home_decks, note_digest
from ankivault.sync.collection.writer import CollectionWriter
from tests.collection.conftest import Desk

UNDO = "One step"


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 3)


@pytest.fixture
def notes(desk: Desk) -> list[int]:
    ids = [desk.add(Front=f"Question {n}", Back="old", tags="old") for n in range(12)]
    desk.col.decks.id("Chemistry")
    return ids


def planned(col: Collection, ids: list[int]) -> list[PlannedNote[int]]:
    rows = iterate_notes(col, ids)
    return [PlannedNote(row.id, row.id, note_digest(row), row.decks) for row in rows]


def edits(col: Collection, ids: list[int]) -> list[NoteEdit[int]]:
    """New words, new tags and another deck for each of these notes."""
    return [
        NoteEdit(
            row.id,
            row.id,
            note_digest(row),
            fields={"Back": "new"},
            tags=("new",),
            move=Move("Chemistry::New", home_decks(row.decks)[0]),
        )
        for row in iterate_notes(col, ids)
    ]


def additions(col: Collection, count: int, deck: str = "Made::Anew") -> list[Addition[int]]:
    basic = col.models.by_name("Basic")
    assert basic is not None
    return [
        Addition(n, basic["id"], (f"New {n}", "A"), deck, ("t",), f"guid{n}") for n in range(count)
    ]


def content(col: Collection) -> Any:
    """All that a person would see change."""
    assert col.db is not None
    return [
        col.db.all("select id, guid, mid, tags, flds from notes order by id"),
        col.db.all("select id, nid, did, odid from cards order by id"),
        sorted(deck.name for deck in col.decks.all_names_and_ids()),
    ]


def change_some(desk: Desk, ids: list[int]) -> set[int]:
    """Change notes in each way that a plan must not write over; returns them."""
    desk.edit(ids[0], Front="changed")
    desk.edit(ids[4], Back="")
    note = desk.col.get_note(ids[5])
    note.tags = ["changed"]
    desk.col.update_note(note)
    desk.move(ids[7], "Elsewhere")
    desk.col.remove_notes([ids[9]])
    return {ids[0], ids[4], ids[5], ids[7], ids[9]}


def test_what_changed_since_the_plan_is_late_and_stays(desk: Desk, notes: list[int]) -> None:
    wanted = edits(desk.col, notes)
    late = change_some(desk, notes)
    before = {row.id: row for row in iterate_notes(desk.col, sorted(late))}
    writer: CollectionWriter[int] = CollectionWriter(desk.col, UNDO)
    writer.update(wanted)
    assert {*writer.late} == late
    assert writer.updated == [id_ for id_ in notes if id_ not in late]
    assert {row.id: row for row in iterate_notes(desk.col, sorted(late))} == before
    for row in iterate_notes(desk.col, writer.updated):
        assert (row.tags, row.fields.partition("\x1f")[2]) == (" new ", "new")
        assert desk.col.decks.name(home_decks(row.decks)[0]) == "Chemistry::New"


def test_what_changed_since_the_plan_is_not_deleted(desk: Desk, notes: list[int]) -> None:
    wanted = planned(desk.col, notes)
    late = change_some(desk, notes)
    writer: CollectionWriter[int] = CollectionWriter(desk.col, UNDO)
    assert {*writer.check(wanted)} == {*notes} - late
    writer.late.clear()
    writer.remove(wanted)
    assert {*writer.late} == late
    assert {*desk.col.find_notes("")} == {*late} - {notes[9]}


@pytest.mark.parametrize("names", [["Front", "Rear"], ["Back", "Front"], ["Front"]])
def test_an_edit_goes_into_the_field_that_the_plan_has_seen_or_nowhere(
    desk: Desk, notes: list[int], names: list[str]
) -> None:
    """Fields that got other names change no note: its words are where they were."""
    wanted = [replace(edit, seen={"Back": "old"}) for edit in edits(desk.col, notes)]
    name_fields(desk.col, names)
    before = content(desk.col)
    writer: CollectionWriter[int] = CollectionWriter(desk.col, UNDO)
    writer.update(wanted)
    assert (writer.late, writer.updated) == (notes, [])
    assert content(desk.col) == before


def name_fields(col: Collection, names: list[str]) -> None:
    """Have Basic notes have fields of these names, as Anki's Fields window does."""
    basic = col.models.by_name("Basic")
    assert basic is not None
    for number, field in enumerate(basic["flds"]):
        col.models.rename_field(basic, field, f"Field {number}")
    for field, name in zip([*basic["flds"]], [*names, ""]):
        if name:
            col.models.rename_field(basic, field, name)
        else:
            col.models.remove_field(basic, field)
    for template in basic["tmpls"]:
        template["qfmt"], template["afmt"] = f"{{{{{names[0]}}}}}", f"{{{{{names[-1]}}}}}"
    col.models.update_dict(basic)


def test_one_undo_takes_everything_back(desk: Desk, notes: list[int]) -> None:
    """However many writes there were: Anki keeps no more than thirty steps."""
    many = [desk.add(Front=f"More {n}", Back="old") for n in range(90)]
    before, steps = content(desk.col), desk.col.undo_status().last_step
    writer: CollectionWriter[int] = CollectionWriter(desk.col, UNDO)
    writer.update(edits(desk.col, many))
    writer.add(additions(desk.col, 20))
    writer.remove(planned(desk.col, notes))
    assert (len(writer.updated), len(writer.added), len(writer.removed)) == (90, 20, 12)
    assert [desk.col.get_note(id_)["Front"] for _, id_ in writer.added][3] == "New 3"
    assert desk.col.note_count() == 110
    assert writer.changes is not None
    assert writer.changes.study_queues
    assert writer.made_decks
    assert desk.col.undo_status().undo == UNDO
    assert desk.col.undo_status().last_step > steps
    desk.col.undo()
    assert content(desk.col) == before


def test_an_add_on_that_writes_in_between_stops_nothing(
    desk: Desk, notes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write by SQL makes Anki forget its undo steps, also ours."""
    update = desk.col.update_notes

    def write_both(*given: Any) -> Any:
        done = update(*given)
        assert desk.col.db is not None
        desk.col.db.execute("update col set mod = mod")
        return done

    monkeypatch.setattr(desk.col, "update_notes", write_both)
    writer: CollectionWriter[int] = CollectionWriter(desk.col, UNDO)
    writer.update(edits(desk.col, notes))
    assert writer.updated == notes
    assert {desk.col.get_note(id_)["Back"] for id_ in notes} == {"new"}
    assert writer.changes is not None and writer.changes.note_text
    writer.add(additions(desk.col, 5))
    assert (len(writer.added), desk.col.undo_status().undo) == (5, UNDO)


def test_a_write_that_fails_leaves_a_step_for_what_comes(desk: Desk, notes: list[int]) -> None:
    desk.col.decks.new_filtered("Filtered")
    writer: CollectionWriter[int] = CollectionWriter(desk.col, UNDO)
    writer.update(edits(desk.col, notes[:3]))
    with pytest.raises(BackendError):
        writer.make_deck("Filtered::Below")
    writer.update(edits(desk.col, notes[3:]))
    assert writer.updated == notes
    assert desk.col.undo_status().undo == UNDO


def test_what_writes_nothing_leaves_no_undo_step(desk: Desk, notes: list[int]) -> None:
    wanted, doomed = edits(desk.col, notes), planned(desk.col, notes)
    for note_id in notes:
        desk.edit(note_id, Front="changed")
    before = desk.col.undo_status()
    writer: CollectionWriter[int] = CollectionWriter(desk.col, UNDO)
    writer.update(wanted)
    writer.remove(doomed)
    writer.update(edits(desk.col, notes), ready=lambda source: False)
    writer.add([])
    assert writer.changes is None
    assert desk.col.undo_status() == before


def test_a_note_is_not_added_over_another_or_into_what_takes_none(desk: Desk) -> None:
    col = desk.col
    made = additions(col, 5)
    other = desk.add(Front="taken")
    note = col.get_note(other)
    note.guid = "guid3"
    col.update_note(note)
    told: dict[int, str] = {}
    col.decks.new_filtered("Filtered")
    filtered = Addition(9, made[0].notetype, ("x", "y"), "Filtered")
    below = Addition(6, made[0].notetype, ("x", "y"), "Filtered::Below")
    short = Addition(8, made[0].notetype, ("one value",), "Made::Anew")
    gone = Addition(7, 12345, ("x", "y"), "Made::Anew")
    writer: CollectionWriter[int] = CollectionWriter(
        col, UNDO, tell=lambda source, error: told.update({source: str(error)})
    )
    writer.add([*made, filtered, below, short, gone])
    assert [source for source, _ in writer.added] == [0, 1, 2, 4]
    assert writer.late == [3, 8, 7]
    assert told == {9: "“Filtered” takes no notes.", 6: "“Filtered::Below” takes no notes."}
    with pytest.raises(DeckTakesNoNotes):
        CollectionWriter[int](col, UNDO).add([filtered])


@pytest.mark.parametrize("deck", ["Filtered", "Filtered::Below", 12345])
def test_a_note_stays_whole_where_its_cards_cannot_go(
    desk: Desk, notes: list[int], deck: int | str
) -> None:
    desk.col.decks.new_filtered("Filtered")
    wanted = edits(desk.col, notes)
    wanted[4] = replace(wanted[4], move=Move(deck))
    told: dict[int, str] = {}
    writer: CollectionWriter[int] = CollectionWriter(
        desk.col, UNDO, tell=lambda source, error: told.update({source: str(error)})
    )
    writer.update(wanted)
    assert [*told] == [notes[4]] and "takes no notes" in told[notes[4]]
    assert writer.updated == [id_ for id_ in notes if id_ != notes[4]]
    assert [desk.col.get_note(id_)["Back"] for id_ in notes[3:6]] == ["new", "old", "new"]


def test_a_note_that_anki_refuses_costs_no_other(desk: Desk, notes: list[int]) -> None:
    """Also where Anki forgets its undo steps by it, as after each write that it begins and ends."""
    wanted = edits(desk.col, notes)
    broken = wanted[4]
    wanted[4] = NoteEdit(broken.source, broken.note_id, broken.digest, values=("a", "b", "c"))
    told: list[int] = []
    before = content(desk.col)
    with pytest.raises(BackendError):
        CollectionWriter[int](desk.col, UNDO).update(wanted[4:])
    assert content(desk.col) == before
    writer: CollectionWriter[int] = CollectionWriter(
        desk.col, UNDO, tell=lambda source, error: told.append(source)
    )
    writer.update(wanted)
    assert told == [notes[4]]
    assert writer.updated == [id_ for id_ in notes if id_ != notes[4]]
    assert [desk.col.get_note(id_)["Back"] for id_ in notes[3:6]] == ["new", "old", "new"]
    assert desk.col.undo_status().undo == UNDO


def test_a_note_that_we_cannot_write_leaves_one_undo_step(
    desk: Desk, notes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, edit = content(desk.col), CollectionWriter._edit

    def fail_one(writer: CollectionWriter[int], wanted: NoteEdit[int]) -> Any:
        if wanted.note_id == notes[4]:
            raise KeyError("a fault of ours")
        return edit(writer, wanted)

    monkeypatch.setattr(CollectionWriter, "_edit", fail_one)
    told: list[int] = []
    writer: CollectionWriter[int] = CollectionWriter(
        desk.col, UNDO, tell=lambda source, error: told.append(source)
    )
    writer.update(edits(desk.col, notes))
    assert (told, len(writer.updated)) == ([notes[4]], 11)
    desk.col.undo()
    assert content(desk.col) == before


def test_a_borrowed_card_changes_its_home_and_stays_where_it_is(
    desk: Desk, notes: list[int]
) -> None:
    col = desk.col
    for note_id in notes[6:]:
        desk.move(note_id, "Chemistry")
    filtered = col.decks.new_filtered("Cram")
    deck = col.decks.get(filtered)
    assert deck is not None
    deck["terms"][0][0] = "deck:Chemistry"
    col.decks.save(deck)
    col.sched.rebuild_filtered_deck(filtered)
    before = content(col)
    writer: CollectionWriter[int] = CollectionWriter(col, UNDO)
    writer.update(edits(col, notes))
    assert col.db is not None
    new = col.decks.id("Chemistry::New")
    marks = ",".join(map(str, notes[6:]))
    borrowed = f"select did, odid from cards where nid in ({marks})"
    assert col.db.all(borrowed) == [[filtered, new]] * 6
    assert col.db.scalar("select count() from cards where did = ?", new) == 6
    col.undo()
    assert content(col) == before
