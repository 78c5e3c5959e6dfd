"""Live mode in Anki: keeps both sides in step while the profile is open."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from anki.collection import Collection, OpChanges
from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.operations import on_op_finished
from aqt.qt import QApplication, Qt, QTimer, qconnect

from ..app import background, editors, profile
from ..app.background import Outcome
from ..app.files_in_place import are_files_in_place
from ..app.messages import explain
from ..runs import ankiweb, at_rest
from ..runs import vault as sync_now
from ..runs.ended import Ended, keep_last_run
from . import moment, sign
from .state import LiveState, tell_standing
from .watched_folder import WatchedFolder

if TYPE_CHECKING:
    from ...sync.collection.at_rest import Rest
    from ...sync.run.report import Message, Report
    from ...sync.run.scope import Scope
    from ...sync.vault.live.change import FolderChange
    from ...sync.vault.live.live_vault import Look, Prepared, Seen, Standing
    from ...sync.vault.live.pending import Pending, Spell
    from ...sync.vault.settings import Settings

_BUSY = 0.3  # seconds until Anki is asked again whether it is quiet
_HOUR = 3600.0
_START = 1500  # milliseconds after a profile was opened, when Anki has shown its decks


def set_up(mw: AnkiQt) -> None:
    """Keep each profile that is opened in step, as far as its settings say so."""
    moment.set_up()
    tracker = LiveTracker(mw)
    gui_hooks.profile_did_open.append(tracker.open)
    gui_hooks.profile_will_close.append(tracker.close)
    gui_hooks.operation_did_execute.append(tracker.note_operation)
    gui_hooks.state_did_change.append(tracker.note_state)
    profile.on_settings_saved(tracker.reopen)
    sync_now.on_run_ended(tracker.note_full_run)
    sync_now.tell_also(tracker.list_found)
    ankiweb.on_reached(tracker.note_ankiweb)
    gui_hooks.media_sync_did_start_or_stop.append(tracker.note_ankiweb)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    qconnect(app.applicationStateChanged, tracker.note_window)


class LiveTracker:
    """Gathers what changed, waits for a quiet moment, and has a live run do it.

    All of it is on the main thread, except the work that ``run_beside`` and the watch do.
    """

    def __init__(self, mw: AnkiQt) -> None:
        self._mw = mw
        self._timer = QTimer(mw)
        self._timer.setSingleShot(True)
        qconnect(self._timer.timeout, self._act)
        self._days = 0  # grows with each profile and each change of settings
        self._forget()

    def _forget(self) -> None:
        self._settings: Optional[Settings] = None
        self._watched: Optional[WatchedFolder] = None
        self._pending: Optional[Pending] = None
        self._standing: Optional[Standing] = None
        self._seen: Optional[Seen] = None
        self._anki: Optional[Spell] = None  # of the operations that were not looked at
        self._folder = self._arrived = self._is_working = self._announces = False
        self._was_studied = False  # in a review session that goes on
        self._is_early = False  # AnkiWeb comes before edited pages
        self._last_full = self._since = 0.0
        self._needs_run = ""
        self._rest: Optional[Rest] = None  # how Anki was when both sides were found in step

    # A profile, and its settings

    def open(self) -> None:
        """Begin with the profile that was opened, if its settings say so."""
        settings, problems = profile.get_settings(self._mw)
        is_wanted = settings.live and settings.vault_folder.strip()
        if not is_wanted or any(problem.level == "error" for problem in problems):
            return
        self._settings = settings
        QTimer.singleShot(_START, partial(self._load, self._days))

    def close(self) -> None:
        """End: the profile is being closed, or has other settings now."""
        self._days += 1
        self._timer.stop()
        at_rest.note_vault(self._rest if self._is_at_rest() else None)
        if self._watched is not None:
            self._watched.end()
        self._forget()
        sign.show(self._mw, LiveState("off"))

    def _is_at_rest(self) -> bool:
        """Whether nothing is known to have changed in the folder since both were in step."""
        if self._watched is None or self._pending is None:
            return False
        waits = self._is_working or self._folder or self._arrived
        return self._watched.tells_all and self._pending.is_empty and not waits

    def reopen(self) -> None:
        """Begin anew, with other settings."""
        self.close()
        at_rest.forget()
        self.open()

    def _load(self, days: int) -> None:
        from .work import run_beside

        if days == self._days and self._mw.col is not None:
            run_beside(self._mw, lambda _: None, lambda _: self._begin(days))

    def _begin(self, days: int) -> None:
        from ...sync.vault.live.live_vault import Seen, Standing
        from ...sync.vault.live.pending import Pending

        if days != self._days or self._settings is None:
            return
        self._pending, self._standing, self._seen = Pending(), Standing(), Seen()
        self._pending.add_everything(time.monotonic())
        self._watched = WatchedFolder(self._mw, self._settings.real_folder, self._note_folder)
        self._watched.start(self._look_at_folder)
        self._arm()
        self._show()

    def _look_at_folder(self) -> None:
        self._folder = True
        self._arm()

    # What changed

    def note_operation(self, changes: OpChanges, handler: object) -> None:
        """Anki has done something, or another add-on has."""
        if self._pending is None or self._announces:
            return
        tells_study = self._settings is not None and self._settings.study_properties
        if tells_study and moment.is_review(self._mw, changes, handler):
            self._was_studied = True  # not one page after each answer
            return
        if changes.notetype or changes.deck or changes.note or changes.card or changes.note_text:
            from ...sync.vault.live.pending import Spell

            now = time.monotonic()
            self._anki = Spell(self._anki.first if self._anki else now, now)
            self._arm()

    def note_window(self, state: Qt.ApplicationState) -> None:
        """Anki's window is in front now, or was left."""
        if self._pending is None:
            return
        from ...sync.vault.live.pending import Spell

        # Without a quiet second. An add-on may have changed notes as well.
        self._anki = Spell(0.0, 0.0)
        self._pending.hurry(time.monotonic())
        if state == Qt.ApplicationState.ApplicationActive:
            self._folder = True
            watched = self._watched
            folder = self._settings.folder if self._settings else ""
            if watched and watched.is_lost and os.path.isdir(folder):
                self._pending.add_everything(time.monotonic())
                watched.start(self._look_at_folder)
        self._arm()

    def note_state(self, state: str, before: str) -> None:
        """Anki shows another screen: a review session may have ended."""
        if before == "review" and state != "review" and self._was_studied and self._pending:
            from ...sync.vault.live.pending import Spell

            self._was_studied = False
            now = time.monotonic()
            self._anki = Spell(now, now)
            self._arm()

    def note_full_run(self) -> None:
        """A run that a person or AnkiWeb started has ended: see what it left to decide."""
        if self._pending is not None and self._standing is not None:
            self._standing.settle()
            self._needs_run = ""
            self._rest = None
            self._last_full = time.monotonic()
            self._pending.add_everything(self._last_full)
            self._arm()

    def list_found(self) -> Sequence[Message]:
        """What live runs have told since the last run of another kind, and is not mended."""
        return self._standing.found if self._standing is not None else ()

    def note_ankiweb(self, begins: bool = False) -> None:
        """Pages may go into Anki now, or media that they lack came, unless that only begins."""
        if self._pending is not None and not begins:
            self._pending.add_everything(time.monotonic())
            self._arm()

    def _note_folder(self, change: FolderChange) -> None:
        if self._pending is None or self._settings is None:
            return
        now = time.monotonic()
        self._rest = None
        if change.everything:
            self._pending.add_everything(now)
        self._pending.add_paths(change.paths, now)
        self._arrived |= change.brings_files(self._settings.assets_folder)
        self._arm()

    # When

    def _arm(self) -> None:
        """Have ``_act`` called at the next moment when something is due, if anything is."""
        if self._pending is None or self._is_working:
            return
        now = time.monotonic()
        moments = [self._pending.next_moment()]
        if self._anki is not None:
            moments.append(self._anki.due)
        if self._folder or self._arrived:
            moments.append(now)
        due = [each for each in moments if each is not None]
        if due:
            self._timer.start(max(0, int((min(due) - now) * 1000) + 1))

    def _act(self) -> None:
        """Begin a live run with what is due, unless Anki is busy: then soon."""
        from ...sync.run.scope import EVERYTHING, Scope
        from ...sync.vault.live.live_vault import Look
        from ...sync.vault.live.quiet import part_unfinished

        if self._pending is None or self._settings is None or self._standing is None:
            return
        if self._is_working:
            return
        if self._standing.rests or not are_files_in_place():
            return
        if not moment.is_quiet(self._mw) or moment.is_answering(self._mw):
            self._timer.start(int(_BUSY * 1000))
            return
        now = time.monotonic()
        anki = self._anki is not None and self._anki.due <= now
        scope = self._pending.due(now) or Scope()
        if self._last_full and now - self._last_full > _HOUR and (anki or not scope.is_empty):
            scope = EVERYTHING
        scope, unfinished = part_unfinished(self._settings.folder, scope, time.time_ns())
        self._pending.add_paths(unfinished, now)
        inward = self._mw.pm.sync_auth() is None or ankiweb.was_reached()
        self._is_early = self._settings.two_way and not inward
        look = Look(scope, anki, self._folder, inward, time.time(), self._arrived)
        if scope.is_empty and not (anki or look.folder or look.arrived):
            self._arm()
            return
        if anki or scope.is_everything:
            self._anki = None
        self._folder = self._arrived = False
        self._start(look)

    # A run

    def _start(self, look: Look) -> None:
        from ...sync.run.scope import EVERYTHING
        from ...sync.vault.live.live_vault import prepare
        from .work import run_beside

        settings, seen, days = self._settings, self._seen, self._days
        assert settings is not None and seen is not None
        state = profile.state_folder(self._mw)
        self._is_working = True
        self._show(works=True)

        def work(col: Collection) -> Prepared:
            return prepare(col, settings, state, look, seen)

        def prepared(outcome: Outcome[Prepared]) -> None:
            if days != self._days:
                return
            if outcome.value is None:
                finds_out = look.anki or look.folder or look.arrived
                self._fail(outcome.error, EVERYTHING if finds_out else look.scope)
            else:
                self._go_on(outcome.value, state)

        run_beside(self._mw, work, prepared)

    def _go_on(self, prepared: Prepared, state: Path) -> None:
        """Do what is prepared; notes in an editor in front, and its pages, wait."""
        from ...sync.run.scope import Scope

        self._seen = prepared.seen
        if prepared.scope.is_everything:
            self._last_full = time.monotonic()
            self._rest = prepared.rest
        elif prepared.plan is not None or prepared.waits:
            self._rest = None
        assert self._pending is not None and self._standing is not None
        now = time.monotonic()
        prepared, later = prepared.without_unfinished(time.time_ns())
        self._pending.give_back(later, now)
        ids = prepared.note_ids
        self._standing.holds = moment.NOT_SYNCED if self._is_early else ""
        if ids:
            if not moment.is_quiet(self._mw) or moment.is_answering(self._mw):
                self._pending.give_back(prepared.scope, now)
                self._end()
                return
            edited = editors.find_edited(ids)
            if edited:
                self._standing.holds = moment.IN_EDITOR
            self._pending.give_back(Scope(edited), now)
            prepared, ids = prepared.without(edited), ids - edited
        editors.save_typed(ids, partial(self._carry_out, self._days, prepared, state))

    def _carry_out(self, days: int, prepared: Prepared, state: Path) -> None:
        from ...sync.vault.live.live_vault import carry_out
        from .work import run_beside, write_in_turn

        if days != self._days or self._pending is None:
            return
        if background.is_running():  # a person was faster
            self._pending.give_back(prepared.scope, time.monotonic())
            self._end()
            return
        if prepared.plan is None:
            self._finish(prepared, None)
            return

        def work(col: Collection) -> Report:
            return carry_out(col, prepared, state, partial(write_in_turn, self._mw))

        opened = self._mw.col

        def done(outcome: Outcome[Report]) -> None:
            report = outcome.value
            if self._mw.col is opened:  # also when live mode was switched off meanwhile
                unknown = background.EVERYTHING if prepared.note_ids else None
                self._announce(report.changes if report else unknown)
            if days != self._days:
                return
            if report is None:
                self._fail(outcome.error, prepared.scope)
            else:
                self._finish(prepared, report)
                if self._settings and any(n for d, n in report.counts.items() if d.is_change):
                    folder = self._settings.folder
                    where = self._settings.vault_folder
                    ended = Ended.of(outcome, report, folder, where, automatic=True)
                    keep_last_run(self._mw, ended, "live")

        run_beside(self._mw, work, done)

    def _announce(self, changes: Optional[OpChanges]) -> None:
        """Have Anki's screens and its Undo follow."""
        if changes is not None:
            self._announces = True
            try:
                on_op_finished(self._mw, changes, None)
            finally:
                self._announces = False

    def _finish(self, prepared: Prepared, report: Optional[Report]) -> None:
        from ...sync.run.report import Report
        from ...sync.vault.live.telling import tell_run

        assert self._standing is not None and self._pending is not None
        done = tell_run(prepared.plan, report) if prepared.plan and report else ""
        report = report or Report(messages=prepared.messages)
        self._standing.take(prepared, report.messages, done)
        self._pending.put_off(report.undone, time.monotonic())
        self._since = time.time()
        self._end()

    def _fail(self, error: Optional[BaseException], scope: Scope) -> None:
        """A run failed: keep what it was about for later, and say so."""
        from ...sync.run.errors import Cancelled, VaultBusy, VaultUnavailable
        from ...sync.vault.live.live_vault import NoRunYet

        assert self._pending is not None and self._standing is not None and error is not None
        now = time.monotonic()
        self._rest = None
        if isinstance(error, VaultBusy):
            self._pending.give_back(scope, now)
        elif isinstance(error, VaultUnavailable):
            self._standing.failure = str(error)
            if self._watched is not None:
                self._watched.is_lost = True
        elif isinstance(error, NoRunYet):
            self._needs_run = str(error)
        elif not isinstance(error, Cancelled):
            self._pending.put_off(scope, now)
            self._standing.fail(explain(self._mw, error))
        self._end()

    def _end(self) -> None:
        self._is_working = False
        self._show()
        self._arm()

    def _show(self, *, works: bool = False) -> None:
        """Show in the sign how things stand."""
        if self._standing is not None:
            state = tell_standing(self._standing, self._since, self._needs_run, works=works)
            sign.show(self._mw, state)
