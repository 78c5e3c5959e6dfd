"""Watches the vault folder: tells what changes in it, when it changes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Optional, Protocol

from ...run.faults import log_fault
from .change import GONE, NOTHING, FolderChange
from .reach import explain_refusal, why_no_watch


class SystemWatch(Protocol):
    """What the system tells of a folder."""

    def read(self) -> FolderChange:
        """Wait for the next changes; after ``wake`` it is one that holds nothing."""

    def wake(self) -> None:
        """Let ``read`` return, now and ever after."""

    def close(self) -> None:
        """Give back what the system lent."""


class FolderWatch:
    """Tells what changes in a vault folder.

    ``on_change`` is called from a thread of the watch, with no value that holds nothing. Hidden
    folders, files that programs keep only while they save or download, and symbolic links give
    nothing; so do files that are only read. What changed before ``start`` returned is not told:
    look at the folder after it.
    """

    def __init__(self, folder: Path, on_change: Callable[[FolderChange], None]) -> None:
        self._folder = folder
        self._on_change = on_change
        self._stopped = threading.Event()
        self._lock = threading.Lock()  # between waking the system's watch and closing it
        self._watch: Optional[SystemWatch] = None
        self._thread: Optional[threading.Thread] = None

    def start(self) -> Optional[str]:
        """Watch from now on. None: it does; otherwise one sentence why it cannot.

        It looks at every folder of the vault, and loads what it needs: call it in the background.
        """
        reason = why_no_watch(self._folder)
        if reason is not None:
            return reason
        try:
            watch = self._watch = open_watch(self._folder)
        except Exception as error:
            return explain_failure(error)
        thread = threading.Thread(
            target=self._tell, args=(watch,), name="ankivault-watch", daemon=True
        )
        thread.start()
        self._thread = thread  # from now on ``stop`` can wait for it
        return None

    def stop(self) -> None:
        """Watch no longer. Once it returns, ``on_change`` is not called again.

        It waits for a call of ``on_change`` that is under way, except from within that call.
        """
        self._stopped.set()
        with self._lock:
            if self._watch is not None:
                self._watch.wake()
        if self._thread not in (None, threading.current_thread()):
            self._thread.join()

    def _tell(self, watch: SystemWatch) -> None:
        try:
            ended = False
            while not ended and not self._stopped.is_set():
                change = self._read(watch)
                ended = bool(change.ended)
                if change != NOTHING and not self._stopped.is_set():
                    self._on_change(change)
        finally:
            with self._lock:
                self._watch = None
                watch.close()

    def _read(self, watch: SystemWatch) -> FolderChange:
        try:
            return watch.read()
        except Exception as error:
            if not self._folder.is_dir():
                return GONE
            return FolderChange(everything=True, ended=explain_failure(error))


def open_watch(folder: Path) -> SystemWatch:
    """Ask the system to tell what changes in a folder. Raises ``OSError`` when it refuses."""
    if os.name == "nt":
        from .directory_changes import DirectoryWatch

        return DirectoryWatch(folder)
    from .inotify import InotifyWatch

    return InotifyWatch(folder)


def explain_failure(error: Exception) -> str:
    """One sentence why there is no watch. A fault of our own is logged."""
    if isinstance(error, OSError):
        return explain_refusal(error)
    return f"Ankivault's watch of the vault folder failed ({log_fault(error, 'the watch')})."
