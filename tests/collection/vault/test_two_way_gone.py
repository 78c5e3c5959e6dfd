"""Two-way: what is deleted on one side, or not known any more, is asked about."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ankivault.sync.run.errors import VaultUnavailable
from ankivault.sync.run.scope import EVERYTHING, Scope
from ankivault.sync.vault.run import apply_plan

from ...desks.two_way_desk import rows, the_question
from ..conftest import Desk


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.set(two_way=True)
    return desk


def test_a_deleted_page_is_asked_about_and_never_deletes_by_itself(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="a")
    desk.add(Front="other", Back="a")
    desk.sync()
    desk.page(note_id).unlink()
    question = the_question(desk.plan())
    assert (question.key, question.choices) == (
        f"page deleted:{note_id}",
        ("keep", "delete", "later"),
    )
    assert "edited in Anki since" not in question.text
    notes = rows(desk)
    assert desk.sync().questions == 1
    assert rows(desk) == notes
    assert not desk.pages(note_id)
    desk.edit(note_id, Back="edited on the phone")
    assert "edited in Anki since" in the_question(desk.plan()).text


def test_a_deleted_page_comes_back_when_asked(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="a")
    desk.add(Front="other", Back="a")
    desk.sync()
    text = desk.page(note_id).read_bytes()
    desk.page(note_id).unlink()
    desk.sync(answers={f"page deleted:{note_id}": "keep"})
    assert desk.page(note_id).read_bytes() == text
    assert desk.plan().is_empty


def test_a_note_goes_with_its_page_after_a_backup(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="a")
    kept = desk.add(Front="other", Back="a")
    desk.sync()
    desk.page(note_id).unlink()
    backups = []
    answers = {f"page deleted:{note_id}": "delete"}
    report = desk.sync(answers=answers, backup=lambda: backups.append(1))
    assert report.ok
    assert backups == [1]
    assert list(desk.col.find_notes("")) == [kept]
    index = (desk.vault / "Biology" / "_Biology_index.md").read_text("utf-8")
    assert str(note_id) not in index
    assert desk.plan().is_empty
    assert not desk.plan().questions


def test_without_a_backup_no_note_is_deleted(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="a")
    desk.add(Front="other", Back="a")
    desk.sync()
    desk.page(note_id).unlink()

    def fail() -> None:
        raise OSError("the disk is full")

    report = desk.sync(answers={f"page deleted:{note_id}": "delete"}, backup=fail)
    assert not report.ok
    assert desk.col.find_notes(f"nid:{note_id}")
    assert the_question(desk.plan()).kind == "page deleted"


def test_a_deleted_note_takes_its_page_unless_that_was_edited(desk: Desk) -> None:
    plain = desk.add(Front="plain", Back="a")
    edited = desk.add(Front="edited", Back="<b>bold</b> answer", tags="one")
    desk.add(Front="other", Back="a")
    desk.sync()
    desk.retype(edited, "answer", "answer of mine")
    desk.col.remove_notes([plain, edited])
    plan = desk.plan()
    question = the_question(plan)
    assert (question.kind, question.note_id) == ("note deleted", edited)
    assert desk.sync().questions == 1
    assert not desk.pages(plain)
    assert "answer of mine" in desk.page(edited).read_text("utf-8")


def test_a_deleted_note_comes_back_with_its_guid_and_its_edits(desk: Desk) -> None:
    html = 'some <span style="color: red">red</span> answer'
    note_id = desk.add("Deck::Sub", Front="edited", Back=html, tags="one")
    guid = desk.col.get_note(note_id).guid
    desk.add("Deck::Sub", Front="other", Back="a")
    desk.sync()
    desk.retype(note_id, "answer", "answer of mine")
    page = desk.page(note_id)
    desk.col.remove_notes([note_id])
    report = desk.sync(answers={f"note deleted:{note_id}": "keep"})
    assert report.ok
    (new,) = desk.col.find_notes("answer of mine")
    note = desk.col.get_note(new)
    assert (note.guid, note.tags) == (guid, ["one"])
    assert note["Back"] == html.replace("answer", "answer of mine")
    assert desk.col.decks.name(note.cards()[0].did) == "Deck::Sub"
    assert desk.page(new) == page
    assert desk.plan().is_empty
    assert not desk.plan().questions


def test_the_page_of_a_deleted_note_may_go_into_the_trash(desk: Desk) -> None:
    note_id = desk.add(Front="edited", Back="answer")
    desk.add(Front="other", Back="a")
    desk.sync()
    desk.retype(note_id, "answer", "answer of mine")
    desk.col.remove_notes([note_id])
    desk.sync(answers={f"note deleted:{note_id}": "delete"})
    (kept,) = desk.trash().values()
    assert "answer of mine" in kept
    assert not desk.pages(note_id)
    assert desk.plan().is_empty


def test_note_and_page_deleted_is_simply_forgotten(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="a")
    desk.add(Front="other", Back="a")
    desk.sync()
    desk.page(note_id).unlink()
    desk.col.remove_notes([note_id])
    plan = desk.plan()
    assert not plan.questions
    assert desk.sync().ok
    assert desk.plan().is_empty


def test_a_lost_base_adopts_what_is_equal_and_asks_about_the_rest(desk: Desk) -> None:
    same = desk.add(Front="same", Back="<i>a</i>")
    note_id = desk.add(Front="q", Back="the answer", tags="one")
    desk.sync()
    desk.retype(note_id, "the answer", "the page's answer")
    desk.lose_base()
    notes, text = rows(desk), desk.page(same).read_bytes()
    question = the_question(desk.plan())
    assert (question.base, question.anki, question.page) == ("", "the answer", "the page's answer")
    assert desk.sync().questions == 1
    assert rows(desk) == notes
    assert desk.page(same).read_bytes() == text
    desk.sync(answers={question.key: "obsidian"})
    assert desk.fields(note_id)["Back"] == "the page's answer"
    (kept,) = desk.trash().values()
    assert "the answer" in kept
    assert desk.plan().is_empty


def test_before_ankiweb_pages_are_refreshed_and_edits_wait(desk: Desk) -> None:
    edited = desk.add(Front="edited", Back="old")
    changed = desk.add(Front="changed", Back="old")
    gone = desk.add(Front="gone", Back="old")
    deleted = desk.add(Front="deleted", Back="old")
    desk.sync()
    desk.retype(edited, "\nold\n", "\nnew\n")
    desk.edit(changed, Back="from Anki")
    desk.page(gone).unlink()
    desk.col.remove_notes([deleted])
    notes, text = rows(desk), desk.page(edited).read_bytes()
    report = desk.sync(inward=False)
    assert (report.questions, report.messages) == (0, ())
    assert rows(desk) == notes
    assert desk.page(edited).read_bytes() == text
    assert "from Anki" in desk.page(changed).read_text("utf-8")
    assert not desk.pages(gone)
    assert not desk.pages(deleted)
    report = desk.sync()
    assert desk.fields(edited)["Back"] == "new"
    assert report.questions == 1


def test_a_note_stays_when_its_page_comes_to_another_place_after_the_preview(desk: Desk) -> None:
    """A sync tool takes a page away first, and a moment later brings it where it was moved to."""
    moved, gone = desk.add("A", Front="q", Back="a"), desk.add("A", Front="r", Back="a")
    desk.add("B", Front="s", Back="a")
    desk.sync()
    page = desk.page(moved)
    data = page.read_bytes()
    page.unlink()
    desk.page(gone).unlink()
    plan = desk.plan(answers={f"page deleted:{each}": "delete" for each in (moved, gone)})
    (desk.vault / "B" / page.name).write_bytes(data)
    report = apply_plan(desk.col, plan, desk.state)
    assert desk.told(report, "was changed since").note_id == moved
    assert [*desk.col.find_notes("deck:A")] == [moved]
    assert desk.sync().ok
    (card,) = desk.col.get_note(moved).cards()
    assert desk.col.decks.name(card.did) == "B"


@pytest.mark.parametrize("edited", [False, True])
def test_a_copy_of_a_persons_own_keeps_no_note(desk: Desk, edited: bool) -> None:
    note_id = desk.add(Front="q", Back="a")
    desk.add(Front="r", Back="a")
    desk.sync()
    page = desk.page(note_id)
    copy = desk.vault / "Biology" / "My copy.md"
    copy.write_bytes(page.read_bytes())
    desk.answer("copy:Biology/My copy.md", "leave")
    page.unlink()
    if edited:
        copy.write_bytes(copy.read_bytes() + b"\nMine.\n")
    desk.answer(f"page deleted:{note_id}", "delete")
    assert not desk.col.find_notes(f"nid:{note_id}")
    assert copy.exists()


@pytest.mark.parametrize("what", ["page", "folder"])
@pytest.mark.parametrize("narrow", [False, True])
def test_a_page_behind_a_link_is_not_called_deleted(
    desk: Desk, what: str, narrow: bool, tmp_path: Path
) -> None:
    """Nobody follows the link, so nobody knows whether the page is still there."""
    note_id = desk.add("A", Front="q", Back="a")
    for number in range(6):
        desk.add("B", Front=f"r{number}", Back="a")
    desk.sync()
    page = desk.page(note_id)
    moved = page if what == "page" else page.parent
    path = page.relative_to(desk.vault).as_posix()
    moved.rename(tmp_path / "elsewhere")
    moved.symlink_to(tmp_path / "elsewhere")
    scope = Scope(frozenset({note_id}), frozenset({path})) if narrow else EVERYTHING
    plan = desk.plan(scope=scope)
    assert not plan.questions and not [each for each in plan.pages if each.note_id == note_id]
    assert desk.told(plan, "is a link now").note_id == note_id
    moved.unlink()
    (tmp_path / "elsewhere").rename(moved)
    assert desk.plan(scope=scope).is_empty


def test_an_emptied_folder_is_filled_again_without_a_question_for_each_page(desk: Desk) -> None:
    notes = [desk.add(Front=f"q{n}", Back="a") for n in range(3)]
    desk.sync()
    before = desk.files()
    shutil.rmtree(desk.vault)
    desk.vault.mkdir()
    report = desk.sync(confirmed=True)
    assert (report.ok, report.questions) == (True, 0)
    assert desk.files() == before
    assert len(desk.col.find_notes("")) == len(notes)


def test_a_folder_that_has_its_pages_again_is_not_filled_from_an_old_preview(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="a")
    desk.sync()
    away = desk.vault.with_name("Away")
    desk.vault.rename(away)
    desk.vault.mkdir()
    plan = desk.plan()
    assert plan.emptied == 1
    desk.vault.rmdir()
    away.rename(desk.vault)
    desk.retype(note_id, "\na\n", "\ntyped\n")
    before = desk.everything(), rows(desk)
    with pytest.raises(VaultUnavailable, match="has pages now"):
        apply_plan(desk.col, plan, desk.state)
    assert (desk.everything(), rows(desk)) == before


def test_a_vault_folder_that_moved_without_obsidian_is_no_edit(desk: Desk) -> None:
    (desk.vault.parent / ".obsidian").mkdir()
    (desk.vault.parent / "p.png").write_bytes(b"another picture of this name")
    desk.col.media.write_data("p.png", b"picture")
    plain = desk.add(Front="plain", Back='see <img src="p.png">')
    edited = desk.add(Front="edited", Back='look <img src="p.png">')
    desk.sync()
    assert "![[Anki/assets/p.png]]" in desk.page(plain).read_text("utf-8")
    place = desk.vault.with_name("Cards")
    desk.vault.rename(place)
    desk.vault = place
    desk.set(vault_folder=str(place))
    desk.retype(edited, "look ![[", "look here ![[")
    notes = rows(desk)
    report = desk.sync()
    assert "![[Cards/assets/p.png]]" in desk.page(plain).read_text("utf-8")
    assert rows(desk) == notes
    assert not report.messages
    question = the_question(desk.plan())  # there is no base for this folder
    desk.sync(answers={question.key: "obsidian"})
    assert desk.fields(edited)["Back"] == 'look here <img src="p.png">'
    assert "look here ![[Cards/assets/p.png]]" in desk.page(edited).read_text("utf-8")
    assert desk.plan().is_empty
