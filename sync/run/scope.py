"""Which notes and pages a run looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Scope:
    """The notes and the pages that a run looks at. None: all of them.

    A run must look at everything after Anki has started, and after a change of a setting, a deck
    or a note type.
    """

    note_ids: Optional[frozenset[int]] = None
    paths: Optional[frozenset[str]] = None  # relative to the vault folder


EVERYTHING = Scope()
