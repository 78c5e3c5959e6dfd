"""Two-way: what is edited on a page goes into Anki, and nothing else does."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path

import pytest

from ankivault.sync.run.done import Done

from ...desks.two_way_desk import conflict, rows, the_question
from ..conftest import Desk


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.set(two_way=True)
    return desk


def test_a_typo_mended_on_a_page_is_mended_in_anki(desk: Desk) -> None:
    html = 'The <span style="color: red">quick</span> foks<div>jumps</div>'
    note_id = desk.add(Front="q", Back=html)
    desk.sync()
    desk.retype(note_id, "foks", "fox")
    text = desk.page(note_id).read_bytes()
    (change,) = desk.plan().notes
    assert (change.kind, change.note_id, change.reason) == ("edit", note_id, "edits “Back”")
    report = desk.sync()
    assert report.ok
    assert report.counts[Done.NOTE_UPDATED] == 1
    assert desk.fields(note_id)["Back"] == html.replace("foks", "fox")
    assert desk.page(note_id).read_bytes() == text
    assert desk.plan().is_empty


def test_turning_it_on_writes_no_note_and_no_page(desk: Desk) -> None:
    desk.set(two_way=False)
    desk.add(Front="one", Back="<i>b</i><br>c", tags="a::b x,y leech")
    desk.add("D::E", "Cloze", Text="a {{c1::b}} c {{c2::d::hint}}", Back_Extra='<img src="p.png">')
    desk.col.media.write_data("p.png", b"png")
    desk.sync()
    reformatted = desk.add(Front="list", Back="<ul><li>a</li><li>b</li></ul>")
    desk.sync()
    desk.retype(reformatted, "- a\n- b", "* a\n\n* b")
    desk.sync()
    before, notes = desk.dates(), rows(desk)
    desk.set(two_way=True)
    assert desk.plan().is_empty
    assert desk.sync().ok
    assert (desk.dates(), rows(desk)) == (before, notes)
    desk.set(two_way=False)
    assert desk.plan().is_empty


def test_an_edit_that_was_taken_back_is_none(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    desk.retype(note_id, "answer", "other")
    desk.retype(note_id, "other", "answer")
    notes = rows(desk)
    assert desk.plan().is_empty
    desk.sync()
    assert rows(desk) == notes


def test_edits_of_different_fields_and_lines_are_merged(desk: Desk) -> None:
    note_id = desk.add(Front="question", Back="first<br>second<br>third")
    desk.sync()
    desk.retype(note_id, "first", "first on the page")
    desk.edit(note_id, Front="question in Anki", Back="first<br>second<br>third in Anki")
    report = desk.sync()
    assert report.ok
    assert not report.questions
    assert desk.fields(note_id) == {
        "Front": "question in Anki",
        "Back": "first on the page<br>second<br>third in Anki",
    }
    text = desk.page(note_id).read_text("utf-8")
    assert "question in Anki" in text
    assert "first on the page\nsecond\nthird in Anki" in text
    assert desk.plan().is_empty


def test_both_sides_typing_the_same_is_no_conflict(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="old")
    desk.sync()
    desk.retype(note_id, "\nold\n", "\nnew\n")
    desk.edit(note_id, Back="new")
    notes = rows(desk)
    assert desk.plan().is_empty
    assert desk.sync().ok
    assert rows(desk) == notes


def test_a_conflict_writes_nothing_until_a_person_chooses(desk: Desk) -> None:
    note_id = conflict(desk)
    notes, before = rows(desk), desk.everything()
    plan = desk.plan()
    question = the_question(plan)
    assert (question.key, question.field) == (f"field:{note_id}:Back", "Back")
    assert (question.base, question.anki, question.page) == (
        "the old answer",
        "the phone's answer",
        "the page's answer",
    )
    assert plan.is_empty
    report = desk.sync()
    assert (report.questions, rows(desk), desk.everything()) == (1, notes, before)
    report = desk.sync(answers={question.key: "later"})
    assert (report.questions, rows(desk), desk.everything()) == (1, notes, before)


@pytest.mark.parametrize("how", ["answer", "policy"])
def test_the_page_may_win_and_ankis_version_is_kept(desk: Desk, how: str) -> None:
    note_id = conflict(desk)
    if how == "policy":
        desk.set(conflict_policy="prefer_obsidian")
        report = desk.sync()
    else:
        report = desk.sync(answers={f"field:{note_id}:Back": "obsidian"})
    assert report.ok
    assert report.questions == 0
    assert desk.fields(note_id)["Back"] == "the page's answer"
    (kept,) = desk.trash().values()
    assert "the phone's answer" in kept
    assert desk.told(report, "trash").note_id == note_id
    assert desk.plan().is_empty


@pytest.mark.parametrize("how", ["answer", "policy"])
def test_anki_may_win_and_the_page_is_kept(desk: Desk, how: str) -> None:
    note_id = conflict(desk)
    notes = rows(desk)
    if how == "policy":
        desk.set(conflict_policy="prefer_anki")
        report = desk.sync()
    else:
        report = desk.sync(answers={f"field:{note_id}:Back": "anki"})
    assert report.ok
    assert rows(desk) == notes
    assert "the phone's answer" in desk.page(note_id).read_text("utf-8")
    (kept,) = desk.trash().values()
    assert "the page's answer" in kept
    assert desk.plan().is_empty


def test_both_versions_may_stay(desk: Desk) -> None:
    note_id = conflict(desk)
    desk.sync(answers={f"field:{note_id}:Back": "both"})
    back = desk.fields(note_id)["Back"]
    assert "the phone's answer" in back
    assert "the page's answer" in back
    assert not desk.trash()
    assert desk.plan().is_empty


def test_a_person_overrules_the_policy(desk: Desk) -> None:
    note_id = conflict(desk)
    desk.set(conflict_policy="prefer_anki")
    assert desk.sync(answers={f"field:{note_id}:Back": "later"}).questions == 1
    desk.sync(answers={f"field:{note_id}:Back": "obsidian"})
    assert desk.fields(note_id)["Back"] == "the page's answer"


def test_tags_go_both_ways(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="a", tags="kept gone::here leech other")
    desk.sync()
    desk.retype(note_id, "  - gone/here\n", "  - new/one\n")
    desk.retype(note_id, "  - leech\n", "")
    note = desk.col.get_note(note_id)
    note.tags = ["kept", "gone::here", "leech", "phone"]
    desk.col.update_note(note)
    (change,) = desk.plan().notes
    assert change.reason == "adds the tag new::one; removes the tag gone::here"
    assert desk.sync().ok
    assert desk.col.get_note(note_id).tags == ["kept", "leech", "new::one", "phone"]
    text = desk.page(note_id).read_text("utf-8")
    assert "  - phone\n" in text
    assert "  - leech\n" in text
    assert "other" not in text
    assert desk.plan().is_empty


def test_tags_a_mirror_left_to_the_user_go_into_anki_and_nothing_else_does(desk: Desk) -> None:
    desk.set(two_way=False)
    note_id = desk.add(Front="q", Back="a", tags="one")
    desk.sync()
    desk.retype(note_id, "  - one\n", "  - one\n  - two/three\n")
    desk.sync()
    text = desk.page(note_id).read_bytes()
    desk.set(two_way=True, include_tags=False)
    assert not desk.plan().notes
    desk.set(include_tags=True)
    desk.sync()
    assert desk.col.get_note(note_id).tags == ["one", "two::three"]
    assert desk.page(note_id).read_bytes() == text
    assert desk.plan().is_empty


def test_a_run_killed_between_note_and_page_is_finished_by_the_next(desk: Desk) -> None:
    note_id = desk.add("D", "Cloze", Text="a {{c1::b}} and d", Back_Extra="x")
    desk.sync()
    state = desk.state.with_name("copy")
    shutil.copytree(desk.state, state)
    desk.retype(note_id, "%% and d", "%% and ==d==")
    text = desk.page(note_id).read_bytes()
    desk.sync()
    page = desk.page(note_id)
    after, notes = page.read_bytes(), rows(desk)
    page.write_bytes(text)
    shutil.rmtree(desk.state)
    state.rename(desk.state)
    plan = desk.plan()
    assert not plan.notes
    assert not plan.questions
    desk.sync()
    assert rows(desk) == notes
    assert page.read_bytes() == after


def test_many_edited_notes_ask_first(desk: Desk) -> None:
    notes = [desk.add(Front=f"q{n}", Back=f"answer {n}.") for n in range(30)]
    desk.sync()
    for n, note_id in enumerate(notes):
        desk.retype(note_id, f"answer {n}.", f"answer {n}!")
    plan = desk.plan()
    assert plan.large_change is not None
    assert "30 notes" in plan.large_change


def test_everything_edited_at_once_goes_into_anki_at_once(desk: Desk) -> None:
    note_id = desk.add("Old", Front="title", Back="answer", tags="one")
    desk.sync()
    desk.set(rename_on_title_change=True)
    desk.retype(note_id, "\ntitle\n", "\nbetter title\n")
    desk.retype(note_id, "  - one\n", "  - one\n  - two\n")
    desk.retype(note_id, "anki_deck: Old", "anki_deck: New::Deck")
    (change,) = desk.plan().notes
    assert change.reason == "edits “Front”; adds the tag two; moves to the deck New::Deck"
    assert desk.sync().ok
    note = desk.col.get_note(note_id)
    assert (note["Front"], note.tags) == ("better title", ["one", "two"])
    assert desk.col.decks.name(note.cards()[0].did) == "New::Deck"
    page = desk.page(note_id)
    assert page == desk.vault / "New" / "Deck" / f"better title_{note_id}.md"
    assert desk.plan().is_empty


def test_one_undo_takes_a_run_back(desk: Desk) -> None:
    notes = [desk.add(Front=f"q{n}", Back="answer") for n in range(3)]
    desk.sync()
    for note_id in notes:
        desk.retype(note_id, "answer", "edited")
    report = desk.sync()
    assert report.changes is not None
    assert report.changes.note
    assert desk.col.undo_status().undo == "Ankivault: Edits from Obsidian"
    desk.col.undo()
    assert {desk.fields(note_id)["Back"] for note_id in notes} == {"answer"}
    desk.sync()
    assert all("\nanswer\n" in desk.page(note_id).read_text("utf-8") for note_id in notes)


NEW_PAGE = "---\nanki_note_type: Basic\n---\n## Front\nnewly\n\n## Back\ntyped\n"


@pytest.mark.parametrize("base", ["of before", "lost", "known"])
@pytest.mark.parametrize("left_out", [(), ("D",)])
def test_what_was_typed_is_kept_when_it_is_undone_in_anki(
    desk: Desk, tmp_path: Path, base: str, left_out: tuple[str, ...]
) -> None:
    """Also when the run that wrote it was killed before the base knew, or the base was lost, and
    when the deck is left out from then on.
    """
    note_id = desk.add("D", Front="q", Back="answer")
    desk.sync()
    desk.retype(note_id, "answer", "written on the page")
    (desk.vault / "D" / "New.md").write_text(NEW_PAGE, "utf-8")
    shutil.copytree(desk.state, tmp_path / "aside")
    desk.sync()
    assert desk.col.note_count() == 2
    if base != "known":
        shutil.rmtree(desk.state)
    if base == "of before":
        shutil.copytree(tmp_path / "aside", desk.state)
    desk.sync()
    desk.col.undo()
    assert desk.col.note_count() == 1
    desk.set(excluded_decks=left_out)
    desk.sync()
    everything = b"".join(desk.everything().values()).decode()
    assert "typed" in everything
    if base != "lost":  # then nobody knows that it was typed, and the note is still there
        assert "written on the page" in everything
    assert desk.plan().is_empty


def test_due_dates_and_history_stay_as_they_are(desk: Desk) -> None:
    note_id = desk.add("D", "Cloze", Text="a {{c1::b}} and {{c2::d}}")
    desk.col.sched.set_due_date(desk.col.card_ids_of_note(note_id), "3")
    desk.sync()
    assert desk.col.db is not None
    query = "select id, ord, did, type, queue, due, ivl, factor, reps, lapses, data from cards"
    cards, log = desk.col.db.all(query), desk.col.db.all("select * from revlog")
    desk.retype(note_id, "## 2. and\n", "## 2. but\n")
    desk.sync()
    assert desk.fields(note_id)["Text"] == "a {{c1::b}} but {{c2::d}}"
    assert desk.col.db.all(query) == cards
    assert desk.col.db.all("select * from revlog") == log


def test_a_new_page_beside_a_conflict_leaves_the_question_counted(desk: Desk) -> None:
    note_id = conflict(desk)
    page = desk.vault / "Biology" / "New.md"
    page.write_text("---\nanki_note_type: Basic\n---\n## Front\nnew\n\n## Back\nb\n", "utf-8")
    report = desk.sync()
    assert report.counts[Done.NOTE_ADDED] == 1
    assert report.questions == 1
    assert desk.fields(note_id)["Back"] == "the phone's answer"


def test_edits_leave_nothing_to_the_garbage_collector(desk: Desk) -> None:
    notes = [desk.add(Front=f"note {n}", Back=f"<b>b</b> answer {n}.") for n in range(20)]
    cloze = desk.add("D", "Cloze", Text="a {{c1::b}} c")
    conflict(desk)
    desk.sync()
    for n, note_id in enumerate(notes[:10]):
        desk.retype(note_id, f"answer {n}.", f"answer {n}!")
    desk.retype(cloze, "%% c\n", "%% ==c==\n")
    desk.page(notes[11]).unlink()
    desk.plan()
    gc.collect()
    was_on = gc.isenabled()
    gc.disable()
    try:
        assert len(desk.plan().notes) == 11
        assert gc.collect() < 100
    finally:
        if was_on:
            gc.enable()


def test_each_field_is_settled_on_its_own_and_no_version_is_lost(desk: Desk) -> None:
    note_id = desk.add(Front="old front", Back="old back", tags="one")
    desk.sync()
    desk.edit(note_id, Front="front in Anki", Back="back in Anki")
    desk.retype(note_id, "\nold front\n", "\nfront on the page\n")
    desk.retype(note_id, "\nold back\n", "\nback on the page\n")
    desk.retype(note_id, "  - one\n", "  - one\n  - two\n")
    keys = [f"field:{note_id}:{name}" for name in ("Front", "Back")]
    assert [question.key for question in desk.plan().questions] == keys
    notes, before = rows(desk), desk.everything()
    assert desk.sync(answers={keys[0]: "anki"}).questions == 1
    assert (rows(desk), desk.everything()) == (notes, before)
    assert desk.sync(answers={keys[0]: "anki", keys[1]: "obsidian"}).ok
    assert desk.fields(note_id) == {"Front": "front in Anki", "Back": "back on the page"}
    assert desk.col.get_note(note_id).tags == ["one", "two"]
    kept = "\n".join(desk.trash().values())
    assert "back in Anki" in kept
    assert "front on the page" in kept
    text = desk.page(note_id).read_text("utf-8")
    assert "## Front\nfront in Anki\n\n## Back\nback on the page\n" in text
    assert desk.plan().is_empty
