"""What the window and the command line call for a TOML deck: plan, apply, both, or export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...convert.deck_file.definition import Problem
from ..activity.recorder import Recorder
from ..collection.reads import identify
from ..run.errors import Cancelled, DeckFileUnavailable
from ..run.progress import Progress, no_progress
from ..run.report import Report
from ..run.shell import Remembered, TargetKind, running
from .apply import apply as applying
from .base import DECK_BASE, DeckBase
from .changes import DeckPlan
from .export import export_deck
from .options import DeckOptions
from .plan import plan as planning
from .publish import check_published, publish_deck
from .read.file import check_file

if TYPE_CHECKING:
    from anki.collection import Collection

__all__ = [
    "apply_deck",
    "check_file",
    "check_published",
    "export_deck",
    "plan_deck",
    "publish_deck",
    "remember_export",
    "sync_deck",
]

USUAL = DeckOptions()
TOML_DECK = TargetKind("deck file", DECK_BASE, DeckBase, "Cannot work with", DeckFileUnavailable)


def plan_deck(
    col: Collection,
    file: Path,
    options: DeckOptions,
    state: Path,
    progress: Progress = no_progress,
) -> DeckPlan:
    """Plan a run. Writes nothing.

    Faults of the file are in the plan's ``problems``. The plan's ``refusal`` says why applying it
    would write nothing. ``state`` is the folder of the base files. Raises ``DeckFileUnavailable``
    or ``Cancelled``.
    """
    file = Path(file).expanduser().absolute()
    with running(file, TOML_DECK):
        remembered = Remembered(TOML_DECK, file, state, identify(col))
        plan, damaged = remembered.read(
            lambda base: planning.plan(col, file, options, base, progress)
        )
    if damaged:
        told = Problem("warning", TOML_DECK.rebuilt, 1)
        plan = replace(plan, problems=(told, *plan.problems), learns=True)
    return plan


def apply_deck(
    col: Collection,
    plan: DeckPlan,
    state: Path,
    progress: Progress = no_progress,
    *,
    records: bool = True,
) -> Report:
    """Do what a plan says. Checks again that the file and the notes are as planned.

    Raises ``VaultBusy``, ``StateUnavailable`` or ``DeckFileUnavailable``; the last also for a
    read-only file, before anything is written. The report says when the run was cancelled. Without
    ``records``, it does not become a part of the history.
    """

    def work(base: DeckBase) -> Report:
        return applying.apply(col, plan, base, progress, recorder)

    def anew(base: DeckBase) -> Report:
        try:
            again = planning.plan(col, plan.file, plan.options, base, progress)
        except Cancelled:
            return Report(cancelled=True)
        return applying.apply(col, again, base, progress, recorder)

    def run() -> Report:
        with running(plan.file, TOML_DECK, locked_in=state):
            remembered = Remembered(TOML_DECK, plan.file, state, identify(col))
            if plan.is_empty and not plan.learns:
                report, _ = remembered.read(work)
                return report
            return remembered.write(work, anew, str(plan.file))

    recorder = Recorder(state if records else None, "deck", str(plan.file))
    return recorder.keep(run)


def sync_deck(
    col: Collection,
    file: Path,
    options: DeckOptions,
    state: Path,
    progress: Progress = no_progress,
) -> tuple[DeckPlan, Report]:
    """Plan a run and apply it. Raises what ``plan_deck`` and ``apply_deck`` raise."""
    plan = plan_deck(col, file, options, state, progress)
    return plan, apply_deck(col, plan, state, progress)


def remember_export(
    col: Collection, file: Path, state: Path, progress: Progress = no_progress
) -> bool:
    """Save in the base that both sides are the same: later runs then see which side was edited.

    Returns False, and saves nothing, when they differ. Raises what ``plan_deck`` and
    ``apply_deck`` raise.
    """
    plan = plan_deck(col, file, USUAL, state, progress)
    if plan.refusal or not plan.is_empty:
        return False
    apply_deck(col, plan, state, progress, records=False)
    return True
