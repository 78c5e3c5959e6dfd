"""The watch on Windows: one handle on the vault folder tells of all that is below it.

Of the library ``watchdog`` it uses the bindings. Its observer says nothing when the system's
buffer overflows, and it asks to be told of files that are only read.
"""

from __future__ import annotations

import ctypes
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .change import GONE, NOTHING, PAGE, Changes, FolderChange, is_passed_over

ADDED, REMOVED, MODIFIED, RENAMED_OLD, RENAMED_NEW = 1, 2, 3, 4, 5
_NAMES, _FOLDER_NAMES, _SIZES, _WRITES = 0x01, 0x02, 0x08, 0x10
_BUFFER = 64000  # bytes; more is refused for some drives
# “MITOSI~1.MD”: the name that a file also has for old programs.
_SHORT_NAME = re.compile(r"(?:\A|/)[^/]{1,6}~\d{1,2}(?:\.[^/.]{0,3})?(?=/|\Z)")

Record = tuple[int, str]  # what happened, and the path as Windows tells it


class DirectoryWatch:
    """Tells what changes below a folder. Raises ``OSError`` when it cannot watch it."""

    def __init__(self, folder: Path) -> None:
        from ....vendor.lib.watchdog.observers import winapi

        self._windows: Any = winapi
        self._top = folder
        self._handle = winapi.get_directory_handle(str(folder))
        self._is_woken = False

    def read(self) -> FolderChange:
        """Wait for the next changes; after ``wake`` it is one that holds nothing."""
        buffer = ctypes.create_string_buffer(_BUFFER)
        written = ctypes.c_ulong()
        kinds = _NAMES | _FOLDER_NAMES | _SIZES | _WRITES
        try:
            self._windows.ReadDirectoryChangesW(
                self._handle, buffer, _BUFFER, True, kinds, ctypes.byref(written), None, None
            )
        except OSError:
            if self._is_woken:
                return NOTHING
            if self._top.is_dir():
                raise
        if self._is_woken:
            return NOTHING
        if not self._top.is_dir():
            return GONE
        if not written.value:  # more changed than the buffer holds
            return FolderChange(everything=True)
        try:
            records = self._windows._parse_event_buffer(buffer.raw, written.value)
        except UnicodeDecodeError:  # a name that is no text
            return FolderChange(everything=True)
        return read_records(records, self._top)

    def wake(self) -> None:
        """Let ``read`` return, now and ever after."""
        self._is_woken = True
        self._windows.close_directory_handle(self._handle)

    def close(self) -> None:
        """Give the handle back to the system."""
        if not self._is_woken:
            self._windows.close_directory_handle(self._handle)


def read_records(records: Iterable[Record], top: Path) -> FolderChange:
    """What some records of Windows say; they do not tell folders from files."""
    changes = Changes()
    for action, name in records:
        path = name.replace("\\", "/")
        is_there = action not in (REMOVED, RENAMED_OLD)
        if _SHORT_NAME.search(path):
            changes.add_everything()
        elif path.endswith(PAGE) and not (is_there and os.path.isdir(top / path)):
            changes.add_file(path, is_there=is_there)
        elif not is_there:
            if not is_passed_over(path):
                changes.add_folder(path)  # of what is gone nobody can say that it was none
        elif not os.path.isdir(top / path):
            changes.add_file(path)
        elif action != MODIFIED:  # which only says that something in it changed
            changes.add_folder(path)
    return changes.make()
