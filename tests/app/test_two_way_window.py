"""Edited pages as a person deals with them in real Anki's window: look, decide, sync, undo."""

from __future__ import annotations

import json
from pathlib import Path

from anki.collection import Collection

from ankivault.model.note import Card, DynamicNote
from ankivault.sync.dynamic.notes import NewNote, create_notes

from .anki_app import AnkiApp
from .test_ankiweb import edit_page

DNA, CELL = "Which bases pair in DNA_", "Which organelle makes most"
GATO = "el gato_"
NEW_PAGE = "---\nanki_note_type: Basic\n---\n## Front\nWho found penicillin?\n\n## Back\nFleming.\n"


def make_vault(anki: AnkiApp, vault: Path) -> None:
    """Bring the sample collection into the vault, two-way, with no runs but those asked for."""
    settings = {"vault_folder": str(vault), "two_way": True, "before_ankiweb_sync": False}
    anki.play("sync", settings=settings)


def edit_in_anki(anki: AnkiApp, search: str, **fields: str) -> None:
    col = Collection(str(anki.collection_file()))
    note = col.get_note(col.find_notes(search)[0])
    for name, html in fields.items():
        note[name] = html
    col.update_note(note)
    col.close()


def make_conflicts(anki: AnkiApp, vault: Path) -> None:
    """Edit the backs of two notes on both sides."""
    for page, search in ((DNA, '"Front:Which bases*"'), (CELL, '"Front:Which organelle*"')):
        text = find_page(vault, page).read_text("utf-8")
        back = text.split("## Back\n")[1].split("\n")[0]
        edit_page(vault, f"{page}*.md", back, "What the page says.")
        edit_in_anki(anki, search, Back="What Anki says.")


def find_page(vault: Path, start: str) -> Path:
    (page,) = vault.rglob(f"{start}*.md")
    return page


def test_look_decide_sync_and_undo(any_anki: AnkiApp, vault: Path) -> None:
    """Both directions are shown, a conflict is settled by a click, one Undo takes all back."""
    make_vault(any_anki, vault)
    edit_page(vault, f"{DNA}*.md", "Which bases pair in DNA?", "Which bases pair in our DNA?")
    edit_page(vault, f"{CELL}*.md", "The *mitochondrion*.", "The *mitochondria*.")
    edit_in_anki(any_anki, '"Front:Which organelle*"', Back="<div>The <i>nucleus</i>.</div>")
    (vault / "Biology" / "Penicillin.md").write_text(NEW_PAGE, encoding="utf-8")
    find_page(vault, GATO).unlink()
    searches = ['"Front:Which bases*"', '"Front:Which organelle*"', "penicillin", "gato"]

    seen = any_anki.play(
        "decide_and_sync",
        look_at=[DNA],
        answers=[[CELL, "conflict", "Obsidian's version"]],
        searches=searches,
    ).value

    assert "2 questions for you to decide" in seen["counts"]
    assert "Notes in Anki: 1 to edit, 1 to add" in seen["counts"]
    wheres = {(row[0], row[1]) for row in seen["rows"]}
    assert {
        ("You decide", "conflict"),
        ("You decide", "page deleted"),
        ("Into Anki", "edit note"),
        ("Into Anki", "new note"),
    } <= wheres
    assert [row[0] for row in seen["rows"][:2]] == ["You decide"] * 2
    assert "Which bases pair in our DNA?" in seen["shown"][DNA]
    assert all(word in seen["shown"][CELL] for word in ("mitochondrion", "nucleus", "mitochondria"))
    decided = next(row for row in seen["decided"] if row[1] == "conflict")
    assert decided[0] == "Decided" and decided[3].startswith("Obsidian's version")
    dna, cell, new, gato = seen["after"]
    assert dna[0].startswith("Which bases pair in our DNA?")
    assert "<i>mitochondria</i>" in cell[0]
    assert new == ["Who found penicillin? | Fleming."]
    assert len(gato) == 1, "a deleted page took its note along, unasked"
    assert "1 to decide" in seen["told"]
    assert seen["undo"] == "Ankivault: Edits from Obsidian"
    assert True in seen["refreshed"]
    trash = [p.read_text("utf-8") for p in (vault.parent / ".trash").rglob("*.md")]
    assert any("nucleus" in text for text in trash), "Anki's version is nowhere"


def test_a_double_click_answers_one_question(any_anki: AnkiApp, vault: Path) -> None:
    """The next question comes to the same place, and nobody has read it yet."""
    make_vault(any_anki, vault)
    make_conflicts(any_anki, vault)

    seen = any_anki.play("answer_by_double_click").value

    assert seen["answered"] and seen["next"] and seen["asked"].startswith("You gave 1 answer")


def test_a_note_is_deleted_when_that_is_chosen_and_confirmed(anki: AnkiApp, vault: Path) -> None:
    """With a backup before it, which Anki's own Open Backup… would find. A copy becomes a note."""
    make_vault(anki, vault)
    find_page(vault, GATO).unlink()
    page = find_page(vault, DNA)
    copy = page.read_text("utf-8").replace("Which bases pair in DNA?", "Which bases pair in RNA?")
    (page.parent / "RNA.md").write_text(copy, encoding="utf-8")

    seen = anki.play(
        "decide_and_sync",
        look_at=[],
        answers=[
            [GATO, "page deleted", "Delete the note"],
            ["RNA.md", "copied page", "Make it a new note"],
        ],
        searches=["gato", '"Front:Which bases pair in RNA?"', '"Front:Which bases pair in DNA?"'],
        confirm="Yes",
    ).value

    assert "the cat" in seen["shown"][GATO]
    assert "deletes 1 note with its cards from Anki" in seen["question"]
    gato, rna, dna = seen["after"]
    assert not gato
    assert len(rna) == len(dna) == 1
    assert rna[0].startswith("Which bases pair in RNA?")
    assert "anki_guid" in (page.parent / "RNA.md").read_text("utf-8")
    assert list((anki.profile_folder() / "backups").glob("*.colpkg"))


def test_cards_are_deleted_when_that_is_chosen_and_confirmed(anki: AnkiApp, vault: Path) -> None:
    """The note stays, a backup is made, and Undo brings the card back."""
    col = Collection(str(anki.collection_file()))
    cards = (Card("a", "What is a cell?", "The smallest unit"), Card("b", "Who saw it?", "Hooke"))
    deck = col.decks.id("Biology")
    (note_id,) = create_notes(col, [NewNote(DynamicNote("Cells", cards), deck)]).note_ids
    col.close()
    make_vault(anki, vault)
    page = find_page(vault, "Cells_")
    text = page.read_text("utf-8")
    gone = text[text.index("### Who saw it?") : text.index("%% anki:end %%")]
    page.write_text(text.replace(gone, ""), encoding="utf-8")

    seen = anki.play(
        "decide_and_sync",
        look_at=[],
        answers=[["Cells_", "cards gone", "Delete the cards"]],
        searches=[f"nid:{note_id}"],
        confirm="Yes",
    ).value

    assert "deletes cards of 1 note from Anki" in seen["question"]
    (before,), (after,) = seen["before"][0], seen["after"][0]
    assert "Hooke" in before and "Hooke" not in after and "The smallest unit" in after
    assert list((anki.profile_folder() / "backups").glob("*.colpkg"))


def test_sync_now_leads_to_what_is_left(anki: AnkiApp, vault: Path) -> None:
    """The certain part is done; one click opens the rest, and one more answers all alike."""
    make_vault(anki, vault)
    make_conflicts(anki, vault)
    edit_page(vault, f"{GATO}*.md", "the cat", "a cat")
    searches = ['"Front:Which bases*"', '"Front:Which organelle*"', "gato"]

    seen = anki.play(
        "sync_and_decide", answer="Anki's version", to_all=True, searches=searches
    ).value

    assert "2 to decide" in seen["told"]
    assert seen["button"] == "Answer 2 Questions…"
    assert [row[:2] for row in seen["rows"]] == [["You decide", "conflict"]] * 2
    assert "question" not in seen["counts"]
    assert ["What Anki says." in notes[0] for notes in seen["after"]] == [True, True, False]
    assert "a cat" in seen["after"][2][0]
    for page in (DNA, CELL):
        assert "What Anki says." in find_page(vault, page).read_text("utf-8")
    trash = "".join(p.read_text("utf-8") for p in (vault.parent / ".trash").rglob("*.md"))
    assert trash.count("What the page says.") == 2


def test_answers_given_in_haste_all_count_and_closing_writes_nothing(
    anki: AnkiApp, vault: Path
) -> None:
    make_vault(anki, vault)
    make_conflicts(anki, vault)
    searches = ['"Front:Which bases*"', '"Front:Which organelle*"']

    seen = anki.play("answer_in_haste", searches=searches).value

    assert seen["asked"] == len(seen["said"]) == 2
    assert not seen["can_sync_meanwhile"]
    assert all(text.startswith("Both. ") for text in seen["said"])
    assert "2 answers" in seen["asked_on_esc"]
    assert seen["after"] == seen["before"]
    assert "What the page says." in find_page(vault, DNA).read_text("utf-8")


def make_many_conflicts(anki: AnkiApp, vault: Path, count: int) -> list[str]:
    """Notes whose backs both sides edited; the searches that find them."""
    col = Collection(str(anki.collection_file()))
    for number in range(count):
        note = col.new_note(col.models.by_name("Basic"))
        note.fields = [f"Conflict {number}", "back"]
        col.add_note(note, col.decks.id("Many"))
    col.close()
    make_vault(anki, vault)
    for number in range(count):
        edit_page(vault, f"Conflict {number}*.md", "back", "What the page says.")
        edit_in_anki(anki, f'"Front:Conflict {number}"', Back="What Anki says.")
    return [f'"Front:Conflict {number}"' for number in range(count)]


def test_the_same_for_all_answers_what_is_open_and_nothing_else(
    any_anki: AnkiApp, vault: Path
) -> None:
    """By keyboard: one, another, two selected, and the rest like the first; none is undone."""
    searches = make_many_conflicts(any_anki, vault, 6)

    seen = any_anki.play("answer_alike", searches=searches).value

    first, second = seen["order"][:2]
    assert len(set(seen["order"])) == 3, "the selection stayed where it was"
    assert seen["offers"][0] == "The Same for All 6 Open…"
    assert seen["offers"][2] == "“Anki's version” for All 5 Open"
    assert seen["offers"][4] == "“Obsidian's version” for All 2 Selected"
    assert seen["offers"][-1] == "“Anki's version” for All 2 Open"
    assert seen["one_left"] == [False, 1]
    answers = seen["answers"]
    assert answers[first] == "Anki's version" and answers[second] == "Obsidian's version"
    assert sorted(answers.values()).count("Obsidian's version") == 3
    assert sorted(answers.values()).count("Anki's version") == 3
    said = [notes[0].split(" | ")[1] for notes in seen["after"]]
    assert said.count("What Anki says.") == said.count("What the page says.") == 3


def test_without_an_answer_the_same_for_all_asks_which(anki: AnkiApp, vault: Path) -> None:
    make_many_conflicts(anki, vault, 3)

    seen = anki.play("ask_what_for_all").value

    assert seen["focus"] == "Obsidian's version" and seen["open"] == 3
    assert seen["visible"] and seen["focus_stays"]
    assert seen["offer"] == "The Same for All 2 Open…"
    assert seen["choices"] == ["Anki's version", "Obsidian's version", "Both"]
    assert len(seen["answers"]) == 3 and "Decide later" not in seen["answers"]


def test_two_way_is_switched_on_in_configure(anki: AnkiApp, vault: Path) -> None:
    seen = anki.play("switch_two_way_on", folder=str(vault)).value

    assert not seen["on"] and seen["policy"] == "ask"
    assert any("Anki is the source" in text for text in seen["said_off"])
    assert any("Preview Changes…: nothing is written there" in text for text in seen["said_on"])
    assert seen["saved"]["two_way"] is True
    assert seen["saved"]["conflict_policy"] == "prefer_obsidian"


def test_templates_go_where_obsidian_looks_for_them(anki: AnkiApp, vault: Path) -> None:
    make_vault(anki, vault)
    templates = vault.parent / "My Templates"
    templates.mkdir()
    plugin = vault.parent / ".obsidian" / "templates.json"
    plugin.write_text(json.dumps({"folder": "My Templates"}), encoding="utf-8")

    seen = anki.play("create_templates").value

    assert seen["offered"] == str(templates)
    assert "templates created" in seen["told"]
    assert "anki_note_type: Basic" in (templates / "Basic.md").read_text("utf-8")


def test_a_copied_page_of_a_mirror_is_left_to_its_owner_by_a_click(
    anki: AnkiApp, vault: Path
) -> None:
    settings = {"vault_folder": str(vault), "before_ankiweb_sync": False, "live": False}
    anki.play("sync", settings=settings)
    copy = vault / "Biology" / "Mine.md"
    copy.write_bytes(find_page(vault, DNA).read_bytes())
    before = copy.read_bytes()

    seen = anki.play("refuse_copy", page="Mine.md").value

    assert "1 to decide" in seen["told"] and "1 to decide" in seen["told again"]
    assert "message" in seen["told"] and "message" not in seen["told again"]
    ((where, what, page, why),) = seen["decided"]
    assert (where, what, page) == ("Decided", "copied page", "Biology/Mine.md")
    assert why.startswith("Leave it as a page of mine")
    assert seen["after"] == []
    assert copy.read_bytes() == before
