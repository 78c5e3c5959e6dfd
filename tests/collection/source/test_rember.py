"""Rembs become dynamic notes, and stay in step with what Rember says."""

from __future__ import annotations

import pytest

from ankivault.model.note import Card, DynamicNote
from ankivault.sync.run.done import Done
from ankivault.sync.source.rember import patch
from ankivault.sync.source.rember.changes import Choice, Passage
from ankivault.sync.source.rember.run import sign_out
from tests.desks.dynamic_desk import cards_of, review, reviews_of
from tests.desks.rember_desk import RemberDesk
from tests.desks.rember_service import make_remb


def test_a_patch_makes_notes_and_a_second_pull_does_nothing(rember: RemberDesk) -> None:
    rember.rember.put(
        make_remb(
            "r1", "*Paris* is a city.", c1=("Where is **Paris**?", "In France."), c2=("B", "b")
        ),
        make_remb("r2", "", only=("1 < 2?", "yes")),
        make_remb("r3", "Without a question."),
    )
    report = rember.sync()
    assert report.ok and report.summary() == "2 notes added to Anki.", report
    assert rember.content("r1") == DynamicNote(
        "<i>Paris</i> is a city.",
        (
            Card("c1-default", "Where is <b>Paris</b>?", "In France."),
            Card("c2-default", "B", "b"),
        ),
        "https://rember.com/r/r1",
    )
    assert rember.content("r2").cards[0].front == "1 &lt; 2?"
    assert rember.decks("r1") == {"Rember"}
    assert len(cards_of(rember.col, rember.note_ids()["r1"])) == 2
    before = rember.marks()
    assert rember.sync().summary() == "Nothing to do."
    assert rember.marks() == before
    assert [asked["cookie"] for asked in rember.rember.asked] == [None, 1]


def test_what_a_person_does_to_a_note_stays(rember: RemberDesk) -> None:
    """Their words, tags, decks, suspensions and reviews; a new question goes to the note's deck."""
    service, col = rember.rember, rember.col
    service.put(make_remb("r", "One two three.", a=("A old?", "a"), b=("B?", "b"), c=("C?", "c")))
    rember.sync()
    rember.edit("r", "three", "THREE")
    rember.tag("r", "mine")
    cards = cards_of(col, rember.note_ids()["r"])
    col.set_deck([*cards.values()], col.decks.id("Mine::Deeper"))
    col.sched.suspend_cards([cards["b-default"]])
    review(col, cards["a-default"])
    service.put(
        make_remb(
            "r", "ONE two three.", n=("New?", "n"), c=("C?", "c"), a=("A new?", "a"), b=("B?", "b")
        )
    )
    assert rember.sync().summary() == "1 note updated in Anki."
    content = rember.content("r")
    assert content.note == "ONE two THREE."
    assert [card.id[0] for card in content.cards] == ["n", "c", "a", "b"]
    after = cards_of(col, rember.note_ids()["r"])
    assert after.items() >= cards.items() and rember.decks("r") == {"Mine::Deeper"}
    assert reviews_of(col, [after["a-default"]]) == {after["a-default"]: [3]}
    assert rember.card("r", "b").queue == -1
    assert col.get_note(rember.note_ids()["r"]).tags == ["mine"]
    assert col.undo_status().undo == "Ankivault: Rember"


def test_a_slot_is_never_given_to_another_card(rember: RemberDesk) -> None:
    service, col = rember.rember, rember.col
    service.put(make_remb("r", a=("A?", "a"), b=("B?", "b")))
    rember.sync()
    slots = {id_: rember.card("r", id_).ord for id_ in "ab"}
    service.put(make_remb("r", a=("A?", "a")))
    rember.sync()
    assert [*cards_of(col, rember.note_ids()["r"])] == ["a-default"]
    service.put(make_remb("r", a=("A?", "a"), c=("C?", "c")))
    rember.sync()
    assert rember.card("r", "c").ord not in slots.values()
    service.put(make_remb("r", a=("A?", "a"), c=("C?", "c"), b=("B again?", "b")))
    rember.sync()
    assert rember.card("r", "b").ord == slots["b"]


@pytest.mark.parametrize("answer", ["rember", "mine"])
def test_what_both_changed_is_asked_and_yours_stays_until_then(
    rember: RemberDesk, answer: Choice
) -> None:
    service = rember.rember
    service.put(
        make_remb("r", "The capital is Lyon.", a=("A?", "a")), make_remb("s", b=("B?", "b"))
    )
    rember.sync()
    rember.edit("r", "Lyon", "Paris")
    service.put(make_remb("r", "The capital is Nice.", a=("Another?", "a")))
    service.put(make_remb("s", b=("B too?", "b")))
    report = rember.sync()
    assert (report.summary(), report.questions) == (
        "1 note updated in Anki. 1 to decide in Preview Changes.",
        1,
    )
    mine = rember.content("r")
    assert mine.note == "The capital is Paris." and mine.cards[0].front == "A?"
    before = rember.marks()
    plan = rember.plan()  # asks from the new cookie, and the question is still there
    (question,) = plan.questions
    assert question.passages == (Passage("Note", "The capital is Paris.", "The capital is Nice."),)
    assert rember.apply(plan).questions == 1 and rember.marks() == before
    assert rember.sync({question.key: answer}).summary() == "1 note updated in Anki."
    city = {"rember": "Nice", "mine": "Paris"}[answer]
    after = rember.content("r")
    assert (after.note, after.cards[0].front) == (f"The capital is {city}.", "Another?")
    assert rember.plan().questions == () and rember.sync().summary() == "Nothing to do."
    service.put(make_remb("r", "Now: the capital is Nice.", a=("Another?", "a")))
    rember.sync()
    assert rember.content("r").note == f"Now: the capital is {city}."


def test_deletions_are_one_step_to_undo_after_a_backup(rember: RemberDesk) -> None:
    service, col = rember.rember, rember.col
    service.put(*(make_remb(f"r{n}", q=(f"{n}?", "a")) for n in range(40)))
    rember.sync()
    assert rember.backups == 0
    service.delete("r0", "r1", "r2")
    assert rember.sync().summary() == "3 notes deleted from Anki."
    assert rember.backups == 1 and {*rember.note_ids()} == {*service.rembs}
    col.undo()
    assert len(rember.note_ids()) == 40
    assert rember.sync().summary() == "Nothing to do."  # they are the person's own now


def test_a_note_with_something_of_your_own_is_not_deleted(rember: RemberDesk) -> None:
    service = rember.rember
    service.put(*(make_remb(f"r{n}", "Words.", q=(f"{n}?", "a")) for n in range(40)))
    rember.sync()
    rember.edit("r0", "Words", "My words")
    rember.tag("r1", "mine")
    rember.tag("r2", "leech")  # is Anki's
    rember.edit("r3", "Words", "Mine")
    service.delete("r0", "r1", "r2")
    service.put(make_remb("r3", "Words."))  # without a question, there is no note
    report = rember.sync()
    assert report.questions == 3 and "r2" not in rember.note_ids()
    keys = [question.key for question in rember.plan().questions]
    assert keys == ["gone:r0", "gone:r1", "gone:r3"]
    assert rember.sync({"gone:r0": "keep", "gone:r1": "delete"}).questions == 1
    assert {"r0", "r3"} <= {*rember.note_ids()} and "r1" not in rember.note_ids()
    assert [question.key for question in rember.plan().questions] == ["gone:r3"]


@pytest.mark.parametrize("answer", ["delete", "keep"])
def test_many_deletions_are_a_question(rember: RemberDesk, answer: Choice) -> None:
    service = rember.rember
    service.put(*(make_remb(f"r{n}", q=(f"{n}?", "a")) for n in range(10)))
    rember.sync()
    service.delete("r0", "r1", "r2")
    service.put(make_remb("new", q=("New?", "n")))
    report = rember.sync()
    assert (report.summary(), rember.backups) == (
        "1 note added to Anki. 1 to decide in Preview Changes.",
        0,
    )
    assert rember.sync().questions == 1 and len(rember.note_ids()) == 11
    rember.sync({"many": answer})
    assert len(rember.note_ids()) == {"delete": 8, "keep": 11}[answer]
    assert rember.plan().questions == () and rember.sync(anew=True).summary() == "Nothing to do."


def test_a_large_change_waits_until_somebody_looks(rember: RemberDesk) -> None:
    service = rember.rember
    service.put(*(make_remb(f"r{n}", q=(f"{n}?", "a")) for n in range(30)))
    rember.sync()
    service.put(*(make_remb(f"r{n}", q=("All the same", "a")) for n in range(21)))
    service.put(make_remb("new", q=("New?", "n")))
    report = rember.sync()
    assert (report.counts[Done.NOTE_UPDATED], report.questions) == (0, 1)
    assert "new" in rember.note_ids()
    service.put(make_remb("r0", q=("0!", "a")))
    assert [question.key for question in rember.plan().questions] == ["large"]
    assert rember.sync({"large": "rember"}).counts[Done.NOTE_UPDATED] == 21
    fronts = [rember.content(f"r{n}").cards[0].front for n in (0, 1, 20, 21)]
    assert fronts == ["0!", "All the same", "All the same", "21?"]
    assert rember.sync().summary() == "Nothing to do."


def test_a_note_that_you_deleted_stays_deleted(rember: RemberDesk) -> None:
    service = rember.rember
    service.put(*(make_remb(f"r{n}", q=(f"{n}?", "a")) for n in range(3)))
    rember.sync()
    rember.drop("r0", "r1", "r2")
    sign_out(rember.place, rember.store)  # so that everything is put again
    rember.store = rember.rember.store()
    assert rember.sync().summary() == "Nothing to do." and not rember.note_ids()
    service.put(make_remb("r0", q=("Better?", "a")), make_remb("r1", q=("1!", "a")))
    assert [question.kind for question in rember.plan().questions] == ["unwanted", "unwanted"]
    rember.sync({"unwanted:r0": "mine"})
    assert rember.plan().questions[0].key == "unwanted:r1"
    rember.sync({"unwanted:r1": "rember"})
    assert {*rember.note_ids()} == {"r1"}
    assert rember.sync(anew=True).summary() == "2 notes added to Anki."
    assert {*rember.note_ids()} == {"r0", "r1", "r2"}


def test_one_remb_that_cannot_be_read_holds_up_no_other(
    rember: RemberDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = rember.rember
    service.put(
        make_remb("a", "A", q=("A?", "a"), p=("P?", "p")), make_remb("b", "B", q=("B?", "b"))
    )
    rember.sync()
    strange = make_remb("a", "A2", q=("A2?", "a"))
    strange["content"]["crops"].append({"id": "p", "type": "cloze", "cloze": "P"})
    unread = make_remb("b", "B2")
    unread["content"]["crops"] = [{"id": "q", "type": "qa", "ask": "B2?", "say": {"text": "b2"}}]
    unreadable = [unread, {"id": "c"}, {**make_remb("d"), "content": 7}]
    service.put(strange, *unreadable, make_remb("e", q=("E?", "e")))
    report = rember.sync()
    assert report.summary() == "1 note added to Anki, 1 note updated in Anki. 4 messages."
    assert [card.front for card in rember.content("a").cards] == ["A2?", "P?"]
    assert rember.content("b").note == "B" and {*rember.note_ids()} == {"a", "b", "e"}
    before = rember.marks()
    plan = rember.plan()
    assert plan.waits == 4 and plan.messages == () and rember.apply(plan).ok  # told once
    assert rember.marks() == before
    # A newer add-on can read them, and nothing has to be pulled for that.
    monkeypatch.setattr(patch, "_SHAPES", (*patch._SHAPES, ("ask", "say")))
    assert rember.sync().summary() == "1 note updated in Anki."
    assert rember.content("b").cards == (Card("q-default", "B2?", "b2"),)
    assert [asked["cookie"] for asked in service.asked] == [None, 1, 2, 2]


def test_a_note_of_another_type_is_left_alone(rember: RemberDesk) -> None:
    note = rember.col.new_note(rember.col.models.by_name("Basic"))
    note["Front"], note.guid = "Mine", "r"
    rember.col.add_note(note, 1)
    rember.rember.put(make_remb("r", q=("Q?", "a")), make_remb("s", q=("S?", "a")))
    report = rember.sync()
    assert {*rember.note_ids()} == {"r", "s"} and "another note type" in report.messages[0].text
    assert rember.col.get_note(note.id)["Front"] == "Mine"
    assert rember.sync().messages == ()
    rember.rember.delete("r")
    rember.sync()
    assert rember.col.get_note(note.id)["Front"] == "Mine"


def test_many_notes_of_another_type_are_told_at_once(rember: RemberDesk) -> None:
    """As somebody has them who comes from Rember's own add-on."""
    for number in range(9):
        note = rember.col.new_note(rember.col.models.by_name("Basic"))
        note["Front"], note.guid = "Mine", f"r{number}"
        rember.col.add_note(note, 1)
    rember.rember.put(*(make_remb(f"r{n}", q=(f"{n}?", "a")) for n in range(10)))
    (told,) = rember.sync().messages
    assert told.text.startswith("9 rembs: each belongs to a note of another note type")
    rember.drop(*(f"r{n}" for n in range(9)))
    assert rember.sync().summary() == "9 notes added to Anki."


def test_a_lost_base_is_put_together_anew(rember: RemberDesk) -> None:
    service = rember.rember
    service.put(*(make_remb(f"r{n}", "Some words of yours.", q=(f"{n}?", "a")) for n in range(4)))
    rember.sync()
    rember.edit("r1", "Some", "My")
    rember.lose_base()
    service.delete("r3")
    extra = make_remb("r1", "Some words of yours.", q=("1?", "a"), more=("More?", "m"))
    service.put(extra)
    before = rember.marks()
    report = rember.sync()
    assert report.questions == 2 and rember.marks() == before
    assert [(q.key, q.kind) for q in rember.plan().questions] == [
        ("unlike:r1", "unlike"),
        ("strangers", "strangers"),
    ]
    unlike, _ = rember.plan().questions
    assert [(each.name, each.mine, each.theirs) for each in unlike.passages] == [
        ("Note", "My words of yours.", "Some words of yours."),
        ("More?", None, "More?"),
    ]
    rember.sync({"unlike:r1": "mine", "strangers": "delete"})
    assert {*rember.note_ids()} == {"r0", "r1", "r2"} and rember.plan().questions == ()
    extra["content"]["note"]["text"] += " More."
    service.put(extra)
    rember.sync()
    assert rember.content("r1").note == "My words of yours. More."
    assert service.asked[-1]["cookie"] is not None


def test_nothing_of_a_remb_runs_in_anki(rember: RemberDesk) -> None:
    evil = "<script>alert(1)</script> <img src=x onerror=alert(1)> vector<int> H<sub>2</sub>O"
    rember.rember.put(make_remb("r", evil, q=(f"{evil}\n\n- `a<b>`", "[x](javascript:alert(1))")))
    rember.sync()
    content = rember.content("r")
    for text in (content.note, content.cards[0].front):
        assert "vector&lt;int&gt; H<sub>2</sub>O" in text
        assert "<script" not in text and "<img" not in text
    assert "<a" not in content.cards[0].back
