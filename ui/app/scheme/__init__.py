"""Has the links ``anki://…`` of this computer's user be opened by Anki, and takes that back.

Nothing here is about a profile: a computer's user has one program for each kind of link.
"""

from __future__ import annotations

import sys
from typing import Optional, Protocol

SCHEME = "anki"


class SchemeError(Exception):
    """Why such links cannot be given to Anki, or taken back, for the user."""


class LinkScheme(Protocol):
    """What one operating system keeps of the programs that open links."""

    def is_ours(self) -> bool:
        """Whether such links are opened by Anki, because of us."""

    def find_other(self) -> str:
        """The name of another program that opens such links; empty: there is none."""

    def register(self) -> None:
        """Have such links opened by Anki. Raises ``SchemeError``."""

    def unregister(self) -> None:
        """Leave everything as it was before. Does nothing where nothing is ours."""


def find_scheme(base: str) -> Optional[LinkScheme]:
    """What this system keeps, or None where links cannot be given to Anki in this way.

    ``base`` is the base folder of this Anki, for when a link starts it.
    """
    from .command import find_command

    system: str = sys.platform
    if system == "win32":
        from .windows import WindowsScheme

        return WindowsScheme(find_command(base))
    if system.startswith("linux"):
        from .linux import LinuxScheme

        return LinuxScheme.of_user(find_command(base))
    return None
