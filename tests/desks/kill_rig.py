"""Kills runs at chosen moments, and checks what the next run makes of the result."""

from __future__ import annotations

import contextlib
import functools
import importlib
import json
import os
import random
import shutil
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

FILE_WRITES = frozenset(
    "open os.rename os.remove os.mkdir os.rmdir shutil.copyfile os.chmod".split()
)


class Moments:
    """Counts the moments at which a run can be killed, and kills this process at one of them.

    A moment is a call or a write, and never depends on the clock.
    """

    def __init__(self, last: int) -> None:
        """``last`` is the number of the moment to be killed at, from 1; 0 means never."""
        self.count = 0
        self._last = last

    def watch_files(self, *places: str) -> None:
        """Count every file write below these places, just before it (by an audit hook, PEP 578)."""

        def watch(event: str, arguments: tuple[Any, ...]) -> None:
            if event not in FILE_WRITES or not str(arguments[0]).startswith(places):
                return
            if event != "open" or arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                self._pass()

        sys.addaudithook(watch)

    def watch_calls(self, owner: Any, names: str) -> None:
        """Count every call of these functions, just before and just after it."""

        def between(call: Callable[..., Any]) -> Callable[..., Any]:
            @functools.wraps(call)
            def called(*args: Any, **kwargs: Any) -> Any:
                self._pass()
                result = call(*args, **kwargs)
                self._pass()
                return result

            return called

        for name in names.split():
            setattr(owner, name, between(getattr(owner, name)))

    def _pass(self) -> None:
        self.count += 1
        if self.count == self._last:
            os.kill(os.getpid(), signal.SIGKILL)


# Runs a sync in this process, which may be killed at one of the moments.
Sync = Callable[[Path, Moments], object]


def kill_at_moments(
    start: Path,
    rounds: int,
    seed: int,
    sync: Sync,
    read: Callable[[Path], Mapping[str, Any]],
) -> dict[str, Any]:
    """Kill runs that begin with the folder ``start`` at ``rounds`` random moments.

    After each, one more run goes to its end; ``read`` must then return the same as after a run
    that was not killed. Returns the number of moments, how many were tried, and what was
    different after which.
    """
    # The base knows its vault or file by the path, so every run uses the same folder.
    home, start = start, start.rename(start.with_name("pristine"))
    _copy_home(start, home)
    writes = _run_to_death(sync, home, 0)
    undisturbed = read(home)
    chooser = random.Random(seed)
    moments = sorted(chooser.sample(range(1, writes + 1), min(rounds, writes)))
    differing = {}
    for moment in moments:
        _copy_home(start, home)
        _run_to_death(sync, home, moment)
        if chooser.random() < 0.3:  # and the next run is killed as well
            _run_to_death(sync, home, chooser.randrange(1, writes))
        _run_to_death(sync, home, 0)
        after = read(home)
        if after != undisturbed:
            differing[moment] = {
                key: [repr(undisturbed.get(key)), repr(after.get(key))]
                for key in sorted({*after, *undisturbed})
                if after.get(key) != undisturbed.get(key)
            }
    return {"writes": writes, "moments": len(moments), "differing": differing}


def _run_to_death(sync: Sync, home: Path, moment: int) -> int:
    """Sync in a child process that is killed at this moment (0: never).

    Returns how many moments the child counted, or 0 if it was killed. The modules that a child
    imported are then imported here, so that later children have them from the start.
    """
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        loaded = set(sys.modules)
        moments = Moments(moment)
        sync(home, moments)
        told_of = {"count": moments.count, "loaded": sorted({*sys.modules} - loaded)}
        os.write(tell, json.dumps(told_of).encode())
        os._exit(0)
    os.close(tell)
    with os.fdopen(told) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    if not said:
        return 0
    outcome = json.loads(said)
    for name in outcome["loaded"]:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    return int(outcome["count"])


def _copy_home(source: Path, home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(source, home)
