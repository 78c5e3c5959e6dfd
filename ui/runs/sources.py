"""Runs sources in the background: their servers first, then the collection; shows the results."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

from anki.collection import Collection, OpChanges
from aqt.main import AnkiQt
from aqt.qt import QWidget

from ...sync.run.done import Done, count_words
from ...sync.run.errors import Cancelled
from ...sync.run.report import Message, Report
from ..app import background
from ..app.asking import Asking
from ..app.background import Outcome
from ..app.files_in_place import may_load
from ..app.listeners import Listeners
from ..app.messages import explain, say, still_open, tell_error
from ..app.source_records import change_record
from . import vault as sync_now
from .ended import Ended
from .source_kinds import Decisions, Source

if TYPE_CHECKING:
    from ...sync.run.progress import Progress
    from ...sync.source.web import Web

_LONGEST_REST = 86400.0  # seconds that a server may wish to be left alone
WHERE = "Tools ▸ Ankivault ▸ Sources…"
_changed = Listeners()
on_change, off_change, announce_change = _changed.add, _changed.remove, _changed.call


@dataclass(frozen=True)
class SourceRun:
    """The result of one source's run: a report, or the error that stopped it."""

    key: str
    title: str
    report: Optional[Report] = None
    error: Optional[BaseException] = None
    told: dict[str, Any] = field(default_factory=dict)  # for its record

    @property
    def waiting(self) -> int:
        """How many questions it left open."""
        return int(self.told.get("waiting", 0))


@dataclass
class SourceRuns:
    """The runs of several sources. Each is added when it ends, so a later error loses none."""

    runs: list[SourceRun] = field(default_factory=list)
    changes: Optional[OpChanges] = None
    cancelled: bool = False

    @property
    def waiting(self) -> int:
        """How many questions are open."""
        return sum(run.waiting for run in self.runs)

    @property
    def where(self) -> str:
        """The names of the sources."""
        return ", ".join(run.title for run in self.runs)

    def add(self, run: SourceRun) -> None:
        """Add the result of one source's run."""
        self.runs.append(run)
        if run.report:
            self.changes = background.merge_changes((self.changes, run.report.changes))
            self.cancelled = self.cancelled or run.report.cancelled

    def report(self, mw: AnkiQt) -> Report:
        """All runs as one report. Open questions are not in it: they are asked elsewhere."""
        counts: Counter[Done] = Counter()
        messages: list[Message] = []
        for run in self.runs:
            if run.report:
                counts.update(run.report.counts)
                messages += run.report.messages
            elif run.error and not isinstance(run.error, Cancelled):
                messages.append(Message("error", explain(mw, run.error)))
        return Report(counts, tuple(messages), self.cancelled)

    def tell_waiting(self) -> str:
        """A sentence about the open questions; empty if there are none."""
        if not self.waiting:
            return ""
        waits = "waits" if self.waiting == 1 else "wait"
        return f"{count_words(self.waiting, 'question')} {waits} for you in {WHERE}"

    def keep(self, mw: AnkiQt) -> None:
        """Store in the profile when each source ran and with what result."""
        for run in self.runs:
            if not isinstance(run.error, Cancelled):
                wished = getattr(run.error, "retry_after", None) or 0  # of a ``WebTrouble``
                rests = int(time.time() + min(wished, _LONGEST_REST)) if wished else 0
                told = {**run.told, "result": _result(mw, run), "not_before": rests}
                if run.report and not run.report.cancelled:
                    told["last_run"] = int(time.time())
                change_record(mw, run.key, **told)
        announce_change()


def ask_servers(asking: Asking, sources: Sequence[Source], *, automatic: bool) -> None:
    """Ask the servers of these sources. The outcomes are in ``asking`` by the sources' keys."""
    for source in sources:
        asking.add(source.key, partial(_fetch, asking, source, automatic))


def _fetch(asking: Asking, source: Source, automatic: bool) -> Any:
    if asking.is_dropped:
        raise Cancelled

    def follow(web: Web) -> None:
        title = source.title.replace("<", "‹")  # the label would show an author's HTML

        def describe() -> str:
            told = f"Asking for “{title}”"
            return f"{told}: {web.requests:,} answers" if web.requests > 1 else told

        asking.describe = describe

    return source.fetch(lambda: asking.is_dropped, follow, automatic=automatic)


def run_sources(
    col: Collection,
    fetched: Sequence[tuple[Source, Outcome[Any]]],
    progress: Progress,
    backup: Callable[[], object],
    ended: SourceRuns,
) -> SourceRuns:
    """Plan and apply what was fetched, one source after the other. Adds each result to ``ended``.

    An error in one source does not stop the next; cancelling stops the rest.
    """
    for source, outcome in fetched:
        if outcome.error is not None:
            source.keep_failure(outcome.error)
            ended.add(SourceRun(source.key, source.title, error=outcome.error))
            continue
        try:
            plan = _plan(col, source, outcome.value, progress)
            told = getattr(outcome.value, "messages", ())  # about media that did not come
            run_plan(col, source, plan, progress, backup, ended, told)
        except Cancelled:
            ended.cancelled = True
            break
        except Exception as error:
            ended.add(SourceRun(source.key, source.title, error=error))
    return ended


def _plan(col: Collection, source: Source, fetched: Any, progress: Progress) -> Any:
    try:
        return source.plan(col, fetched, Decisions(thorough=False), progress)
    except Exception as error:
        source.keep_failure(error)
        raise


def run_plan(
    col: Collection,
    source: Source,
    plan: Any,
    progress: Progress,
    backup: Callable[[], object],
    ended: SourceRuns,
    messages: Sequence[Message] = (),
) -> SourceRuns:
    """Apply a plan, and add its result to ``ended``, which is returned. Errors are raised.

    ``messages`` are told with it.
    """
    try:
        report = source.apply(col, plan, progress, backup)
    except Exception:
        ended.changes = background.EVERYTHING  # unknown what was written before the error
        raise
    told = {**source.describe(plan), "waiting": report.questions}
    report = replace(report, questions=0, messages=(*messages, *report.messages))
    ended.add(SourceRun(source.key, source.title, report, told=told))
    return ended


def fetch_then(
    mw: AnkiQt,
    sources: Sequence[Source],
    parent: QWidget,
    then: Callable[[list[tuple[Source, Outcome[Any]]]], None],
) -> None:
    """Ask the servers of sources that the user chose, with progress; then call ``then``.

    It is not called after Esc, or when no work may start.
    """
    if not may_load(parent):
        return
    asking = Asking()
    ask_servers(asking, sources, automatic=False)

    def go_on() -> None:
        if asking.is_dropped:
            tell_error(mw, None, still_open(parent, mw))
        else:
            then([(source, asking.outcomes[source.key]) for source in sources])

    asking.wait(mw, go_on, parent=parent)


def update(mw: AnkiQt, sources: Sequence[Source], parent: QWidget) -> None:
    """Update sources that the user chose, then show what was done."""

    def run(fetched: list[tuple[Source, Outcome[Any]]]) -> None:
        ended = SourceRuns()

        def work(col: Collection, progress: Progress) -> SourceRuns:
            return run_sources(col, fetched, progress, mw.create_backup_now, ended)

        _start(mw, work, ended, still_open(parent, mw))

    fetch_then(mw, sources, parent, run)


def apply_plan(
    mw: AnkiQt,
    source: Source,
    plan: Any,
    parent: QWidget,
    then: Callable[[], None] = lambda: None,
) -> None:
    """Apply the plan that a window shows, tell what was done, then call ``then``."""
    ended = SourceRuns()

    def work(col: Collection, progress: Progress) -> SourceRuns:
        return run_plan(col, source, plan, progress, mw.create_backup_now, ended)

    _start(mw, work, ended, parent, then)


def _start(
    mw: AnkiQt,
    work: Callable[[Collection, Progress], SourceRuns],
    ended: SourceRuns,
    parent: QWidget,
    then: Callable[[], None] = lambda: None,
) -> None:
    def done(outcome: Outcome[SourceRuns]) -> None:
        _tell(mw, outcome, parent)
        then()

    sync_now.start(mw, work, done, parent=parent, changes=lambda: ended.changes)


def _tell(mw: AnkiQt, outcome: Outcome[SourceRuns], parent: QWidget) -> None:
    window = still_open(parent, mw)
    if outcome.value is None:
        tell_error(mw, outcome.error, window)
        return
    ended = outcome.value
    ended.keep(mw)
    report = ended.report(mw)
    say(f"{report.summary()} {ended.tell_waiting()}", parent=window)
    told = Ended.of(outcome, report, Path(), ended.where)
    if sync_now.remember(told):
        sync_now.show_summary(mw, told)


def _result(mw: AnkiQt, run: SourceRun) -> str:
    if run.report is None:
        return explain(mw, run.error) if run.error else "Stopped"
    if run.report.cancelled:
        return "Cancelled"
    errors = [m.text for m in run.report.messages if m.level == "error"]
    return errors[-1] if errors else "Up to date"
