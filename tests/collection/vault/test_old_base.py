"""A newer version that keeps other things of a vault puts its memory together anew, and says so."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from ankivault.sync.vault.base import VAULT_BASE
from ankivault.sync.vault.words import explain_page

from ...desks.two_way_desk import rows
from ..conftest import Desk


def make_old(desk: Desk) -> None:
    """Have the base be what the version of the schema before this one left."""
    (file,) = desk.state.glob("*.sqlite")
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("update meta set value = ? where key = 'schema'", (VAULT_BASE.schema - 1,))
        for column in ("shown_fields", "clozes", "cloze_style", "before_digest"):
            db.execute(f"alter table held drop column {column}")


@pytest.mark.parametrize("two_way", [False, True])
def test_an_old_base_is_told_of_once_and_changes_no_file_and_no_note(
    desk: Desk, two_way: bool
) -> None:
    desk.set(two_way=two_way)
    desk.add(Front="one", Back="a<br><b>b</b>", tags="x::y")
    desk.add("D::E", "Cloze", Text="a {{c1::b}} c")
    desk.sync()
    make_old(desk)
    dates, notes = desk.dates(), rows(desk)
    plan = desk.plan()
    assert plan.is_empty
    assert desk.told(plan, "put together anew").level == "info"
    report = desk.sync()
    assert report.ok
    assert desk.told(report, "put together anew")
    assert (desk.dates(), rows(desk)) == (dates, notes)
    assert not desk.sync().messages


def test_what_was_edited_before_an_old_base_was_replaced_is_asked_about(desk: Desk) -> None:
    desk.set(two_way=True)
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    make_old(desk)
    desk.retype(note_id, "answer", "other")
    report = desk.sync()
    assert report.questions == 1
    assert desk.fields(note_id)["Back"] == "answer"
    assert "other" in desk.page(note_id).read_text()


def test_each_change_of_a_page_says_why_in_words(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="answer")
    other = desk.add(Front="q2", Back="answer")
    assert {explain_page(page) for page in desk.plan().pages} == {"new note"}
    desk.sync()
    desk.edit(note_id, Back="new")
    desk.move(note_id, "Else")
    desk.col.remove_notes([other])
    told = {page.note_id: explain_page(page) for page in desk.plan().pages}
    assert told == {note_id: "fields changed, moved to Else", other: "note deleted"}
