"""One walk over folders of the disk, for all that looks through a vault."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

Entries = Iterable["os.DirEntry[str]"]


def walk(top: Path, look: Callable[[str, Entries], Iterable[str]]) -> list[str]:
    """Show each folder to ``look``, which returns the ones in it to go on with.

    Folders are paths below ``top`` with a ``/`` at the end, ``top`` itself is empty. Returns those
    that cannot be read; raises ``OSError`` when that is ``top``.
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
