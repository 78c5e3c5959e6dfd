"""Two-way: what is edited on a page goes into Anki, and nothing else does."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from ankivault.convert.field_edit import edit_field
from ankivault.sync.vault import field_merge
from ankivault.sync.vault.changes import Question, VaultPlan

from .conftest import Desk


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.set(two_way=True)
    return desk


def rows(col: Collection) -> list[list[object]]:
    """Every note and card, as Anki stores them."""
    assert col.db is not None
    notes = col.db.all("select * from notes order by id")
    return [*notes, *col.db.all("select * from cards order by id")]


def the_question(plan: VaultPlan) -> Question:
    (question,) = plan.questions
    return question


def test_a_typo_mended_on_a_page_is_mended_in_anki(desk: Desk) -> None:
    html = 'The <span style="color: red">quick</span> foks<div>jumps</div>'
    note_id = desk.add(Front="q", Back=html)
    desk.sync()
    desk.retype(note_id, "foks", "fox")
    text = desk.page(note_id).read_bytes()
    (change,) = desk.plan().notes
    assert (change.kind, change.note_id, change.reason) == ("edit", note_id, "edits Back")
    report = desk.sync()
    assert report.ok
    assert report.counts["note updated in Anki"] == 1
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
    before, notes = desk.dates(), rows(desk.col)
    desk.set(two_way=True)
    assert desk.plan().is_empty
    assert desk.sync().ok
    assert (desk.dates(), rows(desk.col)) == (before, notes)
    desk.set(two_way=False)
    assert desk.plan().is_empty


def test_an_edit_that_was_taken_back_is_none(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    desk.retype(note_id, "answer", "other")
    desk.retype(note_id, "other", "answer")
    notes = rows(desk.col)
    assert desk.plan().is_empty
    desk.sync()
    assert rows(desk.col) == notes


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
    notes = rows(desk.col)
    assert desk.plan().is_empty
    assert desk.sync().ok
    assert rows(desk.col) == notes


def conflict(desk: Desk) -> int:
    note_id = desk.add(Front="q", Back="the old answer")
    desk.sync()
    desk.retype(note_id, "old", "page's")
    desk.edit(note_id, Back="the phone's answer")
    return note_id


def test_a_conflict_writes_nothing_until_a_person_chooses(desk: Desk) -> None:
    note_id = conflict(desk)
    notes, before = rows(desk.col), desk.everything()
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
    assert (report.questions, rows(desk.col), desk.everything()) == (1, notes, before)
    report = desk.sync(answers={question.key: "later"})
    assert (report.questions, rows(desk.col), desk.everything()) == (1, notes, before)


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
    notes = rows(desk.col)
    if how == "policy":
        desk.set(conflict_policy="prefer_anki")
        report = desk.sync()
    else:
        report = desk.sync(answers={f"field:{note_id}:Back": "anki"})
    assert report.ok
    assert rows(desk.col) == notes
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


def test_a_page_moved_to_another_folder_moves_the_cards(desk: Desk) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    desk.add("New::Place", Front="other", Back="a")
    desk.sync()
    card = desk.col.get_note(note_id).cards()[0]
    page = desk.page(note_id)
    wanted = desk.vault / "New" / "Place" / page.name
    page.rename(wanted)
    (change,) = desk.plan().notes
    assert change.deck == ("Old", "New::Place")
    assert desk.sync().ok
    card.load()
    assert desk.col.decks.name(card.did) == "New::Place"
    assert desk.page(note_id) == wanted
    assert "anki_deck: New::Place\n" in wanted.read_text("utf-8")
    assert f"q_{note_id}" in (desk.vault / "New/Place/_Place_index.md").read_text("utf-8")
    assert desk.plan().is_empty


def test_a_page_moved_to_a_new_folder_makes_a_deck_of_it(desk: Desk) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    desk.add("Old", Front="other", Back="a")
    desk.sync()
    page = desk.page(note_id)
    (desk.vault / "Old" / "Part one").mkdir()
    page.rename(desk.vault / "Old" / "Part one" / page.name)
    assert desk.sync().ok
    card = desk.col.get_note(note_id).cards()[0]
    assert desk.col.decks.name(card.did) == "Old::Part one"
    assert desk.page(note_id) == desk.vault / "Old" / "Part one" / page.name
    assert "anki_deck: Old::Part one\n" in desk.page(note_id).read_text("utf-8")
    assert (desk.vault / "Old" / "Part one" / "_Part one_index.md").exists()
    assert desk.plan().is_empty


def test_a_retyped_deck_moves_cards_and_page(desk: Desk) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    desk.add("New", Front="other", Back="a")
    desk.sync()
    desk.retype(note_id, "anki_deck: Old", "anki_deck: new")
    assert desk.sync().ok
    card = desk.col.get_note(note_id).cards()[0]
    assert desk.col.decks.name(card.did) == "New"
    assert desk.page(note_id).parent == desk.vault / "New"
    assert "anki_deck: New\n" in desk.page(note_id).read_text("utf-8")
    assert desk.plan().is_empty


def test_a_page_that_did_not_move_follows_its_renamed_deck(desk: Desk) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    desk.sync()
    desk.col.decks.rename(desk.col.decks.id("Old"), "New")
    assert not desk.plan().notes
    desk.sync()
    assert desk.page(note_id).parent == desk.vault / "New"


@pytest.mark.parametrize("answer", ["anki", "obsidian"])
def test_both_sides_moving_a_note_is_a_question(desk: Desk, answer: str) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    for deck in ("Here", "There", "Old"):
        desk.add(deck, Front=deck, Back="a")
    desk.sync()
    page = desk.page(note_id)
    page.rename(desk.vault / "Here" / page.name)
    desk.move(note_id, "There")
    question = the_question(desk.plan())
    assert (question.kind, question.anki, question.page) == ("deck", "There", "Here")
    assert desk.sync().questions == 1
    assert desk.sync(answers={question.key: answer}).ok
    deck = "There" if answer == "anki" else "Here"
    card = desk.col.get_note(note_id).cards()[0]
    assert desk.col.decks.name(card.did) == deck
    assert desk.page(note_id).parent == desk.vault / deck
    assert desk.plan().is_empty


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
    notes = rows(desk.col)
    assert desk.sync().questions == 1
    assert rows(desk.col) == notes
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
    notes, text = rows(desk.col), desk.page(same).read_bytes()
    question = the_question(desk.plan())
    assert (question.base, question.anki, question.page) == ("", "the answer", "the page's answer")
    assert desk.sync().questions == 1
    assert rows(desk.col) == notes
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
    notes, text = rows(desk.col), desk.page(edited).read_bytes()
    report = desk.sync(inward=False)
    assert (report.questions, report.messages) == (0, ())
    assert rows(desk.col) == notes
    assert desk.page(edited).read_bytes() == text
    assert "from Anki" in desk.page(changed).read_text("utf-8")
    assert not desk.pages(gone)
    assert not desk.pages(deleted)
    report = desk.sync()
    assert desk.fields(edited)["Back"] == "new"
    assert report.questions == 1


def test_a_cloze_that_goes_is_told_with_its_reviews(desk: Desk) -> None:
    note_id = desk.add("D", "Cloze", Text="a {{c1::b}} and {{c2::d}}")
    second = desk.col.get_note(note_id).cards()[1]
    desk.col.sched.set_due_date([second.id], "0")
    desk.sync()
    desk.retype(note_id, "==d==%%c2%%", "d")
    (change,) = desk.plan().notes
    assert (change.clozes_added, change.clozes_removed) == ((), (2,))
    assert "removes cloze 2 (its card" in change.reason
    desk.sync()
    assert desk.fields(note_id)["Text"] == "a {{c1::b}} and d"
    assert len(desk.col.card_ids_of_note(note_id)) == 2  # until Tools ▸ Empty Cards
    assert desk.plan().is_empty


def test_a_new_highlight_takes_the_next_number(desk: Desk) -> None:
    note_id = desk.add("D", "Cloze", Text="a {{c1::b}} and d")
    desk.sync()
    desk.retype(note_id, "%% and d", "%% and ==d==")
    (change,) = desk.plan().notes
    assert change.clozes_added == (2,)
    assert "adds cloze 2" in change.reason
    desk.sync()
    assert desk.fields(note_id)["Text"] == "a {{c1::b}} and {{c2::d}}"
    assert len(desk.col.card_ids_of_note(note_id)) == 2
    assert "%%c2%%" in desk.page(note_id).read_text("utf-8")
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
    after, notes = page.read_bytes(), rows(desk.col)
    page.write_bytes(text)
    shutil.rmtree(desk.state)
    state.rename(desk.state)
    plan = desk.plan()
    assert not plan.notes
    assert not plan.questions
    desk.sync()
    assert rows(desk.col) == notes
    assert page.read_bytes() == after


def test_a_page_that_cannot_be_read_is_left_and_ankis_edit_waits(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    desk.retype(note_id, "## Back\n", "## Unheard of\n")
    desk.edit(note_id, Front="q in Anki")
    text, notes = desk.page(note_id).read_bytes(), rows(desk.col)
    report = desk.sync()
    message = desk.told(report, "Line ")
    assert message.note_id == note_id
    assert not report.ok
    assert (desk.page(note_id).read_bytes(), rows(desk.col)) == (text, notes)
    desk.retype(note_id, "## Unheard of\n", "## Back\n")
    assert desk.sync().ok
    assert "q in Anki" in desk.page(note_id).read_text("utf-8")


def test_an_emptied_page_is_no_order_to_empty_the_note(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    desk.retype(note_id, "## Front\nq\n\n## Back\nanswer\n", "")
    notes = rows(desk.col)
    assert "Nothing is left between the marks" in desk.told(desk.sync(), "Line ").text
    assert rows(desk.col) == notes


def test_a_field_deleted_with_its_heading_is_emptied(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    desk.retype(note_id, "\n\n## Back\nanswer\n", "\n")
    (change,) = desk.plan().notes
    assert change.reason == "empties Back"
    desk.sync()
    assert desk.fields(note_id)["Back"] == ""
    assert desk.plan().is_empty


def test_marks_that_are_gone_are_put_back_only_without_the_text_between(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    page = desk.page(note_id)
    whole = page.read_text("utf-8")
    bare = whole.replace("%% anki:begin %%\n", "").replace("%% anki:end %%\n", "")
    page.write_text(bare, "utf-8")
    assert "are gone" in desk.told(desk.sync(), "Line ").text
    assert page.read_text("utf-8") == bare
    page.write_text(bare.replace("## Front\nq\n\n## Back\nanswer\n", "mine\n"), "utf-8")
    assert desk.sync().ok
    assert page.read_text("utf-8").endswith("mine\n")
    assert "## Front\nq\n\n## Back\nanswer\n" in page.read_text("utf-8")


def test_many_edited_notes_ask_first(desk: Desk) -> None:
    notes = [desk.add(Front=f"q{n}", Back=f"answer {n}.") for n in range(30)]
    desk.sync()
    for n, note_id in enumerate(notes):
        desk.retype(note_id, f"answer {n}.", f"answer {n}!")
    plan = desk.plan()
    assert plan.large_change is not None
    assert "30 notes" in plan.large_change


def test_a_renamed_field_still_takes_its_edit(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    notetype = desk.col.models.by_name("Basic")
    assert notetype is not None
    desk.col.models.rename_field(notetype, notetype["flds"][1], "Reply")
    desk.col.models.update_dict(notetype)
    desk.retype(note_id, "answer", "answer of mine")
    assert desk.sync().ok
    assert desk.fields(note_id) == {"Front": "q", "Reply": "answer of mine"}
    assert "## Reply\nanswer of mine\n" in desk.page(note_id).read_text("utf-8")


def test_the_style_of_clozes_may_change_while_a_page_is_edited(desk: Desk) -> None:
    note_id = desk.add("D", "Cloze", Text="The line is {{c1::a minimum}} income", Back_Extra="x")
    desk.sync()
    desk.retype(note_id, "%% income", "%% revenue")
    desk.set(cloze_style="inline")
    assert desk.sync().ok
    assert desk.fields(note_id)["Text"] == "The line is {{c1::a minimum}} revenue"
    assert "## Text\nThe line is ==a minimum==%%c1%% revenue" in desk.page(note_id).read_text()
    assert desk.plan().is_empty


def test_a_link_to_a_page_opens_it_from_anki(desk: Desk) -> None:
    (desk.vault.parent / ".obsidian").mkdir()
    note_id = desk.add(Front="q", Back="see there")
    desk.sync()
    desk.retype(note_id, "see there", "see [[Some page#Part|there]]")
    text = desk.page(note_id).read_bytes()
    desk.sync()
    address = "obsidian://open?vault=Obsidian&amp;file=Some%20page%23Part"
    assert desk.fields(note_id)["Back"] == f'see <a href="{address}">there</a>'
    assert desk.page(note_id).read_bytes() == text
    desk.edit(note_id, Front="q again")
    desk.sync()
    assert "see [[Some page#Part|there]]\n" in desk.page(note_id).read_text("utf-8")
    assert desk.plan().is_empty


def test_an_image_dropped_into_a_page_goes_into_anki(desk: Desk) -> None:
    (desk.vault.parent / ".obsidian").mkdir()
    note_id = desk.add(Front="q", Back="see")
    desk.sync()
    (desk.vault.parent / "pasted image.png").write_bytes(b"picture")
    desk.retype(note_id, "\nsee\n", "\nsee ![[pasted image.png]]\n")
    assert desk.sync().ok
    assert desk.fields(note_id)["Back"] == 'see <img src="pasted image.png">'
    assert Path(desk.col.media.dir(), "pasted image.png").read_bytes() == b"picture"
    desk.sync()
    assert desk.plan().is_empty


def test_properties_that_went_are_written_again_and_take_no_tags_along(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="a", tags="one two")
    desk.sync()
    page = desk.page(note_id)
    text = page.read_text("utf-8")
    page.write_text(text[text.index("%% anki:begin") :].replace("\na\n", "\nb\n"), "utf-8")
    assert desk.sync().ok
    assert desk.col.get_note(note_id).tags == ["one", "two"]
    assert desk.fields(note_id)["Back"] == "b"
    assert page.read_text("utf-8") == text.replace("\na\n", "\nb\n")


def test_a_page_with_windows_line_ends_keeps_them(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="one<br>two<br>three")
    desk.sync()
    page = desk.page(note_id)
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n").replace(b"two", b"2"))
    desk.edit(note_id, Back="one<br>two<br>three!")
    assert desk.sync().ok
    assert desk.fields(note_id)["Back"] == "one<br>2<br>three!"
    data = page.read_bytes()
    assert b"one\r\n2\r\nthree!\r\n" in data
    assert data.count(b"\n") == data.count(b"\r\n")


def test_everything_edited_at_once_goes_into_anki_at_once(desk: Desk) -> None:
    note_id = desk.add("Old", Front="title", Back="answer", tags="one")
    desk.sync()
    desk.set(rename_on_title_change=True)
    desk.retype(note_id, "\ntitle\n", "\nbetter title\n")
    desk.retype(note_id, "  - one\n", "  - one\n  - two\n")
    desk.retype(note_id, "anki_deck: Old", "anki_deck: New::Deck")
    (change,) = desk.plan().notes
    assert change.reason == "edits Front; adds the tag two; moves to the deck New::Deck"
    assert desk.sync().ok
    note = desk.col.get_note(note_id)
    assert (note["Front"], note.tags) == ("better title", ["one", "two"])
    assert desk.col.decks.name(note.cards()[0].did) == "New::Deck"
    page = desk.page(note_id)
    assert page == desk.vault / "New" / "Deck" / f"better title_{note_id}.md"
    assert desk.plan().is_empty


def test_only_cards_of_the_pages_own_deck_move_with_it(desk: Desk) -> None:
    note_id = desk.add("Here", "Basic (and reversed card)", Front="q", Back="a")
    for deck in ("There", "New"):
        desk.add(deck, Front=deck, Back="a")
    first, second = desk.col.card_ids_of_note(note_id)
    desk.col.set_deck([second], desk.col.decks.id("There"))
    desk.sync()
    page = desk.page(note_id)
    page.rename(desk.vault / "New" / page.name)
    assert desk.sync().ok
    decks = [desk.col.decks.name(desk.col.get_card(card).did) for card in (first, second)]
    assert decks == ["New", "There"]
    assert desk.plan().is_empty


def test_a_filtered_deck_keeps_its_cards_when_their_home_changes(desk: Desk) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    desk.add("New", Front="other", Back="a")
    desk.sync()
    filtered = desk.col.decks.new_filtered("Cramming")
    deck = desk.col.sched.get_or_create_filtered_deck(filtered)
    deck.config.search_terms[0].search = f"nid:{note_id}"
    desk.col.sched.add_or_update_filtered_deck(deck)
    page = desk.page(note_id)
    page.rename(desk.vault / "New" / page.name)
    assert desk.sync().ok
    card = desk.col.get_note(note_id).cards()[0]
    assert desk.col.decks.name(card.did) == "Cramming"
    assert desk.col.decks.name(card.odid) == "New"
    assert desk.plan().is_empty


@pytest.mark.parametrize("deck", ["Cramming", "Hidden", "Hidden::Below", "A::"])
def test_a_deck_that_takes_no_notes_is_told(desk: Desk, deck: str) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    desk.add("Hidden", Front="other", Back="a")
    desk.col.decks.new_filtered("Cramming")
    desk.set(excluded_decks=("Hidden",))
    desk.sync()
    desk.retype(note_id, "anki_deck: Old", f'anki_deck: "{deck}"')
    text, notes = desk.page(note_id).read_bytes(), rows(desk.col)
    report = desk.sync()
    assert not report.ok
    assert desk.told(report, "left as they are").note_id == note_id
    assert (desk.page(note_id).read_bytes(), rows(desk.col)) == (text, notes)


def test_a_page_dropped_into_the_vault_folder_itself_goes_home(desk: Desk) -> None:
    note_id = desk.add("Deck", Front="q", Back="a")
    desk.sync()
    page = desk.page(note_id)
    page.rename(desk.vault / page.name)
    assert desk.sync().ok
    assert desk.page(note_id) == page


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


def test_a_link_that_only_names_another_folder_is_an_edit(desk: Desk) -> None:
    (desk.vault.parent / ".obsidian").mkdir()
    note_id = desk.add(Front="q", Back="see")
    desk.sync()
    desk.retype(note_id, "\nsee\n", "\nsee [[One/Page|it]]\n")
    desk.sync()
    desk.retype(note_id, "[[One/Page|it]]", "[[Two/Page|it]]")
    desk.sync()
    assert "Two%2FPage" in desk.fields(note_id)["Back"]
    assert "[[Two/Page|it]]" in desk.page(note_id).read_text("utf-8")


def test_a_page_that_trips_us_up_costs_no_other_page_its_edit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, fine = (desk.add(Front=f"note {n}", Back=f"answer {n}") for n in (1, 2))
    desk.sync()
    desk.retype(odd, "answer 1", "another 1")
    desk.retype(fine, "answer 2", "another 2")
    edit = edit_field

    def trip(html: str, markdown: str, *rest: Any) -> Any:
        if markdown == "another 1":
            raise RecursionError("too deep")
        return edit(html, markdown, *rest)

    monkeypatch.setattr(field_merge, "edit_field", trip)
    report = desk.sync()
    assert desk.told(report, "cannot be read back").note_id == odd
    assert desk.fields(odd)["Back"] == "answer 1"
    assert "another 1" in desk.page(odd).read_text("utf-8")
    assert desk.fields(fine)["Back"] == "another 2"


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
    assert report.counts["note added to Anki"] == 1
    assert report.questions == 1
    assert desk.fields(note_id)["Back"] == "the phone's answer"


def test_a_field_that_the_type_got_since_can_be_filled_on_the_page(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    models = desk.col.models
    notetype = models.by_name("Basic")
    assert notetype is not None
    new = models.new_field("Source")
    models.add_field(notetype, new)
    models.reposition_field(notetype, new, 1)
    models.update_dict(notetype)
    desk.retype(note_id, "\n%% anki:end", "\n\n## Source\nmy book\n%% anki:end")
    assert desk.sync().ok
    assert desk.fields(note_id) == {"Front": "q", "Source": "my book", "Back": "answer"}
    assert desk.plan().is_empty


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
    notes = rows(desk.col)
    report = desk.sync()
    assert "![[Cards/assets/p.png]]" in desk.page(plain).read_text("utf-8")
    assert rows(desk.col) == notes
    assert not report.messages
    question = the_question(desk.plan())  # there is no base for this folder
    desk.sync(answers={question.key: "obsidian"})
    assert desk.fields(edited)["Back"] == 'look here <img src="p.png">'
    assert "look here ![[Cards/assets/p.png]]" in desk.page(edited).read_text("utf-8")
    assert desk.plan().is_empty


def test_decks_of_like_names_keep_their_notes_when_the_base_is_lost(desk: Desk) -> None:
    first = desk.add("A_B", Front="first", Back="a")
    desk.sync()
    second = desk.add("A?B", Front="second", Back="a")
    desk.sync()
    assert desk.page(second).parent.name == "A_B_2"
    desk.lose_base()
    notes = rows(desk.col)
    assert desk.sync(confirmed=True).ok
    assert rows(desk.col) == notes
    assert not desk.plan().questions
    assert desk.page(first).parent != desk.page(second).parent


def test_a_move_is_asked_about_when_the_base_is_lost(desk: Desk) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    desk.add("New", Front="other", Back="a")
    desk.sync()
    page = desk.page(note_id)
    page.rename(desk.vault / "New" / page.name)
    desk.lose_base()
    notes = rows(desk.col)
    question = the_question(desk.plan())
    assert (question.kind, question.anki, question.page) == ("deck", "Old", "New")
    desk.sync()
    assert rows(desk.col) == notes


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
    notes, before = rows(desk.col), desk.everything()
    assert desk.sync(answers={keys[0]: "anki"}).questions == 1
    assert (rows(desk.col), desk.everything()) == (notes, before)
    assert desk.sync(answers={keys[0]: "anki", keys[1]: "obsidian"}).ok
    assert desk.fields(note_id) == {"Front": "front in Anki", "Back": "back on the page"}
    assert desk.col.get_note(note_id).tags == ["one", "two"]
    kept = "\n".join(desk.trash().values())
    assert "back in Anki" in kept
    assert "front on the page" in kept
    text = desk.page(note_id).read_text("utf-8")
    assert "## Front\nfront in Anki\n\n## Back\nback on the page\n" in text
    assert desk.plan().is_empty


def test_a_persons_own_layout_stays_where_the_note_was_not_edited(desk: Desk) -> None:
    html = "<ul><li>one</li><li>two words</li></ul>first line<br>second line"
    note_id = desk.add(Front="q", Back=html)
    desk.sync()
    desk.retype(note_id, "- one\n- two words\n", "* one\n* two words ^37066d\n\n")
    assert not desk.plan().notes
    desk.sync()
    desk.edit(note_id, Front="edited in Anki", Back=html.replace("second", "last"))
    desk.sync()
    text = desk.page(note_id).read_text("utf-8")
    assert "## Front\nedited in Anki\n" in text
    assert "* one\n* two words ^37066d\n" in text
    assert "last line" in text
    desk.retype(note_id, "first line", "first edited line")
    desk.edit(note_id, Back=html.replace("second", "very last"))
    assert desk.sync().ok
    text = desk.page(note_id).read_text("utf-8")
    assert "* one\n* two words ^37066d\n" in text
    assert "first edited line" in text
    assert "very last line" in text
    assert desk.fields(note_id)["Back"] == html.replace("first", "first edited").replace(
        "second", "very last"
    )
    desk.edit(note_id, Back=desk.fields(note_id)["Back"].replace("two", "2"))
    desk.sync()
    assert "* 2 words ^37066d\n" in desk.page(note_id).read_text("utf-8")
    assert desk.plan().is_empty


def test_cards_in_a_deck_made_for_them_keep_their_options(desk: Desk) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    old = desk.col.decks.by_name("Old")
    assert old is not None
    old["conf"] = desk.col.decks.add_config_returning_id("Hard")
    desk.col.decks.update_dict(old)
    desk.sync()
    page = desk.page(note_id)
    (desk.vault / "New").mkdir()
    page.rename(desk.vault / "New" / page.name)
    assert desk.sync().ok
    new = desk.col.decks.by_name("New")
    assert new is not None
    assert new["conf"] == old["conf"]
    desk.col.undo()
    assert desk.col.decks.by_name("New") is None
    card = desk.col.get_note(note_id).cards()[0]
    assert desk.col.decks.name(card.did) == "Old"


def test_a_renamed_folder_is_a_new_deck_with_all_that_was_in_it(desk: Desk) -> None:
    notes = [desk.add(f"Bio::{deck}", Front=f"q{n}", Back="a") for n, deck in enumerate("AABC")]
    notes.append(desk.add("Bio", Front="other", Back="a"))
    desk.sync()
    (desk.vault / "Bio").rename(desk.vault / "Biology")
    assert desk.sync().ok
    names = [desk.col.decks.name(desk.col.get_note(n).cards()[0].did) for n in notes]
    assert names == ["Biology::A", "Biology::A", "Biology::B", "Biology::C", "Biology"]
    indexes = sorted(path.name for path in (desk.vault / "Biology").glob("*_index.md"))
    assert indexes == ["_Biology_index.md"]
    assert not (desk.vault / "Bio").exists()
    assert desk.plan().is_empty


def test_the_index_page_of_a_renamed_folder_stays_when_a_person_wrote_on_it(desk: Desk) -> None:
    desk.set(two_way=False)
    desk.add("Bio", Front="q", Back="a")
    desk.sync()
    index = desk.vault / "Bio" / "_Bio_index.md"
    index.write_text(index.read_text("utf-8") + "mine\n", "utf-8")
    desk.sync()
    (desk.vault / "Bio").rename(desk.vault / "Mine")
    desk.sync()
    assert (desk.vault / "Mine" / "_Bio_index.md").read_text("utf-8").endswith("mine\n")
