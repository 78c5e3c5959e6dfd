"""What a watch tells of the vault folder, put together from single events."""

from __future__ import annotations

import re
from dataclasses import dataclass

PAGE = (".md", ".MD")
# Files that programs keep only while they save or download: sync tools, browsers, editors. The
# names of most of them begin with a dot and are passed over with all that is hidden.
_TEMPORARY = re.compile(
    r"~syncthing~.*|~\$.*|.*~|4913"
    r"|.*\.(?:tmp|temp|crdownload|download|part|partial|filepart|opdownload|swp|swx|swo|bts|!sync)",
    re.I | re.S,
)


@dataclass(frozen=True)
class FolderChange:
    """What changed in the vault folder. Paths are relative, with ``/``, as the disk spells them."""

    paths: frozenset[str] = frozenset()  # Markdown files that were written, made, moved or removed
    others: frozenset[str] = frozenset()  # other files that were written, made or moved here
    everything: bool = False  # more changed than can be told: a folder, or too much at once
    gone: bool = False  # the vault folder itself was removed, renamed or unplugged
    ended: str = ""  # why nothing more will be told: one sentence; empty while the watch goes on

    def brings_files(self, assets: str) -> bool:
        """Whether files came that pages may have waited for; a run itself fills ``assets``."""
        return any(not path.startswith(f"{assets}/") for path in self.others)


class Changes:
    """Gathers single events into one ``FolderChange``; hidden and temporary files are no events."""

    def __init__(self) -> None:
        self._paths: set[str] = set()
        self._others: set[str] = set()
        self._everything = False

    def add_file(self, path: str, *, is_there: bool = True) -> None:
        """A file was written, made or moved here, or is no longer there."""
        if is_passed_over(path):
            return
        if path.endswith(PAGE):
            self._paths.add(path)
        elif is_there:
            self._others.add(path)

    def add_folder(self, path: str) -> None:
        """A folder was made, renamed or removed."""
        if not is_hidden(path):
            self._everything = True

    def add_everything(self) -> None:
        """Something changed, and it is not known what."""
        self._everything = True

    def make(self) -> FolderChange:
        """All of it as one value. It may hold nothing."""
        return FolderChange(frozenset(self._paths), frozenset(self._others), self._everything)


NOTHING = FolderChange()
GONE = FolderChange(
    everything=True,
    gone=True,
    ended="The vault folder is not where it was: it was renamed or removed, or its drive is away.",
)


def is_hidden(path: str) -> bool:
    """Whether runs pass over a folder or file: a step of its path begins with a dot, or is no text.

    That holds for ``.obsidian``, ``.trash`` and ``.git``, and for the placeholders of iCloud.
    """
    if path.startswith(".") or "/." in path:
        return True
    try:
        path.encode()
    except UnicodeEncodeError:
        return True
    return False


def is_passed_over(path: str) -> bool:
    """Whether a file is hidden, or is kept by a program only while it saves or downloads."""
    return is_hidden(path) or bool(_TEMPORARY.fullmatch(path.rpartition("/")[2]))
