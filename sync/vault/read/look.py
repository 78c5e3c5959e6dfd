"""A look at a few files of the vault folder, instead of a walk over all of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field
from typing import Optional

from ....convert.text.file_names import fold_name
from .on_demand import OnDemand, SetOnDemand
from .scan import Scan, is_like_conflict_copy


@dataclass
class Look(Scan):
    """A scan that looks at a file when it is asked for it, and at no other.

    ``looked_at`` are the files that may be where the base does not know them.
    """

    looked_at: Set[str] = field(default_factory=set)

    @property
    def candidates(self) -> Set[str]:
        return self.looked_at

    def spelled(self, path: str) -> str | None:
        return path if path in self.pages else None


def look_at(root: str, paths: Iterable[str], walk: Callable[[], Scan]) -> Look:
    """Look at these files, and at others on demand; ``walk`` looks at all, where nothing less does.

    ``root`` is the vault folder. What is passed over is the same as in a walk.
    """
    asked = {*paths}
    look = Look(asked=asked)
    alike: dict[str, list[str]] = {}

    def find(path: str) -> Optional[tuple[int, int]]:
        found = _look(look, root, path)
        same = alike.get(fold_name(path), ()) if found and alike else ()
        return found if not same or path in same or _is_spelled(root, path) else None

    pages = OnDemand(find, lambda: walk().pages)
    look.pages = pages
    look.others = SetOnDemand(lambda name: name in walked(), lambda: walked())
    kept: list[Set[str]] = []

    def walked() -> Set[str]:
        if not kept:
            kept.append(walk().others)
        return kept[0]

    found = [path for path in sorted(asked) if path in pages]
    look.looked_at = {*_keep_spelled(root, found)}
    for path in found:
        if path not in look.looked_at:
            pages.deny(path)
    alike.update(_group_alike(look.looked_at))
    return look


def _look(look: Look, root: str, path: str) -> Optional[tuple[int, int]]:
    """Size and date of a page; nothing when it is none, which ``look`` then knows more of."""
    parts = path.split("/")
    if not path.endswith((".md", ".MD")) or any(part[:1] in (".", "") for part in parts):
        return None
    try:
        path.encode()
        above = root.rstrip(os.sep)
        for depth, part in enumerate(parts[:-1], 1):
            above = f"{above}{os.sep}{part}"
            if stat.S_ISLNK(os.lstat(above).st_mode):
                _note_link(look, "/".join(parts[:depth]))
                return None
        found = os.lstat(f"{above}{os.sep}{parts[-1]}")
    except UnicodeEncodeError:
        return None
    except (FileNotFoundError, NotADirectoryError):
        _note_placeholder(look, root, path)
        return None
    except PermissionError:
        look.unreadable.append(path.rpartition("/")[0] + "/")
        return None
    return _sort(look, path, found)


def _sort(look: Look, path: str, found: os.stat_result) -> Optional[tuple[int, int]]:
    name = path.rpartition("/")[2]
    if stat.S_ISLNK(found.st_mode):
        _note_link(look, path)
    elif stat.S_ISDIR(found.st_mode):
        look.misnamed.append(path)
    elif not stat.S_ISREG(found.st_mode):
        look.no_files.append(path)
    elif is_like_conflict_copy(name):
        look.conflicts.append(path)
    else:
        return found.st_size, found.st_mtime_ns
    return None


def _note_link(look: Look, path: str) -> None:
    if path not in look.links:
        look.links.append(path)


def _note_placeholder(look: Look, root: str, path: str) -> None:
    above, _, name = path.rpartition("/")
    if os.path.lexists(os.path.join(root, above, f".{name}.icloud")):
        look.placeholders.add(path)


def _keep_spelled(root: str, paths: Iterable[str]) -> Iterable[str]:
    """Of paths that differ in case only, those that the disk has: it may not tell them apart."""
    for same in _group_alike(paths).values():
        yield from (p for p in same if len(same) == 1 or _is_spelled(root, p))


def _group_alike(paths: Iterable[str]) -> dict[str, list[str]]:
    """Folded path → the paths that a disk may take for one."""
    alike: dict[str, list[str]] = {}
    for path in paths:
        alike.setdefault(fold_name(path), []).append(path)
    return alike


def _is_spelled(root: str, path: str) -> bool:
    """Whether the disk has just these names for a file and the folders above it."""
    above = root
    for name in path.split("/"):
        if name not in os.listdir(above):
            return False
        above = os.path.join(above, name)
    return True
