"""A deck at a web address, kept by its author, updates without undoing the subscriber's work."""

from __future__ import annotations

import pytest

from ankivault.sync.run.errors import LargeChange
from ankivault.sync.source.subscription.run import (
    Standing,
    find_standing,
    find_subscriptions,
    preview_address,
)
from tests.desks.source_desk import HEAD, SourceDesk, note


def test_a_deck_comes_and_updates_and_mine_stays(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(
        note("g1", "gato", "cat", example="El **gato** es negro."),
        note("g2", "perro", "dog"),
        note("g3", "pez", "fish", deck="Animals::Sea", tags=["sea"]),
    )
    assert me.subscribe().ok
    assert me.fields(me.find("gato")) == ["gato", "cat", "El <b>gato</b> es negro."]
    assert me.col.decks.name(me.col.get_note(me.find("pez")).cards()[0].did) == "Animals::Sea"

    desk.server.take_asked()
    before, files = me.rows(), me.files()
    me.pull()
    assert desk.server.take_asked() == ["GET /deck.toml 304"]
    assert (me.rows(), me.files()) == (before, files)

    cat, dog, fish = me.find("gato"), me.find("perro"), me.find("pez")
    me.edit(cat, English="the cat", tags="mine")
    me.edit(dog, English="my dog")
    me.move(fish, "Elsewhere")
    me.learn(cat)
    card = me.col.get_note(cat).cards()[0]
    desk.change("El **gato** es negro.", "El **gato** es blanco.")
    desk.change('"dog"', '"hound"')
    desk.change('"Animals::Sea"\nmodel', '"Animals"\nmodel')
    desk.publish_more(note("g4", "vaca", "cow"))
    report = me.pull()
    assert report.ok
    assert me.fields(cat) == ["gato", "the cat", "El <b>gato</b> es blanco."]
    assert me.col.get_note(cat).tags == ["mine"]
    assert me.fields(dog) == ["perro", "my dog", ""]
    assert me.col.decks.name(me.col.get_note(fish).cards()[0].did) == "Elsewhere"
    assert me.find("vaca")
    after = me.col.get_note(cat).cards()[0]
    assert (after.due, after.ivl, after.reps) == (card.due, card.ivl, card.reps)
    (question,) = me.questions().values()
    assert (question.mine, question.theirs) == ("my dog", "hound")
    assert report.questions == 1

    before, files = me.rows(), me.files()
    me.pull()
    assert (me.rows(), me.files()) == (before, files)
    me.pull(answers={question.key: "mine"})
    assert not me.questions()
    assert me.fields(dog) == ["perro", "my dog", ""]


def test_a_run_by_itself_leaves_a_large_change_to_a_person(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(*(note(f"g{n}", f"word {n}") for n in range(60)))
    me.subscribe()
    desk.publish(*(note(f"g{n}", f"new {n}") for n in range(25)))
    me.fetch()
    plan, rows = me.plan(thorough=False), me.rows()
    with pytest.raises(LargeChange, match="25 of 60"):
        me.apply(plan)
    assert me.rows() == rows
    assert me.apply(me.plan()).questions == 35  # what the author took out is only asked about
    standing = find_standing(me.col, me.state, me.address)
    assert standing == Standing(notes=60, waiting=35, missing=0, is_taken=True)


def test_an_author_who_gives_all_notes_new_guids_doubles_no_deck_by_itself(
    desk: SourceDesk,
) -> None:
    me = desk.me
    desk.publish(*(note(f"g{n}", f"word {n}") for n in range(30)))
    me.subscribe()
    desk.publish(*(note(f"h{n}", f"word {n}") for n in range(30)))
    me.fetch()
    with pytest.raises(LargeChange, match="30 of 30"):
        me.take(thorough=False)
    assert me.col.note_count() == 30


def test_a_run_by_itself_without_news_looks_at_nothing_and_counts_what_waits(
    desk: SourceDesk,
) -> None:
    me = desk.me
    desk.publish(note("g1", "gato", "cat"))
    me.subscribe()
    me.edit(me.find("gato"), English="mine")
    desk.change('"cat"', '"theirs"')
    me.pull()
    me.fetch()
    plan = me.plan(thorough=False)
    assert plan.unchanged and plan.waiting == 1 and not plan.notes
    files = me.files()
    assert me.apply(plan).questions == 1
    assert me.files() == files


def test_the_preview_says_what_comes_and_counts_program_code(desk: SourceDesk) -> None:
    head = HEAD.replace('author = "Ada"', 'author = "Ada"\noptional_tags = ["exam"]')
    head = head.replace("{{English}}<br>", "<script>x()</script>{{English}}<br>")
    code = ['<img src=x onerror="a()">', "<svg/onload=a()>", '<a href="java&#x73;cript:a()">x</a>']
    harmless = ["on time = now", "a < b, on=1", "the word javascript"]
    notes = [note(f"g{n}", f"w{n}", text) for n, text in enumerate([*code, *harmless])]
    media = '\n[[media]]\nname = "_a.js"\npath = "a.js"\nsize = 7\n'
    desk.publish(*notes, note("s", "pez", deck="Animals::Sea", tags=["exam::1"]), media, head=head)
    desk.me.fetch()
    found = preview_address(desk.me.state, desk.me.address)
    assert (found.package.name, found.package.author) == ("Animals", "Ada")
    sizes = [(deck.name, deck.notes) for deck in found.decks]
    assert sizes == [("Animals", 6), ("Animals::Sea", 1)]
    assert (found.notes, found.media, found.media_bytes) == (7, 1, 7)
    assert found.optional_tags == (("exam", 1),) and found.models == ("Animal",)
    scripts = found.scripts
    assert (scripts.fields, scripts.templates, scripts.files) == (3, 1, 1)
    assert not find_subscriptions(desk.me.state)
