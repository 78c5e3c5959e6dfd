"""Runs that die at a chosen moment, and what the runs after them leave behind."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

# Syncs in this process, which dies at write number ``moment``; returns how many writes there were.
SyncUntil = Callable[[Path, int], int]


def kill_at_moments(
    start: Path,
    rounds: int,
    seed: int,
    sync_until: SyncUntil,
    read: Callable[[Path], Mapping[str, Any]],
) -> dict[str, Any]:
    """Kill runs from ``start`` at many moments; what the run after each leaves must be the same."""
    # A base knows its vault or file by the path, so every run happens in the same place.
    home, start = start, start.rename(start.with_name("pristine"))
    _copy_home(start, home)
    writes = _run_to_death(sync_until, home, 0)
    undisturbed = read(home)
    chooser = random.Random(seed)
    moments = sorted(chooser.sample(range(1, writes + 1), min(rounds, writes)))
    differing = {}
    for moment in moments:
        _copy_home(start, home)
        _run_to_death(sync_until, home, moment)
        if chooser.random() < 0.3:  # and the next run is killed as well
            _run_to_death(sync_until, home, chooser.randrange(1, writes))
        _run_to_death(sync_until, home, 0)
        after = read(home)
        if after != undisturbed:
            differing[moment] = {
                key: [repr(undisturbed.get(key)), repr(after.get(key))]
                for key in sorted({*after, *undisturbed})
                if after.get(key) != undisturbed.get(key)
            }
    return {"writes": writes, "moments": len(moments), "differing": differing}


def _run_to_death(sync_until: SyncUntil, home: Path, moment: int) -> int:
    """Sync in a child that dies at write number ``moment``; returns how many writes it made.

    The count is only known (else 0) when the child lived to the end.
    """
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(tell, str(sync_until(home, moment)).encode())
        os._exit(0)
    os.close(tell)
    os.waitpid(child, 0)
    with os.fdopen(told) as pipe:
        return int(pipe.read() or 0)


def _copy_home(source: Path, home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(source, home)
