"""What a screen reader says when something changes, and the keyboard stays where it is."""

from __future__ import annotations

from pathlib import Path

from .anki_app import AnkiApp
from .test_window_corners import with_settings


def test_a_person_hears_what_a_run_did_what_each_search_found_and_what_was_refused(
    any_anki: AnkiApp, vault: Path
) -> None:
    any_anki.play("sync", settings={"vault_folder": str(vault), "live": False})

    heard = any_anki.play("hear_what_is_found", folder=str(vault)).value

    refused = heard.pop("folder")
    assert refused.startswith(f"The folder “{vault}/no” does not exist.")  # no mark, no odd space
    assert int(heard.pop("help").removesuffix(" places")) > 1
    assert heard == {
        "run": "52 pages unchanged.",
        "changes": "1 row",
        "no change": "Nothing found",
        "decks": "4 decks",
        "runs": "1 run",
        "no run": "Nothing was found.",
    }


def test_a_person_hears_how_an_answered_row_reads_and_how_many_questions_are_left(
    anki: AnkiApp, vault: Path
) -> None:
    anki.play("sync", settings={"vault_folder": str(vault), "two_way": True, "live": False})

    heard = anki.play("hear_an_answer", folder=str(vault)).value

    assert heard["plan"] == "2 questions for you to decide. Pages: 52 unchanged."
    assert heard["buttons"] == [
        "You decide: Bring the page back",
        "You decide: Delete the note",
        "You decide: Decide later",
    ]
    left, row = heard["answer"]
    assert left.startswith("1 question for you to decide. Pages: 1 to bring back")
    assert row.startswith("Decided, page deleted, ")
    assert ", Bring the page back. The page was deleted." in row
    assert heard["without a reader"] == []


def test_a_person_hears_once_that_something_waits_or_is_wrong(anki: AnkiApp, vault: Path) -> None:
    """In the main window by the sign, in Home by its card; back from Home, what is new since."""
    app = with_settings(anki, vault, before_ankiweb_sync=False, live=False)
    states = [
        {"kind": "questions", "questions": 2},
        {"kind": "trouble", "text": "The disk is full."},
    ]
    assert app.play("hear_how_things_stand", states=states).value == [
        "Ankivault: 2 things wait for you",
        "Ankivault: not in step · The disk is full.",
        "Animals: File edited since",
        "2 things wait for you",
        "Not in step · The disk is full.",
        "Ankivault: not in step · The disk is full.",
    ]


def test_a_person_hears_each_step_of_the_first_start(anki: AnkiApp, tmp_path: Path) -> None:
    vault = tmp_path / "Vault"
    (vault / ".obsidian").mkdir(parents=True)
    heard = anki.play("hear_first_start", vaults=[str(vault)]).value

    assert heard[:2] == [
        "Write the name of a folder in the vault, such as “Anki”.",
        "This folder will be made.",
    ]
    titles = ["Step 2 of 3: mirror or two-way?", "Step 3 of 3: which decks?", "Ready", "Done"]
    assert [text for text in heard if text in titles] == titles
    assert any(text.startswith("52 pages, 17 index pages, ") for text in heard)
    assert any(text.startswith("52 pages created, 17 index pages ") for text in heard)


def test_where_qt_can_announce_nothing_a_search_is_described_by_what_it_found(
    anki: AnkiApp,
) -> None:
    assert anki.play("search_before_qt_6_8").value.endswith(" places")
