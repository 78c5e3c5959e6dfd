"""Dynamic notes of a subscription: card by card, and each card keeps its reviews."""

from __future__ import annotations

from ankivault.model.note import Card, DynamicNote, read_note
from ankivault.sync.dynamic.notes import update_notes
from tests.desks.dynamic_desk import review
from tests.desks.source_desk import HEAD, SourceDesk


def dynamic(*cards: tuple[str, str, str], text: str = "The **cat**") -> str:
    head = '\n[[notes]]\ndeck = "Animals"\nmodel = "Ankivault"\nguid = "d1"\n'
    parts = [f'[notes.fields]\nNote = "{text}"\n']
    for id_, front, back in cards:
        parts.append(f'\n[[notes.cards]]\nid = "{id_}"\nfront = "{front}"\nback = "{back}"\n')
    return head + "".join(parts)


def content(desk: SourceDesk) -> DynamicNote:
    (fields,) = desk.me.col.db.list("select flds from notes")
    return read_note(fields.split("\x1f")).content


def cards(desk: SourceDesk) -> dict[str, tuple[str, str]]:
    return {card.id: (card.front, card.back) for card in content(desk).cards}


def edit(desk: SourceDesk, *new: Card) -> None:
    (id_,) = desk.me.col.db.list("select id from notes")
    now = content(desk)
    update_notes(desk.me.col, {id_: DynamicNote(now.note, new, now.link)})


def test_cards_follow_and_mine_stay(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(dynamic(("a", "A?", "one"), ("b", "B?", "two"), ("c", "C?", "*three*")), head=HEAD)
    assert me.subscribe().ok
    assert cards(desk) == {"a": ("A?", "one"), "b": ("B?", "two"), "c": ("C?", "<i>three</i>")}
    now = {card.id: card for card in content(desk).cards}
    edit(desk, now["a"], Card("b", "B?", "two of mine"), Card("mine", "Mine?", "yes"))  # c deleted
    note = me.col.get_note(me.col.db.scalar("select id from notes"))
    for number, card in enumerate(note.cards()):
        review(me.col, card.id, 1 + number)
    reviews = me.col.db.all("select cid, ease from revlog order by id")
    desk.publish(
        dynamic(
            ("n", "New?", "new"), ("b", "B!", "two"), ("c", "C?", "changed"), text="The **cats**"
        ),
        head=HEAD,
    )
    report = me.pull()
    assert report.ok
    after = cards(desk)
    assert after["n"] == ("New?", "new")
    assert after["b"] == ("B!", "two of mine")  # both edits
    assert after["mine"] == ("Mine?", "yes")
    assert after["a"] == ("A?", "one")  # the author took it out: asked
    assert "c" not in after  # deleted, and it stays so
    assert content(desk).note == "The <b>cats</b>"
    assert me.col.db.all("select cid, ease from revlog order by id") == reviews
    ((key, question),) = me.questions().items()
    assert question.kind == "card gone"
    assert not me.plan().learns
    me.pull(answers={key: "keep"})
    assert "a" in cards(desk) and not me.questions()


def test_both_sides_edit_the_same_words_of_a_card(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(dynamic(("a", "A?", "one"), ("b", "B?", "two")), head=HEAD)
    me.subscribe()
    edit(desk, Card("a", "A?", "mine"), Card("b", "B?", "two"))
    desk.publish(dynamic(("a", "A?", "theirs"), ("b", "B?", "deux")), head=HEAD)
    assert me.pull().questions == 1
    assert cards(desk) == {"a": ("A?", "mine"), "b": ("B?", "deux")}
    ((key, question),) = me.questions().items()
    assert (question.mine, question.theirs) == ("A?<hr>mine", "A?<hr>theirs")
    me.pull(answers={key: "theirs"})
    assert cards(desk)["a"] == ("A?", "theirs") and not me.questions()


def test_a_card_that_is_let_go_takes_its_anki_card_along(desk: SourceDesk) -> None:
    me = desk.me
    desk.publish(dynamic(("a", "A?", "one"), ("b", "B?", "two")), head=HEAD)
    me.subscribe()
    desk.publish(dynamic(("a", "A?", "one")), head=HEAD)
    me.pull()
    assert me.col.card_count() == 2
    (key,) = me.questions()
    me.pull(answers={key: "delete"})
    assert me.col.card_count() == 1 and list(cards(desk)) == ["a"]
    assert me.plan().is_empty and not me.plan().learns
