"""Syncs a vault in a process that dies in the middle of its pages. Started by a test."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from anki.collection import Collection

from ankivault.sync.vault.run import sync_vault
from ankivault.sync.vault.settings import Settings


def die_at(page: int) -> None:
    home = Path(sys.argv[1])
    col = Collection(str(home / "anki" / "collection.anki2"))

    def progress(label: str, done: int, total: int) -> None:
        if label == "Writing pages" and done >= page:
            os.kill(os.getpid(), signal.SIGKILL)

    settings = Settings(vault_folder=str(home / "Obsidian" / "Anki"))
    sync_vault(col, settings, home / "state", progress, confirmed=True)


if __name__ == "__main__":
    die_at(int(sys.argv[2]))
