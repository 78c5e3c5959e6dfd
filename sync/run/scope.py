"""How much of both sides a run looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Scope:
    """The notes and the pages that a run looks at. None: all of them.

    Everything has to be looked at after Anki has started, and after a change of a setting, a deck
    or a note type.
    """

    note_ids: Optional[frozenset[int]] = None
    paths: Optional[frozenset[str]] = None  # relative to the vault folder


EVERYTHING = Scope()
