"""A deck at a web address, kept by its author, updates without undoing the subscriber's work."""

from __future__ import annotations

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
    assert HEAD
