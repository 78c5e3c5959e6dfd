"""Holds the file of the last run open, for the next one.

To close a file of SQLite waits for the disk. A live run over one page would take a fifth longer.
"""

from __future__ import annotations

import atexit
import os
import sqlite3
import threading
from pathlib import Path
from typing import Optional

from .store import close, find_file, open_store

_lock = threading.Lock()
_held: Optional[tuple[Path, tuple[int, int], sqlite3.Connection]] = None


def take(state: Path) -> sqlite3.Connection:
    """The open file of a state folder, for this caller alone. Raises as ``open_store`` does."""
    global _held
    with _lock:
        held, _held = _held, None
    if held is not None:
        if held[0] == state and held[1] == _which(state):
            return held[2]
        close(held[2])
    db = open_store(state)
    assert db is not None
    return db


def give_back(state: Path, db: sqlite3.Connection) -> None:
    """Hold a file that a run is done with. Never raises."""
    global _held
    which = _which(state)
    with _lock:
        if _held is None and which is not None:
            _held = state, which, db
            return
    close(db)


def let_go() -> None:
    """Close the file that is held: it may be moved or deleted now. Never raises."""
    global _held
    with _lock:
        held, _held = _held, None
    if held is not None:
        close(held[2])


def _which(state: Path) -> Optional[tuple[int, int]]:
    """What tells the file from another one that took its place."""
    try:
        found = os.stat(find_file(state))
    except OSError:
        return None
    return found.st_dev, found.st_ino


atexit.register(let_go)
