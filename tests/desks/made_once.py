"""Folders with which many tests start, made once in a run of pytest, also with several workers."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

# Returns the folder of this name. The function fills it the first time.
MadeOnce = Callable[[str, Callable[[Path], object]], Path]


def made_once(temporary: pytest.TempPathFactory) -> MadeOnce:
    """Give the folders of this run of pytest. Tests copy a folder, and never change it."""
    root = temporary.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # a worker's folder is in that of the run
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
