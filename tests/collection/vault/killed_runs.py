"""Runs a sync in processes that die at a chosen moment. Started by ``test_kill.py``.

Moments are all writes of files.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from anki.collection import Collection

from ankivault.sync.vault import comparing
from ankivault.sync.vault.run import sync_vault
from ankivault.sync.vault.settings import Settings
from tests.desks.kill_rig import Moments, kill_at_moments


def sync(home: Path, moments: Moments) -> None:
    comparing.STRETCH = 3
    col = Collection(str(home / "anki" / "collection.anki2"))
    moments.watch_files(str(home / "vault"), str(home / "state"))
    sync_vault(col, Settings(vault_folder=str(home / "vault")), home / "state", confirmed=True)


def read_vault(home: Path) -> dict[str, bytes]:
    vault = home / "vault"
    return {
        file.relative_to(vault).as_posix(): file.read_bytes()
        for file in sorted(vault.rglob("*"))
        if file.is_file()
    }


if __name__ == "__main__":
    start, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    print(json.dumps(kill_at_moments(start, rounds, seed, sync, read_vault)))
