"""Links ``anki://…`` on Windows: a key of the registry, of this user alone."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import SCHEME, SchemeError

_CLASSES = "Software\\Classes"
_KEY = f"{_CLASSES}\\{SCHEME}"
_OURS = "Ankivault"  # a value of the key: that it is ours
_COMMAND = f"{_KEY}\\shell\\open\\command"


def _registry() -> Any:
    import winreg

    return winreg


@dataclass(frozen=True)
class WindowsScheme:
    """The keys of one user. ``registry`` is Python's ``winreg``."""

    command: Sequence[str]
    registry: Any = None

    @property
    def _winreg(self) -> Any:
        return self.registry or _registry()

    def is_ours(self) -> bool:
        """Whether the key is there, and was made by us."""
        return self._read(self._winreg.HKEY_CURRENT_USER, _KEY, _OURS) is not None

    def find_other(self) -> str:
        """The command of another program that opens such links; empty: there is none."""
        if self.is_ours():
            return ""
        root = self._winreg.HKEY_CLASSES_ROOT
        return self._read(root, f"{SCHEME}\\shell\\open\\command", "") or ""

    def register(self) -> None:
        """Make the key. Raises ``SchemeError`` where another program's key of this user is there.

        A key that is for all users stays: ours goes before it.
        """
        if not self.command:
            raise SchemeError("It is not known how Anki was started here.")
        winreg = self._winreg
        user = winreg.HKEY_CURRENT_USER
        if not self.is_ours() and self._exists(user, _KEY):
            raise SchemeError(
                "Another program has these links for your user. Give them up in that program "
                "first: its own entry would be lost otherwise."
            )
        try:
            self._write(_KEY, _OURS, "1")
            self._write(_KEY, "", "URL:Anki")
            self._write(_KEY, "URL Protocol", "")
            command = f'{subprocess.list2cmdline(self.command)} "%1"'
            self._write(_COMMAND, "", command)
        except OSError as error:
            raise SchemeError(f"The links were not given to Anki: {error}.") from error

    def unregister(self) -> None:
        """Delete the key, if it is ours. Raises ``SchemeError``."""
        if not self.is_ours():
            return
        winreg = self._winreg
        try:
            for below in ("\\shell\\open\\command", "\\shell\\open", "\\shell", ""):
                winreg.DeleteKey(winreg.HKEY_CURRENT_USER, _KEY + below)
        except OSError as error:
            raise SchemeError(f"The links were not taken back: {error}.") from error

    def _write(self, key: str, name: str, value: str) -> None:
        winreg = self._winreg
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
            winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, value)

    def _read(self, root: Any, key: str, name: str) -> str | None:
        try:
            with self._winreg.OpenKey(root, key) as opened:
                return str(self._winreg.QueryValueEx(opened, name)[0])
        except OSError:
            return None

    def _exists(self, root: Any, key: str) -> bool:
        try:
            with self._winreg.OpenKey(root, key):
                return True
        except OSError:
            return False
