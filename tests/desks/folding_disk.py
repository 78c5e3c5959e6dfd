"""A folder that ignores case and Unicode normalisation of names, as disks of Mac and Windows do.

It stands for a real disk: whatever Python asks for a path below the folder is answered for the name
that is there, as it was first spelled.
"""

from __future__ import annotations

import builtins
import io
import os
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ONE_PATH = (
    "access chmod listdir lstat makedirs mkdir open remove rmdir scandir stat unlink utime"
).split()
TWO_PATHS = "rename replace".split()


def ignore_case(folder: Path, patched: pytest.MonkeyPatch) -> None:
    """From now on, names below ``folder`` are the same whatever their case and normalisation."""
    disk = _Disk(str(folder), os.listdir)
    for name in ONE_PATH:
        patched.setattr(os, name, disk.wrap(getattr(os, name)))
    for name in TWO_PATHS:
        patched.setattr(os, name, disk.wrap_both(getattr(os, name)))
    patched.setattr(builtins, "open", disk.wrap(open))
    patched.setattr(io, "open", disk.wrap(io.open))


@dataclass(frozen=True)
class _Disk:
    root: str
    listdir: Callable[[str], list[str]]

    def wrap(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, for a path as the disk spells it."""
        return lambda path=".", *rest, **how: call(self.spell(path), *rest, **how)

    def wrap_both(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same for a function that renames: the same file gets the new spelling."""

        def renamed(source: Any, target: Any, **how: Any) -> Any:
            source, there = self.spell(source), self.spell(target)
            if there == source:
                there = os.path.join(os.path.dirname(there), os.path.basename(os.fspath(target)))
            return call(source, there, **how)

        return renamed

    def spell(self, path: Any) -> Any:
        """A path below the folder as it is spelled there, and any other as it is."""
        text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else b""
        if not isinstance(text, str) or not text.startswith(f"{self.root}{os.sep}"):
            return path
        place = self.root
        for name in text[len(self.root) + 1 :].split(os.sep):
            place = os.path.join(place, self._find(place, name))
        return place

    def _find(self, above: str, name: str) -> str:
        try:
            there = self.listdir(above)
        except OSError:
            return name
        alike = (each for each in there if _fold(each) == _fold(name))
        return name if name in there else next(alike, name)


def _fold(name: str) -> str:
    return unicodedata.normalize("NFD", name).casefold()
