"""Pages that a person writes in Obsidian become notes, and stay as the person wrote them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ankivault.sync.run.done import Done
from ankivault.sync.vault.templates import write_templates
from tests.collection.conftest import Desk

BASIC = """---
anki_note_type: Basic
tags:
  - cells/energy
mine: kept
---
## Front
What makes **ATP**?

## Back
* Mitochondria
* and *chloroplasts*
"""


@pytest.fixture
def both(desk: Desk) -> Desk:
    """A desk whose vault goes both ways, with one note and its deck's folder."""
    desk.set(two_way=True)
    (desk.vault.parent / ".obsidian").mkdir()
    desk.add(Front="What is here", Back="already")
    assert desk.sync().ok
    return desk


def write(desk: Desk, path: str, text: str) -> Path:
    page = desk.vault / path
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, "utf-8")
    return page


def basic(front: str, back: str = "An answer", **properties: str) -> str:
    lines = "".join(f"{key}: {value}\n" for key, value in properties.items())
    return f"---\nanki_note_type: Basic\n{lines}---\n## Front\n{front}\n\n## Back\n{back}\n"


def new_notes(desk: Desk, known: int = 1) -> list[Any]:
    """The notes beside the ``known`` first ones."""
    return [desk.col.get_note(id_) for id_ in sorted(desk.col.find_notes(""))[known:]]


def test_a_page_becomes_a_note_and_stays_as_it_was_written(both: Desk) -> None:
    page = write(both, "Biology/Powerhouse.md", BASIC)
    (change,) = both.plan().notes
    assert (change.kind, change.path) == ("create", "Biology/Powerhouse.md")
    assert change.deck == ("", "Biology")
    assert page.read_text("utf-8") == BASIC

    report = both.sync()
    assert report.ok, report.messages
    assert report.counts[Done.NOTE_ADDED] == 1
    (note,) = new_notes(both)
    assert note["Front"] == "What makes <b>ATP</b>?"
    assert note["Back"] == "<ul><li>Mitochondria</li><li>and <i>chloroplasts</i></li></ul>"
    assert note.tags == ["cells::energy"]
    assert both.col.decks.name(note.cards()[0].did) == "Biology"
    text = page.read_text("utf-8")
    assert BASIC.partition("mine: kept\n---\n")[2].rstrip("\n") in text
    assert f"anki_note_id: {note.id}\n" in text
    assert "mine: kept\n" in text
    assert "Powerhouse" in (both.vault / "Biology/_Biology_index.md").read_text("utf-8")

    before = both.dates()
    again = both.sync()
    assert both.plan().is_empty
    assert (both.dates(), again.messages) == (before, ())


def test_one_undo_takes_back_all_new_notes(both: Desk) -> None:
    for number in range(3):
        write(both, f"Biology/{number}.md", basic(f"Question {number}"))
    report = both.sync()
    assert report.changes is not None
    assert report.changes.note
    assert both.col.undo_status().undo.startswith("Ankivault: ")
    assert both.col.note_count() == 4
    both.col.undo()
    assert both.col.note_count() == 1


def test_many_new_pages_are_no_large_change(both: Desk) -> None:
    for number in range(60):
        write(both, f"Biology/{number}.md", basic(f"Question {number}"))
    assert both.sync().messages == ()
    assert len(new_notes(both)) == 60
    assert both.plan().is_empty


def test_the_mirror_takes_no_page_for_a_note(both: Desk) -> None:
    both.set(two_way=False)
    page = write(both, "Biology/Powerhouse.md", BASIC)
    both.sync()
    assert new_notes(both) == []
    assert page.read_text("utf-8") == BASIC


def test_the_run_before_ankiweb_leaves_new_pages_for_the_run_after(both: Desk) -> None:

    page = write(both, "Biology/Powerhouse.md", BASIC)
    both.sync(inward=False)
    assert page.read_text("utf-8") == BASIC
    assert both.sync().counts[Done.NOTE_ADDED] == 1


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (basic("Q").replace("Basic", "Basik"), 2, "Did you mean “Basic”?"),
        (basic("Q").replace("Basic", "Zzyzx"), 2, "no note type “Zzyzx”"),
        (basic(""), 0, "“Front” is empty"),
        (basic("What is here"), 0, "same “Front” already"),
        ("---\nanki_note_type: Cloze\n---\n## Text\nNothing to hide\n", 0, "hides no words"),
        (basic("Q").replace("## Back", "## Backside"), 7, "“Front”, “Back”"),
        (basic("Q", anki_deck="Gone::Hidden"), 3, "left out"),
        (basic("Q").replace("---\n", "---\nx: [\n", 1), 0, "properties"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_page_is_left(
    both: Desk, text: str, line: int, words: str
) -> None:
    both.col.decks.id("Gone")
    both.set(excluded_decks=("Gone",))
    page = write(both, "Biology/New.md", text)
    before = page.read_bytes()
    report = both.sync()
    assert both.col.note_count() == 1
    assert page.read_bytes() == before
    (told,) = [m for m in report.messages if m.path == "Biology/New.md"]
    assert words.lower() in told.text.lower()
    assert not line or told.text.startswith(f"Line {line}: ")
    assert both.sync().messages == report.messages  # until it is mended


def test_two_new_pages_with_the_same_question_make_one_note(both: Desk) -> None:
    write(both, "Biology/A.md", basic("The same"))
    write(both, "Biology/B.md", basic("The same"))
    report = both.sync()
    assert both.told(report, "same “Front”").path == "Biology/B.md"
    assert len(new_notes(both)) == 1


def test_the_deck_is_the_folders_unless_the_page_names_one(both: Desk) -> None:
    both.col.decks.id("Biology::Cells")
    both.sync()
    write(both, "Biology/Cells/A.md", basic("A"))
    write(both, "Loose.md", basic("B", anki_deck="biology::CELLS"))
    write(both, "Loose 2.md", basic("C", anki_deck="Brand::New"))
    write(both, "Loose 3.md", basic("D"))
    write(both, "Elsewhere/E.md", basic("E"))
    reasons = {change.path: change.reason for change in both.plan().notes}
    assert reasons["Biology/Cells/A.md"] == "new page, in the deck Biology::Cells"
    assert reasons["Loose 2.md"] == "new page, in the deck Brand::New"
    report = both.sync()
    decks = {n["Front"]: both.col.decks.name(n.cards()[0].did) for n in new_notes(both)}
    assert decks == {"A": "Biology::Cells", "B": "Biology::Cells", "C": "Brand::New"}
    told = {m.path for m in report.messages if "anki_deck: …" in m.text}
    assert told == {"Loose 3.md", "Elsewhere/E.md"}
    assert (both.vault / "Brand/New/Loose 2.md").is_file()
    assert both.plan().is_empty


@pytest.mark.parametrize("deck", ["Cram", "cram::Below"])
def test_a_filtered_deck_takes_no_new_notes(both: Desk, deck: str) -> None:
    both.col.decks.new_filtered("Cram")
    page = write(both, "A.md", basic("A", anki_deck=deck))
    before = page.read_bytes()
    assert both.told(both.sync(), "filtered").path == "A.md"
    assert page.read_bytes() == before


def test_a_copied_page_is_asked_about_and_becomes_a_note_of_its_own(both: Desk) -> None:
    original = both.add(
        Front='Say <span style="color: red">this</span>', Back="one", tags="keep drop"
    )
    both.sync()
    both.set(anki_links=True, study_properties=True)
    both.sync()
    page = both.page(original)
    text = page.read_text("utf-8")
    copy = page.with_name("My copy.md")
    copy.write_text(text.replace("Say", "Tell").replace("  - drop\n", ""), "utf-8")
    left = both.sync()
    assert left.questions == 1
    (question,) = both.plan().questions
    assert (question.key, question.is_open) == ("copy:Biology/My copy.md", True)

    made = both.answer("copy:Biology/My copy.md", "create")
    assert made.messages == (), "nobody edited the properties that tell something"
    (note,) = new_notes(both, 2)
    assert note["Front"] == 'Tell <span style="color: red">this</span>'
    assert (note["Back"], note.tags) == ("one", ["keep"])
    assert note.guid != both.col.get_note(original).guid
    assert both.page(note.id) == copy
    assert both.page(original) == page
    assert page.read_text("utf-8") == text
    assert both.plan().is_empty
    assert both.plan().questions == ()


def test_a_copy_without_its_id_is_still_a_copy(both: Desk) -> None:
    original = both.add(Front="Say this")
    both.sync()
    page = both.page(original)
    text = page.read_text("utf-8").replace(f"anki_note_id: {original}\n", "")
    page.with_name("Copy.md").write_text(text.replace("Say", "Tell"), "utf-8")
    (question,) = both.plan().questions
    assert question.key == "copy:Biology/Copy.md"
    both.sync()
    assert both.col.note_count() == 2


def test_a_copy_stays_when_the_deck_is_left_out_and_the_base_is_lost(both: Desk) -> None:
    note_id = both.add("Geo", Front="Capital?", Back="Rome")
    both.sync()
    page = both.page(note_id)
    copy = page.with_name("copy.md")
    copy.write_text(page.read_text("utf-8").replace("Rome", "Paris"), "utf-8")
    both.lose_base()
    both.set(excluded_decks=("Geo",))
    for _ in range(2):
        both.sync(confirmed=True)
        assert not page.exists()
        assert "Paris" in copy.read_text("utf-8")
    assert both.plan().is_empty


def test_a_copy_that_can_be_no_note_is_told_once_and_can_be_left_alone(both: Desk) -> None:
    original = both.add(Front="Say this")
    both.sync()
    text = both.page(original).read_text("utf-8")
    for name, old, new in (
        ("same.md", "Say", "Say"),
        ("unknown.md", "## Front", "## Face"),
        ("broken.md", "anki_deck:", "anki_deck: [a"),
    ):
        write(both, f"Biology/{name}", text.replace(old, new))
    plan = both.plan()
    assert {question.choices for question in plan.questions} == {("leave", "later")}
    told = {message.path: message.text for message in plan.messages}
    assert "is a copy of" in told["Biology/same.md"]
    assert "with the same “Front” already" in told["Biology/same.md"]
    assert "no field “Face”" in told["Biology/unknown.md"]
    both.sync()
    assert both.col.note_count() == 2
    again = both.sync()
    assert [m for m in again.messages if "is a copy of" in m.text] == []
    assert (again.questions, again.told_before) == (3, 3)
    asked = {question.path: question.text for question in both.plan().questions}
    assert "no field “Face”" in asked["Biology/unknown.md"]


@pytest.mark.parametrize(
    "odd",
    [
        "anki_deck: [a]",
        "anki_deck:\n  a: b",
        "tags: {a: b}",
        "aliases: {a: b}",
        "anki_tags: {a: b}",
    ],
)
def test_no_note_is_made_whose_page_cannot_name_it(both: Desk, odd: str) -> None:
    text = basic("A question").replace("---\n", f"---\n{odd}\n", 1)
    page = write(both, "Biology/New.md", text)
    for _ in range(2):
        report = both.sync()
        if both.col.note_count() == 2:
            assert "anki_note_id: " in page.read_text("utf-8")
            assert not report.messages
        else:
            (message,) = report.messages
            assert message.text.startswith("Line 2: "), message.text
            assert page.read_text("utf-8") == text


def test_templates_are_written_for_each_type_and_are_no_notes(both: Desk) -> None:
    folder = both.vault / "Templates"
    folder.mkdir()
    report = write_templates(both.col, folder)
    assert report.counts[Done.TEMPLATE_CREATED] == 5
    basic_page = folder / "Basic.md"
    text = basic_page.read_text("utf-8")
    assert "anki_note_type: Basic\n" in text
    assert text.index("## Front\n") < text.index("## Back\n")
    assert "==like this==" in (folder / "Cloze.md").read_text("utf-8")
    synced = both.sync()
    assert (new_notes(both), synced.messages) == ([], ())

    basic_page.write_text(text + "mine", "utf-8")
    again = write_templates(both.col, folder)
    assert both.told(again, "left as it is").path == "Basic.md"
    assert basic_page.read_text("utf-8") == text + "mine"


def test_a_page_made_from_a_template_becomes_a_note(both: Desk, tmp_path: Path) -> None:
    templates = tmp_path / "Templates"
    templates.mkdir()
    write_templates(both.col, templates)
    for name, field in (("Basic", "Front"), ("Cloze", "Text")):
        text = (templates / f"{name}.md").read_text("utf-8").replace("{{title}}", "Sky")
        text = text.replace(f"## {field}\n", f"## {field}\nThe sky is ==blue==\n")
        write(both, f"Biology/{name} sky.md", text + "\nMy own words.\n")
    report = both.sync()
    assert report.messages == ()
    notes = {note.note_type()["name"]: note for note in new_notes(both)}
    assert notes["Cloze"]["Text"] == "The sky is {{c1::blue}}"
    page = both.page(notes["Cloze"].id).read_text("utf-8")
    assert "anki:template" not in page
    assert page.endswith("%% anki:end %%\n\nMy own words.\n")
    assert both.plan().is_empty


def test_pages_in_obsidians_own_templates_folder_are_templates(both: Desk) -> None:
    settings = both.vault.parent / ".obsidian/templates.json"
    settings.write_text(json.dumps({"folder": "Anki/Biology/Forms"}), "utf-8")
    page = write(both, "Biology/Forms/Plain.md", basic("Filled in", anki_deck="Biology"))
    report = both.sync()
    assert (new_notes(both), report.messages) == ([], ())
    settings.unlink()
    both.sync()
    assert len(new_notes(both)) == 1
    assert page.parent.parent / page.name == both.page(new_notes(both)[0].id)


def test_a_page_whose_deck_has_no_pages_is_told_which_box_to_tick(both: Desk) -> None:
    both.set(new_decks=False, included_decks=("Biology",))
    both.col.decks.id("Private")
    write(both, "Biology/Known.md", basic("known", anki_deck="Private"))
    write(both, "Biology/Unknown.md", basic("unknown", anki_deck="Physics::Waves"))
    write(both, "Drafts/Nowhere.md", basic("nowhere"))

    told = {message.path: message.text for message in both.sync().messages}
    assert "“Private” is left out" in told["Biology/Known.md"]
    assert "Anki has no deck “Physics::Waves”" in told["Biology/Unknown.md"]
    assert "tick “New decks get pages”" in told["Biology/Unknown.md"]
    assert "It is in no deck's folder" in told["Drafts/Nowhere.md"]
    assert new_notes(both) == []


def test_a_page_whose_note_is_gone_is_told_how_to_make_a_note_of_it(both: Desk) -> None:
    """The lines that are told to be deleted are the right ones."""
    note_id = both.add("Biology", Front="Here again", Back="soon")
    both.sync()
    page = both.page(note_id)
    text = page.read_text("utf-8")
    both.col.remove_notes([note_id])
    both.sync()
    write(both, "Biology/Again.md", text)
    told = both.told(both.sync(), "not in this collection").text
    assert "delete the page, or its lines anki_note_id and anki_guid" in told
    lines = text.splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(("anki_note_id:", "anki_guid:"))]
    write(both, "Biology/Again.md", "".join(kept))
    assert both.sync().ok
    (note,) = new_notes(both)
    assert note.fields == ["Here again", "soon"]
