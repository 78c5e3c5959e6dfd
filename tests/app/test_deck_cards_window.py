"""The cards of a TOML deck in the preview, in real Anki's window."""

from __future__ import annotations

import os
from pathlib import Path

from .anki_app import AnkiApp

START = """\
[package]
name = "Biology"

[[decks]]
name = "Cells"

[[notes]]
deck = "Cells"
model = "Ankivault"

[notes.fields]
Note = "The cell"

"""


def card(id: str, front: str, back: str) -> str:
    return f'\n[[notes.cards]]\nid = "{id}"\nfront = "{front}"\nback = "{back}"\n'


def test_conflicts_are_settled_card_by_card(any_anki: AnkiApp, tmp_path: Path) -> None:
    file = tmp_path / "cells.toml"
    file.write_text(START + "".join(card(id_, f"{id_}?", id_) for id_ in "abcde"))
    in_anki = [["e", "e?", "e"], ["a", "a <b>in Anki</b>?", "a"], ["b", "b?", "b"]]
    in_anki += [["new", "New?", "n"], ["c", "c?", "c"]]
    in_file = card("a", "a *in TOML*?", "a") + card("c", "c?", "c, longer") + card("d", "d!", "d")
    in_file += card("e", "e?", "e")
    seen = any_anki.play(
        "settle_cards",
        file=str(file),
        anki=in_anki,
        toml=in_file,
        picture=os.environ.get("ANKIVAULT_PICTURE", ""),
    ).value

    (row,) = [row for row in seen["rows"] if row[0] == "Modified"]
    for told in (
        "Card a: edited",
        "Card b: removed",
        "Card c: edited",
        "Card d: removed in Anki, edited on the other side",
        "Card e: moved from 4 to 1",
        "Card new: added",
    ):
        assert told in row[3] and told in seen["sides"]
    assert "a *in TOML*?" in seen["sides"] and "a **in Anki**?" in seen["sides"]
    assert [name.rpartition(": ")[2] for name in seen["asked"]] == [
        *("Use TOML", "Use Anki", "Leave"),
        *("Add It to Anki Again", "Remove It from the File", "Leave"),
    ]
    assert "1 conflict to settle" in seen["Use TOML"][0]
    assert "conflict" not in seen["Add It to Anki Again"][1]
    assert seen["fronts"] == {
        "e": "e?",
        "a": "a <i>in TOML</i>?",
        "new": "New?",
        "c": "c?",
        "d": "d!",
    }
    assert seen["cards"] == 5 and "c, longer" in seen["text"] and seen["unchanged"]
