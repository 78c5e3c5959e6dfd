"""Lets a command that waits end cleanly when Ctrl+C is pressed, or the system asks it to end."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType
from typing import Optional

_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
]


class Stopping:
    """While it is entered, the first signal to end only sets ``asked`` and calls ``wake``.

    ``wake`` is called on a thread of its own: a thread that waits does not hear signals on every
    system. A second signal ends the command at once, as without this. For the main thread.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self.asked = threading.Event()
        self._wake = wake
        self._hears, self._says = socket.socketpair()
        self._says.setblocking(False)
        self._thread = threading.Thread(target=self._listen, name="ankivault-stopping", daemon=True)

    def __enter__(self) -> Stopping:
        self._thread.start()
        self._said_to = signal.set_wakeup_fd(self._says.fileno(), warn_on_full_buffer=False)
        self._usual = {number: signal.getsignal(number) for number in _SIGNALS}
        for number in _SIGNALS:
            signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        self._restore()
        signal.set_wakeup_fd(self._said_to)
        self._says.close()
        self._thread.join()
        self._hears.close()

    def _note(self, _number: int, _frame: Optional[FrameType]) -> None:
        self.asked.set()
        self._restore()

    def _restore(self) -> None:
        for number, usual in self._usual.items():
            signal.signal(number, usual)

    def _listen(self) -> None:
        while said := self._hears.recv(1):
            if said[0] in _SIGNALS:
                self.asked.set()
                self._wake()
