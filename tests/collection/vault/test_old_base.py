"""What an older version remembered of a vault is taken along; of a much older one, that is told."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from anki.collection import Collection

from ankivault.sync.vault.read.pages_on_disk import digest_of
from ankivault.sync.vault.rows import unpack_fields
from ankivault.sync.vault.settings import Settings
from ankivault.sync.vault.words import explain_page

from ...desks.two_way_desk import rows
from ..conftest import Desk

COLUMNS = {"fields": "shown_fields", "clozes": "clozes", "style": "cloze_style"}


@pytest.fixture
def other_desk(tmp_path: Path) -> Iterator[Desk]:
    """A second desk, at which the same is done."""
    home = tmp_path / "other"
    (home / "anki").mkdir(parents=True)
    vault = home / "Obsidian" / "Anki"
    vault.mkdir(parents=True)
    col = Collection(str(home / "anki" / "collection.anki2"))
    yield Desk(col, vault, home / "state", Settings(vault_folder=str(vault)))
    col.close()


def base_file(desk: Desk) -> Path:
    (file,) = desk.state.glob("*.sqlite")
    return file


def make_old(desk: Desk) -> None:
    """Have the base be what the version of schema 3 left."""
    with closing(sqlite3.connect(base_file(desk))) as db, db:
        db.row_factory = sqlite3.Row
        for row in db.execute("select * from held").fetchall():
            own = json.loads(row["own"])
            del own["told"]
            for key, column in COLUMNS.items():
                if row[column] is not None:
                    own[key] = row[column] if key == "style" else json.loads(row[column])
            if row["before"] is not None:
                fields = unpack_fields(row["before"]) if row["before"] else ""
                own["before"] = digest_of(fields.encode()).hex() if fields else ""
            db.execute(
                "update held set own = ? where note_id = ?", (json.dumps(own), row["note_id"])
            )
        for column in (*COLUMNS.values(), "before"):
            db.execute(f"alter table held drop column {column}")
        for index in ("page_name", "page_decks"):
            db.execute(f"drop index {index}")
        db.execute("alter table page drop column name")
        db.execute("alter table stranger drop column stance")
        db.execute("drop table stretch")
        db.execute("update meta set value = '3' where key = 'schema'")


def make_too_old(desk: Desk) -> None:
    """Have the base be of a version whose tables nobody knows any more."""
    make_old(desk)
    with closing(sqlite3.connect(base_file(desk))) as db, db:
        db.execute("update meta set value = '2' where key = 'schema'")


def leave(_: Desk) -> None:
    """Leave the base as it is."""


def work_on_both_sides(desk: Desk, make_base: Callable[[Desk], None]) -> list[object]:
    """Edit, delete and move on both sides, with a base that was made so; what the runs did."""
    desk.set(two_way=True)
    edited = desk.add(Front="q1", Back="answer one", tags="x::y")
    cloze = desk.add("D::E", "Cloze", Text="a {{c1::b}} c")
    both = desk.add(Front="q2", Back="answer two")
    desk.add(Front="q3", Back="answer three")
    gone = desk.add(Front="q4", Back="answer four")
    torn = desk.add(Front="q5", Back="answer five")
    undone = desk.add(Front="q6", Back="answer six")
    desk.sync()
    desk.retype(undone, "answer six", "other six")
    desk.sync()
    make_base(desk)
    desk.edit(undone, Back="answer six")  # as Anki's Undo does
    desk.retype(edited, "answer one", "other one")
    desk.retype(cloze, "## 1. a", "## 1. another")
    desk.retype(both, "answer two", "the page's two")
    desk.edit(both, Back="Anki's two")
    desk.col.remove_notes([gone])
    desk.page(torn).unlink()
    plan, report, again = desk.plan(), desk.sync(), desk.sync()
    ids = {note: n for n, note in enumerate((edited, cloze, both, gone, torn, undone))}
    questions = [(question.kind, ids[question.note_id]) for question in plan.questions]
    texts = [desk.fields(note) for note in (edited, cloze, both, torn, undone)]
    told = [
        [(m.level, m.text.partition(".trash")[0]) for m in each.messages]
        for each in (plan, report, again)
    ]
    return [plan.counts(), questions, report.counts, again.counts, told, texts]


def test_with_an_older_base_a_run_does_and_asks_what_it_would_with_its_own(
    desk: Desk, other_desk: Desk
) -> None:
    assert work_on_both_sides(desk, make_old) == work_on_both_sides(other_desk, leave)


@pytest.mark.parametrize("two_way", [False, True])
def test_an_older_base_is_taken_along_and_nothing_is_told(desk: Desk, two_way: bool) -> None:
    desk.set(two_way=two_way)
    desk.add(Front="one", Back="a<br><b>b</b>", tags="x::y")
    desk.add("D::E", "Cloze", Text="a {{c1::b}} c")
    desk.sync()
    kept = held_rows(desk)
    make_old(desk)
    old, dates, notes = base_file(desk).read_bytes(), desk.dates(), rows(desk)
    plan = desk.plan()
    assert plan.is_empty
    assert not plan.messages
    assert base_file(desk).read_bytes() == old, "a plan writes nothing"
    assert not desk.sync().messages
    assert (desk.dates(), rows(desk), held_rows(desk)) == (dates, notes, kept)


def held_rows(desk: Desk) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(base_file(desk))) as db:
        meta = db.execute("select * from meta where key = 'schema'").fetchall()
        return [*meta, *db.execute("select * from held").fetchall()]


def test_an_older_base_that_is_damaged_is_put_together_anew_and_told_once(desk: Desk) -> None:
    desk.set(two_way=True)
    desk.add(Front="one", Back="two")
    desk.sync()
    make_old(desk)
    with closing(sqlite3.connect(base_file(desk))) as db, db:
        db.execute("update held set own = '{'")
    dates = desk.dates()
    assert desk.told(desk.sync(), "was damaged")
    assert not desk.sync().messages
    assert desk.dates() == dates


@pytest.mark.parametrize("two_way", [False, True])
def test_a_base_that_is_too_old_is_told_of_once_and_changes_no_file_and_no_note(
    desk: Desk, two_way: bool
) -> None:
    desk.set(two_way=two_way)
    desk.add(Front="one", Back="a<br><b>b</b>", tags="x::y")
    desk.add("D::E", "Cloze", Text="a {{c1::b}} c")
    desk.sync()
    make_too_old(desk)
    dates, notes = desk.dates(), rows(desk)
    plan = desk.plan()
    assert plan.is_empty
    assert desk.told(plan, "put together anew").level == "info"
    report = desk.sync()
    assert report.ok
    assert desk.told(report, "put together anew")
    assert (desk.dates(), rows(desk)) == (dates, notes)
    assert not desk.sync().messages


def test_what_was_edited_before_a_too_old_base_was_replaced_is_asked_about(desk: Desk) -> None:
    desk.set(two_way=True)
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    make_too_old(desk)
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
