"""What may come between a pull and its end, and what a note cannot be."""

from __future__ import annotations

import pytest
from anki.notes import NoteId

from ankivault.sync.collection.writer import CollectionWriter
from ankivault.sync.source.rember.plan import PulledElsewhere
from ankivault.sync.source.rember.run import plan_rember, pull, read_status
from ankivault.sync.source.web import Web
from tests.desks.dynamic_desk import review
from tests.desks.rember_desk import LIMITS, RemberDesk
from tests.desks.rember_service import make_remb


def test_a_note_that_changes_after_the_plan_waits_for_the_next_run(rember: RemberDesk) -> None:
    service = rember.rember
    service.put(
        make_remb("r", "Some words of yours.", a=("A?", "a")), make_remb("s", b=("B?", "b"))
    )
    rember.sync()
    service.put(make_remb("r", "Some words of ours.", a=("A?", "a")))
    service.delete("s")
    plan = rember.plan()
    rember.edit("r", "Some", "My")
    rember.edit("s", "B", "My B")
    report = rember.apply(plan)
    assert [message.level for message in report.messages] == ["warning"] * 2
    assert rember.content("r").note == "My words of yours."
    report = rember.sync()
    assert rember.content("r").note == "My words of ours."
    assert (report.questions, "s" in rember.note_ids()) == (1, True)
    assert service.asked[-1]["cookie"] == 3  # what waited was not pulled twice


def test_two_runs_at_once_do_not_mix(rember: RemberDesk) -> None:
    """What was pulled before another run must not undo that run, and delete what is new since."""
    service = rember.rember
    service.put(make_remb("r", q=("Q?", "a")))
    with Web(LIMITS) as web:
        early = pull(rember.place, rember.store, web)
        plan = rember.plan()
        service.put(make_remb("s", q=("S?", "a")))
        rember.sync()
        report = rember.apply(plan)
        assert not report.ok and "changed since this was planned" in report.messages[0].text
        service.put(make_remb("r", q=("Q2?", "a")))
        late = pull(rember.place, rember.store, web)
    rember.sync()
    for pulled in (early, late):
        with pytest.raises(PulledElsewhere):
            plan_rember(rember.col, rember.place, pulled)
    assert {*rember.note_ids()} == {"r", "s"}


def test_an_answer_that_was_not_written_is_asked_again(
    rember: RemberDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A killed run that had saved what it was about to write is not taken for one that wrote."""
    rember.rember.put(make_remb("r", "Theirs.", q=("Q?", "a")))
    rember.sync()
    rember.edit("r", "Theirs", "Mine")
    rember.lose_base()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(CollectionWriter, "update", die)
        with pytest.raises(KeyboardInterrupt):
            rember.sync({"unlike:r": "rember"})
    assert [question.key for question in rember.plan().questions] == ["unlike:r"]
    assert rember.content("r").note == "Mine."


def test_what_no_note_can_be_is_told_and_the_others_go_on(rember: RemberDesk) -> None:
    service = rember.rember
    many = {f"q{n}": (f"{n}?", "a") for n in range(101)}
    odd = make_remb("odd", q=("Q?", "a"))
    odd["content"]["crops"][0]["id"] = "<b>"
    service.put(make_remb("many", **many), odd, make_remb("fine", q=("Q?", "a")))
    report = rember.sync()
    assert {*rember.note_ids()} == {"fine"}
    told = sorted(message.text for message in report.messages)
    assert len(told) == 2 and "100 places" in told[0] and "cannot be a card's id" in told[1]
    status = read_status(rember.place)
    assert (status.email, status.waiting, status.pulled) == ("me@example.com", 2, True)
    service.put(make_remb("many", q0=("0?", "a")))
    rember.sync()
    assert {*rember.note_ids()} == {"fine", "many"}


def test_a_filtered_deck_called_rember_takes_no_notes_and_loses_none(rember: RemberDesk) -> None:
    rember.col.decks.new_filtered("Rember")
    rember.rember.put(make_remb("r", q=("Q?", "a")))
    report = rember.sync()
    assert not report.ok and "takes no notes" in report.messages[0].text
    rember.col.decks.remove([rember.col.decks.id_for_name("Rember")])
    assert rember.sync().summary() == "1 note added to Anki."
    assert rember.rember.asked[-1]["cookie"] == 1


def test_a_damaged_base_is_told_and_everything_is_pulled_anew(rember: RemberDesk) -> None:
    rember.rember.put(make_remb("r", q=("Q?", "a")))
    rember.sync()
    (file,) = rember.state.glob("rember*")
    file.write_bytes(b"no database at all" * 1000)
    assert rember.sync().ok and rember.rember.asked[-1]["cookie"] is None
    rember.rember.put(make_remb("r", q=("New?", "a")))
    plan = rember.plan()
    file.write_bytes(b"no database at all" * 1000)
    assert "was damaged" in rember.apply(plan).messages[0].text
    assert rember.content("r").cards[0].front == "Q?"
    assert [question.key for question in rember.plan().questions] == ["unlike:r"]
    rember.sync({"unlike:r": "rember"})
    assert rember.content("r").cards[0].front == "New?"


def test_a_patch_of_thousands_is_one_run(rember: RemberDesk) -> None:
    rember.rember.put(*(make_remb(f"r{n}", f"Words {n}", q=(f"{n}?", "a")) for n in range(5000)))
    assert rember.sync().summary() == "5,000 notes added to Anki."
    rember.rember.put(make_remb("r7", "Other words", q=("7?", "a")))
    assert rember.sync().summary() == "1 note updated in Anki."
    assert rember.sync(anew=True).summary() == "Nothing to do."
    assert rember.content("r7").note == "Other words"


@pytest.mark.parametrize("how", ["the other is deleted", "it is reviewed"])
def test_a_copy_goes_only_while_it_is_one(rember: RemberDesk, how: str) -> None:
    rember.rember.put(make_remb("r", "Words.", q=("Q?", "a")))
    rember.sync()
    first = rember.note_ids()["r"]
    review(rember.col, rember.card("r", "q").id)
    made = rember.col.get_note(NoteId(first))
    copy = rember.col.new_note(made.note_type())
    copy.guid, copy.fields = "r", list(made.fields)
    rember.col.add_note(copy, rember.col.decks.id("Rember"))
    plan = rember.plan()
    assert [each.note_id for each in plan.pick("delete")] == [copy.id]
    if how == "it is reviewed":
        review(rember.col, copy.cards()[0].id)
    else:
        rember.col.remove_notes([NoteId(first)])
    (told,) = rember.apply(plan).messages
    assert told.note_id == copy.id and "left for the next" in told.text
    assert copy.id in rember.col.db.list("select id from notes")
