"""Activity in real Anki: what a run did is found, and brought back."""

from __future__ import annotations

from pathlib import Path

from ankivault.sync.activity.entry import Began, Run
from ankivault.sync.run.report import Message
from ankivault.ui.home.activity_words import write_messages

from .anki_app import AnkiApp
from .test_live import LIVE, add_note
from .test_window_corners import with_settings


def test_a_mistake_of_a_live_run_is_found_and_brought_back(any_anki: AnkiApp, vault: Path) -> None:
    """The words of a note are there again on both sides, as one step of Undo, and by hand."""
    app = with_settings(any_anki, vault, **LIVE)
    note_id = add_note(app)

    told = app.play("bring_live_mistake_back", vault=str(vault), note_id=note_id).value

    live, first = told["all"][0], told["all"][-1]
    assert " · live · vault · 1 note updated in Anki" in live
    assert " · by hand · vault · " in first and "pages created" in first
    assert told["found"][1] == "  What is a mitochondrion? – changed in Anki"
    assert "Powerhouse of the cell" in told["words"] and "spoilt" in told["words"]
    assert "Undo takes it back" in told["says"]
    assert "spoilt" in told["shows"] and "Powerhouse of the cell" in told["shows"]
    assert told["enter"] == "Cancel"
    assert told["help"] == "bring-something-back"
    assert told["undo"] == "Ankivault: Bring back “What is a mitochondrion?”"
    assert told["stays"] == told["still"] == told["found"][1].strip(), "it stays chosen"
    assert {row.split(" – ")[-1] for row in told["versions"] if row.startswith("  ")} >= {
        "changed in Anki",
        "new page",
    }
    assert told["live"] and all("· live ·" in row for row in told["live"] if row[0] != " ")
    assert any("Bring Back: What is a mitochondrion?" in row for row in told["after"])


def test_each_message_of_a_run_says_which_page_it_is_about() -> None:
    """In the words of the summary."""
    messages = (Message("error", "It cannot be read.", "Heart/Valves.md"), Message("info", "Well."))
    run = Run(1, Began(), 0, 0, 1, 0, "done", {}, messages, 0)

    told = [(s.title, s.outcome, s.sides[0].text) for s in write_messages(run)]
    assert told == [("Error", "Heart/Valves.md", "It cannot be read."), ("Note", "", "Well.")]


def test_a_damaged_file_is_told_and_not_taken_for_an_empty_one(anki: AnkiApp, vault: Path) -> None:
    app = with_settings(anki, vault, before_ankiweb_sync=False, live=False)
    seen = app.play("damage_activity").value

    assert "Nothing yet" in seen["none yet"]
    assert "cannot be read" in seen["damaged"] and seen["searched"] == seen["damaged"]
    assert seen["a run"] == seen["after a run"] == ""
