"""Runs before and after AnkiWeb sync. They never stop the sync and never ask a question.

Edits of pages are written into Anki only after AnkiWeb has sent the edits of other devices: a
computer that was off for a week must not win over the phone. A second sync then uploads what was
written into Anki. So do updates of sources, whose servers are asked while AnkiWeb syncs.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from anki.collection import Collection, OpChanges
from anki.sync import SyncAuth, SyncStatus
from aqt import gui_hooks
from aqt.main import AnkiQt

from ...sync.run.errors import Cancelled, LargeChange
from ..app import background, profile
from ..app.background import Outcome
from ..app.editors import when_left
from ..app.files_in_place import are_files_in_place
from ..app.messages import explain, say
from . import at_rest
from . import vault as sync_now
from .ankiweb_watch import SyncWatch
from .ended import Ended, keep_failed_run, keep_last_run
from .source_kinds import may_have_sources

if TYPE_CHECKING:
    from ...sync.deck.options import DeckOptions
    from ...sync.run.progress import Progress
    from ...sync.run.report import Report
    from ...sync.vault.changes import VaultPlan
    from ...sync.vault.settings import Settings
    from .automatic_sources import AutomaticSources
    from .decks import DeckRuns

_TOLD_FOR = 7000  # milliseconds
_reached = False
_followers: list[Callable[[], None]] = []


class _FullSyncFirst(Exception):
    """A full sync is due. It may replace the whole collection: pages written now may be useless."""


def was_reached() -> bool:
    """Whether AnkiWeb has brought what other devices did, since the profile was opened."""
    return _reached


def _note_reached(reached: bool) -> None:
    global _reached
    is_news = reached and not _reached
    _reached = reached
    for follow in _followers if is_news else ():
        follow()


def on_reached(follow: Callable[[], None]) -> None:
    """Call ``follow`` after the first successful sync since the profile was opened."""
    _followers.append(follow)


def set_up(mw: AnkiQt) -> None:
    """Run before and after each AnkiWeb sync, and when Anki opens or closes without a sync.

    This replaces two methods of ``AnkiQt``. Anki calls them for its sync button, at start-up and
    on close, with a callback for the next step. So AnkiWeb sync and closing wait for our work
    while the window still works. An Anki without the first method gets only a run before the sync.
    """
    gui_hooks.profile_did_open.append(lambda: _note_reached(False))
    gui_hooks.profile_did_open.append(at_rest.forget)
    if hasattr(AnkiQt, "_sync_collection_and_media"):
        _surround_sync()
    else:
        gui_hooks.sync_will_start.append(
            lambda: _Automatic(mw).run("before_ankiweb_sync", inward=False)
        )
    if hasattr(AnkiQt, "maybe_auto_sync_on_open_close"):
        _surround_open_and_close()


def _surround_sync() -> None:
    sync = AnkiQt._sync_collection_and_media

    @functools.wraps(sync)
    def sync_with_vault(mw: AnkiQt, after_sync: Callable[[], None]) -> None:
        ours = _Automatic(mw)
        auth = mw.pm.sync_auth()
        watch = SyncWatch()

        def finish() -> None:
            ours.repeat_problems()
            after_sync()
            ours.run_late_sources()

        def sync_up() -> None:
            if ours.wrote:
                sync(mw, finish)
            else:
                finish()

        def go_on_after() -> None:
            watch.end()
            _note_reached(_reached or (watch.succeeded and not watch.was_full))
            status = auth if watch.was_full else None
            ours.run_after(sync_up, auth=status, inward=watch.succeeded)

        def begin() -> None:
            watch.begin(mw.col)
            sync(mw, go_on_after)

        if mw.isEnabled():  # not while Anki closes: nobody waits for a server then
            ours.ask_sources()
        ours.run("before_ankiweb_sync", begin, auth=auth, inward=False)

    AnkiQt._sync_collection_and_media = sync_with_vault  # type: ignore[method-assign,assignment]


def _surround_open_and_close() -> None:
    sync = AnkiQt.maybe_auto_sync_on_open_close

    @functools.wraps(sync)
    def sync_with_vault(mw: AnkiQt, after_sync: Callable[[bool], None]) -> None:
        if mw.can_auto_sync() or mw.restoring_backup:
            sync(mw, after_sync)
        else:
            # With an AnkiWeb account, edited pages wait for a sync with the button.
            alone = mw.pm.sync_auth() is None
            ours = _Automatic(mw)
            if alone and mw.isEnabled():
                ours.ask_sources()

            def go_on() -> None:
                sync(mw, after_sync)
                ours.run_late_sources()

            ours.run("before_ankiweb_sync", go_on, inward=alone)

    AnkiQt.maybe_auto_sync_on_open_close = sync_with_vault  # type: ignore[method-assign,assignment]


def _nothing() -> None:
    """Do nothing."""


class _Automatic:
    """The runs around one sync. They show only tooltips; the next step follows even an error."""

    def __init__(self, mw: AnkiQt) -> None:
        self._mw = mw
        self._news: list[str] = []
        self._problems: list[str] = []
        self._sources: Optional[AutomaticSources] = None
        self.is_late = False  # the run before the sync was put off until after it
        self.wrote = False  # a run after the sync wrote what AnkiWeb does not have yet
        self._is_after = False

    def run(
        self,
        setting: str,
        then: Callable[[], None] = _nothing,
        *,
        auth: SyncAuth | None = None,
        inward: bool = True,
    ) -> None:
        """Run if the setting named ``setting`` is on, then call ``then`` exactly once.

        With an empty name, only sources run, and the pages that follow from them.

        With ``auth``, the run is put off until after the sync if AnkiWeb says that a full sync is
        due. Without ``inward``, no edit of a page is written into Anki.
        """
        waiting = False
        try:
            waiting = self._start(setting, then, auth, inward)
        except Exception as error:
            self._tell_error(error)
        finally:
            if not waiting:
                then()

    def ask_sources(self) -> None:
        """Ask the servers of the automatic sources, while other things go on."""
        try:
            mw = self._mw
            if not mw.col or not are_files_in_place() or not may_have_sources(mw):
                return
            from .automatic_sources import AutomaticSources

            self._sources = AutomaticSources(self._mw)
            self._sources.begin()
        except Exception as error:
            self._tell_error(error)

    def run_after(self, then: Callable[[], None], *, auth: SyncAuth | None, inward: bool) -> None:
        """Run after the sync, then call ``then``.

        This run also does what the run before the sync could not do: all of it if that run was
        put off, edits of pages if two-way is on, and updates of sources with the pages that follow.
        """
        self._is_after = True
        settings, _ = profile.get_settings(self._mw)
        made_up_for = self.is_late or (settings.two_way and settings.before_ankiweb_sync)
        setting = "before_ankiweb_sync" if made_up_for else "after_ankiweb_sync"
        go_on = functools.partial(self.run, setting, then, auth=auth, inward=inward)
        if self._sources and inward and auth is None:
            self._sources.wait_briefly(go_on)
        else:
            if self._sources:
                self._sources.drop()
            go_on()

    def run_late_sources(self) -> None:
        """Run the sources that have not come yet when they have, and nobody types into a note.

        Nothing waits for it.
        """
        if self._sources:
            self._is_after = True
            run = functools.partial(self.run, "")
            self._sources.wait_for_rest(functools.partial(when_left, self._mw, run))

    def repeat_problems(self) -> None:
        """Show all problems in a tooltip, again if AnkiWeb's own tooltip has replaced ours."""
        if self._problems:
            say("\n".join(self._problems), parent=self._mw, period=_TOLD_FOR)

    def _start(
        self, setting: str, then: Callable[[], None], auth: SyncAuth | None, inward: bool
    ) -> bool:
        mw = self._mw
        if not mw.col or not are_files_in_place():
            return False
        vault = self._vault_to_run(setting)
        decks = self._decks_to_run(setting)
        sources = self._sources_to_run()
        follows = self._vault_to_run("before_ankiweb_sync") if sources and not vault else None
        if not vault and not decks and not sources:
            return False
        from .decks import DeckRuns, run_decks

        state = profile.state_folder(mw)
        ended = DeckRuns()
        closes = not mw.isEnabled()
        written: list[Optional[OpChanges]] = []

        def work(col: Collection, progress: Progress) -> Optional[Report]:
            from ...sync.activity.begun import begun

            with begun("automatic"):
                return run_all(col, progress)

        def run_all(col: Collection, progress: Progress) -> Optional[Report]:
            if auth and _full_sync_is_due(col, auth):
                raise _FullSyncFirst
            brought = sources.run(col, progress) if sources else None
            jobs = at_rest.find_restless(col, decks, closes=closes)
            run_decks(col, jobs, state, progress, ended)
            settings = vault or (follows if brought and brought.changes else None)
            if settings is None or at_rest.is_vault_at_rest(col, settings):
                return None
            from ...sync.vault.changes import Direction
            from ...sync.vault.run import plan_vault, sync_vault

            report = sync_vault(col, settings, state, progress, direction=Direction(inward))
            written.append(report.changes)
            if self._is_after and settings.two_way and not inward:
                self._tell_waiting(plan_vault(col, settings, state, progress))
            return report

        def done(outcome: Outcome[Optional[Report]]) -> None:
            try:
                self._tell_sources(sources, outcome)
                self._tell_decks(ended, outcome)
                self._tell(outcome, vault or follows)
            except Exception as error:
                self._tell_error(error)
            finally:
                then()

        def changes() -> Optional[OpChanges]:
            brought = sources.ended.changes if sources else None
            merged = background.merge_changes((brought, ended.changes, *written))
            self.wrote = self._is_after and merged is not None
            return merged

        if not background.start(mw, work, done, changes=changes):
            # Another run is going on. Operations run in order, so this empty one ends after it.
            mw.taskman.run_in_background(_nothing, lambda _: then())
        return True

    def _sources_to_run(self) -> Optional[AutomaticSources]:
        """The sources whose answers are to be written now: only after AnkiWeb sync."""
        sources = self._sources if self._is_after else None
        return sources if sources and sources.is_asking else None

    def _vault_to_run(self, setting: str) -> Optional[Settings]:
        settings, problems = profile.get_settings(self._mw)
        if not setting or not settings.vault_folder.strip() or not getattr(settings, setting):
            return None
        errors = [problem.message for problem in problems if problem.level == "error"]
        if errors:
            self._tell_problem(" ".join(errors))
            return None
        return settings

    def _decks_to_run(self, setting: str) -> list[tuple[Path, DeckOptions]]:
        if setting != "before_ankiweb_sync" or (self._is_after and not self.is_late):
            return []
        return [
            (deck.file, deck.automatic_options)
            for deck in profile.get_linked(self._mw)
            if deck.before_ankiweb_sync
        ]

    def _tell_sources(
        self, sources: Optional[AutomaticSources], outcome: Outcome[Optional[Report]]
    ) -> None:
        if sources is None or not sources.ended.runs:
            return
        ended = sources.ended
        ended.keep(self._mw)
        report = ended.report(self._mw)
        sync_now.remember(Ended.of(outcome, report, Path(), ended.where, automatic=True))
        errors = [m.text for m in report.messages if m.level == "error"]
        brought = report.summary() if any(report.counts.values()) else ""
        more = "All are in Tools ▸ Ankivault ▸ Last Summary…." if len(errors) > 1 else ""
        told = " ".join(filter(None, (brought, *errors[:1], more, ended.tell_waiting())))
        if errors:
            self._tell_problem(f"Sources: {told}")
        elif brought:
            self._tell_news(f"Sources: {told}")

    def _tell_decks(self, ended: DeckRuns, outcome: Outcome[Optional[Report]]) -> None:
        if not ended.runs:
            return
        ended.keep(self._mw)
        report = ended.report(self._mw)
        sync_now.remember(Ended.of(outcome, report, Path(), ended.where, automatic=True))
        told = f"TOML decks: {report.summary()}"
        first = next((m for m in report.messages if m.level == "error"), None)
        if first:
            told += f" {Path(first.path or '').name}: {first.text}"
        if ended.conflicts:
            left = "conflict was" if ended.conflicts == 1 else "conflicts were"
            told += f" {ended.conflicts:,} {left} left on both sides."
        if first or ended.conflicts:
            self._tell_problem(f"{told} See Tools ▸ Ankivault ▸ TOML Decks….")
        elif any(report.counts.values()):
            self._tell_news(told)

    def _tell(self, outcome: Outcome[Optional[Report]], settings: Optional[Settings]) -> None:
        if isinstance(outcome.error, _FullSyncFirst):
            self.is_late = True
        elif outcome.error is not None:
            told = self._tell_error(outcome.error)
            if settings and not isinstance(outcome.error, Cancelled):
                keep_failed_run(self._mw, outcome, "by itself", told)
        elif outcome.value is not None and settings:
            report = outcome.value
            folder = Path(settings.vault_folder).expanduser()
            ended = Ended.of(outcome, report, folder, settings.vault_folder, automatic=True)
            keep_last_run(self._mw, ended, "by itself")
            sync_now.remember(ended)
            if not report.ok:
                first = next((m.text for m in report.messages if m.level == "error"), "")
                where = "See Tools ▸ Ankivault ▸ Last Summary…."
                self._tell_problem(f"{report.summary()} {first} {where}")
            elif report.questions > report.told_before or any(
                n for done, n in report.counts.items() if done.is_change
            ):
                self._tell_news(report.summary())

    def _tell_waiting(self, plan: VaultPlan) -> None:
        edits = len(plan.notes)
        if edits:
            what = "One edit" if edits == 1 else f"{edits:,} edits"
            wait = "waits" if edits == 1 else "wait"
            text = f"{what} from Obsidian {wait} until AnkiWeb can be reached."
            self._problems.append(f"Ankivault: {text} Sync Now does not wait.")

    def _tell_error(self, error: BaseException) -> str:
        text = explain(self._mw, error)
        if isinstance(error, LargeChange):
            text += " Tools ▸ Ankivault ▸ Sync Now asks you."
        self._tell_problem(text)
        return text

    def _tell_news(self, text: str) -> None:
        self._news.append(f"Ankivault: {text}")
        say("\n".join(self._news + self._problems), parent=self._mw)

    def _tell_problem(self, text: str) -> None:
        self._problems.append(f"Ankivault: {text}")
        self.repeat_problems()


def _full_sync_is_due(col: Collection, auth: SyncAuth) -> bool:
    try:
        return col.sync_status(auth).required == SyncStatus.FULL_SYNC
    except Exception:
        return False  # for example offline; AnkiWeb sync itself reports it
