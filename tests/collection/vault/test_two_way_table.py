"""The merge table of two-way, cell by cell: what each side did, and what both have then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

import pytest

from ankivault.sync.run.report import Report

from ...desks.two_way_desk import (
    ANKI,
    ASK,
    BASE,
    BY_ANKI,
    BY_PAGE,
    POLICIES,
    line_of,
    rows,
    settled,
    studied,
    study,
)
from ..conftest import Desk


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.set(two_way=True)
    for number in range(3):
        desk.add("Deck", Front=f"other {number}", Back="left alone")
    return desk


@dataclass(frozen=True)
class Cell:
    """What a run makes of a field: the value of both sides then; nothing: it is asked."""

    both: Optional[str]


def edit(line: str) -> str:
    return BASE.replace(line, f"{line} {{}}")


# What Anki has now, what the page has now, and what comes of it with a base and each policy.
FIRST, LAST = edit("one"), edit("four")
FIELDS = {
    "nothing": (BASE, BASE, BASE),
    "Anki": (FIRST.format(BY_ANKI), BASE, FIRST.format(BY_ANKI)),
    "page": (BASE, LAST.format(BY_PAGE), LAST.format(BY_PAGE)),
    "both the same": (FIRST.format(BY_ANKI), FIRST.format(BY_ANKI), FIRST.format(BY_ANKI)),
    "apart": (
        FIRST.format(BY_ANKI),
        LAST.format(BY_PAGE),
        FIRST.format(BY_ANKI).replace("four", f"four {BY_PAGE}"),
    ),
    "Anki adds a line, the page edits": (
        f"zero<br>{BASE}",
        LAST.format(BY_PAGE),
        f"zero<br>{LAST.format(BY_PAGE)}",
    ),
    "Anki deletes a line, the page edits": (
        "two<br>three<br>four",
        LAST.format(BY_PAGE),
        f"two<br>three<br>four {BY_PAGE}",
    ),
    "page deletes a line, Anki edits": (
        FIRST.format(BY_ANKI),
        "one<br>two<br>three",
        f"one {BY_ANKI}<br>two<br>three",
    ),
    "side by side": (
        edit("two").format(BY_ANKI),
        edit("three").format(BY_PAGE),
        edit("two").format(BY_ANKI).replace("three", f"three {BY_PAGE}"),
    ),
    "the page has what Anki did, and more": (
        edit("two").format(BY_ANKI),
        edit("two").format(BY_ANKI).replace("three", f"three {BY_PAGE}"),
        edit("two").format(BY_ANKI).replace("three", f"three {BY_PAGE}"),
    ),
    "both add lines": (
        f"zero<br>{BASE}<br>five",
        BASE.replace("two", "two<br>new"),
        f"zero<br>{BASE}<br>five".replace("two", "two<br>new"),
    ),
    "the page adds the first line": (
        edit("two").format(BY_ANKI),
        f"zero<br>{BASE}",
        f"zero<br>{edit('two').format(BY_ANKI)}",
    ),
    "at one place": (FIRST.format(BY_ANKI), FIRST.format(BY_PAGE), None),
    "Anki empties, the page edits": ("", FIRST.format(BY_PAGE), None),
    "page empties, Anki edits": (FIRST.format(BY_ANKI), "", None),
}


def disagree(desk: Desk, now: str, page: str) -> int:
    """A note whose ``Back`` was ``BASE`` on both sides, and is not any more."""
    note_id = desk.add("Deck", Front="question", Back=BASE, tags="tag")
    study(desk)
    assert desk.sync().ok
    if page != BASE:
        old = BASE.replace("<br>", "\n")
        desk.retype(note_id, f"## Back\n{old}\n", f"## Back\n{page}\n".replace("<br>", "\n"))
    if now != BASE:
        desk.edit(note_id, Back=now)
    return note_id


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("case", FIELDS)
def test_a_field_with_a_base(desk: Desk, case: str, policy: str) -> None:
    now, page, both = FIELDS[case]
    note_id = disagree(desk, now, page)
    desk.set(conflict_policy=policy)
    before, studying = rows(desk), studied(desk)
    report = desk.sync()
    assert report.ok
    assert studied(desk) == studying
    check_outcome(desk, note_id, report, Cell(both), policy, now, page)
    if now in (both, BASE) and page == BASE:
        assert rows(desk) == before
    settled(desk, report)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("case", FIELDS)
def test_a_field_without_a_base(desk: Desk, case: str, policy: str) -> None:
    """What is equal is agreed on; what is not is never settled in silence."""
    now, page, _ = FIELDS[case]
    note_id = disagree(desk, now, page)
    desk.lose_base()
    desk.set(conflict_policy=policy)
    studying = studied(desk)
    report = desk.sync()
    assert report.ok
    assert studied(desk) == studying
    check_outcome(desk, note_id, report, Cell(now if now == page else None), policy, now, page)
    settled(desk, report)


def check_outcome(
    desk: Desk, note_id: int, report: Report, cell: Cell, policy: str, now: str, page: str
) -> None:
    back = desk.fields(note_id)["Back"]
    if cell.both is not None:
        assert (back, line_of(desk, note_id)) == (cell.both, cell.both)
        assert (report.questions, desk.trash()) == (0, {})
    elif policy == ASK:
        assert (back, line_of(desk, note_id)) == (now, page)
        assert (report.questions, desk.trash()) == (1, {})
    else:
        won, lost = (now, page) if policy == ANKI else (page, now)
        assert (back, line_of(desk, note_id)) == (won, won)
        assert report.questions == 0
        (kept,) = desk.trash().values()
        assert f"{lost.replace('<br>', chr(10))}\n%% anki:end" in kept
        assert "## Front\nquestion" in kept


@pytest.mark.parametrize("answer", ["anki", "obsidian", "both"])
def test_a_person_settles_a_field(desk: Desk, answer: Any) -> None:
    now, page, _ = FIELDS["at one place"]
    note_id = disagree(desk, now, page)
    report = desk.answer(f"field:{note_id}:Back", answer)
    assert (report.ok, report.questions) == (True, 0)
    back = desk.fields(note_id)["Back"]
    assert line_of(desk, note_id) == back
    assert (BY_ANKI in back, BY_PAGE in back) == (answer != "obsidian", answer != "anki")
    if answer == "both":
        assert not desk.trash()
    else:
        assert len(desk.trash()) == 1
    settled(desk, report)
