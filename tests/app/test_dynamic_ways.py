"""In Anki's own windows, a dynamic note is edited in its window; its fields stay as they are."""

from __future__ import annotations

from typing import Any

from .anki_app import AnkiApp

CELL = ("one", "What is a cell?", "The smallest unit of life")
HOOKE = ("two", "Who saw it <b>first</b>?", "Hooke")


def note(*cards: tuple[str, str, str], text: str = "", link: str = "") -> dict[str, Any]:
    return {"cards": cards, "note": text, "link": link}


def test_e_opens_the_window_of_a_dynamic_note_everywhere(any_anki: AnkiApp) -> None:
    """In the reviewer at the card that is shown. A basic card's E is Anki's, as before."""
    seen = any_anki.play("press_e", notes=[note(CELL, HOOKE)]).value

    assert seen["reviewer"] == ["What is a cell?", "Who saw it **first**?"]
    assert seen["raw_windows"] == 0
    assert seen["basic"] is True
    assert seen["browser"] == seen["preview"] == "What is a cell?"


def test_the_browser_shows_the_note_and_not_its_fields(any_anki: AnkiApp) -> None:
    """They are shown to who asks, after a warning; what was broken there, one button mends."""
    seen = any_anki.play("look_and_mend", notes=[note(CELL, HOOKE)]).value

    assert seen["row"] == "What is a cell?"
    assert "2 cards" in seen["says"] and "Who saw it first?" in seen["says"]
    assert seen["web"] == [False, False, True, False]
    assert "104 fields" in seen["asked"]
    assert seen["mends"] == [False, True]
    assert "changed by hand" in seen["problem"] and "Card 2" in seen["problem"]
    assert seen["cards"] == 2
    assert seen["undo"] == "Mend Dynamic Note"


def test_add_leads_to_the_window_of_dynamic_notes(any_anki: AnkiApp) -> None:
    """And from there to the other types. What stands in Add is kept; a copy is made there too."""
    seen = any_anki.play("add_by_anki", notes=[note(CELL, HOOKE, text="Cells")]).value

    assert seen["add_windows"] == [0]
    assert seen["type"] == ["Basic"] * 2
    assert seen["kept"] == "kept"
    assert seen["found"] == 2
    assert "copy" in seen["copy_says"]
    assert seen["same"] == 2
