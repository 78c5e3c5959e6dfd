"""Finds the command that starts this Anki again."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_SANDBOXES = ("FLATPAK_ID", "SNAP")


def find_command(base: str) -> list[str]:
    """The command that starts Anki with this base folder; empty where none is known.

    From inside a Flatpak or a Snap, nothing can be told to programs outside.
    """
    if any(os.environ.get(name) for name in _SANDBOXES):
        return []
    program = find_program(os.environ.get("ANKI_LAUNCHER", ""), _own_command())
    return [*program, "-b", base] if program else []


def find_program(launcher: str, command: Sequence[str]) -> list[str]:
    """The part of a ``command`` that starts Anki, without what Anki is told. Full paths.

    A ``launcher``, which starts this Anki and updates it, is to be preferred.
    """
    if launcher and os.path.isfile(launcher):
        return [launcher]
    if not command:
        return []
    program = shutil.which(command[0]) or command[0]
    if not os.path.isabs(program):
        program = sys.executable
    if not Path(program).stem.lower().startswith("python"):
        return [program]
    for at, argument in enumerate(command[1:], start=1):
        if argument in ("-c", "-m") and len(command) > at + 1:
            return [program, *command[1 : at + 2]]
        if not argument.startswith("-"):
            return [program, *command[1:at], os.path.abspath(argument)]
    return []


def _own_command() -> list[str]:
    found = getattr(sys, "orig_argv", None)  # from Python 3.10 on
    if found:
        return [*found]
    with suppress(OSError):
        words = Path("/proc/self/cmdline").read_bytes().split(b"\0")
        return [os.fsdecode(word) for word in words[:-1]]
    return [sys.executable]
