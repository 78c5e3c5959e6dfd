"""Anki's media folder: which names it keeps, where its files are, and how one comes there."""

from __future__ import annotations

import os
import re
from collections.abc import Container, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Optional
from unicodedata import normalize

from ..run.disk import replace_file
from ..run.entries import scan_folder

if TYPE_CHECKING:
    from anki.collection import Collection

# What Anki removes from or changes in media names, and the longest name in bytes
_REFUSED = re.compile(
    r'[\[\]<>:"/?*^\\|\x00-\x1f]|^[. ]|[. ]$|^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\.|$)', re.I
)
NAME_BYTES = 120


def find_media(source: Path | str, name: str) -> Optional[str]:
    """A file of Anki's media folder. It has no subfolders: a name with a path finds nothing."""
    if "/" in name or "\\" in name or "\0" in name or name in ("", ".", ".."):
        return None
    path = f"{source}{os.sep}{name}"
    return path if os.path.isfile(path) else None


def put_media(col: Collection, name: str, data: bytes) -> None:
    """Put a file into Anki's media folder under this very name, which ``write_data`` may change.

    Another file of that name goes to Anki's trash, once the new one is on disk. A symbolic link
    goes: the file never comes to stand outside the folder. Raises ``OSError``.
    """
    folder = Path(col.media.dir())
    place = folder / name
    is_there = find_media(folder, name) is not None
    if is_there and not place.is_symlink():
        replace_file(place, data, lambda: col.media.trash_files([name]))
        return
    if is_there:
        col.media.trash_files([name])
    elif place.is_symlink():
        place.unlink()
    replace_file(place, data)


def keeps_name(name: str) -> bool:
    """Whether Anki keeps a media file's name as it is."""
    return (
        not _REFUSED.search(name)
        and len(name.encode("utf-8", "surrogatepass")) <= NAME_BYTES
        and normalize("NFC", name) == name
    )


@dataclass(frozen=True)
class AnkiMedia:
    """The media folder of a collection, read-only."""

    folder: str

    def find(self, name: str) -> Optional[str]:
        """The path of a file."""
        return find_media(self.folder, name)

    def read_dates(self, names: Container[str]) -> dict[str, tuple[int, int]]:
        """The sizes and dates of the files that have these names, by name: one look at the folder.

        A file may be missing here and be found by ``find``, where the disk ignores case.
        """
        dates: dict[str, tuple[int, int]] = {}
        with suppress(OSError), scan_folder(self.folder) as entries:
            for entry in entries:
                if entry.name in names and entry.is_file():
                    found = entry.stat()
                    dates[entry.name] = found.st_size, found.st_mtime_ns
        return dates

    def has(self, name: str) -> bool:
        """Whether there is a file with exactly this name."""
        return self.find(name) is not None

    @cached_property
    def names(self) -> Sequence[str]:
        """The names of all files."""
        return os.listdir(self.folder)
