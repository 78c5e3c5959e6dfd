"""`make screenshots`: pictures of real windows, taken from the screen of a virtual display."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from .anki_app import PACKAGE, AnkiApp

FOLDER = PACKAGE.parent / "screenshots"
DECK = """\
# The deck of the picture in the README.
[package]
name = "Animals"

[[models]]
name = "Animal"
fields = ["Spanish", "English", "Example"]
sort_field = "Spanish"
markdown_fields = ["Example"]

[[models.templates]]
name = "Card 1"
front = "{{Spanish}}"
back = "{{English}}<br>{{Example}}"

[[decks]]
name = "Spanish::Animals"
"""
NOTE = """
[[notes]]
deck = "Spanish::Animals"
model = "Animal"
tags = ["animal"]

[notes.fields]
Spanish = "{}"
English = "{}"
Example = "{}"
"""
ANIMALS = (
    ("el gato", "the cat", "El **gato** es negro."),
    ("el perro", "the dog", "El perro ladra."),
    ("la vaca", "the cow", "La vaca da leche."),
    ("la tortuga", "the tortoise", "La tortuga es lenta."),
)


def main(target: Path) -> None:
    """Fill ``target`` with one PNG for each window. To be run on a display of its own."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    vault = FOLDER / "My Vault" / "Anki"
    (vault.parent / ".obsidian").mkdir(parents=True)
    vault.mkdir()
    anki = AnkiApp(FOLDER / "anki", environment={"QT_QPA_PLATFORM": "xcb"})
    anki.add_sample_collection()
    anki.install()
    shown = str(Path("~/My Vault/Anki"))
    (FOLDER / "anki" / "home" / "My Vault").symlink_to(vault.parent)
    anki.play(
        "take_screenshots",
        target=str(target.resolve()),
        settings={"vault_folder": shown, "before_ankiweb_sync": True},
    )
    deck = FOLDER / "animals.toml"
    deck.write_text(DECK + "".join(map(NOTE.format, *zip(*ANIMALS))), encoding="utf-8")
    anki.play("take_deck_screenshots", target=str(target.resolve()), file=str(deck))
    for picture in sorted(target.glob("*.png")):
        print(picture)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
