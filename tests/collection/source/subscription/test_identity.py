"""Which note of Anki is which note of the author: by guid, never by a number or by its words."""

from __future__ import annotations

import pytest

from tests.desks.source_desk import HEAD, SourceDesk, note


def test_an_id_of_the_authors_never_finds_a_note_of_mine(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato", "cat"))
    me.subscribe()
    mine = me.find("gato")
    desk.publish_more(note("", "gato", "another cat", note_id=mine))
    me.pull()
    assert me.fields(mine) == ["gato", "cat", ""]
    assert me.col.note_count() == 2


def test_a_note_without_guid_has_the_same_for_everybody_and_keeps_it(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("", "gato", "cat", note_id=1512234567890))
    me.subscribe()
    cat = me.find("gato")
    guid = me.col.get_note(cat).guid
    desk.change('name = "Animals"\nversion', 'name = "Renamed"\nversion')
    desk.change('"cat"', '"the cat"')
    me.pull()
    assert me.fields(cat) == ["gato", "the cat", ""] and me.col.note_count() == 1
    desk.change("note_id = ", 'guid = "given later"\nnote_id = ')
    desk.change('"the cat"', '"a cat"')
    me.pull()
    assert me.fields(cat) == ["gato", "a cat", ""] and me.col.note_count() == 1
    assert me.col.get_note(cat).guid == guid
    desk.publish()
    assert [q.kind for q in me.plan().questions] == []
    me.pull()
    assert [q.kind for q in me.plan().questions] == ["gone"]


def test_a_lost_base_adopts_what_is_equal_and_asks_about_the_rest(desk: SourceDesk) -> None:
    me = desk.me
    notes = [note(f"g{n}", f"word {n}", example=f"It is **{n}**.") for n in range(4)]
    desk.publish(*notes)
    me.subscribe()
    me.edit(me.find("word 1"), English="mine")
    me.col.remove_notes([me.find("word 2")])
    for file in me.state.rglob("*.sqlite"):
        file.unlink()
    rows = me.rows()
    report = me.pull()
    assert report.ok and me.rows() == rows
    kinds = {key: question.kind for key, question in me.questions().items()}
    assert kinds == {"field:g1:English": "field", "absent:g2": "absent"}
    me.pull(answers={"absent:g2": "leave", "field:g1:English": "mine"})
    assert not me.questions()
    desk.change('"word 0"', '"new word 0"')
    desk.change('"word 2"', '"new word 2"')
    assert me.pull().questions == 0
    assert me.find("new word 0") and me.col.note_count() == 3
    assert me.fields(me.find("word 1"))[1] == "mine"


def test_a_damaged_base_is_told_and_costs_nothing(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato"), note("g2", "perro"))
    me.subscribe()
    (base,) = me.state.rglob("*.sqlite")
    base.write_bytes(b"no base" * 1000)
    desk.change('"gato"', '"el gato"')
    rows = me.rows()
    report = me.pull()
    assert any("damaged" in message.text for message in report.messages)
    assert me.rows() == rows and [q.kind for q in me.questions().values()] == ["field"]


def test_a_deleted_note_stays_deleted_until_it_is_asked_for(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato"), note("g2", "perro"))
    me.subscribe()
    me.col.remove_notes([me.find("gato")])
    desk.change('"gato"', '"el gato"')
    assert me.pull().questions == 0
    assert me.col.note_count() == 1
    (deleted,) = me.plan().deleted
    me.pull(answers={deleted.key: "add"})
    assert me.find("el gato")


@pytest.mark.parametrize("choice", ["keep", "delete"])
def test_a_note_that_the_author_took_out_is_asked_about(desk: SourceDesk, choice: str) -> None:
    me = desk.me
    desk.publish(note("g1", "gato"), note("g2", "perro"))
    me.subscribe()
    me.edit(me.find("perro"), English="mine")
    desk.publish(note("g1", "gato"))
    assert me.pull().questions == 1 and me.col.note_count() == 2
    ((key, question),) = me.questions().items()
    assert question.kind == "gone"
    me.pull(answers={key: choice})
    assert me.col.note_count() == (2 if choice == "keep" else 1)
    assert not me.questions()
    desk.publish(note("g1", "gato"), note("g2", "perro", "again"))
    me.pull()
    if choice == "keep":
        assert me.fields(me.find("perro"))[1] == "mine"
    else:
        assert me.fields(me.find("perro"))[1] == "again"
    assert len(set(me.col.db.list("select guid from notes"))) == me.col.note_count() == 2


def test_undo_takes_a_whole_update_back_and_it_stays_so(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato"), note("g2", "perro"))
    me.subscribe()
    before = [*me.col.db.all("select id, flds, tags from notes")]
    desk.change('"gato"', '"el gato"')
    desk.change('"perro"', '"el perro"')
    desk.publish_more(note("g3", "vaca"))
    me.pull()
    assert me.col.undo_status().undo == "Update Subscription"
    me.col.undo()
    assert [*me.col.db.all("select id, flds, tags from notes")] == before
    assert me.pull().questions == 0
    assert [*me.col.db.all("select id, flds, tags from notes")] == before


def test_faulty_and_doubled_notes_are_told_and_the_others_come(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(
        note("g1", "gato"),
        note("g2", "perro", deck="Nowhere"),
        note("", "without any identity"),
        note("g3", "one"),
        note("g3", "two"),
        head=HEAD,
    )
    report = me.subscribe()
    assert report.ok and me.col.note_count() == 1 and me.find("gato")
    told = "\n".join(message.text for message in report.messages)
    assert "Nowhere" in told and "guid" in told and "Line" in told
