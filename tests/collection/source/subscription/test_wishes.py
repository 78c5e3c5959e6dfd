"""What a subscriber wants: protected fields, tags on request, sub-decks left out."""

from __future__ import annotations

from typing import Any

from ankivault.sync.source.subscription.run import find_subscriptions, forget_subscription
from tests.desks.source_desk import HEAD, SourceDesk, note


def test_protected_fields_are_never_written(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(
        *(note(f"g{n}", f"word {n}", f"english {n}", example=f"example {n}") for n in range(4))
    )
    me.subscribe(protected={"Animal": ("Example",)}, protected_notes={"g1": ("English",)})
    tagged, whole = me.find("word 2"), me.find("word 3")
    me.edit(tagged, tags="ankivault_protect::Spanish")
    me.edit(whole, tags="ankivault_protect", English="mine")
    for word in ("word", "english", "example"):
        for n in range(4):
            desk.change(f'"{word} {n}"', f'"new {word} {n}"')
    report = me.pull()
    assert report.ok and report.questions == 0
    assert me.fields(me.find("new word 0")) == ["new word 0", "new english 0", "example 0"]
    assert me.fields(me.find("new word 1")) == ["new word 1", "english 1", "example 1"]
    assert me.fields(tagged) == ["word 2", "new english 2", "example 2"]
    assert me.fields(whole) == ["word 3", "mine", "example 3"]
    assert not me.plan().learns
    me.want(protected={})
    me.pull()  # what the author changed meanwhile comes when it is free
    assert me.fields(me.find("new word 0")) == ["new word 0", "new english 0", "new example 0"]
    assert me.fields(tagged) == ["word 2", "new english 2", "new example 2"]


def test_tags_come_on_request_and_can_be_left_out(desk: SourceDesk) -> None:
    me = desk.me
    head = HEAD.replace('author = "Ada"', 'author = "Ada"\noptional_tags = ["exam"]')
    desk.publish(note("g1", "gato", tags=["exam::2024", "easy", "cat"]), head=head)
    me.subscribe(unwanted_tags=("easy",))
    cat = me.find("gato")
    assert me.col.get_note(cat).tags == ["cat"]
    me.edit(cat, tags="cat mine")
    me.want(wanted_tags=("exam",))
    me.pull()
    assert me.col.get_note(cat).tags == ["cat", "exam::2024", "mine"]
    me.want(wanted_tags=(), unwanted_tags=())
    me.pull()
    assert me.col.get_note(cat).tags == ["cat", "easy", "mine"]


def test_a_sub_deck_is_left_out_and_taken_again(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato"), note("g2", "pez", deck="Animals::Sea"))
    me.subscribe(left_out=("Animals::Sea",))
    assert me.col.note_count() == 1 and me.col.decks.id_for_name("Animals::Sea") is None
    me.want(left_out=())
    me.pull()
    fish = me.find("pez")
    me.want(left_out=("animals::sea",))
    desk.change('"pez"', '"el pez"')
    report = me.pull()
    assert report.questions == 0 and me.fields(fish)[0] == "pez"  # mine, and not updated
    me.want(left_out=())
    me.pull()
    assert me.fields(fish)[0] == "el pez"


def test_a_renamed_deck_gets_new_notes_and_a_deleted_one_is_asked_about(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato"), note("g2", "pez", deck="Animals::Sea"))
    me.subscribe()
    me.col.decks.rename(me.col.decks.id("Animals"), "School::Zoo")
    desk.publish_more(note("g3", "vaca"), note("g4", "pulpo", deck="Animals::Sea"))
    me.pull()
    assert me.deck_of(me.find("vaca")) == "School::Zoo"
    assert me.deck_of(me.find("pulpo")) == "School::Zoo::Sea"
    me.col.decks.remove([me.col.decks.id("School::Zoo::Sea")])
    desk.publish_more(note("g5", "foca", deck="Animals::Sea"), note("g6", "perro"))
    assert me.pull().questions == 1
    assert me.find("perro") and me.col.note_count() == 3
    ((key, question),) = me.questions().items()
    assert question.kind == "deck"
    me.pull(answers={key: "add"})
    assert me.deck_of(me.find("foca")) == "School::Zoo::Sea"
    assert me.col.note_count() == 4  # what was deleted with the deck stays deleted


def test_descriptions_of_decks_follow_unless_they_are_mine(desk: SourceDesk) -> None:
    me = desk.me

    def describe(text: str) -> None:
        head = HEAD.replace('name = "Animals::Sea"', f'name = "Animals::Sea"\n{text}')
        desk.publish(note("g2", "pez", deck="Animals::Sea"), head=head)

    def sea() -> Any:
        return me.col.decks.by_name("Animals::Sea")

    describe('description = "one"')
    me.subscribe()
    assert sea()["desc"] == "one"
    describe('description = "two"')
    me.pull()
    assert sea()["desc"] == "two"
    deck = sea()
    deck["desc"] = "mine"
    me.col.decks.save(deck)
    for text in ("three", "four"):
        describe(f'description = "{text}"')
        me.pull()
        assert sea()["desc"] == "mine"


def test_a_plan_is_not_applied_once_other_things_are_wanted(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(note("g1", "gato", "cat"))
    me.subscribe()
    desk.change('"cat"', '"the cat"')
    me.fetch()
    plan = me.plan()
    me.want(protected={"Animal": ("English",)})
    (told,) = me.apply(plan).messages
    assert told.level == "error" and "What you want of this deck" in told.text
    assert me.fields(me.find("gato"))[1] == "cat"

    forget_subscription(me.state, me.address)
    (told,) = me.apply(plan).messages
    assert "You ended this subscription" in told.text
    assert me.fields(me.find("gato"))[1] == "cat"
    assert not find_subscriptions(me.state)
