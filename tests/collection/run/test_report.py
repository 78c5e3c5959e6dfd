"""What a run did, told in words and in JSON."""

from __future__ import annotations

import pytest

from ankivault.sync.run.done import Done
from ankivault.sync.run.report import Message, Report
from ankivault.sync.run.scope import Scope

TWO_WORDS = ("index page", "media file", "note type")


@pytest.mark.parametrize("done", Done)
def test_all_that_a_run_can_do_is_told_in_words_of_its_own(done: Done) -> None:
    noun = next((two for two in TWO_WORDS if done.one.startswith(two)), done.one.split(" ")[0])
    rest, plural = done.one[len(noun) + 1 :], noun + "s"
    one, more = Report({done: 1}), Report({done: 1234})
    assert one.summary() == f"1 {noun} {rest}."
    assert more.summary() == f"1,234 {plural} {rest}."
    assert more.as_json()["counts"] == {done.one: 1234}
    assert [kind for kind in Done if kind.one == done.one] == [done]
    assert done.is_change != rest.endswith(("unchanged", "left to you"))


def test_two_parts_of_a_run_are_told_as_one() -> None:
    first = Report({Done.PAGE_CREATED: 2, Done.PAGE_UNCHANGED: 5}, questions=1)
    later = Report({Done.PAGE_CREATED: 1, Done.PAGE_UNCHANGED: 7}, cancelled=True)
    told = first.followed_by(later)
    assert told.counts == {Done.PAGE_CREATED: 3, Done.PAGE_UNCHANGED: 7}
    assert told.cancelled and told.questions == 1


WRONG = (Message("error", "The page was not written: the disk is full."),) * 44
TOLD = (Message("warning", "Left for the next run."), Message("info", "It is in the trash."))
PAGES = {Done.PAGE_CREATED: 3, Done.PAGE_UNCHANGED: 52}
SAME = {Done.PAGE_CREATED: 0, Done.PAGE_UNCHANGED: 52}
LEFT = Scope(frozenset({1}), frozenset())


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (Report(), "Nothing to do."),
        (Report(SAME), "52 pages unchanged."),
        (Report(messages=TOLD), "Nothing was written. 2 messages."),
        (Report(messages=TOLD[1:]), "Nothing to do. 1 message."),
        (Report(PAGES, TOLD, questions=1), "3 pages created, 52 pages unchanged. "
         "1 to decide in Preview Changes. 2 messages."),
        (Report(messages=WRONG), "Nothing was written: 44 things went wrong."),
        (Report(SAME, WRONG[:1]), "Nothing was written: 1 thing went wrong. 52 pages unchanged."),
        (Report(SAME, WRONG + TOLD[:1]), "Nothing was written: 44 things went wrong. "
         "52 pages unchanged. 1 more message."),
        (Report(PAGES, WRONG), "3 pages created, 52 pages unchanged. 44 things went wrong."),
        (Report(cancelled=True), "Cancelled. Nothing was written."),
        (Report(PAGES, WRONG[:2], cancelled=True),
         "Cancelled. 3 pages created, 52 pages unchanged. 2 things went wrong."),
        (Report(cancelled=True, messages=WRONG[:1]),
         "Cancelled. Nothing was written: 1 thing went wrong."),
        (Report(SAME, TOLD[:1], undone=LEFT),
         "Nothing was written. 52 pages unchanged. 1 message."),
    ],
)  # fmt: skip
def test_a_summary_never_reads_as_if_all_were_well_when_not(report: Report, said: str) -> None:
    assert report.summary() == said
