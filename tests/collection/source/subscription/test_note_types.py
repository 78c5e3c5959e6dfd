"""Note types of a subscription: they follow their author, unless the subscriber changed them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from anki.collection import Collection

from tests.desks.source_desk import HEAD, SourceDesk, note


def restyle(desk: SourceDesk, name: str = "Animal", **values: Any) -> None:
    model = desk.me.notetype(name)
    for key, value in values.items():
        if key == "css":
            model["css"] = value
        else:
            model["tmpls"][0][key] = value
    desk.me.col.models.update_dict(model)


def test_css_and_templates_follow_until_the_subscriber_changes_them(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato"))
    me.subscribe()
    desk.change("color: black", "color: blue")
    desk.change("{{English}}<br>{{Example}}", "{{English}}<hr>{{Example}}")
    scm = me.col.db.scalar("select scm from col")
    assert me.pull().ok
    assert me.notetype("Animal")["css"] == ".card { color: blue }"
    assert me.notetype("Animal")["tmpls"][0]["afmt"] == "{{English}}<hr>{{Example}}"

    restyle(desk, css=".card { color: mine }")
    desk.change("color: blue", "color: red")
    desk.change("{{English}}<hr>", "{{English}}<p>")
    assert me.pull().questions == 1
    assert me.notetype("Animal")["css"] == ".card { color: mine }"
    assert me.notetype("Animal")["tmpls"][0]["afmt"] == "{{English}}<p>{{Example}}"
    ((key, question),) = me.questions().items()
    assert (question.kind, question.mine, question.theirs) == (
        "type",
        ".card { color: mine }",
        ".card { color: red }",
    )
    me.pull(answers={key: "mine"})
    assert not me.questions() and me.notetype("Animal")["css"] == ".card { color: mine }"
    desk.change("color: red", "color: green")
    me.pull()
    me.pull(answers={key: "theirs"})
    assert me.notetype("Animal")["css"] == ".card { color: green }"
    assert me.col.db.scalar("select scm from col") == scm  # no full sync was forced


def test_what_forces_a_full_sync_waits_until_it_is_allowed(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato", "cat"))
    me.subscribe()
    scm = me.col.db.scalar("select scm from col")
    desk.change('"Example"]', '"Example", "Sound"]')
    desk.change("{{English}}<br>", "{{Sound}}{{English}}<br>")
    desk.change("color: black", "color: blue")
    desk.publish_more(note("g2", "perro", "dog", fields={"Sound": "wau"}))
    desk.change('English = "cat"', 'English = "the cat"\nSound = "miau"')
    report = me.pull()
    assert report.ok and report.questions == 1
    assert me.last.types[0].waits == ("new field “Sound”",)
    assert me.notetype("Animal")["css"] == ".card { color: blue }"
    assert me.notetype("Animal")["tmpls"][0]["afmt"] == "{{English}}<br>{{Example}}"
    assert me.fields(me.find("gato")) == ["gato", "the cat", ""]
    assert me.fields(me.find("perro")) == ["perro", "dog", ""]
    assert me.col.db.scalar("select scm from col") == scm

    plan = me.plan(change_types=True)
    assert plan.full_sync
    assert me.pull(change_types=True).ok
    assert me.fields(me.find("gato")) == ["gato", "the cat", "", "miau"]
    assert me.fields(me.find("perro")) == ["perro", "dog", "", "wau"]
    assert me.notetype("Animal")["tmpls"][0]["afmt"] == "{{Sound}}{{English}}<br>{{Example}}"
    assert me.col.db.scalar("select scm from col") > scm
    assert me.plan().is_empty and not me.plan().waiting


def test_a_type_of_my_own_with_the_same_name_is_left_alone(desk: SourceDesk) -> None:
    me = desk.me
    head = HEAD.replace('name = "Animal"', 'name = "Basic"').replace("Card 1", "Karte 1")
    mine = me.col.new_note(me.notetype("Basic"))
    mine["Front"] = "my own"
    me.col.add_note(mine, me.col.decks.id("Animals"))
    basic = json.dumps(me.notetype("Basic"), default=str)
    desk.publish(note("g1", "gato", model="Basic"), head=head)
    assert me.subscribe().ok
    assert json.dumps(me.notetype("Basic"), default=str) == basic
    kind = me.col.get_note(me.find("gato")).note_type()
    assert kind and kind["name"] == "Basic (Animals)"
    assert kind["tmpls"][0]["name"] == "Karte 1"
    desk.change("color: black", "color: blue")
    assert me.pull().ok
    assert me.notetype("Basic (Animals)")["css"] == ".card { color: blue }"
    assert json.dumps(me.notetype("Basic"), default=str) == basic


def test_a_type_that_notes_of_mine_have_too_changes_only_when_i_say_so(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato"))
    me.subscribe()
    for file in me.state.rglob("*.sqlite"):
        file.unlink()  # a new computer
    mine = me.col.new_note(me.notetype("Animal"))
    mine["Spanish"] = "mine"
    me.col.add_note(mine, me.col.decks.id("Own"))
    assert me.pull().questions == 0
    desk.change("color: black", "color: blue")
    assert me.pull().questions == 1
    assert me.notetype("Animal")["css"] == ".card { color: black }"


def test_a_type_that_anki_refuses_is_told_and_all_else_comes(desk: SourceDesk) -> None:
    me = desk.me
    more = HEAD.replace("[[decks]]", "", 0) + ""
    bad = '\n[[models]]\nname = "Bad"\nfields = ["A"]\n\n[[models.templates]]\nname = "C"\n'
    bad += 'front = "{{Nothing}}"\nback = "x"\n'
    desk.publish(note("g1", "gato"), note("g2", "x", model="Bad", fields={}), bad, head=more)
    desk.change('model = "Bad"\nguid = "g2"\n[notes.fields]\nSpanish = "x"\nEnglish = "?"', "X")
    desk.change("X", 'model = "Bad"\nguid = "g2"\n[notes.fields]\nA = "x"')
    report = me.subscribe()
    assert me.find("gato") and me.col.note_count() == 1
    assert any("Bad" in message.text for message in report.messages)


def test_fields_that_i_took_away_stay_away(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato", example="old"))
    me.subscribe()
    model = me.notetype("Animal")
    me.col.models.remove_field(model, model["flds"][2])
    model["tmpls"][0]["afmt"] = "{{English}}"
    me.col.models.update_dict(model)
    desk.change('"old"', '"new"')
    desk.change('"gato"', '"el gato"')
    report = me.pull()
    assert report.ok and report.questions == 0
    assert me.fields(me.find("el gato")) == ["el gato", "?"]
    assert not me.plan().learns


def test_a_type_that_becomes_another_kind_is_left_and_told(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato"))
    me.subscribe()
    desk.change('name = "Animal"\nfields', 'name = "Animal"\nmodel_type = "cloze"\nfields')
    desk.change("{{Spanish}}", "{{cloze:Spanish}}")
    desk.change("{{English}}<br>", "{{cloze:Spanish}}{{English}}<br>")
    desk.change('English = "?"', 'English = "cat"')
    desk.publish_more(note("g2", "{{c1::perro}}"))
    report = me.pull()
    assert report.ok and "was left as it is" in report.messages[0].text
    assert me.fields(me.find("gato")) == ["gato", "cat", ""] and me.col.note_count() == 1


def test_a_note_type_that_notes_of_mine_get_later_is_asked_about(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato"))
    me.subscribe()
    mine = me.col.new_note(me.notetype("Animal"))
    mine["Spanish"] = "mine"
    me.col.add_note(mine, me.col.decks.id("Mine"))
    desk.change("color: black", "color: red")
    desk.change("{{English}}<br>", "{{English}}<hr>")
    assert me.pull().questions == 2
    assert me.notetype("Animal")["css"] == ".card { color: black }"
    assert "of your own" in me.last.questions[0].text
    me.pull(answers={question.key: "theirs" for question in me.last.questions})
    assert me.notetype("Animal")["css"] == ".card { color: red }"
    assert me.pull().questions == 0


def test_what_the_author_says_in_a_field_that_i_renamed_is_told_and_waits(desk: SourceDesk) -> None:
    def rename(old: str, new: str) -> None:
        model = me.notetype("Animal")
        (found,) = (each for each in model["flds"] if each["name"] == old)
        me.col.models.rename_field(model, found, new)
        me.col.models.update_dict(model)

    me = desk.me
    desk.publish(note("g1", "gato", "cat"), note("g2", "vaca", "cow"))
    me.subscribe()
    rename("English", "Meaning")
    desk.change('"cat"', '"the cat"')
    desk.publish_more(note("g3", "perro", "dog"))
    report = me.pull()
    (told,) = report.messages
    assert "no field “English”" in told.text and "2 notes" in told.text
    assert (report.questions, me.col.note_count()) == (0, 3)
    rename("Meaning", "English")
    me.pull()
    assert me.fields(me.find("gato"))[1] == "the cat"
    assert me.fields(me.find("perro"))[1] == "dog"


@pytest.mark.parametrize("how", ("added", "renamed"))
def test_a_type_that_changed_since_the_plan_loses_nothing(desk: SourceDesk, how: str) -> None:
    me = desk.me
    desk.publish(note("g1", "gato", "cat"))
    me.subscribe()
    desk.change("color: black", "color: blue")
    desk.publish_more(note("g2", "perro", "dog"))
    me.fetch()
    plan = me.plan()

    kind = me.notetype("Animal")
    if how == "added":
        me.col.models.add_field(kind, me.col.models.new_field("Hint"))
    else:
        me.col.models.rename_field(kind, kind["flds"][1], "Deutsch")
    me.col.models.update_dict(kind)
    if how == "added":
        me.edit(me.find("gato"), Hint="a word of mine")
    before = me.fields(me.find("gato"))
    report = me.apply(plan)

    assert me.fields(me.find("gato")) == before
    assert any("note type “Animal” was changed" in m.text for m in report.messages)
    if how == "added":
        assert me.fields(me.find("perro")) == ["perro", "dog", "", ""]
    else:  # nothing of the new note is where nobody sees it
        assert not any("perro" in fields for fields in me.col.db.list("select flds from notes"))
    assert me.pull().ok
    assert me.notetype("Animal")["css"] == ".card { color: blue }"
    assert me.fields(me.find("gato")) == before
    assert me.find("perro")


def _describe(col: Collection, text: str = "") -> Any:
    """The description of the deck, after it was edited to ``text``."""
    deck = col.decks.by_name("Animals")
    assert deck is not None
    if text:
        deck["desc"] = text
        col.decks.update_dict(deck)
    return deck["desc"]


def test_a_description_that_was_edited_since_the_plan_stays(desk: SourceDesk) -> None:
    me = desk.me
    old, new = 'name = "Animals"\ndescription = "Old"', 'name = "Animals"\ndescription = "New"'
    desk.publish(note("g1", "gato"), head=HEAD.replace('name = "Animals"\n\n[[d', f"{old}\n\n[[d"))
    me.subscribe()
    desk.change(old, new)
    me.fetch()
    plan = me.plan()
    assert _describe(me.col) == "Old"
    assert _describe(me.col, "My own words") == "My own words"
    me.apply(plan)
    assert _describe(me.col) == "My own words"
    me.pull()
    assert _describe(me.col) == "My own words"


def test_a_card_that_anki_names_another_way_follows_and_stays_one(desk: SourceDesk) -> None:
    me = desk.me
    head = HEAD.replace('"Card 1"', "'My \"own\" card'")
    desk.publish(note("g1", "gato", "cat"), head=head)
    me.subscribe()
    desk.change("{{English}}<br>", "{{English}}<hr>")
    assert me.pull(change_types=True).questions == 0
    (template,) = me.notetype("Animal")["tmpls"]
    assert template["afmt"].startswith("{{English}}<hr>") and me.col.card_count() == 1
    assert me.plan(change_types=True).is_empty
