"""Rembs become dynamic notes, and stay in step with what Rember says."""

from __future__ import annotations

from ankivault.model.note import Card, DynamicNote
from tests.desks.dynamic_desk import cards_of
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
