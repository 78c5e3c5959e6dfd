"""Writing inside a vault folder, and nowhere else: whole files or nothing."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
from pathlib import Path

TRASH = ".trash"  # Obsidian's own, in the vault's root


class VaultFiles:
    """The one gate through which a run changes files.

    Every path is relative to the folder, with ``/``. A path that would leave the folder, or pass
    through a symbolic link, raises ``OSError``; so does anything the disk refuses. A file is put
    in place in one step, so that nobody ever sees half of it.
    """

    def __init__(self, folder: Path, root: Path | None) -> None:
        self.folder = folder
        self._trash = (root or folder) / TRASH
        self._trash_below = folder.relative_to(root).as_posix() if root else ""
        self._checked: set[str] = set()

    def read(self, path: str) -> bytes | None:
        """A file's bytes, or nothing when there is no such file."""
        target = self._inside(path)
        try:
            if stat.S_ISLNK(os.lstat(target).st_mode):
                raise _refuse(path)
            return target.read_bytes()
        except FileNotFoundError:
            return None

    def exists(self, path: str) -> bool:
        """Whether anything at all has that name."""
        return os.path.lexists(self._inside(path))

    def stat(self, path: str) -> tuple[int, int]:
        """Size in bytes and date of change in nanoseconds."""
        found = os.lstat(self._inside(path))
        return found.st_size, found.st_mtime_ns

    def write(self, path: str, data: bytes) -> tuple[int, int]:
        """Put a file in place whole, with its folders; returns its new size and date."""
        target = self._inside(path)
        self._make_folder(path)
        temporary = target.with_name(f".~ankivault-{secrets.token_hex(8)}.tmp")
        try:
            with open(temporary, "xb") as file:
                file.write(data)
            self._keep_mode(target, temporary)
            os.replace(temporary, target)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        return self.stat(path)

    def copy_in(self, source: Path, path: str) -> tuple[int, int]:
        """Copy a file from outside, whole, with its date; returns its size and date."""
        target = self._inside(path)
        self._make_folder(path)
        temporary = target.with_name(f".~ankivault-{secrets.token_hex(8)}.tmp")
        try:
            shutil.copyfile(source, temporary, follow_symlinks=True)
            os.replace(temporary, target)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        return self.stat(path)

    def move(self, path: str, new_path: str) -> None:
        """Give a file another name, never over another file (its own in other case is fine)."""
        source, target = self._inside(path), self._inside(new_path)
        self._make_folder(new_path)
        if os.path.lexists(target) and not os.path.samefile(source, target):
            raise OSError(errno.EEXIST, "there is another file of that name", new_path)
        os.rename(source, target)

    def remove(self, path: str) -> None:
        """Delete a file; fine when it is gone already."""
        with contextlib.suppress(FileNotFoundError):
            self._inside(path).unlink()

    def put_in_trash(self, path: str, *, keep: bool, name: str = "") -> str:
        """Put a file, or a copy of it when ``keep``, in Obsidian's trash, beside what is there.

        There it has the same path as here, or the path ``name``. A copy of the same name and
        content that is there already will do. Returns where it is now, for the user to read.
        """
        source = self._inside(path)
        below = [part for part in self._trash_below.split("/") if part]
        place = self._trash.joinpath(*below, *(name or path).split("/"))
        if self._trash.is_symlink():
            raise _refuse(str(self._trash))
        place.parent.mkdir(parents=True, exist_ok=True)
        free, number = place, 1
        while os.path.lexists(free):
            if free.is_file() and free.read_bytes() == source.read_bytes():
                if not keep:
                    source.unlink()
                return self._shown(free)
            number += 1
            free = place.with_name(f"{place.stem} {number}{place.suffix}")
        if keep:
            copy = source.with_name(f".~ankivault-{secrets.token_hex(8)}.tmp")
            shutil.copy2(source, copy)
            source = copy
        shutil.move(source, free)
        return self._shown(free)

    def _shown(self, place: Path) -> str:
        return place.relative_to(self._trash.parent).as_posix()

    def remove_empty_folders(self, path: str) -> None:
        """Remove the folder of a path, and those above it, as far as they are empty."""
        parts = path.split("/")[:-1]
        while parts:
            try:
                os.rmdir(self._inside("/".join(parts)))
            except OSError:
                return
            self._checked.discard("/".join(parts))
            parts.pop()

    def _inside(self, path: str) -> Path:
        """The place of a path on disk, after making sure that it is inside the folder."""
        parts = path.split("/")
        if not path or any(
            part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts
        ):
            raise _refuse(path)
        if os.name == "nt" and any(":" in part for part in parts):
            raise _refuse(path)
        for depth in range(1, len(parts)):
            above = "/".join(parts[:depth])
            if above in self._checked:
                continue
            try:
                found = os.lstat(self.folder / above)
            except FileNotFoundError:
                break
            if not stat.S_ISDIR(found.st_mode):
                raise _refuse(above)
            self._checked.add(above)
        return self.folder.joinpath(*parts)

    def _make_folder(self, path: str) -> None:
        parts = path.split("/")[:-1]
        if parts and "/".join(parts) not in self._checked:
            self.folder.joinpath(*parts).mkdir(parents=True, exist_ok=True)
            self._inside(path)

    @staticmethod
    def _keep_mode(target: Path, temporary: Path) -> None:
        with contextlib.suppress(FileNotFoundError):
            mode = stat.S_IMODE(os.stat(target).st_mode)
            if mode != stat.S_IMODE(os.stat(temporary).st_mode):
                os.chmod(temporary, mode)


def _refuse(path: str) -> OSError:
    return OSError(errno.EPERM, "this leads out of the vault folder", path)


def explain(error: OSError) -> str:
    """An error of the disk in a user's words."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", -1)):
        return "the disk is full; make room and run again"
    if error.errno in (errno.EACCES, errno.EROFS) or (
        error.errno == errno.EPERM and error.strerror != "this leads out of the vault folder"
    ):
        return "no permission, or another program holds the file; run again when it is free"
    if error.errno == errno.ENAMETOOLONG:
        return "the name is too long for this disk; shorten the deck's name"
    return error.strerror or str(error)
