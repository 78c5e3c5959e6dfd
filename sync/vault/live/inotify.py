"""The watch on Linux: one inotify watch on each folder of the vault that is not hidden.

Of the library ``watchdog`` it uses the bindings. Its observer also watches ``.git``, says nothing
when the system's queue overflows, and keeps the watches it has when there are too few.
"""

from __future__ import annotations

import ctypes
import errno
import os
import select
from collections.abc import Iterable
from pathlib import Path

from ....vendor.lib.watchdog.observers.inotify_c import (
    Inotify,
    InotifyConstants,
    inotify_add_watch,
    inotify_init,
    inotify_rm_watch,
)
from ..read.walk import Entries, walk
from .change import GONE, NOTHING, PAGE, Changes, FolderChange, is_hidden

_WRITTEN = InotifyConstants.IN_CLOSE_WRITE | InotifyConstants.IN_MOVED_TO
_MADE = InotifyConstants.IN_CREATE | InotifyConstants.IN_MODIFY
_REMOVED = InotifyConstants.IN_DELETE | InotifyConstants.IN_MOVED_FROM
_ITSELF = InotifyConstants.IN_DELETE_SELF | InotifyConstants.IN_MOVE_SELF
# Nothing of this comes from opening and reading a file.
_MASK = _WRITTEN | _MADE | _REMOVED | _ITSELF
_HOW = InotifyConstants.IN_ONLYDIR | InotifyConstants.IN_DONT_FOLLOW
_VANISHED = (errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.ELOOP)
_BUFFER = 1 << 16

Event = tuple[int, int, int, bytes]  # watch, what happened, which rename, name in the folder


class InotifyWatch:
    """Tells what changes below a folder. Raises ``OSError`` when it cannot watch all of it."""

    def __init__(self, folder: Path) -> None:
        self._top = folder
        self._folders: dict[int, str] = {}  # watch → folder below the top, with a ``/`` at the end
        self._woken, self._wake = os.pipe()
        self._lent = [self._woken, self._wake]
        try:
            self._queue = inotify_init()
            if self._queue == -1:
                raise _last_error(folder)
            self._lent.append(self._queue)
            os.set_inheritable(self._queue, False)
            found = os.stat(folder)
            self._identity = (found.st_dev, found.st_ino)
            self._watch_below("")
        except BaseException:
            self.close()
            raise

    def read(self) -> FolderChange:
        """Wait for the next changes; after ``wake`` it is one that holds nothing."""
        poll = select.poll()
        poll.register(self._queue, select.POLLIN)
        poll.register(self._woken, select.POLLIN)
        ready = [place for place, _ in poll.poll()]
        if self._woken in ready:
            return NOTHING
        return self.take(Inotify._parse_event_buffer(os.read(self._queue, _BUFFER)))

    def take(self, events: Iterable[Event]) -> FolderChange:
        """What some events say. New folders are watched, those that went no longer are."""
        changes, is_gone = Changes(), False
        for watch, mask, _, raw_name in events:
            if mask & InotifyConstants.IN_Q_OVERFLOW:
                changes.add_everything()
                self._watch_anew()
            elif watch in self._folders:
                below = self._folders[watch]
                if mask & (InotifyConstants.IN_IGNORED | InotifyConstants.IN_UNMOUNT):
                    del self._folders[watch]
                    changes.add_folder(below)
                    is_gone = is_gone or not below
                elif raw_name:
                    self._take_named(below + os.fsdecode(raw_name), mask, changes)
        if is_gone or self._is_gone():
            return GONE
        return changes.make()

    def wake(self) -> None:
        """Let ``read`` return, now and ever after."""
        os.write(self._wake, b"!")

    def close(self) -> None:
        """Give all watches back to the system."""
        for place in self._lent:
            os.close(place)

    def _take_named(self, path: str, mask: int, changes: Changes) -> None:
        if not mask & InotifyConstants.IN_ISDIR:
            if not mask & _MADE or path.endswith(PAGE):
                changes.add_file(path, is_there=not mask & _REMOVED)
        elif not is_hidden(path):
            changes.add_folder(path)
            if mask & _REMOVED:
                self._forget_below(path + "/")
            else:
                self._watch_below(path + "/")

    def _is_gone(self) -> bool:
        """Whether the folder, or one above it, was removed or renamed."""
        try:
            found = os.stat(self._top)
        except OSError:
            return True
        return (found.st_dev, found.st_ino) != self._identity

    def _watch_below(self, start: str) -> None:
        """Watch a folder and those in it. Each is watched before it is looked into."""

        def look(below: str, entries: Entries) -> list[str]:
            self._watch(start + below)
            return [
                f"{below}{entry.name}/"
                for entry in entries
                if entry.is_dir(follow_symlinks=False) and not is_hidden(entry.name)
            ]

        try:
            walk(self._top / start, look)
        except OSError as error:
            if not start or error.errno not in _VANISHED:
                raise

    def _watch(self, below: str) -> None:
        place = self._top / below
        # The top itself may be a symbolic link that a person chose; what is in it is not followed.
        mask = _MASK | (_HOW if below else InotifyConstants.IN_ONLYDIR)
        watch = inotify_add_watch(self._queue, os.fsencode(place), mask)
        if watch != -1:
            self._folders[watch] = below
            return
        error = _last_error(place)
        if not below or error.errno not in _VANISHED:
            raise error

    def _watch_anew(self) -> None:
        """Watch what is there now: events that told of new folders are lost."""
        before = set(self._folders)
        self._folders.clear()
        self._watch_below("")
        for watch in before - set(self._folders):
            inotify_rm_watch(self._queue, watch)

    def _forget_below(self, start: str) -> None:
        """Give back the watches on a folder that went and those in it; it may be elsewhere now."""
        for watch, below in list(self._folders.items()):
            if below.startswith(start):
                inotify_rm_watch(self._queue, watch)
                del self._folders[watch]


def _last_error(place: Path) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), str(place))
