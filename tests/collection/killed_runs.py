"""Runs a sync in processes that die at a chosen moment. Started by ``test_kill.py``.

Every write of a run is seen by an audit hook (PEP 578). The process kills itself with SIGKILL
just before the n-th one, so each possible moment can be chosen, and none depends on the clock.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from anki.collection import Collection

from ankivault.sync.settings import Settings
from ankivault.sync.vault.run import sync_vault

WRITES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.copyfile", "os.chmod"}


def run_to_death(home: Path, moment: int) -> int:
    """Sync in a child that dies before write number ``moment``; returns how many writes it made.

    The count is only known (else 0) when the child lived to the end.
    """
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        count = sync_until(home, moment)
        os.write(tell, str(count).encode())
        os._exit(0)
    os.close(tell)
    os.waitpid(child, 0)
    with os.fdopen(told) as pipe:
        return int(pipe.read() or 0)


def sync_until(home: Path, moment: int) -> int:
    """Sync in this process, which dies before write number ``moment``."""
    col = Collection(str(home / "anki" / "collection.anki2"))
    places = (str(home / "vault"), str(home / "state"))
    count = 0

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        if event not in WRITES or not str(arguments[0]).startswith(places):
            return
        if event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
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


def copy_home(source: Path, home: Path) -> Path:
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(source, home)
    return home


def main(start: Path, rounds: int, seed: int) -> dict[str, Any]:
    """Kill runs from ``start`` at many moments; what the run after each leaves must be the same."""
    # The base knows the vault by its path, so every run happens in the same place.
    scratch, start = start, start.rename(start.with_name("pristine"))
    writes = run_to_death(copy_home(start, scratch), 0)
    undisturbed = read_vault(scratch)
    chooser = random.Random(seed)
    moments = sorted(chooser.sample(range(1, writes + 1), min(rounds, writes)))
    differing = {}
    for moment in moments:
        copy_home(start, scratch)
        run_to_death(scratch, moment)
        if chooser.random() < 0.3:  # and the next run is killed as well
            run_to_death(scratch, chooser.randrange(1, writes))
        run_to_death(scratch, 0)
        after = read_vault(scratch)
        if after != undisturbed:
            paths = {p for p in {*after, *undisturbed} if after.get(p) != undisturbed.get(p)}
            differing[moment] = sorted(paths)
    return {"writes": writes, "moments": len(moments), "differing": differing}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
