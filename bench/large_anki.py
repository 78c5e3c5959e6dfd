"""A real Anki with a large made collection, of which every note has its page."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dev.package import build_package
from tests.app.anki_app import FIRST_PROFILE, AnkiApp

from .made_collection import make_collection


@dataclass(frozen=True)
class LargeAnki:
    """An Anki, and the folder of its vault's pages."""

    anki: AnkiApp
    vault: Path

    def play(self, script: str, *, live: bool = False, **arguments: Any) -> Any:
        """Play a script with live mode on or off; what came of it."""
        settings = {
            "vault_folder": str(self.vault),
            "two_way": True,
            "before_ankiweb_sync": False,
            "live": live,
        }
        anki = replace(self.anki, profiles={FIRST_PROFILE: {"ankivault": settings}})
        return anki.play(script, limit=1300, **arguments).value


def make_anki(folder: Path, notes: int) -> LargeAnki:
    """Install the add-on in an Anki with so many notes, and press Sync Now once."""
    build_package()
    vault = folder / "My Vault" / "Anki"
    (vault.parent / ".obsidian").mkdir(parents=True)
    vault.mkdir()
    anki = AnkiApp(folder / "anki")
    anki.install()
    shutil.rmtree(anki.profile_folder())
    anki.profile_folder().mkdir()
    make_collection(anki.collection_file(), notes)
    anki.compile()
    large = LargeAnki(anki, vault)
    large.play("make_pages")
    return large
