"""Surrounds every run: locks its target, explains errors of the disk, replaces a damaged base.

A base is disposable. A damaged one is deleted, and the run continues with an empty one.
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from .base_file import DAMAGED, BaseKind, is_damage
from .disk import explain
from .errors import AnkivaultError, StateUnavailable
from .faults import find_trouble
from .lock import lock_target
from .report import Message, Report
from .scope import NeedsEverything

B = TypeVar("B")
T = TypeVar("T")


class BaseLost(Exception):
    """The base failed while a plan was carried out; ``report`` tells what was done before."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


@dataclass(frozen=True)
class TargetKind(Generic[B]):
    """What a run can sync: its name, its base, and its error when the disk refuses."""

    name: str
    base: BaseKind
    open_base: Callable[[sqlite3.Connection], B]
    refused: str  # followed by the target and the reason
    refusal: type[AnkivaultError]

    @property
    def rebuilt(self) -> str:
        """The message about a damaged base."""
        return (
            f"What Ankivault remembered of this {self.name} was damaged, and is put together anew. "
            "Nothing of yours is lost; what was edited on both sides meanwhile may be asked about."
        )


@contextmanager
def running(target: Path, kind: TargetKind[B], *, locked_in: Path | None = None) -> Iterator[None]:
    """Surround a run on a target. With ``locked_in``, a state folder, no other run may work on it.

    Raises ``VaultBusy``; when the disk refuses the whole run, ``kind.refusal``,
    ``StateUnavailable`` or ``CollectionTrouble``.
    """
    with ExitStack() as held:
        if locked_in is not None:
            held.enter_context(lock_target(target, locked_in))
        held.enter_context(_explain_trouble(target, kind))
        held.enter_context(_rest_collector())
        yield


@contextmanager
def _explain_trouble(target: Path, kind: TargetKind[B]) -> Iterator[None]:
    """Explain to the user why the disk refuses the whole run."""
    try:
        yield
    except OSError as error:
        raise kind.refusal(f"{kind.refused} “{target}”: {explain(error)}.") from error
    except sqlite3.OperationalError as error:
        raise StateUnavailable(
            f"Ankivault's own notes about “{target}” cannot be written ({error}). Make room on the "
            "disk, or check the permissions of the add-on's folder, and run again."
        ) from error
    except Exception as error:
        trouble = find_trouble(error)
        if trouble is None:
            raise
        raise trouble from error


@contextmanager
def _rest_collector() -> Iterator[None]:
    """Stop garbage collection while large tables are built: they have no garbage.

    In Anki itself the collector is always off; this is for the command line.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True)
class Remembered(Generic[B]):
    """The base of a target for one collection, in a state folder.

    ``trusted``: its values are not checked again, for a run whose scope is narrow. When such a
    base turns out to be damaged, ``read`` leaves it to a run that looks at everything.
    """

    kind: TargetKind[B]
    target: Path
    state: Path
    collection: str
    trusted: bool = False

    def read(self, work: Callable[[B], T]) -> tuple[T, bool]:
        """Call ``work`` with the base, read-only; returns its result, and if the base was damaged.

        If it was damaged, ``work`` was called with an empty one.
        """
        place = (self.state, self.target, self.collection)
        try:
            with self.kind.base.read(*place, trusted=self.trusted) as db:
                return work(self.kind.open_base(db)), False
        except DAMAGED as error:
            if not is_damage(error):
                raise
            if self.trusted:
                raise NeedsEverything("the base is damaged") from error
        with suppress(OSError):  # or else the next run finds it damaged again
            self.kind.base.drop(self.state, self.target)
        with self.kind.base.read(*place, anew=True) as db:
            return work(self.kind.open_base(db)), True

    def write(
        self, work: Callable[[B], Report], anew: Callable[[B], Report], path: str | None = None
    ) -> Report:
        """Let ``work`` write the base; if it is damaged, ``anew`` finishes with an empty one.

        ``path`` is what the message of the damage is about. ``work`` raises ``BaseLost`` when it
        has already done something.
        """
        place = (self.state, self.target, self.collection)
        try:
            with self.kind.base.write(*place, trusted=self.trusted) as db:
                return work(self.kind.open_base(db))
        except BaseLost as lost:
            report = lost.report
        except DAMAGED as error:
            if not is_damage(error):
                raise
            report = Report()
        self.kind.base.drop(self.state, self.target)
        told = Message("warning", self.kind.rebuilt, path)
        report = replace(report, messages=(told, *report.messages))
        with self.kind.base.write(*place) as db:
            return report.followed_by(anew(self.kind.open_base(db)))
