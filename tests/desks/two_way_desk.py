"""What two-way tests read and check: rows of the collection, and that a run left nothing to do."""

from __future__ import annotations

from typing import Any

from ankivault.convert.page.page_text import split_page
from ankivault.sync.reconcile.question import Question
from ankivault.sync.run.report import Report
from ankivault.sync.vault.changes import VaultPlan

from ..collection.conftest import Desk

ASK, ANKI, PAGE = "ask", "prefer_anki", "prefer_obsidian"
POLICIES = (ASK, ANKI, PAGE)
BASE = "one<br>two<br>three<br>four"
BY_ANKI, BY_PAGE = "by Anki", "on the page"


def rows(desk: Desk) -> tuple[Any, ...]:
    """Every note, card and review, as Anki stores them."""
    assert desk.col.db is not None
    return tuple(
        tuple(map(tuple, desk.col.db.all(f"select * from {table} order by id")))
        for table in ("notes", "cards", "revlog")
    )


def studied(desk: Desk) -> Any:
    """All reviews, and the columns of cards that studying changes. No edit may change them."""
    assert desk.col.db is not None
    columns = "id, nid, ord, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, data"
    return [
        desk.col.db.all(f"select {columns} from cards order by id"),
        desk.col.db.all("select * from revlog order by id"),
    ]


def study(desk: Desk) -> None:
    """Answer three cards of the deck “Deck”, so that reviews could be lost."""
    desk.col.decks.select(desk.col.decks.id("Deck"))
    for _ in range(3):
        card = desk.col.sched.getCard()
        assert card is not None
        desk.col.sched.answerCard(card, 4)


def settled(desk: Desk, report: Report) -> None:
    """Check that the run left nothing to do, and that the next run writes nothing."""
    assert desk.plan().is_empty
    before = (rows(desk), desk.everything(), desk.dates())
    again = desk.sync()
    assert again.questions == report.questions
    assert (rows(desk), desk.everything(), desk.dates()) == before


def line_of(desk: Desk, note_id: int) -> str:
    """The field ``Back`` on the note's page, with ``<br>`` between its lines."""
    managed = split_page(desk.page(note_id).read_text("utf-8")).managed or ""
    return managed.partition("## Back\n")[2].replace("\n", "<br>")


def the_question(plan: VaultPlan) -> Question:
    """The only question of a plan."""
    (question,) = plan.questions
    return question


def conflict(desk: Desk) -> int:
    """Add a note, and edit its answer on both sides at the same place; returns its id."""
    note_id = desk.add(Front="q", Back="the old answer")
    desk.sync()
    desk.retype(note_id, "old", "page's")
    desk.edit(note_id, Back="the phone's answer")
    return note_id
