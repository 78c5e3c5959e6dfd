"""Replaces files as a whole, and explains errors of the disk to the user."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

LEADS_OUT = "this leads out of the vault folder"  # our own code for a path that must not be used


def explain(error: OSError) -> str:
    """Explain an error of the disk to the user."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", -1)):
        return "the disk is full; make room and run again"
    if error.errno in (errno.EACCES, errno.EROFS) or (
        error.errno == errno.EPERM and error.strerror != LEADS_OUT
    ):
        return "no permission, or another program holds the file; run again when it is free"
    if error.errno == errno.ENAMETOOLONG:
        return "the name is too long for this disk; shorten the deck's name"
    return error.strerror or str(error)


def replace_file(file: Path, data: bytes, ready: Callable[[], object] = lambda: None) -> None:
    """Replace a file as a whole. It keeps its permissions, and a symbolic link stays a link.

    ``ready`` is called when the new one is on disk, just before it takes the place of the old one.

    The temporary file is named after the file. If a run is killed, the next run writes the same
    file and so replaces the temporary file that was left.
    """
    place = Path(os.path.realpath(file))
    place.parent.mkdir(parents=True, exist_ok=True)
    mark = blake2b(os.fsencode(place.name), digest_size=8).hexdigest()
    temporary = place.with_name(f".~ankivault-{mark}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        with open(temporary, "xb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        with contextlib.suppress(FileNotFoundError):
            os.chmod(temporary, stat.S_IMODE(os.stat(place).st_mode))
        ready()
        os.replace(temporary, place)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
