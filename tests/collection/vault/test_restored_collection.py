"""A backup of Anki is restored: what the vault alone still has is in its trash, and told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from anki.collection import Collection

from ...app.ankiweb import serve_ankiweb
from ...desks.live_desk import LiveDesk
from ...desks.two_computers import fill, set_up
from ..conftest import Desk

WEEK = 7 * 86_400


@pytest.fixture
def backup(desk: Desk, tmp_path: Path) -> Path:
    """A backup of last week's collection, and this week's work on both sides of ``desk``."""
    for number in range(30):
        desk.add(Front=f"old {number}", Back="as it was")
    desk.col.db.execute("update notes set mod = mod - ?", WEEK)
    desk.sync()
    backup = tmp_path / "backup"
    desk.col.close()
    shutil.copytree(Path(desk.col.path).parent, backup)
    desk.col.reopen()
    for number in range(3):
        desk.add(Front=f"new {number}", Back="precious")
    for number in (3, 4):
        desk.edit(note_of(desk, f"old {number}"), Back=f"precious edit {number}")
    desk.col.remove_notes([note_of(desk, "old 5")])
    return backup


def note_of(desk: Desk, front: str) -> int:
    (note_id,) = desk.col.find_notes(f'"Front:{front}"')
    return note_id


def restore(desk: Desk, backup: Path) -> None:
    desk.col.close()
    folder = Path(desk.col.path).parent
    shutil.rmtree(folder)
    shutil.copytree(backup, folder)
    desk.col = Collection(str(folder / "collection.anki2"))


@pytest.mark.parametrize("two_way", [False, True])
@pytest.mark.parametrize("worked_on", [False, True])
def test_all_words_of_the_week_are_in_the_trash_and_told(
    desk: Desk, backup: Path, two_way: bool, worked_on: bool
) -> None:
    desk.set(two_way=two_way)
    assert not desk.sync().messages
    assert not desk.trash()
    restore(desk, backup)
    if worked_on:  # before the next run: so it is not by the last date that a backup is known
        desk.edit(note_of(desk, "old 9"), Back="of today")
        desk.add(Front="of today", Back="too")
    report = desk.sync()
    kept = "\n".join(desk.trash().values())
    for words in ("new 0", "new 1", "new 2", "precious edit 3", "precious edit 4"):
        assert words in kept
    assert sum("no deletion" in each.text for each in report.messages) == 3
    assert sum("as from a backup" in each.text for each in report.messages) == 2
    assert len(report.messages) == len(desk.trash()) == 5
    assert desk.page(note_of(desk, "old 5")).is_file()
    assert "as it was" in desk.page(note_of(desk, "old 3")).read_text("utf-8")
    assert desk.plan().is_empty
    assert not desk.sync().messages


def test_a_live_run_replaces_and_removes_none_of_these_pages(desk: Desk, backup: Path) -> None:
    desk.sync()
    before = {p: data for p, data in desk.files().items() if p.startswith("Biology/")}
    del before["Biology/_Biology_index.md"]
    restore(desk, backup)
    running = LiveDesk(desk)
    for _ in range(2):
        running.run()
    desk.page(note_of(desk, "old 3")).touch()
    running.run()
    assert before.items() <= desk.files().items()
    assert len(running.standing.waits) == 5


@pytest.mark.parametrize("two_way", [False, True])
def test_undo_and_deletions_put_nothing_into_the_trash(desk: Desk, two_way: bool) -> None:
    desk.set(two_way=two_way)
    kept, gone = (desk.add(Front=f"q {number}", Back="before") for number in range(2))
    desk.col.db.execute("update notes set mod = mod - ?", WEEK)
    desk.sync()
    desk.edit(kept, Back="after")
    desk.sync()
    desk.col.undo()
    desk.sync()
    assert "before" in desk.page(kept).read_text("utf-8")
    desk.add(Front="added", Back="a")
    desk.sync()
    desk.col.undo()
    assert not desk.sync().messages
    desk.col.remove_notes([gone])
    report = desk.sync()
    assert len(desk.files()) == 3
    assert (report.messages, desk.trash()) == ((), {})


def test_what_another_computer_deleted_is_told_by_anki(tmp_path: Path) -> None:
    with serve_ankiweb(tmp_path / "server") as ankiweb:
        home = set_up(tmp_path, ankiweb, fill)
        note_id = note_of(home.one.desk, "question 1")
        home.one.desk.col.remove_notes([note_id])
        home.one.sync_ankiweb()
        (told,) = home.two.turn().messages
        assert "(note deleted)" in told.text
        assert not home.two.desk.pages(note_id)
        home.close()


@pytest.mark.parametrize("date", ["'text'", "1.5", "x'00ff'", "''", "99999999999999"])
def test_a_date_that_is_none_is_no_backup_and_no_fault(desk: Desk, date: str) -> None:
    ids = [desk.add(Front=f"q {number}", Back="a") for number in range(3)]
    desk.sync()
    desk.col.db.execute(f"update notes set mod = {date}, flds = flds || 'x' where id = ?", ids[1])
    for _ in range(2):
        assert (desk.sync().messages, desk.trash()) == ((), {})
    assert "ax" in desk.page(ids[1]).read_text("utf-8")
    desk.edit(ids[0], Back="b")
    assert (desk.sync().messages, desk.trash()) == ((), {})
