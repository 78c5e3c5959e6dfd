"""Runs linked decks in the background, one file after the other, and shows the results."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from anki.collection import Collection, OpChanges
from aqt.main import AnkiQt
from aqt.qt import QWidget

from ...sync.run.done import Done, count_words
from ...sync.run.errors import Cancelled
from ...sync.run.report import Message, Report
from ..app import background, profile
from ..app.background import Outcome
from ..app.listeners import Listeners
from ..app.messages import explain, say, still_open, tell_error
from . import at_rest
from . import vault as sync_now
from .ended import Ended

if TYPE_CHECKING:
    from ...sync.deck.changes import DeckPlan
    from ...sync.deck.linked import LinkedDeck
    from ...sync.deck.options import DeckOptions
    from ...sync.run.progress import Progress

# The options that are stored with a linked deck for its next runs.
REMEMBERED = ("pull_new_notes", "push_new_notes", "update_tags")
_changed = Listeners()
on_change, off_change, announce_change = _changed.add, _changed.remove, _changed.call


@dataclass(frozen=True)
class DeckRun:
    """The result of one file's run: a report, or the error that stopped it."""

    file: Path
    name: str = ""
    conflicts: int = 0
    report: Optional[Report] = None
    error: Optional[Exception] = None


@dataclass
class DeckRuns:
    """The runs of several files. Each is added when it ends, so a later error loses none."""

    runs: list[DeckRun] = field(default_factory=list)
    changes: Optional[OpChanges] = None
    cancelled: bool = False

    def add(self, run: DeckRun, changes: Optional[OpChanges]) -> None:
        """Add the result of one file's run, and what it changed in the collection."""
        self.runs.append(run)
        if changes is not None:
            self.changes = self.changes or OpChanges()
            self.changes.MergeFrom(changes)

    @property
    def conflicts(self) -> int:
        """How many conflicts are still open."""
        return sum(run.conflicts for run in self.runs)

    @property
    def where(self) -> str:
        """The names of the decks."""
        return ", ".join(run.name or run.file.stem for run in self.runs)

    def report(self, mw: AnkiQt) -> Report:
        """All runs as one report."""
        counts: Counter[Done] = Counter()
        messages: list[Message] = []
        cancelled = self.cancelled
        for run in self.runs:
            if run.report:
                counts.update(run.report.counts)
                messages += run.report.messages
                cancelled = cancelled or run.report.cancelled
            elif run.error:
                messages.append(Message("error", explain(mw, run.error), str(run.file)))
        return Report(counts, tuple(messages), cancelled)

    def keep(self, mw: AnkiQt) -> None:
        """Store in the profile when each file ran and with what result."""
        for run in self.runs:
            kept = {"name": run.name} if run.name else {}
            profile.change_linked(
                mw,
                run.file,
                last_run=int(time.time()),
                last_result=_result(mw, run),
                seen=date_of(run.file),
                **kept,
            )
        announce_change()


def date_of(file: Path) -> int:
    """When a file was last changed, in nanoseconds; 0 if it cannot be read."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def name_of(plan: DeckPlan) -> str:
    """The deck's name in the file; empty if the file has errors."""
    return plan.definition.package.name if plan.definition else ""


def remember_options(mw: AnkiQt, file: Path, options: DeckOptions) -> None:
    """Store the ``REMEMBERED`` options of this run for the next runs of a linked deck."""
    wanted = {name: getattr(options, name) for name in REMEMBERED}
    for deck in profile.get_linked(mw):
        if deck.file == file and any(getattr(deck, n) != value for n, value in wanted.items()):
            profile.change_linked(mw, file, **wanted)
            announce_change()


def run_decks(
    col: Collection,
    jobs: Sequence[tuple[Path, DeckOptions]],
    state: Path,
    progress: Progress,
    ended: DeckRuns,
) -> DeckRuns:
    """Sync these files one after the other, and add each result to ``ended``, which is returned.

    An error in one file does not stop the next; cancelling stops the rest.
    """
    from ...sync.activity.recorder import keep_failure
    from ...sync.deck.run import plan_deck

    for file, options in jobs:
        try:
            try:
                plan = plan_deck(col, file, options, state, progress)
            except Exception as error:
                keep_failure(state, "deck", str(file), error)
                raise
            run_plan(col, plan, state, progress, ended)
            report = ended.runs[-1].report
            if report is not None and report.ok:
                at_rest.note_deck(col, (file, options))
        except Cancelled:
            ended.cancelled = True
            break
        except Exception as error:
            ended.add(DeckRun(file, error=error), None)
    return ended


def run_plan(
    col: Collection, plan: DeckPlan, state: Path, progress: Progress, ended: DeckRuns
) -> DeckRuns:
    """Apply a plan, and add its result to ``ended``, which is returned.

    Errors of the run are raised.
    """
    from ...sync.deck.run import apply_deck

    try:
        report = apply_deck(col, plan, state, progress)
    except Exception:
        ended.changes = background.EVERYTHING  # unknown what was written before the error
        raise
    ended.cancelled = ended.cancelled or report.cancelled
    run = DeckRun(plan.file, name_of(plan), plan.counts["conflicts"], report)
    ended.add(run, report.changes)
    return ended


def sync_decks(mw: AnkiQt, decks: Sequence[LinkedDeck], parent: QWidget) -> None:
    """Sync linked decks that the user chose, then show what was done."""
    state = profile.state_folder(mw)
    jobs = [(deck.file, deck.options) for deck in decks]
    ended = DeckRuns()

    def work(col: Collection, progress: Progress) -> DeckRuns:
        return run_decks(col, jobs, state, progress, ended)

    _start(mw, work, ended, parent)


def sync_plan(mw: AnkiQt, plan: DeckPlan, parent: QWidget) -> None:
    """Apply the plan that the preview shows, then show what was done."""
    state = profile.state_folder(mw)
    ended = DeckRuns()

    def work(col: Collection, progress: Progress) -> DeckRuns:
        return run_plan(col, plan, state, progress, ended)

    _start(mw, work, ended, parent)


def _start(
    mw: AnkiQt,
    work: Callable[[Collection, Progress], DeckRuns],
    ended: DeckRuns,
    parent: QWidget,
) -> None:
    def done(outcome: Outcome[DeckRuns]) -> None:
        _tell(mw, outcome, parent)

    sync_now.start(mw, work, done, parent=parent, changes=lambda: ended.changes)


def _tell(mw: AnkiQt, outcome: Outcome[DeckRuns], parent: QWidget) -> None:
    window = still_open(parent, mw)
    if outcome.value is None:
        tell_error(mw, outcome.error, window)
        return
    outcome.value.keep(mw)
    report = outcome.value.report(mw)
    say(report.summary(), parent=window)
    ended = Ended.of(outcome, report, Path(), outcome.value.where)
    if sync_now.remember(ended):
        sync_now.show_summary(mw, ended)


def _result(mw: AnkiQt, run: DeckRun) -> str:
    if run.report is None:
        return explain(mw, run.error) if run.error else "Stopped"
    if run.report.cancelled:
        return "Cancelled"
    errors = [m.text for m in run.report.messages if m.level == "error"]
    if errors:
        return errors[-1]
    if run.conflicts:
        return f"{count_words(run.conflicts, 'conflict')} left"
    return "In step"
