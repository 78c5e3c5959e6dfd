"""One run at a time per vault folder, among all programs of this computer."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from ..vendor.lib import filelock
from .errors import VaultBusy, VaultUnavailable


@contextmanager
def lock_vault(folder: Path) -> Iterator[None]:
    """Hold the vault folder while the block runs.

    The lock is the operating system's own, so it goes with the process that held it, and it lives
    outside the vault, so that a run without changes writes nothing there. Raises ``VaultBusy``,
    and ``VaultUnavailable`` where not even a lock can be made.
    """
    name = os.path.normcase(os.path.realpath(folder))
    key = blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
    user = os.getuid() if hasattr(os, "getuid") else ""  # another user's lock cannot be opened
    file = Path(tempfile.gettempdir()) / f"ankivault-{user}-{key}.lock"
    lock = filelock.FileLock(file)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise VaultBusy(
            f"Another Anki or command line is working on “{folder}” right now. "
            "Wait until it is done, then try again."
        ) from error
    except OSError as error:
        raise VaultUnavailable(
            f"“{file}”, which keeps two runs apart, cannot be made ({error.strerror or error}). "
            "Make room on the disk, or check the permissions of its folder, and run again."
        ) from error
    try:
        yield
    finally:
        lock.release()
