"""What many tests start from, made once for a whole run of pytest, also by several workers."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

# Gives a folder of this name, which the function fills the first time.
MadeOnce = Callable[[str, Callable[[Path], object]], Path]


def made_once(temporary: pytest.TempPathFactory) -> MadeOnce:
    """The folders of this run of pytest. They are to be copied, never changed."""
    root = temporary.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # each worker's folder lies in that of the run
        root = root.parent
    root = root / "made once"
    root.mkdir(exist_ok=True)

    def make(name: str, fill: Callable[[Path], object]) -> Path:
        folder = root / name
        with open(root / f"{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = root / f"{name}.done"
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                done.touch()
        return folder

    return make
