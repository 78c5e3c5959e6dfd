"""Reads what is in one folder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

Entries = Iterable["os.DirEntry[str]"]


@contextmanager
def scan_folder(folder: Path | str) -> Iterator[Entries]:
    """The entries of a folder, for names, kinds and dates: their ``path`` may be the name alone.

    Where the system can, each date is asked for by the name in the open folder: the way down to
    the folder is then gone once, and not for each file.
    """
    with ExitStack() as opened:
        place: Path | str | int = folder
        if os.scandir in os.supports_fd:
            place = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
            opened.callback(os.close, place)
        yield opened.enter_context(os.scandir(place))
