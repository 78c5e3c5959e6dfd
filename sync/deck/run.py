"""TOML decks as the window and the command line use them: plan, apply, both, export."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from ...convert.deck_file.definition import Problem
from ..collection.reads import identify
from ..run.base_file import DAMAGED, REBUILT, is_damage
from ..run.disk import explain
from ..run.errors import AnkivaultError, DeckFileUnavailable
from ..run.faults import find_trouble
from ..run.lock import lock_vault
from ..run.progress import Progress, no_progress
from ..run.report import Message, Report
from .apply import apply as applying
from .base import DECK_BASE, read_base, write_base
from .changes import DeckPlan
from .export import export_deck
from .options import DeckOptions
from .plan import plan as planning
from .read.file import check_file

if TYPE_CHECKING:
    from anki.collection import Collection, OpChanges

__all__ = ["apply_deck", "check_file", "export_deck", "plan_deck", "remember_export", "sync_deck"]

USUAL = DeckOptions()


def plan_deck(
    col: Collection,
    file: Path,
    options: DeckOptions,
    state: Path,
    progress: Progress = no_progress,
) -> DeckPlan:
    """What a run would do. Writes nothing.

    What is wrong with the file is in the plan's ``problems``, and why applying it would do
    nothing in its ``refusal``. ``state`` is the folder of the base files. Raises
    ``DeckFileUnavailable`` or ``Cancelled``.
    """
    file = Path(file).expanduser().absolute()
    with _disk_trouble(file):
        try:
            with read_base(state, file, identify(col)) as base:
                return planning.plan(col, file, options, base, progress)
        except DAMAGED as error:
            if not is_damage(error):
                raise
        with suppress(OSError):
            DECK_BASE.drop(state, file)
        with read_base(state, file, identify(col), anew=True) as base:
            plan = planning.plan(col, file, options, base, progress)
        told = Problem("warning", REBUILT.format(what="deck file"), 1)
        return replace(plan, problems=(told, *plan.problems), learns=True)


def apply_deck(
    col: Collection, plan: DeckPlan, state: Path, progress: Progress = no_progress
) -> tuple[Report, Optional[OpChanges]]:
    """Do what a plan says, checking again that file and notes are as planned.

    With the report comes what a ``CollectionOp`` hands to Anki's window; nothing when the
    collection was not written. Raises ``DeckFileUnavailable`` (before anything is written, when
    the file is read-only) or ``VaultBusy``; a cancelled run is told in the report.
    """
    with lock_vault(plan.file, state), _disk_trouble(plan.file):
        try:
            if plan.is_empty and not plan.learns:
                with read_base(state, plan.file, identify(col)) as base:
                    return applying.apply(col, plan, base, progress)
            with write_base(state, plan.file, identify(col)) as base:
                return applying.apply(col, plan, base, progress)
        except applying.BaseLost as lost:
            first, changes = lost.report, lost.changes
        except DAMAGED as error:
            if not is_damage(error):
                raise
            first, changes = Report(), None
        DECK_BASE.drop(state, plan.file)
        again = plan_deck(col, plan.file, plan.options, state, progress)
        with write_base(state, plan.file, identify(col)) as base:
            report, more = applying.apply(col, again, base, progress)
        told = Message("warning", REBUILT.format(what="deck file"), str(plan.file))
        report = replace(first, messages=(told, *first.messages)).followed_by(report)
        if changes is not None and more is not None:
            changes.MergeFrom(more)
        return report, changes or more


def sync_deck(
    col: Collection,
    file: Path,
    options: DeckOptions,
    state: Path,
    progress: Progress = no_progress,
) -> tuple[DeckPlan, Report]:
    """Plan and apply in one go. Raises what ``plan_deck`` and ``apply_deck`` raise."""
    plan = plan_deck(col, file, options, state, progress)
    return plan, apply_deck(col, plan, state, progress)[0]


def remember_export(
    col: Collection, file: Path, state: Path, progress: Progress = no_progress
) -> bool:
    """Note that both sides are the same now: from here on, edits of either can be told apart.

    Returns whether they are. Raises what ``plan_deck`` and ``apply_deck`` raise.
    """
    plan = plan_deck(col, file, USUAL, state, progress)
    if plan.refusal or not plan.is_empty:
        return False
    apply_deck(col, plan, state, progress)
    return True


@contextmanager
def _disk_trouble(file: Path) -> Iterator[None]:
    try:
        yield
    except AnkivaultError:
        raise
    except OSError as error:
        raise DeckFileUnavailable(f"Cannot work with “{file}”: {explain(error)}.") from error
    except sqlite3.OperationalError as error:
        raise DeckFileUnavailable(
            f"Ankivault's own notes about “{file}” cannot be written ({error}). Make room on the "
            "disk, or check the permissions of the add-on's folder, and run again."
        ) from error
    except Exception as error:
        trouble = find_trouble(error)
        if trouble is None:
            raise
        raise trouble from error
