"""The command ``watch``: keeps a vault folder and a closed collection in step until Ctrl+C."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Optional

from ..sync.collection.reads import identify
from ..sync.run.errors import AnkivaultError, Cancelled, VaultBusy, VaultUnavailable
from ..sync.run.progress import Progress
from ..sync.run.report import Report
from ..sync.run.scope import EVERYTHING, Scope
from ..sync.vault.live.change import FolderChange
from ..sync.vault.live.folder_look import FolderLook, look_at_folder
from ..sync.vault.live.live_vault import (
    FAILURES,
    Look,
    NoRunYet,
    Prepared,
    Seen,
    Standing,
    carry_out,
    prepare,
)
from ..sync.vault.live.pending import QUIET, Pending
from ..sync.vault.live.quiet import part_unfinished
from ..sync.vault.live.watch import FolderWatch
from ..sync.vault.settings import Settings
from .stopping import Stopping
from .watch_output import WatchOutput

if TYPE_CHECKING:
    from anki.collection import Collection

EVERY = 2.0  # seconds between two looks at a folder that tells nothing, or is not there


class WatchFailed(AnkivaultError):
    """Several runs in a row failed."""


@dataclass(frozen=True)
class Vault:
    """What is kept in step, and how: ``full_run`` does what ``sync`` does.

    It is told whether a person agreed to a large change; ``agreed`` is that for the first one.
    ``explain`` says to a person why a run failed.
    """

    col: Collection
    settings: Settings
    state: Path
    full_run: Callable[[Progress, bool], Report]
    explain: Callable[[Exception], str]
    agreed: bool = False

    @property
    def folder(self) -> Path:
        """The full path of the vault folder."""
        return self.settings.real_folder


def watch(vault: Vault, told: WatchOutput) -> None:
    """Keep a vault in step until a person or the system ends the command.

    Raises what ``full_run`` raises, ``WatchFailed``, or ``OutputLost``.
    """
    events: SimpleQueue[Optional[FolderChange]] = SimpleQueue()
    with Stopping(lambda: events.put(None)) as stopping:
        keeper = _Keeper(vault, told, events, stopping)
        try:
            keeper.keep()
        except Cancelled:
            pass
        finally:
            keeper.end()
        told.tell_end()


class _Keeper:
    """Gathers what changed, waits for a quiet moment, and does what follows. For one thread."""

    def __init__(
        self,
        vault: Vault,
        told: WatchOutput,
        events: SimpleQueue[Optional[FolderChange]],
        stopping: Stopping,
    ) -> None:
        self._vault, self._told = vault, told
        self._events, self._stopping = events, stopping
        self._standing, self._seen = Standing(), Seen()
        self._watch: Optional[FolderWatch] = None
        self._was_filled = False
        self._forget()

    def _forget(self) -> None:
        self._pending = Pending()
        self._arrived: Optional[float] = None  # when a file that is no page came
        self._looks_at: Optional[float] = None  # when it looks at the folder next; None: never
        self._looked: Optional[FolderLook] = None
        self._is_away = False

    def keep(self) -> None:
        """Do a full run, then what follows from each change, until it is asked to stop."""
        self._begin(self._vault.agreed)
        while not self._stopping.asked.is_set():
            self._wait()
            if self._stopping.asked.is_set():
                return
            if self._is_away:
                self._try_to_come_back()
            else:
                self._look()
                self._run_due()

    def end(self) -> None:
        """Watch no longer, and forget what a watch has told."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.stop()
        while not self._events.empty():
            self._events.get_nowait()

    # Begin, and begin again

    def _begin(self, agreed: bool = False) -> None:
        self._do_full_run(agreed)
        if self._stopping.asked.is_set():
            return
        self._was_filled = _is_filled(self._vault.folder)
        self._watch = FolderWatch(self._vault.folder, self._events.put)
        reason = self._watch.start()
        self._run(EVERYTHING)  # what changed before the watch began, and what waits
        if not self._is_away:
            self._told.tell_watching(self._vault.folder, reason or "")
            if reason:
                self._looks_at = time.monotonic()

    def _do_full_run(self, agreed: bool = False) -> None:
        report = self._vault.full_run(self._stop_between, agreed)
        self._standing.settle()
        news = self._standing.take(Prepared(EVERYTHING, self._seen), report.messages)
        told = [message for message in report.messages if message.level == "info"]
        self._told.tell_full_run(report, [*news, *told])

    def _stop_between(self, _label: str, _done: int, _total: int) -> None:
        if self._stopping.asked.is_set():
            raise Cancelled

    def _is_there(self) -> bool:
        # Where a drive is away, its folder may be left, and is empty.
        folder = self._vault.folder
        return _is_filled(folder) if self._was_filled else folder.is_dir()

    def _go_away(self) -> None:
        self.end()
        self._forget()
        self._is_away = True
        self._told.tell_gone(self._vault.folder)

    def _try_to_come_back(self) -> None:
        if not self._is_there():
            return
        self._told.tell_back(self._vault.folder)
        self._forget()
        try:
            self._begin()
        except VaultUnavailable:
            if self._is_there():
                raise
            self._go_away()

    # What changed

    def _wait(self) -> None:
        """Wait until something changes, something is due, or it is asked to stop."""
        try:
            change = self._events.get(timeout=self._until_next())
            while change is not None:
                self._note(change)
                change = self._events.get_nowait()
        except Empty:
            pass

    def _until_next(self) -> Optional[float]:
        """Seconds until something is due; None: nothing is, until something changes."""
        if self._is_away:
            return EVERY
        moments = [self._pending.next_moment(), self._looks_at]
        if self._arrived is not None:
            moments.append(self._arrived + QUIET)
        due = [moment for moment in moments if moment is not None]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _note(self, change: FolderChange) -> None:
        if self._is_away:
            return
        if change.gone:
            self._go_away()
            return
        now = time.monotonic()
        self._pending.add_paths(change.paths, now)
        if change.everything:
            self._pending.add_everything(now)
        if change.brings_files(self._vault.settings.assets_folder):
            self._arrived = now
        if change.ended:
            self._looks_at = now
            self._told.tell_watching(self._vault.folder, change.ended)

    def _look(self) -> None:
        """Look at a folder that tells nothing, when it is time."""
        if self._looks_at is None or time.monotonic() < self._looks_at:
            return
        if not self._is_there():
            self._go_away()
            return
        vault = self._vault
        try:
            found = look_at_folder(vault.settings, vault.state, vault.folder, identify(vault.col))
            self._pending.add_paths(found.since(self._looked), time.monotonic())
            self._looked = found
        except Exception as error:
            self._fail(error, EVERYTHING)
        self._looks_at = time.monotonic() + EVERY

    # What follows

    def _run_due(self) -> None:
        now = time.monotonic()
        scope = self._pending.due(now) or Scope()
        arrived = self._arrived is not None and self._arrived + QUIET <= now
        if arrived:
            self._arrived = None
        scope, unfinished = part_unfinished(self._vault.folder, scope, time.time_ns())
        self._pending.add_paths(unfinished, now)
        if arrived or not scope.is_empty:
            self._run(scope, arrived)

    def _run(self, scope: Scope, arrived: bool = False) -> None:
        vault = self._vault
        if not self._is_there():
            self._go_away()
            return
        look = Look(scope, now=time.time(), arrived=arrived)
        try:
            prepared = prepare(vault.col, vault.settings, vault.state, look, self._seen)
            prepared, later = prepared.without_unfinished(time.time_ns())
            self._pending.give_back(later, time.monotonic())
            report = carry_out(vault.col, prepared, vault.state, lambda write: write())
        except NoRunYet:
            self._do_full_run()
            return
        except Exception as error:
            self._fail(error, EVERYTHING if arrived else scope)
            return
        self._seen = prepared.seen
        self._pending.put_off(report.undone, time.monotonic())
        waited = set(self._standing.waits)
        messages = report.messages if prepared.plan else prepared.messages
        self._told.tell_messages(self._standing.take(prepared, messages))
        if prepared.plan is not None:
            self._told.tell_done(prepared.plan, report)
        if self._standing.waits.keys() - waited:
            self._told.tell_waiting(self._standing.waits.values())

    def _fail(self, error: Exception, scope: Scope) -> None:
        """A run failed: say so once, and keep what it was about. Raises ``WatchFailed``."""
        if not self._is_there():
            self._go_away()
            return
        if isinstance(error, VaultBusy):
            self._pending.give_back(scope, time.monotonic())
            return
        text, before = self._vault.explain(error), self._standing.failure
        self._standing.fail(text)
        if self._standing.rests:
            raise WatchFailed(f"{FAILURES} runs in a row failed, so this ends. {text}") from error
        if text != before:
            self._told.tell_trouble(text)
        self._pending.put_off(scope, time.monotonic())


def _is_filled(folder: Path) -> bool:
    """Whether a folder is there, and is not empty."""
    try:
        with os.scandir(folder) as entries:
            return any(True for _ in entries)
    except OSError:
        return False
