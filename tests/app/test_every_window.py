"""Every window of the add-on: no name is drawn as HTML, each widget has a name, Tab goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from .anki_app import AnkiApp

ODD = "<b>x</b> & <img src=x>"
IN_A_FILE = "<b>x<b> & <img src=x>"
DECK = f"""[package]
name = "{ODD}"
[[decks]]
name = "{ODD}"
[[notes]]
deck = "{ODD}"
model = "Basic"
[notes.fields]
Front = "{ODD}"
Back = "new"
"""


@pytest.fixture
def walked(anki: AnkiApp, vault: Path, tmp_path: Path) -> dict[str, dict[str, Any]]:
    """What is seen in each window, with a deck, a note and a file of an odd name."""
    col = Collection(str(anki.collection_file()))
    note = col.new_note(col.models.by_name("Basic"))
    note["Front"], note["Back"] = ODD, ODD
    deck = col.decks.id(ODD)
    assert deck is not None
    col.add_note(note, deck)
    col.close()
    file = tmp_path / f"{IN_A_FILE}.toml"
    file.write_text(DECK, "utf-8")
    settings = {"vault_folder": str(vault), "two_way": True, "live": False}
    anki.play("sync", settings=settings)
    page = next(vault.rglob(f"*_{note.id}.md"))
    page.with_name(f"{IN_A_FILE.replace('<', '_').replace('>', '_')}.md").write_bytes(
        page.read_bytes()
    )
    seen: dict[str, dict[str, Any]] = anki.play("walk_windows", file=str(file)).value
    return seen


def test_names_are_never_drawn_each_widget_has_a_name_and_tab_follows_the_layout(
    walked: dict[str, dict[str, Any]],
) -> None:
    assert any("img" in text for seen in walked.values() for text in seen.get("says", ()))
    wrong = [
        f"{name}, {kind}: {what}"
        for kind in ("drawn", "swallowed", "nameless", "out of order", "same key")
        for name, seen in walked.items()
        for what in seen.get(kind, ())
    ]
    assert wrong == [], "\n".join(wrong)


def test_every_window_fits_a_small_screen_with_large_fonts(
    anki: AnkiApp, vault: Path, tmp_path: Path
) -> None:
    file = tmp_path / f"{IN_A_FILE * 8}.toml"
    file.write_text(DECK, "utf-8")
    anki.play("sync", settings={"vault_folder": str(vault), "live": False})
    walked = anki.play("walk_windows", file=str(file), larger=1.5).value

    for kind in ("size", "opened"):
        sizes = {name: seen[kind] for name, seen in walked.items() if kind in seen}
        large = {name: (w, h) for name, (w, h) in sizes.items() if w > 1024 or h > 700}
        assert large == {}, kind
