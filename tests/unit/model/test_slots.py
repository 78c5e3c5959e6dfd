"""A card has one slot for ever, and a slot one card."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.model.notetype import SLOTS
from ankivault.model.slots import CardError, DoubledCard, EmptyCardId, SlotsExhausted, assign

IDS = st.lists(st.sampled_from([f"c{n}" for n in range(30)]), unique=True, max_size=12)


@given(st.lists(IDS, max_size=25))
def test_a_card_has_one_slot_for_ever_and_a_slot_one_card(history: list[list[str]]) -> None:
    ever: dict[str, int] = {}
    next_slot = 1
    for wanted in history:
        slots, following = assign(ever, next_slot, wanted)
        assert list(slots) == wanted
        assert all(ever[card] == slots[card] for card in wanted if card in ever)
        new = [slots[card] for card in wanted if card not in ever]
        assert new == list(range(next_slot, following))  # never one that was used before
        ever.update(slots)
        next_slot = following
    assert len({*ever.values()}) == len(ever) < next_slot <= SLOTS + 1


def test_the_highest_slot_is_not_given_again() -> None:
    slots, mark = assign({}, 1, ["a", "b", "c"])
    assert (slots, mark) == ({"a": 1, "b": 2, "c": 3}, 4)
    assert assign(slots, mark, ["a", "d", "b"]) == ({"a": 1, "d": 4, "b": 2}, 5)
    assert assign({**slots, "d": 4}, 5, ["c"]) == ({"c": 3}, 5)
    assert assign(slots, 1, ["d"])[0] == {"d": 4}  # a mark too low does not matter


def test_the_last_slot_can_be_used_and_no_more() -> None:
    slots, mark = assign({}, 1, [f"c{n}" for n in range(SLOTS)])
    assert (slots["c99"], mark) == (100, 101)
    assert assign(slots, mark, ["c5", "c99"]) == ({"c5": 6, "c99": 100}, 101)
    with pytest.raises(SlotsExhausted) as error:
        assign(slots, mark, ["c5", "new", "newer"])
    assert (error.value.used, error.value.needed) == (100, 2)
    assert "used 100 of the 100 places" in str(error.value) and "2 more are" in str(error.value)
    assert "second note" in str(error.value)


@pytest.mark.parametrize(
    ("wanted", "error", "word"),
    [
        (["a", "b", "a"], DoubledCard, "“a”"),
        (["a", ""], EmptyCardId, "Card 2"),
        ([f"c{n}" for n in range(102)], SlotsExhausted, "102 more are"),
    ],
)
def test_what_cannot_be_is_refused(wanted: list[str], error: type[CardError], word: str) -> None:
    with pytest.raises(error, match=word):
        assign({}, 1, wanted)
