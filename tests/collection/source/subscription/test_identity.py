"""Which note of Anki is which note of the author: by guid, never by a number or by its words."""

from __future__ import annotations

import pytest
from anki.notes import NoteId

from ankivault.sync.run.errors import AnkivaultError
from ankivault.sync.source.subscription.run import BY_HAND, add_subscription, fetch
from ankivault.sync.source.subscription.subscription import Subscription
from ankivault.sync.source.web import Web
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


def test_one_slip_in_many_notes_is_told_some_times_only(desk: SourceDesk) -> None:
    notes = [note(f"g{n}", f"word {n}", deck="Nowhere") for n in range(60)]
    desk.publish(note("fine", "gato"), *notes)
    report = desk.me.subscribe()
    assert desk.me.col.note_count() == 1
    assert len(report.messages) == 21 and "40 more faults" in report.messages[-1].text


def test_faults_of_models_and_media_cost_only_what_hangs_on_them(desk: SourceDesk) -> None:
    me = desk.me
    bad = '\n[[models]]\nname = "Bad"\nfields = ["A", "A"]\nsort_field = "B"\n'
    files = '\n[[media]]\nname = "a.png"\npath = "a.png"\nsha256 = "x"\n'
    files += '\n[[media]]\nname = "b.png"\npath = "b.png"\n'
    for name in ("a.png", "b.png"):
        (desk.server.folder / name).write_bytes(b"1")
    (desk.server.folder / "b.png").write_bytes(b"b")
    third = note("g2", "", model="Bad").replace('Spanish = ""\nEnglish = "?"', 'A = "a"')
    desk.publish(note("g1", "gato"), third, bad, files)
    report = me.subscribe()
    assert report.ok and me.col.note_count() == 1 and me.find("gato")
    assert [file.name for file in me.media.iterdir()] == ["b.png"]
    told = "\n".join(message.text for message in report.messages)
    assert "Bad" in told and "sha256" in told
    assert me.notetype("Bad") is None
    desk.publish(note("g1", "gato"), note("g2", "perro"))
    me.pull()
    assert me.find("perro")


def test_a_filtered_deck_in_the_way_is_told(desk: SourceDesk) -> None:
    me = desk.me
    me.col.decks.new_filtered("Animals")
    desk.publish(note("g1", "gato"), note("g2", "pez", deck="Animals::Sea"))
    report = me.subscribe()
    assert report.ok and me.col.note_count() == 0
    assert "filtered deck" in report.messages[0].text
    me.col.decks.rename(me.col.decks.id("Animals"), "Cram")
    me.pull()
    assert me.col.note_count() == 2


def test_cards_in_a_filtered_deck_stay_there_and_keep_their_times(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato"))
    me.subscribe()
    cat = me.find("gato")
    me.learn(cat)
    cram = me.col.sched.get_or_create_filtered_deck(0)
    cram.name = "Cram"
    del cram.config.search_terms[1:]
    cram.config.search_terms[0].search = "gato"
    me.col.sched.add_or_update_filtered_deck(cram)
    me.col.sched.rebuild_filtered_deck(me.col.decks.id_for_name("Cram"))
    card = me.col.get_note(cat).cards()[0]
    assert card.odid
    desk.change('"gato"', '"el gato"')
    desk.change('deck = "Animals"\nmodel', 'deck = "Animals::Sea"\nmodel')
    assert me.pull().ok
    after = me.col.get_note(cat).cards()[0]
    assert after.did == card.did and me.col.decks.name(after.odid) == "Animals::Sea"
    assert (after.due, after.odue, after.ivl, after.reps) == (card.due, card.odue, card.ivl, 7)


def test_a_cloze_that_the_author_takes_out_is_told_with_its_reviews(desk: SourceDesk) -> None:
    me = desk.me
    cloze = '\n[[models]]\nname = "Gap"\nmodel_type = "cloze"\nfields = ["Text"]\n'
    fields = 'Text = "{{c1::a}} {{c2::b}}"'
    text = note("g1", "", model="Gap").replace('Spanish = ""\nEnglish = "?"', fields)
    desk.publish(text, cloze)
    me.subscribe()
    (id_,) = me.col.db.list("select id from notes")
    assert me.col.card_count() == 2
    card = me.col.get_note(id_).cards()[1]
    card.start_timer()
    me.col.sched.answerCard(card, 3)
    desk.change("{{c2::b}}", "b")
    report = me.pull()
    assert "removes cloze 2" in report.messages[0].text and "1 review" in report.messages[0].text
    assert me.col.card_count() == 2 and me.fields(id_) == ["{{c1::a}} b"]


def test_a_note_of_mine_with_an_authors_guid_is_only_asked_about(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato", "cat"))
    me.subscribe()
    mine = me.col.new_note(me.notetype("Animal"))
    mine["Spanish"], mine.tags = "mine", ["own"]
    me.col.add_note(mine, me.col.decks.id("Own"))
    desk.publish_more(note(mine.guid, "theirs", "?", tags=["t"], deck="Animals::Sea"))
    rows = me.col.db.all("select id, tags, flds, mod from notes")
    assert me.pull().questions == 2
    assert me.col.db.all("select id, tags, flds, mod from notes") == rows
    assert me.deck_of(mine.id) == "Own"


def test_a_hostile_file_is_refused_in_one_line(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato"))
    me.subscribe()
    files = me.files()
    deep = "x = " + "[" * 100_000
    for text in (deep, "a" + ".a" * 50_000 + " = 1", "[" + "a." * 50_000 + "a]", "\0", "x = '''"):
        desk.file.write_text(HEAD + text)
        with pytest.raises(AnkivaultError) as caught:
            me.fetch()
        told = str(caught.value)
        assert me.address in told and "line" in told and len(told) < 1000
        assert me.files() == files


def test_the_same_deck_at_two_addresses_is_there_once(desk: SourceDesk) -> None:
    me = desk.me
    mirror = desk.server.folder / "mirror.toml"
    addresses = [me.address, me.address.replace("deck.toml", "mirror.toml")]

    def pull() -> None:
        mirror.write_bytes(desk.file.read_bytes())
        for me.address in addresses:
            me.pull()

    desk.publish(note("g1", "gato", "cat", tags=["t"]), note("g2", "perro"))
    mirror.write_bytes(desk.file.read_bytes())
    for me.address in addresses:
        with Web(BY_HAND) as web:
            fetch(me.state, me.address, web)
        add_subscription(me.state, Subscription(me.address))
    pull()
    me.edit(me.find("gato"), English="cat of mine")
    for old, new in (('"cat"', '"the cat"'), ('"gato"', '"gata"')):
        desk.change(old, new)
        pull()
        assert me.col.note_count() == 2
    assert me.fields(me.find("gata"))[1] == "the cat of mine"
    rows, files = me.rows(), me.files()
    pull()
    assert (me.rows(), me.files()) == (rows, files)


@pytest.mark.parametrize("how", ["the other is deleted", "it is reviewed"])
def test_a_copy_goes_only_while_it_is_one(desk: SourceDesk, how: str) -> None:
    me = desk.me
    desk.publish(note("g1", "gato", "cat"))
    me.subscribe()
    first = me.find("gato")
    me.learn(first)
    copy = me.col.new_note(me.notetype("Animal"))
    copy.guid, copy.fields = "g1", me.fields(first)
    me.col.add_note(copy, me.col.decks.id("Animals"))
    plan = me.plan()
    assert [each.note_id for each in plan.notes if each.action == "delete"] == [copy.id]
    if how == "it is reviewed":
        me.learn(copy.id)
    else:
        me.col.remove_notes([NoteId(first)])
    (told,) = me.apply(plan).messages
    assert told.note_id == copy.id and "waits for the next update" in told.text
    assert me.fields(copy.id) == ["gato", "cat", ""]
    assert me.pull().questions == (how == "it is reviewed")
    assert me.fields(copy.id) == ["gato", "cat", ""]
