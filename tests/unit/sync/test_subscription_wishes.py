"""What a person says in the options of a subscription; what is not shown there stays."""

from __future__ import annotations

from ankivault.sync.source.subscription.author import is_in, leave_out
from ankivault.sync.source.subscription.subscription import keep_unseen


def test_decks_that_the_author_took_away_for_a_while_stay_left_out() -> None:
    assert leave_out(("Old", "A"), ["A", "B"], ["A"]) == ("Old", "A")
    assert leave_out(("Old", "A"), ["A", "B"], []) == ("Old",)
    assert leave_out((), ["A", "A::B", "C"], ["A::B", "C"]) == ("A::B", "C")


def test_a_deck_above_stays_left_out_until_one_below_it_is_taken() -> None:
    kept = leave_out(("Sea",), ["Sea::Fish", "Sea::Birds", "Land"], ["Sea::Fish", "Sea::Birds"])
    assert kept == ("Sea",) and is_in("Sea::Whales", kept)
    assert leave_out(("Sea",), ["Sea::Fish", "Sea::Birds"], ["Sea::Fish"]) == ("Sea::Fish",)


def test_names_that_are_not_shown_stay() -> None:
    assert keep_unseen(("Hint", "Front"), ["Front", "Back"], ["Back"]) == ("Back", "Hint")
    assert keep_unseen(("Rare", "Easy"), ["rare"], []) == ("Easy",)
    assert keep_unseen(("a",), ["A"], ["A"]) == ("A",)
