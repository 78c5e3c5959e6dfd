"""Every question of the add-on, in a box or in a preview: named, in order, and Esc changes nothing.

What Enter presses is looked at wherever a test meets a message box: see ``boxes``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .anki_app import AnkiApp
from .test_deck_window import file as file  # a fixture
from .test_two_way_window import edit_in_anki, make_conflicts, make_vault


def find_wrong(walked: dict[str, dict[str, Any]]) -> list[str]:
    return [
        f"{name}, {kind}: {what}"
        for kind in ("drawn", "swallowed", "nameless", "out of order", "same key")
        for name, seen in walked.items()
        for what in seen.get(kind, ())
    ] + [
        f"{name}: Tab goes {seen['tab']}, on the screen is {seen['place']}"
        for name, seen in walked.items()
        if "tab" in seen and seen["tab"] != seen["place"]
    ]


def test_answers_in_a_preview_are_named_and_in_order_and_esc_loses_none(
    anki: AnkiApp, vault: Path
) -> None:
    make_vault(anki, vault)
    make_conflicts(anki, vault)
    walked = anki.play("walk_answers", gone="el perro_*.md", folder=str(vault)).value

    assert find_wrong(walked) == []
    assert walked["Preview"]["after the list"].startswith("Keep in “Back”: ")
    assert walked["A note is deleted"]["here"] == "No"
    assert walked["Answers are forgotten"]["here"] == "Keep Deciding"


def test_the_answers_to_a_conflict_in_a_toml_deck_are_named_and_in_order(
    anki: AnkiApp, file: Path
) -> None:
    edits = {"el gato": "a cat", "el perro": "a dog"}
    walked = anki.play("walk_deck_answers", file=str(file), edits=edits).value

    assert find_wrong(walked) == []


def test_each_message_box_is_read_in_its_order_and_esc_changes_nothing(
    anki: AnkiApp, vault: Path
) -> None:
    make_vault(anki, vault)
    walked = anki.play("walk_boxes").value

    assert find_wrong(walked) == []
    assert {name: seen["here"] for name, seen in walked.items()} == {
        "Large change": "Preview Changes…",
        "Large change seen": "Cancel",
        "All rembs again": "No",
        "A deck leaves": "No",
        "An error": "OK",
        "Settings not saved": "Cancel",
        "A card’s id": "The card's id",
        "Note not saved": "Keep Editing",
    }


def test_bring_back_is_named_and_in_order_and_begins_at_cancel(anki: AnkiApp, vault: Path) -> None:
    make_vault(anki, vault)
    edit_in_anki(anki, '"Front:Which organelle*"', Back="What Anki says.")
    walked = anki.play("walk_bring_back").value

    assert find_wrong(walked) == []
    assert walked["Bring Back"]["here"] == "Cancel"
