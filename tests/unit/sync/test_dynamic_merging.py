"""Two edits of one dynamic note: no word of either is lost without being told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ankivault.model.note import Card, DynamicNote
from ankivault.sync.dynamic.merging import Clash, merge_contents

IDS = "abcdefg"
CARDS = st.builds(Card, st.sampled_from(IDS), st.text("xy ", max_size=4), st.just("answer"))
NOTES = st.builds(
    DynamicNote,
    st.sampled_from(("", "one", "two")),
    st.lists(CARDS, unique_by=lambda card: card.id, max_size=6).map(tuple),
)


def note(**fronts: str) -> DynamicNote:
    return DynamicNote("n", tuple(Card(id_, front, "") for id_, front in fronts.items()))


def order(content: DynamicNote) -> str:
    return "".join(card.id for card in content.cards)


@given(base=NOTES, ours=NOTES)
def test_an_edit_of_one_side_is_the_result(base: DynamicNote, ours: DynamicNote) -> None:
    for merged in (
        merge_contents(base, ours, base),
        merge_contents(base, base, ours),
        merge_contents(base, ours, ours),
    ):
        assert merged.clashes == ()
        assert merged.content == ours


@given(base=NOTES, ours=NOTES, theirs=NOTES)
def test_nothing_is_lost_silently(
    base: DynamicNote, ours: DynamicNote, theirs: DynamicNote
) -> None:
    """The words that a side wrote are there, unless a clash tells whose version stands."""
    mine, other = (merge_contents(base, ours, theirs, side) for side in ("ours", "theirs"))
    assert mine.clashes == other.clashes
    clashing = {clash.card_id for clash in mine.clashes}
    was = {card.id: card for card in base.cards}
    for merged in (mine, other):
        after = {card.id: card.front.split() for card in merged.content.cards}
        assert len(after) == len(merged.content.cards)
        for card in (*ours.cards, *theirs.cards):
            before = was[card.id].front if card.id in was else ""
            if card != was.get(card.id) and card.id not in clashing:
                assert {*card.front.split()} - {*before.split()} <= {*after[card.id]}
    for clash in mine.clashes:
        for merged, preferred in ((mine, clash.ours), (other, clash.theirs)):
            fronts = {card.id: card.front for card in merged.content.cards}
            if clash.text == "front":
                assert fronts.get(clash.card_id) == preferred
            else:
                assert (clash.text, merged.content.note) == ("note", preferred)


def test_both_sides_edits_are_kept() -> None:
    base = note(a="one two", b="three", c="four")
    ours = note(a="one 2", b="three", c="four", d="new here")
    theirs = note(c="four", a="first two", b="three!", e="new there")
    merged = merge_contents(base, ours, theirs)

    assert merged.clashes == ()
    assert order(merged.content) == "cdabe"
    fronts = {card.id: card.front for card in merged.content.cards}
    assert fronts == {
        "a": "first 2",
        "b": "three!",
        "c": "four",
        "d": "new here",
        "e": "new there",
    }


def test_a_card_removed_on_one_side_and_edited_on_the_other_is_asked_about() -> None:
    base, ours, theirs = note(a="one", b="two"), note(a="one"), note(a="one", b="two!")

    mine = merge_contents(base, ours, theirs, "ours")
    other = merge_contents(base, ours, theirs, "theirs")

    assert mine.clashes == (Clash("b", "front", None, "two!"),)
    assert order(mine.content) == "a"
    assert order(other.content) == "ab"
    assert other.content.cards[1].front == "two!"


def test_the_same_words_edited_on_both_sides_are_asked_about() -> None:
    base, ours, theirs = note(a="one"), note(a="two"), note(a="three")

    merged = merge_contents(base, ours, theirs, "theirs")

    assert merged.clashes == (Clash("a", "front", "two", "three"),)
    assert merged.content.cards[0].front == "three"
