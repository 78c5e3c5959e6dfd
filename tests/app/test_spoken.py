"""What a screen reader says when something changes, and the keyboard stays where it is."""

from __future__ import annotations

from pathlib import Path

from .anki_app import AnkiApp


def test_a_person_hears_what_a_run_did_what_each_search_found_and_what_was_refused(
    any_anki: AnkiApp, vault: Path
) -> None:
    any_anki.play("sync", settings={"vault_folder": str(vault), "live": False})

    heard = any_anki.play("hear_what_is_found", folder=str(vault)).value

    refused = heard.pop("folder")
    assert refused.startswith(f"The folder “{vault}/no” does not exist.")  # no mark, no odd space
    assert int(heard.pop("help").removesuffix(" pages")) > 1
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


def test_where_qt_can_announce_nothing_a_search_is_described_by_what_it_found(
    anki: AnkiApp,
) -> None:
    assert anki.play("search_before_qt_6_8").value.endswith(" pages")
