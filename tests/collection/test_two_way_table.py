"""The merge table of two-way, cell by cell: what each side did, and what both have then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

import pytest

from ankivault.convert.page import split_page
from ankivault.sync.report import Report

from .conftest import Desk

BASE = "one<br>two<br>three<br>four"
ASK, ANKI, PAGE = "ask", "prefer_anki", "prefer_obsidian"
POLICIES = (ASK, ANKI, PAGE)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.set(two_way=True)
    for number in range(3):
        desk.add("Deck", Front=f"other {number}", Back="left alone")
    return desk


def rows(desk: Desk) -> tuple[Any, ...]:
    """Every note, card and review, as Anki stores them."""
    assert desk.col.db is not None
    return tuple(
        tuple(map(tuple, desk.col.db.all(f"select * from {table} order by id")))
        for table in ("notes", "cards", "revlog")
    )


def studied(desk: Desk) -> Any:
    """What studying made of the cards; no edit of text may touch it."""
    assert desk.col.db is not None
    columns = "id, nid, ord, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, data"
    return [
        desk.col.db.all(f"select {columns} from cards order by id"),
        desk.col.db.all("select * from revlog order by id"),
    ]


def study(desk: Desk) -> None:
    """Some cards are reviewed, so that there is something to be lost."""
    desk.col.decks.select(desk.col.decks.id("Deck"))
    for _ in range(3):
        card = desk.col.sched.getCard()
        assert card is not None
        desk.col.sched.answerCard(card, 4)


def line_of(desk: Desk, note_id: int) -> str:
    """The field ``Back`` as the page has it, its lines as Anki has them."""
    managed = split_page(desk.page(note_id).read_text("utf-8")).managed or ""
    return managed.partition("## Back\n")[2].replace("\n", "<br>")


def settled(desk: Desk, report: Report) -> None:
    """The run left nothing to do, and the next one does nothing."""
    assert desk.plan().is_empty
    before = (rows(desk), desk.everything(), desk.dates())
    again = desk.sync()
    assert again.questions == report.questions
    assert (rows(desk), desk.everything(), desk.dates()) == before


@dataclass(frozen=True)
class Cell:
    """What a run makes of a field: the value of both sides then; nothing: it is asked.

    ``lost`` is the field of the side that gave way, which is in the trash folder.
    """

    both: Optional[str]
    lost: str = ""


def edit(line: str) -> str:
    return BASE.replace(line, f"{line} {{}}")


# What Anki has now, what the page has now, and what comes of it with a base and each policy.
BY_ANKI, BY_PAGE = "by Anki", "on the page"
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
