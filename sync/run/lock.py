"""Locks a vault folder or TOML file: one run at a time among all programs of this computer."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

from .base_file import explain_state
from .errors import VaultBusy

# Runs with different state folders share this folder, beside those of Anki's profiles.
SHARED = Path(__file__).resolve().parents[2] / "user_files" / "locks"
_OPEN = (
    os.O_RDWR
    | os.O_CREAT
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOINHERIT", 0)
)


@contextmanager
def lock_target(target: Path, state: Path) -> Iterator[None]:
    """Hold a vault folder or TOML file while the block runs.

    The operating system holds the lock, so it ends with the process. It is in the state folder,
    which other users cannot write, and outside the vault: a run without changes writes nothing
    there. Raises ``VaultBusy``, or ``StateUnavailable`` when no lock can be made.
    """
    name = os.path.normcase(os.path.realpath(target))
    key = blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
    with ExitStack() as held:
        try:
            held.enter_context(_hold(state / f"run-{key}.lock"))
        except OSError as error:
            raise explain_state(state, error) from error
        except _Taken:
            raise _busy(target) from None
        try:
            held.enter_context(_hold(SHARED / f"run-{key}.lock"))
        except OSError:
            pass  # the add-on's folder is read-only: the lock in the state folder must do
        except _Taken:
            raise _busy(target) from None
        yield


class _Taken(Exception):
    """Another run has the lock."""


def _busy(target: Path) -> VaultBusy:
    return VaultBusy(
        f"Another Anki or command line is working on “{target}” right now. "
        "Wait until it is done, then try again."
    )


@contextmanager
def _hold(file: Path) -> Iterator[None]:
    opened = _acquire(file)
    try:
        yield
    finally:
        _release(file, opened)


def _acquire(file: Path) -> int:
    """Open and lock the file. Follows no links, and changes nothing in a file."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    while True:
        opened = os.open(file, _OPEN, 0o600)
        try:
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                raise OSError(22, "a lock that is no file", str(file))
            _lock(opened)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(opened), os.lstat(file)):
                    return opened
        except BaseException:
            os.close(opened)
            raise
        os.close(opened)  # the last holder deleted it in between


if sys.platform == "win32":
    import msvcrt

    def _lock(opened: int) -> None:
        try:
            msvcrt.locking(opened, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise _Taken from error

    def _release(file: Path, opened: int) -> None:
        msvcrt.locking(opened, msvcrt.LK_UNLCK, 1)
        os.close(opened)
        with suppress(OSError):
            file.unlink()

else:
    import fcntl

    def _lock(opened: int) -> None:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _Taken from error

    def _release(file: Path, opened: int) -> None:
        with suppress(OSError):  # deleted while held: others check the path again
            file.unlink()
        os.close(opened)
