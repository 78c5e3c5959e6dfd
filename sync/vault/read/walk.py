"""Walks over the folders of a vault."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path

from ...run.entries import Entries, scan_folder

__all__ = ["Entries", "walk"]


def walk(top: Path, look: Callable[[str, Entries], Iterable[str]]) -> list[str]:
    """Call ``look`` for each folder with its path and entries. It returns the folders to enter.

    Paths are relative to ``top``, with ``/`` at the end; ``top`` itself is "". Returns the folders
    that cannot be read. Raises ``OSError`` when ``top`` cannot be read.
    """
    unreadable: list[str] = []
    pending = [""]
    while pending:
        below = pending.pop()
        with ExitStack() as opened:
            try:
                entries = opened.enter_context(scan_folder(top / below))
            except OSError:
                if not below:
                    raise
                unreadable.append(below)
                continue
            pending += look(below, entries)
    return unreadable
