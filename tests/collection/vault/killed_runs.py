"""Runs a sync in processes that die at a chosen moment. Started by ``test_kill.py``.

Every write of a run is seen by an audit hook (PEP 578). The process kills itself with SIGKILL
just before the n-th one, so each possible moment can be chosen, and none depends on the clock.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from anki.collection import Collection

from ankivault.sync.vault.run import sync_vault
from ankivault.sync.vault.settings import Settings
from tests.desks.kill_rig import kill_at_moments

WRITES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.copyfile", "os.chmod"}


def is_write(event: str, arguments: tuple[Any, ...], places: tuple[str, ...]) -> bool:
    """Whether an audited event is about to change a file below one of these places."""
    if event not in WRITES or not str(arguments[0]).startswith(places):
        return False
    return event != "open" or bool(arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def sync_until(home: Path, moment: int) -> int:
    """Sync in this process, which dies before write number ``moment``."""
    col = Collection(str(home / "anki" / "collection.anki2"))
    places = (str(home / "vault"), str(home / "state"))
    count = 0

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        if not is_write(event, arguments, places):
            return
        count += 1
        if count == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    sync_vault(col, Settings(vault_folder=str(home / "vault")), home / "state", confirmed=True)
    return count


def read_vault(home: Path) -> dict[str, bytes]:
    vault = home / "vault"
    return {
        file.relative_to(vault).as_posix(): file.read_bytes()
        for file in sorted(vault.rglob("*"))
        if file.is_file()
    }


if __name__ == "__main__":
    start, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    print(json.dumps(kill_at_moments(start, rounds, seed, sync_until, read_vault)))
