"""The reasons why pages cannot be written into a folder, for the settings and for runs."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Optional

from ...run.disk import explain

if TYPE_CHECKING:
    from anki.collection import Collection

FaultKind = Literal[
    "anki", "add-on", "hidden", "root", "home", "missing", "file", "permission", "disk"
]

_CLOSED = {".obsidian", ".trash", ".git"}  # used by other programs, and hidden in Obsidian
_ADDON = Path(__file__).resolve().parents[3]
_CONFIGURE = "Tools ▸ Ankivault ▸ Configure…"


@dataclass(frozen=True)
class FolderFault:
    """Why a folder is refused. ``message``, for the user, also says what to do."""

    kind: FaultKind
    message: str


def find_fault(col: Collection, folder: Path) -> Optional[FolderFault]:
    """Why ``folder``, a full path, cannot be the vault folder now; None when it can.

    Writes nothing.
    """
    return find_place_fault(col, folder) or find_disk_fault(folder)


def find_place_fault(col: Collection, folder: Path) -> Optional[FolderFault]:
    """Why the vault folder may not be at this path, even if it does not exist yet; or None."""
    try:
        return _find_place_fault(col, folder)
    except OSError as error:
        return _explain_disk(folder, error)


def find_disk_fault(folder: Path) -> Optional[FolderFault]:
    """Why nothing can be written into the folder now: it is missing, it is a file, we have no
    permission, or the disk fails. None when it can be written into.
    """
    try:
        return _find_disk_fault(folder)
    except OSError as error:
        return _explain_disk(folder, error)


def _explain_disk(folder: Path, error: OSError) -> FolderFault:
    if error.errno == errno.ENAMETOOLONG:
        return FolderFault("disk", f"“{folder}” is too long a name for this disk. Shorten it.")
    return FolderFault("disk", f"Cannot work in “{folder}”: {explain(error)}.")


def _find_disk_fault(folder: Path) -> Optional[FolderFault]:
    if not folder.exists():
        return FolderFault(
            "missing",
            f"The folder “{folder}” does not exist. If it is on a drive, connect it; if it was "
            f"moved, choose it again in {_CONFIGURE}.",
        )
    if not folder.is_dir():
        text = f"“{folder}” is a file, not a folder. Choose a folder in {_CONFIGURE}."
        return FolderFault("file", text)
    if not os.access(folder, os.W_OK | os.X_OK):
        return FolderFault("permission", f"You have no permission to write to “{folder}”.")
    return None


def _find_place_fault(col: Collection, folder: Path) -> Optional[FolderFault]:
    real = Path(os.path.realpath(folder))
    closed = next((p for p in (*real.parts, *folder.parts) if p.lower() in _CLOSED), None)
    if closed:
        text = f"Choose a folder outside “{closed}”: Obsidian shows no pages that are in it."
        return FolderFault("hidden", text)
    if real == real.parent:
        text = f"“{folder}” is a whole drive. Choose a folder in it, such as “Anki”."
        return FolderFault("root", text)
    if real == Path(os.path.realpath(os.path.expanduser("~"))):
        text = f"“{folder}” is your home folder. Choose a folder in it, such as “Anki”."
        return FolderFault("home", text)
    above, places = _identify(real, *real.parents), tuple(_anki_folders(col))
    for place in places:
        if _identify(place) & above or place in (real, *real.parents):
            text = f"Choose a folder apart from Anki's own: Anki keeps its files in “{place}”."
            return FolderFault("anki", text)
    own = _identify(real) | _identify(folder)
    for place in (*places, Path(os.path.realpath(col.path)).parent):
        if own & _identify(place, *place.parents):
            text = f"Choose a folder apart from Anki's own: “{place}” is in “{folder}”."
            return FolderFault("anki", text)
    if _identify(_ADDON) & above:
        text = f"“{_ADDON}” is Ankivault's own folder. Choose a folder in your vault."
        return FolderFault("add-on", text)
    return None


def _anki_folders(col: Collection) -> Iterator[Path]:
    """The folders that Anki keeps its files in.

    Anki's own base folder is among them only when the collection is in a profile of it, and not
    when the collection file was copied elsewhere.
    """
    media = Path(os.path.realpath(col.media.dir()))
    profile = Path(os.path.realpath(col.path)).parent
    if (profile.parent / "prefs21.db").exists():
        yield profile.parent
    yield profile / "backups"
    yield media


def _identify(*folders: Path) -> set[tuple[int, int]]:
    """Device and inode of those folders that exist: the same for each spelling of a path."""
    return set(_stat(folders))


def _stat(folders: Iterable[Path]) -> Iterator[tuple[int, int]]:
    for folder in folders:
        try:
            found = os.stat(folder)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            continue
        yield found.st_dev, found.st_ino
