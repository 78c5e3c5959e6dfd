"""Who is to hear of a change, as long as they want to."""

from __future__ import annotations

from collections.abc import Callable


class Listeners:
    """Callbacks that are called, in their order, each time when something changes."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[[], None]] = []

    def add(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` from now on."""
        self._callbacks.append(callback)

    def remove(self, callback: Callable[[], None]) -> None:
        """Stop calling ``callback``. Raises ``ValueError`` if it was not added."""
        self._callbacks.remove(callback)

    def call(self) -> None:
        """Call all of them. They may add and remove some meanwhile."""
        for callback in tuple(self._callbacks):
            callback()
