"""`make screenshots`: pictures of real windows, taken from the screen of a virtual display."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from .anki_app import PACKAGE, AnkiApp

FOLDER = PACKAGE.parent / "screenshots"


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
    for picture in sorted(target.glob("*.png")):
        print(picture)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
