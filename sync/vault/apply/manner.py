"""How a plan is applied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Optional

from ...run.report import Level
from ..changes import VaultPlan

UNDO_NAME = "Ankivault: Edits from Obsidian"
Backup = Callable[[], None]


def _at_once(write: Callable[[], None]) -> None:
    write()


def _all_of(plan: VaultPlan) -> VaultPlan:
    return plan


@dataclass(frozen=True)
class Manner:
    """How a plan is applied: at once and all of it, unless told otherwise.

    ``backup`` is called once, before the first note is deleted. ``write_notes`` calls what writes
    the notes, maybe on another thread, and returns when that is done. ``sift`` leaves of the plan
    that completes new notes what may be done now. ``late_level``: how it is told that a note or
    page was changed meanwhile.
    """

    backup: Optional[Backup] = None
    write_notes: Callable[[Callable[[], None]], None] = _at_once
    undo_name: str = UNDO_NAME
    sift: Callable[[VaultPlan], VaultPlan] = _all_of
    late_level: Level = "warning"


AT_ONCE = Manner()
