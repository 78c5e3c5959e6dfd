"""Lists the files in the vault folder with size and date. Opens none."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Container, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ....convert.text.file_names import fold_name
from .walk import Entries, walk

_PAGES = (".md", ".MD")
_INDEX = "_index.md"
# A temporary file of a run that was killed before it put the file in place.
TEMPORARY = re.compile(r"\.~ankivault-[0-9a-f]{16}\.tmp\Z")
# The end of the name that Syncthing, Dropbox, Nextcloud, Obsidian Sync, Synology and Google Drive
# give to conflict copies. It cannot be mistaken.
CONFLICT_COPY = re.compile(
    r"(?:\.sync-conflict-\d[\w-]*|\([^()]*conflicted copy[^()]*\)|_conflict-\d{8}[\w-]*"
    r"|\((?:case|unicode encoding|selective sync|white ?space) conflict(?: \d+)?\)"
    r"|_[^/]+_[A-Z][a-z]{2}-\d\d-\d{4}-\d{4}_\w*conflict\w*|[ _]?\[conflict\](?: ?\(\d+\))?)\.md\Z",
    re.I,
)
# What iCloud, OneDrive and Google Drive add to the name of a conflict copy. A person may also name
# a page so. OneDrive adds the name of the device, which can be anything: “-Ann's MacBook Pro”.
_LIKE_A_CONFLICT = re.compile(r" [2-9]\d*| ?\(\d{1,3}\)|-[^\W_][^/]{0,62}")


@dataclass
class Scan:
    """The files in a vault folder. Paths are relative, with ``/``, and spelled as on disk."""

    # Size in bytes and date of change in nanoseconds of every Markdown file.
    pages: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    others: Set[str] = field(default_factory=set)  # folded names of files that are no pages
    # Size and date of the other files in the assets folder, if they were looked at.
    assets: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    placeholders: set[str] = field(default_factory=set)  # in the cloud, not on this disk
    leftovers: list[str] = field(default_factory=list)  # temporary files of a killed run
    links: list[str] = field(default_factory=list)  # symbolic links, not followed
    misnamed: list[str] = field(default_factory=list)  # other things whose names end in .md
    conflicts: list[str] = field(default_factory=list)  # the conflict copies of sync tools
    no_files: list[str] = field(default_factory=list)  # pipes and devices whose names end in .md
    unreadable: list[str] = field(default_factory=list)
    asked: Set[str] | None = None  # the pages that were looked at; None: all

    def spelled(self, path: str) -> str | None:
        """The path of a page as the disk spells it, whose Unicode normalisation may differ.

        None when there is no such page.
        """
        if path in self.pages:
            return path
        if path.isascii():
            return None
        if self._spellings is None:
            names = (p for p in self.pages if not p.isascii())
            self._spellings = {unicodedata.normalize("NFC", p): p for p in names}
        return self._spellings.get(unicodedata.normalize("NFC", path))

    def index_alike(self, path: str) -> str | None:
        """The path of an index page with another spelling of this path, as some disks know one.

        Case and normalisation may differ. None when there is no such page, or several.
        """
        if self._indexes is None:
            self._indexes = {}
            for each in self.candidates:
                if each[-len(_INDEX) :].lower() == _INDEX:
                    self._indexes.setdefault(fold_name(each), []).append(each)
        found = self._indexes.get(fold_name(path), ())
        return found[0] if len(found) == 1 else None

    def has_lost(self, path: str) -> bool:
        """Whether a page that we wrote is gone, as far as was looked at."""
        return path not in self.pages if self.asked is None or path in self.asked else False

    @property
    def candidates(self) -> Set[str]:
        """The pages that may be where the base does not know them."""
        return self.pages.keys()

    def is_hidden(self, path: str) -> bool:
        """Whether the path is in a folder that could not be read."""
        return any(path.startswith(folder) for folder in self.unreadable)

    def is_linked(self, path: str) -> bool:
        """Whether a symbolic link stands at the path, or where one of its folders was."""
        return any(path == link or path.startswith(f"{link}/") for link in self.links)

    _spellings: dict[str, str] | None = None
    _indexes: dict[str, list[str]] | None = None


def scan_vault(folder: Path, assets: str | None, media_folders: Container[str] = ()) -> Scan:
    """List what is in the folder. Raises ``OSError`` when the folder itself cannot be read.

    Hidden folders (``.obsidian``, ``.trash``, ``.git``), symbolic links, names that are not
    Unicode, and the conflict copies of sync tools are not read as pages. In the folder ``assets``,
    pages are listed as well: it may have been the folder of a deck before. Other files in
    ``media_folders`` are copies of media, and left out of ``others``.
    """
    pages: dict[str, tuple[int, int]] = {}
    all_others: set[str] = set()
    media: dict[str, tuple[int, int]] = {}
    scan = Scan(pages, all_others, media)

    def look(below: str, entries: Entries) -> list[str]:
        if assets and below == assets + "/":
            rest = _take_media(entries, below, media)
            return _scan_folder(scan, pages, below, rest, set())
        others = all_others if below[:-1] not in media_folders else set()
        return _scan_folder(scan, pages, below, entries, others)

    scan.unreadable = walk(folder, look)
    return scan


def _scan_folder(
    scan: Scan,
    pages: dict[str, tuple[int, int]],
    below: str,
    entries: Entries,
    others: set[str],
) -> list[str]:
    """Note what is in one folder; returns the folders in it."""
    folders = []
    for entry in entries:
        name = entry.name
        if name[0] == "." or not (name.isascii() or _is_unicode(name)):
            _note_hidden(scan, below, name)
        elif name[-3:] in _PAGES and entry.is_file(follow_symlinks=False):
            if is_like_conflict_copy(name):
                scan.conflicts.append(below + name)
            else:
                stat = entry.stat(follow_symlinks=False)
                pages[below + name] = stat.st_size, stat.st_mtime_ns
        elif entry.is_symlink():
            scan.links.append(below + name)
        elif entry.is_dir(follow_symlinks=False):
            folders.append(below + name + "/")
            if name[-3:].lower() == ".md":
                scan.misnamed.append(below + name)
        elif name[-3:].lower() == ".md" and not entry.is_file(follow_symlinks=False):
            scan.no_files.append(below + name)
        else:
            others.add(fold_name(name))
    return folders


def _take_media(
    entries: Entries, below: str, media: dict[str, tuple[int, int]]
) -> Iterator[os.DirEntry[str]]:
    """Note the media in the assets folder; returns what else is there."""
    for entry in entries:
        name = entry.name
        if name[-3:] in _PAGES or name[0] == "." or entry.is_dir(follow_symlinks=False):
            yield entry
        else:
            with suppress(FileNotFoundError):
                stat = entry.stat(follow_symlinks=False)
                media[below + name] = stat.st_size, stat.st_mtime_ns


def _is_unicode(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _note_hidden(scan: Scan, below: str, name: str) -> None:
    if TEMPORARY.match(name):
        scan.leftovers.append(below + name)
    elif name.endswith(".icloud"):
        scan.placeholders.add(below + name[1:-7])


def is_like_conflict_copy(name: str) -> bool:
    """Whether a file name has the form of a sync tool's conflict copies that cannot be mistaken."""
    return "onflict" in name.lower() and CONFLICT_COPY.search(name) is not None


def is_conflict_copy(path: str, page: str) -> bool:
    """Whether ``path`` is named like a sync tool's copy of ``page``. Both have the same note id."""
    stem = page[:-3]
    return path.startswith(stem) and _LIKE_A_CONFLICT.fullmatch(path[len(stem) : -3]) is not None
