"""Keeps track of the open elements that are not just formatting, and of tables' scopes."""

from __future__ import annotations

from typing import NamedTuple


class Open(NamedTuple):
    """An open element, and the numbers of frames and of marks to restore at its end.

    A ``scope`` (a table, a cell) hides the elements around it from the end tags inside it. The
    content of a ``silent`` element is not shown.
    """

    name: str
    frames: int
    marks: int
    scope: bool = False
    silent: bool = False


class OpenElements:
    """A stack that knows without a search whether an element is open in the current scope."""

    def __init__(self) -> None:
        self.entries: list[Open] = []
        self._scopes: list[dict[str, int]] = [{}]
        self.silent = 0

    def push(self, entry: Open) -> None:
        """Begin an element."""
        counts = self._scopes[-1]
        counts[entry.name] = counts.get(entry.name, 0) + 1
        self.entries.append(entry)
        if entry.scope:
            self._scopes.append({})
        self.silent += entry.silent

    def pop(self) -> Open:
        """End the innermost element."""
        entry = self.entries.pop()
        if entry.scope:
            self._scopes.pop()
        self._scopes[-1][entry.name] -= 1
        self.silent -= entry.silent
        return entry

    def is_open(self, name: str, out: int = 0) -> bool:
        """Whether an element is open in the current scope, or ``out`` scopes further out."""
        return len(self._scopes) > out and bool(self._scopes[-1 - out].get(name))

    def in_scope(self) -> bool:
        """Whether a table is open."""
        return len(self._scopes) > 1
