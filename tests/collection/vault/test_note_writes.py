"""What is written into Anki: all or nothing of a note, one undo step, and nothing else touched."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ankivault.sync.run.done import Done
from ankivault.sync.vault.apply.manner import Manner
from ankivault.sync.vault.run import apply_plan
from tests.collection.conftest import Desk


@pytest.fixture
def both(desk: Desk) -> Desk:
    desk.set(two_way=True)
    (desk.vault.parent / ".obsidian").mkdir()
    return desk


def retype(desk: Desk, note_id: int, old: str, new: str) -> None:
    page = desk.page(note_id)
    text = page.read_text("utf-8")
    assert old in text
    page.write_text(text.replace(old, new), "utf-8")


def delete_page(desk: Desk, note_id: int) -> dict[str, Any]:
    """Delete a note's page; returns the answer that has the note deleted."""
    desk.page(note_id).unlink()
    return {f"page deleted:{note_id}": "delete"}


def rows(desk: Desk, table: str = "notes") -> list[Any]:
    assert desk.col.db is not None
    return desk.col.db.all(f"select * from {table} order by id")


def test_one_undo_takes_back_edits_moves_new_notes_and_deletions(both: Desk) -> None:
    ids = [both.add(Front=f"Question {n}", Back="same", tags="old") for n in range(6)]
    both.col.decks.id("Chemistry")
    both.sync()
    retype(both, ids[0], "same", "**other**")
    retype(both, ids[1], "  - old", "  - new")
    page = both.page(ids[2])
    (both.vault / "Chemistry").mkdir(exist_ok=True)
    page.rename(both.vault / "Chemistry" / page.name)
    answers = delete_page(both, ids[3])
    new = "---\nanki_note_type: Basic\n---\n## Front\nNew\n\n## Back\nA\n"
    (both.vault / "Biology/New.md").write_text(new, "utf-8")

    notes, cards = rows(both), rows(both, "cards")
    report = both.sync(answers=answers)
    assert report.ok, report.messages
    assert both.col.get_note(ids[0])["Back"] == "<b>other</b>"
    assert both.col.get_note(ids[1]).tags == ["new"]
    assert both.col.decks.name(both.col.get_note(ids[2]).cards()[0].did) == "Chemistry"
    assert both.col.note_count() == 6
    assert report.changes is not None
    assert report.changes.browser_table

    assert both.col.undo_status().undo == "Ankivault: Edits from Obsidian"
    both.col.undo()
    content = [(row[0], row[1], row[5], row[6]) for row in notes]
    assert [(row[0], row[1], row[5], row[6]) for row in rows(both)] == content
    decks = [(row[0], row[2]) for row in cards]
    assert [(row[0], row[2]) for row in rows(both, "cards")] == decks


def test_what_undo_takes_out_of_anki_is_kept_in_the_trash(both: Desk) -> None:
    note_id = both.add(Front="Question", Back="same")
    both.sync()
    retype(both, note_id, "same", "words of mine")
    new = "---\nanki_note_type: Basic\n---\n## Front\nNew\n\n## Back\nOther words\n"
    (both.vault / "Biology/New.md").write_text(new, "utf-8")
    both.sync()
    both.col.undo()
    report = both.sync()
    assert report.ok
    assert both.told(report, "no longer in Anki").note_id == note_id
    assert "words of mine" not in both.page(note_id).read_text("utf-8")
    assert not (both.vault / "Biology/New.md").exists()
    trash = Path(both.vault.parent / ".trash").rglob("*.md")
    kept = "".join(file.read_text("utf-8") for file in trash)
    assert "words of mine" in kept
    assert "Other words" in kept
    assert both.plan().is_empty


def test_what_undo_takes_out_of_anki_is_kept_when_the_note_was_edited_again(both: Desk) -> None:
    note_id = both.add(Front="Question", Back="same")
    both.sync()
    retype(both, note_id, "same", "words of mine")
    both.sync()
    both.col.undo()
    both.edit(note_id, Back="same, and more")
    assert both.told(both.sync(), "no longer in Anki").note_id == note_id
    assert "same, and more" in both.page(note_id).read_text("utf-8")
    trash = Path(both.vault.parent / ".trash").rglob("*.md")
    assert any("words of mine" in file.read_text("utf-8") for file in trash)
    both.edit(note_id, Back="same")
    both.sync()
    assert len([*Path(both.vault.parent / ".trash").rglob("*.md")]) == 1  # nothing was typed since


@pytest.mark.parametrize("edit", ["moved", "tagged", "retyped", "other field"])
def test_what_undo_takes_out_of_anki_is_kept_when_the_page_was_edited_again(
    both: Desk, edit: str
) -> None:
    note_id = both.add(Front="Question", Back="same")
    both.add("Chemistry", Front="Q")
    both.sync()
    retype(both, note_id, "same", "words of mine")
    both.sync()
    both.col.undo()
    if edit == "moved":
        page = both.page(note_id)
        page.rename(both.vault / "Chemistry" / page.name)
    old, new = {
        "moved": ("words", "words"),
        "tagged": ("anki_guid", "tags: [mine]\nanki_guid"),
        "retyped": ("words of mine", "words of mine, more"),
        "other field": ("Question\n\n", "Question two\n\n"),
    }[edit]
    retype(both, note_id, old, new)
    both.sync(answers={})
    trash = Path(both.vault.parent / ".trash").rglob("*.md")
    kept = "".join(file.read_text("utf-8") for file in [*trash, both.page(note_id)])
    assert "words of mine" in kept
    assert both.plan().is_empty


def test_a_run_that_writes_no_note_leaves_the_undo_queue_alone(both: Desk) -> None:
    note_id = both.add(Front="Q")
    both.edit(note_id, Back="B")
    before = both.col.undo_status()
    report = both.sync()
    assert report.changes is None
    assert both.col.undo_status() == before


def test_an_edit_leaves_scheduling_and_card_ids_untouched(both: Desk) -> None:
    note_id = both.add(notetype="Basic (and reversed card)", Front="Q", Back="A")
    both.sync()
    card = both.col.get_card(both.col.card_ids_of_note(note_id)[0])
    card.start_timer()
    both.col.sched.answerCard(card, 3)
    cards, log = rows(both, "cards"), rows(both, "revlog")
    retype(both, note_id, "A\n", "Another\n")
    assert both.sync().ok
    assert both.col.get_note(note_id)["Back"] == "Another"
    assert (rows(both, "cards"), rows(both, "revlog")) == (cards, log)


def test_a_note_edited_in_anki_since_the_plan_waits_for_the_next_run(both: Desk) -> None:
    mine, other = both.add(Front="One", Back="same"), both.add(Front="Two", Back="same")
    both.sync()
    for note_id in (mine, other):
        retype(both, note_id, "same", "from Obsidian")
    plan = both.plan()
    both.edit(mine, Front="One, in Anki")
    page = both.page(mine).read_bytes()
    report = apply_plan(both.col, plan, both.state)
    assert both.told(report, "The note was changed since").note_id == mine
    assert both.col.get_note(mine)["Back"] == "same"
    assert both.page(mine).read_bytes() == page
    assert both.col.get_note(other)["Back"] == "from Obsidian"
    assert both.sync().ok
    note = both.col.get_note(mine)
    assert (note["Front"], note["Back"]) == ("One, in Anki", "from Obsidian")


@pytest.mark.parametrize("names", [["Front", "Rear"], ["Back", "Front"]])
def test_an_edit_waits_when_fields_got_other_names_since_the_plan(
    both: Desk, names: list[str]
) -> None:
    """While a preview is open, say. No note changes by it, so each keeps its digest."""
    note_id = both.add(Front="One", Back="same")
    both.sync()
    retype(both, note_id, "same", "from Obsidian")
    plan = both.plan()
    for prefix in ("New ", ""):  # two names cannot be swapped at once
        basic = both.col.models.by_name("Basic")
        assert basic is not None
        for field, name in zip(basic["flds"], names):
            both.col.models.rename_field(basic, field, prefix + name)
        both.col.models.update_dict(basic)
    page = both.page(note_id).read_bytes()
    report = apply_plan(both.col, plan, both.state)
    assert both.told(report, "The note was changed").level == "warning"
    assert both.col.get_note(note_id).fields == ["One", "same"]
    assert both.page(note_id).read_bytes() == page


@pytest.mark.parametrize("meanwhile", ["moved", "gone", "filtered"])
def test_a_page_waits_with_the_move_of_its_note(both: Desk, meanwhile: str) -> None:
    """A note in another deck keeps its digest, so nothing but its edit tells whether it moved."""
    note_id = both.add("Old", Front="One", Back="same")
    for deck in ("Old", "Third", *(["New"] if meanwhile == "gone" else [])):
        both.add(deck, Front=f"Other in {deck}", Back="same")
    both.sync()
    retype(both, note_id, "anki_deck: Old", "anki_deck: New")
    plan, page = both.plan(), both.page(note_id).read_bytes()
    if meanwhile == "moved":
        both.move(note_id, "Third")
    elif meanwhile == "gone":
        both.col.decks.remove([both.col.decks.id_for_name("New")])
    else:
        both.col.decks.new_filtered("New")
    report = apply_plan(both.col, plan, both.state)
    (told,) = report.messages
    assert (told.note_id, note_id in (report.undone.note_ids or ())) == (note_id, True)
    assert both.page(note_id).read_bytes() == page
    again = both.plan()
    if meanwhile != "moved":
        assert "“New” takes no notes" in told.text
    if meanwhile == "filtered":
        assert both.told(again, "filtered").note_id == note_id
    else:
        wishes = [(each.anki, each.page) for each in again.questions if each.kind == "deck"]
        wishes += [change.deck for change in again.notes if change.deck]
        assert wishes == [("Third" if meanwhile == "moved" else "Old", "New")]


@pytest.mark.parametrize("renamed", ["Old", "New"])
def test_a_deck_that_got_another_name_since_the_plan_is_not_made_again(
    both: Desk, renamed: str
) -> None:
    moved = both.add("Old", Front="One", Back="same")
    for deck in ("Old", "New"):
        both.add(deck, Front=f"Other in {deck}", Back="same")
    both.sync()
    page = both.page(moved)
    page.rename(both.vault / "New" / page.name)
    new = "---\nanki_note_type: Basic\n---\n## Front\nTyped\n\n## Back\nA\n"
    (both.vault / "New" / "Typed.md").write_text(new, "utf-8")
    plan = both.plan()
    both.col.decks.rename(both.col.decks.id_for_name(renamed), "Renamed")
    report = apply_plan(both.col, plan, both.state)
    assert report.ok and not report.messages
    both.sync()
    names = {deck.name for deck in both.col.decks.all_names_and_ids()} - {"Default"}
    assert names == {"Old", "New", "Renamed"} - {renamed}
    target = "Renamed" if renamed == "New" else "New"
    added = both.col.find_notes("Front:Typed")[0]
    for note_id in (moved, added):
        (card,) = both.col.get_note(note_id).cards()
        assert both.col.decks.name(card.did) == target
        assert both.page(note_id).parent.name == target
    assert both.plan().is_empty


def test_without_a_backup_no_note_goes_and_nothing_else_is_said_of_it(both: Desk) -> None:
    ids = [both.add(Front=f"q{n}", Back="a") for n in range(3)]
    both.sync()
    answers = {**delete_page(both, ids[0]), **delete_page(both, ids[1])}

    def fail() -> None:
        raise OSError("no room")

    report = both.sync(answers=answers, backup=fail)
    assert both.col.note_count() == 3
    assert ["no room" in message.text for message in report.messages] == [True]
    assert report.undone.note_ids == frozenset(ids[:2])
    assert [question.note_id for question in both.plan().questions] == ids[:2]


def test_a_version_gave_way_only_where_the_other_was_written(
    both: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_id = both.add(Front="q", Back="the answer")
    both.sync()
    retype(both, note_id, "the answer", "my answer")
    both.edit(note_id, Back="another answer")
    (question,) = both.plan().questions

    def refuse(*given: Any, **more: Any) -> Any:
        raise KeyError("a fault of ours")

    with monkeypatch.context() as broken:
        broken.setattr(both.col, "update_notes", refuse)
        report = both.sync(answers={question.key: "obsidian"})
    assert [message.level for message in report.messages] == ["error"]
    report = both.sync(answers={question.key: "obsidian"})
    assert both.told(report, "gave way").note_id == note_id
    assert both.col.get_note(note_id)["Back"] == "my answer"


def test_a_page_edited_since_the_plan_waits_with_its_note(both: Desk) -> None:
    note_id = both.add(Front="One", Back="same")
    both.sync()
    retype(both, note_id, "same", "first")
    plan = both.plan()
    retype(both, note_id, "first", "second")
    report = apply_plan(both.col, plan, both.state)
    assert both.told(report, "The file was changed since").note_id == note_id
    assert both.col.get_note(note_id)["Back"] == "same"
    both.sync()
    assert both.col.get_note(note_id)["Back"] == "second"


def test_a_tag_that_anki_spells_otherwise_settles_at_once(both: Desk) -> None:
    both.add(Front="One", tags="Biology")
    note_id = both.add(Front="Two", tags="other")
    both.sync()
    retype(both, note_id, "  - other\n", "  - other\n  - biology\n")
    assert both.sync().messages == ()
    assert both.sync().messages == ()
    assert both.plan().is_empty


def test_many_edited_pages_cost_few_undo_steps_and_no_time(both: Desk) -> None:
    ids = [both.add(Front=f"Question {n}", Back="same") for n in range(700)]
    before = both.col.undo_status().last_step
    both.sync()
    for page in (both.vault / "Biology").glob("Question*.md"):
        page.write_text(page.read_text("utf-8").replace("same", "other"), "utf-8")
    report = both.sync(confirmed=True)
    assert report.counts[Done.NOTE_UPDATED] == 700
    assert {both.col.get_note(id_)["Back"] for id_ in ids} == {"other"}
    both.col.undo()
    assert {both.col.get_note(id_)["Back"] for id_ in ids} == {"same"}
    assert before > 0


@pytest.mark.parametrize("side", ["page", "note"])
def test_what_is_edited_on_while_an_edit_goes_into_anki_asks_nothing(desk: Desk, side: str) -> None:
    """A person types on, just when the run has written the note and not yet looked at the page."""
    desk.set(two_way=True)
    note_id = desk.add(Front="q", Back="one answer")
    desk.sync()
    desk.retype(note_id, "one answer", "two answer")
    plan = desk.plan()

    def write(work: Callable[[], None]) -> None:
        work()
        if side == "page":
            desk.retype(note_id, "two answer", "three answer")
        else:
            desk.edit(note_id, Back="three answer")

    apply_plan(desk.col, plan, desk.state, manner=Manner(write_notes=write))

    assert not desk.plan().questions
    desk.sync()
    assert desk.fields(note_id)["Back"] == "three answer"
    assert "three answer" in desk.page(note_id).read_text("utf-8")


@pytest.mark.parametrize("two_way", [True, False])
def test_numbers_of_any_length_stop_no_note(desk: Desk, two_way: bool) -> None:
    """Python reads no number of more than 4,300 digits."""
    desk.set(two_way=two_way, study_properties=True)
    many = "9" * 5_000
    plain = desk.add("A", Front="q", Back=f'<img src="x.png" width="{many}">')
    cloze = desk.add("A", notetype="Cloze", Text=f"{{{{c{many}::x}}}} {{{{c1::y}}}}")
    assert not [m for m in desk.sync().messages if "failed" in m.text]
    page = desk.page(plain)
    text = page.read_text("utf-8")
    page.write_text(re.sub("anki_reviews: [0-9]+", f"anki_reviews: {many}", text), "utf-8")
    desk.retype(cloze, "==y==", "==y, typed==")
    desk.edit(plain, Front="r")
    assert not [m for m in desk.sync().messages if "failed" in m.text]
    assert many not in page.read_text("utf-8").partition("%% anki:begin")[0]


@pytest.mark.parametrize("there", [500, 1000, 2024])
def test_a_new_cloze_gets_a_number_with_a_card_of_its_own(desk: Desk, there: int) -> None:
    """Anki makes one card for all numbers from 500 on."""
    desk.set(two_way=True)
    text = f"{{{{c1::one}}}} and {{{{c{there}::two}}}} or three"
    note_id = desk.add(notetype="Cloze", Text=text)
    desk.sync()
    desk.retype(note_id, " or three\n%%", " or ==three==\n%%")
    desk.sync()
    assert desk.fields(note_id)["Text"] == text.replace("three", "{{c2::three}}")
    assert len(desk.col.card_ids_of_note(note_id)) == 3
