"""Has Qt give a screen reader a sentence to say: the one event of Qt's that does so everywhere.

PyQt has no class for it, nor for anything else of ``QAccessible``. So Qt's library is called here
as a program in C++ calls it. ``QAccessibleAnnouncementEvent`` is a public class since Qt 6.8, and
all of Qt 6 keeps its layout. Names are looked up in the library that Anki has loaded, never in
another one. Where one is missing, nothing is called.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, Optional

from aqt.qt import QLibraryInfo, QWidget
from PyQt6 import sip

ANNOUNCEMENT = 0x80D0  # QAccessible::Announcement
_NO_CHILD = -1
_KEPT = 64  # texts: a screen reader may still read one a moment later

# Qt's own library, and in it: is a reader there, post an event, and the table of the event's class.
_UNIX = (
    "_ZN11QAccessible8isActiveEv",
    "_ZN11QAccessible19updateAccessibilityEP16QAccessibleEvent",
    "_ZTV28QAccessibleAnnouncementEvent",
)
_WINDOWS = (
    "?isActive@QAccessible@@SA_NXZ",
    "?updateAccessibility@QAccessible@@SAXPEAVQAccessibleEvent@@@Z",
    "??_7QAccessibleAnnouncementEvent@@6B@",
)
_HEAD_OF_TABLE = 16  # bytes; on Windows the name stands for what comes after them


class String(ctypes.Structure):
    """A ``QString`` that does not own its text."""

    _fields_ = (
        ("owner", ctypes.c_void_p),
        ("text", ctypes.c_void_p),
        ("size", ctypes.c_ssize_t),
    )


class Event(ctypes.Structure):
    """A ``QAccessibleAnnouncementEvent``."""

    _fields_ = (
        ("table", ctypes.c_void_p),
        ("kind", ctypes.c_int32),
        ("widget", ctypes.c_void_p),
        ("child", ctypes.c_int32),
        ("message", String),
        ("politeness", ctypes.c_int32),  # 0: after what is being said
    )


@dataclass(frozen=True)
class _Qt:
    is_active: Callable[[], bool]
    post: Optional[Callable[[Any], None]]  # none before Qt 6.8
    table: int


_texts: deque[Any] = deque(maxlen=_KEPT)


def is_heard() -> bool:
    """Whether a screen reader, or the like, reads Anki now; also where nobody can say."""
    qt = _find_qt()
    return qt is None or qt.is_active()


def post_announcement(widget: QWidget, text: str) -> bool:
    """Have what reads Anki say this about a widget. Whether this Qt can."""
    qt = _find_qt()
    if qt is None or qt.post is None:
        return False
    letters = text.encode("utf-16-le", "replace")
    kept = ctypes.create_string_buffer(letters + b"\0", len(letters) + 2)
    _texts.append(kept)
    message = String(None, ctypes.addressof(kept), len(letters) // 2)
    event = Event(qt.table, ANNOUNCEMENT, _address_of(widget), _NO_CHILD, message, 0)
    with suppress(OSError):
        qt.post(ctypes.byref(event))
    return True


def _address_of(widget: QWidget) -> int:
    unwrap: Any = sip.unwrapinstance  # its type hints say that it returns nothing
    return int(unwrap(widget))


@cache
def _find_qt() -> Optional[_Qt]:
    """What is called of Qt's library; ``None`` where it is not the library that is known."""
    is_windows = sys.platform == "win32"
    active, update, table = _WINDOWS if is_windows else _UNIX
    if ctypes.sizeof(ctypes.c_void_p) != 8 or QLibraryInfo.version().majorVersion() != 6:
        return None
    try:
        library = find_library()
        is_active = library[active]
        is_active.restype = ctypes.c_bool
        is_active.argtypes = ()
    except (AttributeError, OSError):
        return None
    try:
        post = library[update]
        post.restype, post.argtypes = None, (ctypes.c_void_p,)
        start = ctypes.addressof(ctypes.c_void_p.in_dll(library, table))
    except (AttributeError, OSError, ValueError):
        return _Qt(is_active, None, 0)
    return _Qt(is_active, post, start if is_windows else start + _HEAD_OF_TABLE)


def find_library() -> ctypes.CDLL:
    """The library of Qt that Anki has loaded. Raises ``OSError`` if it has another name."""
    if sys.platform == "win32":
        name = "Qt6Gui.dll"
        find = ctypes.windll.kernel32.GetModuleHandleW
        find.restype, find.argtypes = ctypes.c_void_p, (ctypes.c_wchar_p,)
        handle = find(name)
        if not handle:
            raise OSError(f"{name} is not loaded")
        return ctypes.CDLL(name, handle=handle)
    name = "libQt6Gui.so.6"
    if sys.platform == "darwin":
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.LibrariesPath)
        name = f"{folder}/QtGui.framework/Versions/A/QtGui"
    return ctypes.CDLL(name, mode=os.RTLD_NOW | os.RTLD_NOLOAD)
