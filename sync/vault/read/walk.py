"""Walks over the folders of a vault."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

Entries = Iterable["os.DirEntry[str]"]


def walk(top: Path, look: Callable[[str, Entries], Iterable[str]]) -> list[str]:
    """Call ``look`` for each folder with its path and entries. It returns the folders to enter.

    Paths are relative to ``top``, with ``/`` at the end; ``top`` itself is "". Returns the folders
    that cannot be read. Raises ``OSError`` when ``top`` cannot be read.
    """
    unreadable: list[str] = []
    pending = [""]
    while pending:
        below = pending.pop()
        try:
            entries = os.scandir(top / below)
        except OSError:
            if not below:
                raise
            unreadable.append(below)
            continue
        with entries:
            pending += look(below, entries)
    return unreadable
