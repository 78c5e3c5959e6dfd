"""Hears what Qt hands on to a screen reader, as one that runs beside Anki would get it."""

from __future__ import annotations

import ctypes
import importlib
import struct
from typing import Any

from window import Steps, Window

_BE_ACTIVE = "_ZN11QAccessible9setActiveEb"
_LISTEN = "_ZN11QAccessible20installUpdateHandlerEPFvP16QAccessibleEventE"
# As Qt's compiler lays out a QAccessibleEvent (table, type, object, child), and what follows in a
# QAccessibleAnnouncementEvent (a string: owner, letters, how many; politeness).
_HEAD = struct.Struct("<Q i 4x Q i 4x")
_REST = struct.Struct("<Q Q q i")
_ANNOUNCEMENT = 0x80D0


class Ear:
    """From when it is made until ``close``, Anki takes it that a screen reader runs."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self.heard: list[str] = []
        self._qt: Any = importlib.import_module("ankivault.ui.app.qt_announcement")
        self._find = self._qt._find_qt
        self._library = self._qt.find_library()
        handler = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
        self._note_event = handler(self._note)
        self._listen = self._library[_LISTEN]
        self._listen.restype, self._listen.argtypes = ctypes.c_void_p, (ctypes.c_void_p,)
        self._before = self._listen(ctypes.cast(self._note_event, ctypes.c_void_p))
        self._pretend(True)

    def close(self) -> None:
        self._qt._find_qt = self._find
        self._pretend(False)
        self._listen(self._before)

    def forget_announcements(self) -> None:
        """Have Qt as it is before 6.8, until ``close``."""
        old = self._qt._Qt(self._find().is_active, None, 0)
        self._qt._find_qt = lambda: old

    def _pretend(self, reader: bool) -> None:
        set_active = self._library[_BE_ACTIVE]
        set_active.restype, set_active.argtypes = None, (ctypes.c_bool,)
        set_active(reader)

    def _note(self, address: int) -> None:
        _, kind, _, _ = _HEAD.unpack(ctypes.string_at(address, _HEAD.size))
        if kind == _ANNOUNCEMENT:
            rest = ctypes.string_at(address + _HEAD.size, _REST.size)
            _, text, letters, politeness = _REST.unpack(rest)
            assert politeness == 0, "it interrupts what is being said"
            self.heard.append(ctypes.string_at(text, letters * 2).decode("utf-16-le"))

    def hears(self, words: str) -> Steps[str]:
        """Wait until something with these words is said; all said so far is forgotten."""
        found = yield from self._window.until(
            lambda: next((text for text in self.heard if words in text), ""),
            f"a screen reader to say “{words}”",
        )
        self.heard.clear()
        return str(found)
