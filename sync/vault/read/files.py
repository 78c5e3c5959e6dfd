"""Reads and writes files, only inside a vault folder. A file is written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Protocol

from ...run.disk import LEADS_OUT
from ...run.regular import copy_regular, create_file, read_regular, write_all

TRASH = ".trash"  # Obsidian's own trash folder, in the vault's root
# One name in a path. On Windows, a backslash or a colon could lead out of the folder.
_NAME = re.compile(r"(?!\.\.?\Z)[^/\0\\:]+\Z" if os.name == "nt" else r"(?!\.\.?\Z)[^/\0]+\Z")


class PageTexts(Protocol):
    """Files of the vault folder, which a plan opens one by one when it needs their content.

    Size and date show that nearly all files are unchanged. To open them all would make a run
    without changes ten times as long.
    """

    def read(self, path: str) -> bytes | None:
        """A file's bytes, or nothing when there is no such file."""

    def stat(self, path: str) -> tuple[int, int]:
        """Size in bytes and date of change in nanoseconds."""


class VaultFiles:
    """Reads and writes the files of one folder. A run changes files through this class only.

    Every path is relative to the folder, with ``/``. ``OSError`` is raised for a path that leaves
    the folder or passes through a symbolic link, and for anything the disk refuses. A file is put
    in place in one step, so that no program ever sees half of it.
    """

    def __init__(self, folder: Path, root: Path | None) -> None:
        self._root = f"{folder}{os.sep}"
        self._trash = (root or folder) / TRASH
        self._trash_below = folder.relative_to(root).as_posix() if root else ""
        self._checked: set[str] = set()

    def read(self, path: str) -> bytes | None:
        """A file's bytes, or nothing when there is no such file."""
        target = self._inside(path)
        try:
            if stat.S_ISLNK(os.lstat(target).st_mode):
                raise _refuse(path)
            return read_regular(target, follow=False)
        except FileNotFoundError:
            return None

    def exists(self, path: str) -> bool:
        """Whether a file, a folder or a link has this path."""
        return os.path.lexists(self._inside(path))

    def stat(self, path: str) -> tuple[int, int]:
        """Size in bytes and date of change in nanoseconds."""
        found = os.lstat(self._inside(path))
        return found.st_size, found.st_mtime_ns

    def write(self, path: str, data: bytes) -> tuple[int, int]:
        """Write a whole file, and create its folders. Returns its new size and date.

        A file that is replaced keeps its permissions. A write-protected one is not replaced:
        raises ``PermissionError``.
        """
        target = self._make_room(path)
        with _aside(target) as temporary:
            file = create_file(temporary)
            try:
                write_all(file, data)
            finally:
                os.close(file)
            with contextlib.suppress(FileNotFoundError):
                mode = stat.S_IMODE(os.stat(target).st_mode)
                if not mode & stat.S_IWUSR:
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
                os.chmod(temporary, mode)
            os.replace(temporary, target)
        found = os.lstat(target)
        return found.st_size, found.st_mtime_ns

    def copy_in(self, source: str, path: str) -> tuple[int, int]:
        """Copy the file ``source``, a full path, to ``path``. Returns its size and date."""
        target = self._make_room(path)
        with _aside(target) as temporary:
            copy_regular(source, temporary)
            os.replace(temporary, target)
        found = os.lstat(target)
        return found.st_size, found.st_mtime_ns

    def move(self, path: str, new_path: str) -> None:
        """Move or rename a file. Raises ``OSError`` when another file has the new path.

        The new path may differ from the old one in upper and lower case only.
        """
        source, target = self._inside(path), self._make_room(new_path)
        if os.path.lexists(target) and not os.path.samefile(source, target):
            raise OSError(errno.EEXIST, "there is another file of that name", new_path)
        os.rename(source, target)

    def remove(self, path: str) -> None:
        """Delete a file. Does nothing when there is no such file."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._inside(path))

    def put_in_trash(self, path: str, *, keep: bool, name: str = "") -> str:
        """Move a file into Obsidian's trash, or copy it there when ``keep``.

        In the trash it has the same path as before, or the path ``name``. If another file has that
        path, a number is added; if a file there has the same content, no second one is made.
        Returns the path in the trash, to show to the user.
        """
        source = Path(self._inside(path))
        place, there = self._place_in_trash(
            name or path, partial(read_regular, source, follow=False)
        )
        if there:
            if not keep:
                source.unlink()
        elif keep:
            with _aside(str(source)) as copy:
                copy_regular(source, copy)
                shutil.copystat(source, copy)
                shutil.move(copy, place)
        else:
            shutil.move(source, place)
        return self._shown(place)

    def save_in_trash(self, name: str, data: bytes) -> str:
        """Write ``data`` as a file into Obsidian's trash. Otherwise like ``put_in_trash``."""
        place, there = self._place_in_trash(name, lambda: data)
        if not there:
            with _aside(str(place)) as temporary:
                Path(temporary).write_bytes(data)
                os.replace(temporary, place)
        return self._shown(place)

    def _place_in_trash(self, name: str, read: Callable[[], bytes]) -> tuple[Path, bool]:
        """A free path in the trash and False; or the path of a file with this content and True."""
        below = [part for part in self._trash_below.split("/") if part]
        place = self._trash.joinpath(*below, *name.split("/"))
        for above in (*place.parents, place):
            if above.is_relative_to(self._trash) and (above.is_symlink() or above.name == ".."):
                raise _refuse(self._shown(above))
        place.parent.mkdir(parents=True, exist_ok=True)
        stem = place.stem.encode()[: 240 - len(place.suffix.encode())].decode("utf-8", "ignore")
        free, number = place, 1
        while os.path.lexists(free):
            if free.is_file() and read_regular(free) == read():
                return free, True
            number += 1
            free = place.with_name(f"{stem} {number}{place.suffix}")
        return free, False

    def _shown(self, place: Path) -> str:
        return place.relative_to(self._trash.parent).as_posix()

    def remove_empty_folders(self, path: str) -> None:
        """Remove the folder of a path and those above it, up to the first that is not empty."""
        parts = path.split("/")[:-1]
        while parts:
            try:
                os.rmdir(self._inside("/".join(parts)))
            except OSError:
                return
            self._checked.discard("/".join(parts))
            parts.pop()

    def _inside(self, path: str) -> str:
        """The full path on disk. Raises ``OSError`` when it is not safely inside the folder."""
        above, _, name = path.rpartition("/")
        if not _NAME.match(name):
            raise _refuse(path)
        if above and not self._is_folder(above):
            raise OSError(errno.ENOTDIR, "a file or a link stands where its folder should be", path)
        return f"{self._root}{path}"

    def _is_folder(self, path: str) -> bool:
        """Whether each step of a path is a real folder, no link, or does not exist yet."""
        if path in self._checked:
            return True
        above, _, name = path.rpartition("/")
        if not _NAME.match(name) or not (above == "" or self._is_folder(above)):
            return False
        try:
            found = os.lstat(f"{self._root}{path}")
        except FileNotFoundError:
            return True
        if stat.S_ISDIR(found.st_mode):
            self._checked.add(path)
            return True
        return False

    def _make_room(self, path: str) -> str:
        """The full path on disk, like ``_inside``. Creates the folders that it needs."""
        above = path.rpartition("/")[0]
        if above and above not in self._checked:
            self._inside(path)
            os.makedirs(f"{self._root}{above}", exist_ok=True)
        return self._inside(path)


@contextlib.contextmanager
def _aside(target: str) -> Iterator[str]:
    """A name for a temporary file in the same folder, which is removed after a failure."""
    temporary = f"{os.path.dirname(target)}/.~ankivault-{secrets.token_hex(8)}.tmp"
    try:
        yield temporary
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _refuse(path: str) -> OSError:
    return OSError(errno.EPERM, LEADS_OUT, path)
