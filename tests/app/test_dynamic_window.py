"""The window for dynamic notes, as a person uses it."""

from __future__ import annotations

from .anki_app import AnkiApp


def test_make_review_edit_undo_and_open_again(any_anki: AnkiApp) -> None:
    """Each review stays with its card; one Undo takes a save back, in the window too."""
    seen = any_anki.play("make_edit_undo").value

    made = seen["made"]
    first, second, third = made["cards"]
    assert made["note"] == "Osmosis" and made["tags"] == ["biology"]
    assert made["undo"] == "Add Dynamic Note"
    assert [slot for _, slot, _ in made["cards"].values()] == [1, 2, 3]
    assert seen["title"].startswith("Edit Dynamic Note")
    assert seen["rows"] == [
        f"1  What is osmosis? | no reviews · {first}",
        f"2  Which law? | no reviews · {second}",
        f"3  Who? | no reviews · {third}",
    ]
    assert seen["reviewed"] == first
    assert seen["offered"] == seen["offered_in_browser"] == 1
    assert seen["chosen_from_reviewer"]
    assert seen["rows_reviewed"][0] == f"1  What is osmosis? | 1 review · {first}"
    assert seen["rows_edited"] == [
        "What is osmosis? | will be removed, with 1 review",
        f"1  Who? | no reviews · {third}",
        seen["rows_edited"][2],
        f"3  Which law? | no reviews · {second}",
    ]
    assert seen["rows_edited"][2].startswith("2  When? | new · ")
    assert seen["preview"].split() == ["When?", "1748", "Note"]
    assert "removes a card with 1 review" in seen["asked"] and "Undo" in seen["asked"]

    edited = seen["edited"]
    (new,) = edited["cards"].keys() - made["cards"].keys()
    assert edited["undo"] == "Update Dynamic Note"
    assert {**edited["cards"], new: 0} == {
        second: made["cards"][second],
        third: made["cards"][third],
        new: 0,
    }
    assert edited["cards"][new][1] == 4
    assert [row.rpartition(" ")[2] for row in seen["rows_saved"]] == [third, new, second]

    undone = seen["undone"]
    assert undone["data"] == made["data"]
    assert undone["cards"] == {**made["cards"], first: [*made["cards"][first][:2], 1]}
    assert seen["rows_undone"] == seen["rows_reopened"] == seen["rows_reviewed"]
