"""Opens regular files only: reading a pipe, a socket or a device may never end."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO, Union

_READ = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)  # in case a pipe takes the file's place at this moment
    | getattr(os, "O_NOCTTY", 0)
)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
NO_FILE = "this is no ordinary file, but a folder, pipe, socket, device or link to one"


def open_regular(path: Union[str, Path], *, follow: bool = True) -> BinaryIO:
    """Open a file for reading. Raises ``OSError``, also when it is not a regular file.

    Without ``follow``, a symbolic link is refused too.
    """
    found = os.stat(path) if follow else os.lstat(path)
    if not stat.S_ISREG(found.st_mode):
        raise _refuse(path)
    opened = os.open(path, _READ | (0 if follow else getattr(os, "O_NOFOLLOW", 0)))
    try:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise _refuse(path)
        return os.fdopen(opened, "rb", buffering=0)
    except BaseException:
        os.close(opened)
        raise


def read_regular(path: Union[str, Path], *, follow: bool = True) -> bytes:
    """The content of a file; raises as ``open_regular`` does."""
    with open_regular(path, follow=follow) as file:
        return file.read()


def create_file(path: Union[str, Path]) -> int:
    """Open a new file for writing. Raises ``FileExistsError``, or another ``OSError``."""
    return os.open(path, _CREATE, 0o666)


def copy_regular(source: Union[str, Path], target: Union[str, Path]) -> None:
    """Copy a file's content to a new file; raises as ``open_regular`` does, before it writes.

    Also raises ``FileExistsError``.
    """
    with open_regular(source) as file:
        copy = create_file(target)
        try:
            # Most are read in one go: a buffer of their size, not of the largest part.
            size = min(os.fstat(file.fileno()).st_size + 1, 1 << 20)
            for part in iter(lambda: file.read(size), b""):
                write_all(copy, part)
        finally:
            os.close(copy)


def write_all(file: int, data: bytes) -> None:
    """Write all bytes to an open file: the system may take a part of them only."""
    written = os.write(file, data)
    while written < len(data):
        written += os.write(file, data[written:])


def _refuse(path: Union[str, Path]) -> OSError:
    return OSError(errno.EINVAL, NO_FILE, str(path))
