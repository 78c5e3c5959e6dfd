"""Sync Now: a run the user asked for, the question before a large change, and how it is told."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from anki.collection import Collection, OpChanges
from aqt.main import AnkiQt
from aqt.qt import QWidget
from aqt.utils import ask_user, tooltip

from ...sync.run.errors import LargeChange
from ..app import background, engine, profile
from ..app.background import Outcome
from ..app.files_in_place import may_load
from ..app.messages import TITLE, say, tell_error

if TYPE_CHECKING:
    from ...sync.run.progress import Progress
    from ...sync.run.report import Message, Report
    from ...sync.vault.changes import VaultPlan
    from ...sync.vault.settings import Settings

_decide: Callable[[AnkiQt], None]  # leads to what a run left open
_last: Optional[tuple[Report, Path]] = None
_shown_messages: frozenset[Message] = frozenset()


def on_decide(decide: Callable[[AnkiQt], None]) -> None:
    """Name the way from a summary to the questions of its run."""
    global _decide
    _decide = decide


def run(mw: AnkiQt, *, confirmed: bool = False) -> None:
    """Bring vault and collection in step, and tell what was done and what is left to decide."""
    settings = settings_to_use(mw)
    if not settings:
        return
    state = profile.state_folder(mw)

    def work(col: Collection, progress: Progress) -> Report:
        from ...sync.vault.run import sync_vault

        return sync_vault(col, settings, state, progress, confirmed=confirmed)

    def done(outcome: Outcome[Report]) -> None:
        if isinstance(outcome.error, LargeChange):
            ask_about_large_change(mw, str(outcome.error), lambda: run(mw, confirmed=True))
        else:
            tell(mw, outcome, settings, offers_questions=True)

    _start_run(mw, work, done, two_way=settings.two_way)


def run_plan(mw: AnkiQt, plan: VaultPlan) -> None:
    """Do what was shown in the preview, and nothing else."""
    state = profile.state_folder(mw)
    loses_cards = any(q.kind == "cards gone" and q.answer == "delete" for q in plan.questions)

    def work(col: Collection, progress: Progress) -> Report:
        from ...sync.vault.run import apply_plan

        if loses_cards:  # their notes stay, so that the run itself would make none
            mw.create_backup_now()
        backup = None if loses_cards else mw.create_backup_now
        return apply_plan(col, plan, state, progress, backup=backup)

    def begin() -> None:
        settings = plan.settings
        told = partial(tell, mw, settings=settings)
        _start_run(mw, work, told, two_way=settings.two_way)

    if plan.large_change:
        ask_about_large_change(mw, plan.large_change, begin)
    else:
        begin()


def _start_run(
    mw: AnkiQt,
    work: Callable[[Collection, Progress], Report],
    done: Callable[[Outcome[Report]], None],
    *,
    two_way: bool,
) -> None:
    """Start a run that, ``two_way``, may write into Anki, whose screens and Undo follow."""
    written: list[Optional[OpChanges]] = []

    def run_and_note(col: Collection, progress: Progress) -> Report:
        try:
            report = work(col, progress)
        except BaseException as error:
            if two_way and not isinstance(error, LargeChange):
                written.append(background.EVERYTHING)  # whatever was written before that
            raise
        written.append(report.changes)
        return report

    start(mw, run_and_note, done, changes=lambda: background.merge_changes(written))


def start(
    mw: AnkiQt,
    work: Callable[[Collection, Progress], background.T],
    done: Callable[[Outcome[background.T]], None],
    *,
    parent: Optional[QWidget] = None,
    changes: Callable[[], Optional[OpChanges]] = lambda: None,
) -> bool:
    """Start work the user asked for; or say why it cannot be done now, and return False."""
    if not may_load(parent or mw):
        return False
    if not background.start(mw, work, done, parent=parent, changes=changes):
        tooltip("Ankivault is still working. Try again in a moment.", parent=parent or mw)
        return False
    return True


def settings_to_use(mw: AnkiQt) -> Optional[Settings]:
    """The profile's settings when a run can go on with them; else the user is told, or asked."""
    settings, problems = profile.get_settings(mw)

    def answered(wanted: bool) -> None:
        if wanted:
            configure(mw)

    errors = [problem for problem in problems if problem.level == "error"]
    if not errors:
        return settings
    if not settings.vault_folder.strip():
        question = "No vault folder is set for this profile yet.\n\nChoose one now?"
    else:
        question = "\n".join(problem.message for problem in errors) + "\n\nOpen the settings?"
    ask_user(question, answered, parent=mw, title=TITLE)
    return None


def configure(mw: AnkiQt) -> None:
    """Open the settings."""

    def show() -> None:
        from ..settings.window import show_settings

        show_settings(mw)

    engine.when_loaded(mw, show)


def ask_about_large_change(mw: AnkiQt, reason: str, go_on: Callable[[], None]) -> None:
    """Call ``go_on`` when the user agrees to a plan that rewrites or deletes much."""

    def answered(yes: bool) -> None:
        if yes:
            go_on()

    question = f"{reason}\n\nGo on?"
    ask_user(question, answered, defaults_yes=False, parent=mw, title=TITLE)


def tell(
    mw: AnkiQt, outcome: Outcome[Report], settings: Settings, *, offers_questions: bool = False
) -> None:
    """Show how a run ended that the user started, and a way to what it left open."""
    if outcome.value is None:
        tell_error(mw, outcome.error)
        return
    report = outcome.value
    say(report.summary(), parent=mw)
    folder = Path(settings.vault_folder).expanduser()
    if remember(report, folder) or (offers_questions and report.questions):
        show_summary(mw, report, folder)


def remember(report: Report, folder: Path) -> bool:
    """Keep a report for “Last Summary…”; its paths are relative to ``folder``.

    Returns whether it warns of something not shown before.
    """
    global _last, _shown_messages
    _last = (report, folder)
    warnings = frozenset(m for m in report.messages if m.level != "info")
    news = bool(warnings - _shown_messages) or any(m.level == "error" for m in warnings)
    _shown_messages = warnings
    return news


def forget() -> None:
    """Forget the last report: another profile is being opened."""
    global _last, _shown_messages
    _last, _shown_messages = None, frozenset()


def show_summary(mw: AnkiQt, report: Report, folder: Path) -> None:
    """Open the summary of a run, and from it the way to what the run left open."""
    from .summary import show_summary

    show_summary(mw, report, folder, partial(_decide, mw))


def show_last_summary(mw: AnkiQt) -> None:
    """Open the summary of the last run since Anki was started, by hand or automatic."""
    if _last:
        show_summary(mw, *_last)
    else:
        tooltip("There was no run yet since this profile was opened.", parent=mw)
