"""What a run did, told in words and in JSON."""

from __future__ import annotations

import pytest

from ankivault.sync.run.done import Done
from ankivault.sync.run.report import Report


@pytest.mark.parametrize("done", Done)
def test_all_that_a_run_can_do_is_told_in_words_of_its_own(done: Done) -> None:
    noun, rest = done.one.split(" ", 1)
    plural = {"index": "indexes", "media": "media"}.get(noun, noun + "s")
    one, more = Report({done: 1}), Report({done: 1234})
    assert one.summary() == f"1 {noun} {rest}."
    assert more.summary() == f"1,234 {plural} {rest}."
    assert more.as_json()["counts"] == {done.one: 1234}
    assert [kind for kind in Done if kind.one == done.one] == [done]
    assert done.is_change != rest.endswith("unchanged")


def test_two_parts_of_a_run_are_told_as_one() -> None:
    first = Report({Done.PAGE_CREATED: 2, Done.PAGE_UNCHANGED: 5}, questions=1)
    later = Report({Done.PAGE_CREATED: 1, Done.PAGE_UNCHANGED: 7}, cancelled=True)
    told = first.followed_by(later)
    assert told.counts == {Done.PAGE_CREATED: 3, Done.PAGE_UNCHANGED: 7}
    assert told.cancelled and told.questions == 1
