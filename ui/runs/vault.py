"""Sync Now: runs that the user starts, the question before a large change, and their results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from anki.collection import Collection, OpChanges
from aqt.main import AnkiQt
from aqt.qt import QMessageBox, QWidget
from aqt.utils import ask_user

from ...sync.run.errors import Cancelled, LargeChange
from ..app import background, engine, profile
from ..app.background import Outcome
from ..app.files_in_place import may_load
from ..app.messages import TITLE, explain, say, tell_error
from ..app.one_question import ask_once
from .ended import Ended, keep_failed_run, keep_last_run

if TYPE_CHECKING:
    from ...sync.run.progress import Progress
    from ...sync.run.report import Message, Report
    from ...sync.vault.changes import VaultPlan
    from ...sync.vault.settings import Settings

_decide: Callable[[AnkiQt], None]  # opens the questions of a run
_preview: Callable[[AnkiQt], None]  # opens Preview Changes…
_set_up: Optional[Callable[[AnkiQt], object]] = None
_last: Optional[Ended] = None
_find_more: Callable[[], Sequence[Message]] = tuple
_shown_messages: frozenset[Message] = frozenset()
_notices: list[Message] = []
_followers: list[Callable[[], None]] = []


def on_set_up(show: Callable[[AnkiQt], object]) -> None:
    """Set what a person sees who sets up a vault. Until then it is the settings."""
    global _set_up
    _set_up = show


def set_up_vault(mw: AnkiQt) -> None:
    """Open what sets up a vault in this profile."""
    (_set_up or configure)(mw)


def on_decide(decide: Callable[[AnkiQt], None]) -> None:
    """Set what a summary calls to open the questions that its run left open."""
    global _decide
    _decide = decide


def on_preview(preview: Callable[[AnkiQt], None]) -> None:
    """Set what the question about a large change calls to show the change first."""
    global _preview
    _preview = preview


def run(mw: AnkiQt, *, confirmed: bool = False) -> None:
    """Sync vault and collection, then show what was done and which questions are open.

    Unless ``confirmed``, a large change is first shown to the user as a question.
    """
    settings = settings_to_use(mw)
    if not settings:
        return
    state = profile.state_folder(mw)

    def work(col: Collection, progress: Progress) -> Report:
        from ...sync.vault.run import sync_vault

        return sync_vault(col, settings, state, progress, confirmed=confirmed)

    def done(outcome: Outcome[Report]) -> None:
        if isinstance(outcome.error, LargeChange):
            look = partial(_preview, mw)
            ask_about_large_change(mw, str(outcome.error), lambda: run(mw, confirmed=True), look)
        else:
            tell(mw, outcome, settings, offers_questions=True)

    _start_run(mw, work, done, two_way=settings.two_way)


def run_plan(mw: AnkiQt, plan: VaultPlan) -> None:
    """Apply the plan that the preview showed, and nothing else. Asks before a large change."""
    state = profile.state_folder(mw)
    loses_cards = any(q.kind == "cards gone" and q.answer == "delete" for q in plan.questions)

    def work(col: Collection, progress: Progress) -> Report:
        from ...sync.vault.apply.manner import Manner
        from ...sync.vault.run import apply_plan

        if loses_cards:  # the notes stay, so the run itself would make no backup
            mw.create_backup_now()
        backup = None if loses_cards else mw.create_backup_now
        return apply_plan(col, plan, state, progress, Manner(backup))

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
    """Start a run, and update Anki's screens and Undo with what it wrote into Anki.

    With ``two_way``, a run that fails may have written into Anki: then everything is updated.
    """
    written: list[Optional[OpChanges]] = []

    def run_and_note(col: Collection, progress: Progress) -> Report:
        try:
            report = work(col, progress)
        except BaseException as error:
            if two_way and not isinstance(error, LargeChange):
                written.append(background.EVERYTHING)  # unknown what was written
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
    """Start work that the user asked for. If it cannot start now, say why and return False."""
    if not may_load(parent or mw):
        return False
    if not background.start(mw, work, done, parent=parent, changes=changes):
        say("Ankivault is still working. Try again in a moment.", parent=parent or mw)
        return False
    return True


def settings_to_use(mw: AnkiQt) -> Optional[Settings]:
    """The profile's settings; ``None`` if they have errors.

    Then the first start is opened, or the user is asked whether to open the settings.
    """
    settings, problems = profile.get_settings(mw)

    def answered(wanted: bool) -> None:
        if wanted:
            configure(mw)

    errors = [problem for problem in problems if problem.level == "error"]
    if not errors:
        return settings
    if not settings.vault_folder.strip():
        set_up_vault(mw)
        return None
    question = "\n".join(problem.message for problem in errors) + "\n\nOpen the settings?"
    ask_user(question, answered, defaults_yes=True, parent=mw, title=TITLE)
    return None


def configure(mw: AnkiQt) -> None:
    """Open the settings."""

    def show() -> None:
        from ..settings.window import show_settings

        show_settings(mw)

    engine.when_loaded(mw, show)


def ask_about_large_change(
    mw: AnkiQt,
    reason: str,
    go_on: Callable[[], None],
    look: Optional[Callable[[], None]] = None,
    parent: Optional[QWidget] = None,
) -> None:
    """Ask the user about a plan that rewrites or deletes much. Call ``go_on`` after a yes.

    ``look`` shows the plan; it is offered where the user has not seen the plan yet.
    """

    def stay() -> None:
        """Do nothing."""

    acts = [go_on, look or stay, stay]
    buttons = [
        ("&Go On", QMessageBox.ButtonRole.DestructiveRole),
        ("&Preview Changes…", QMessageBox.ButtonRole.ActionRole),
        ("&Cancel", QMessageBox.ButtonRole.RejectRole),
    ]
    if look is None:
        del acts[1], buttons[1]

    def act(chosen: int) -> None:
        acts[chosen]()

    ask_once(
        "large change",
        reason,
        act,
        buttons=buttons,
        default_button=len(buttons) - 1 if look is None else 1,
        parent=parent or mw,
    )


def tell(
    mw: AnkiQt, outcome: Outcome[Report], settings: Settings, *, offers_questions: bool = False
) -> None:
    """Show the result of a run that the user started.

    The summary window opens for news, and with ``offers_questions`` also for open questions.
    """
    if outcome.value is None:
        if outcome.error is not None and not isinstance(outcome.error, Cancelled):
            keep_failed_run(mw, outcome, "by hand", explain(mw, outcome.error))
        tell_error(mw, outcome.error)
        return
    report = outcome.value
    say(report.summary(), parent=mw)
    folder = Path(settings.vault_folder).expanduser()
    ended = Ended.of(outcome, report, folder, settings.vault_folder)
    keep_last_run(mw, ended, "by hand")
    if remember(ended) or (offers_questions and report.questions):
        show_summary(mw, ended)


def remember(ended: Ended) -> bool:
    """Keep a run for “Last Summary…”.

    Returns whether it has an error, or a warning that the run before it did not have.
    """
    global _last, _shown_messages
    report = ended.report
    if _notices:
        report = replace(report, messages=(*report.messages, *_notices))
        _notices.clear()
    _last = replace(ended, report=report)
    for follow in _followers:
        follow()
    warnings = frozenset(m for m in report.messages if m.level != "info")
    news = bool(warnings - _shown_messages) or any(m.level == "error" for m in warnings)
    _shown_messages = warnings
    return news


def add_notice(notice: Message) -> None:
    """Have the next summary tell this, once."""
    _notices.append(notice)


def on_run_ended(follow: Callable[[], None]) -> None:
    """Call ``follow`` after each run that a person or AnkiWeb started."""
    _followers.append(follow)


def forget() -> None:
    """Forget the last report. Called when a profile is opened."""
    global _last, _shown_messages
    _last, _shown_messages = None, frozenset()
    _notices.clear()


def show_summary(mw: AnkiQt, ended: Ended) -> None:
    """Open the summary of a run, with a button to the questions that the run left open."""
    from .summary import show_summary

    show_summary(mw, ended, partial(_decide, mw))


def tell_also(find: Callable[[], Sequence[Message]]) -> None:
    """Have “Last Summary…” tell these too: what was found since the last run."""
    global _find_more
    _find_more = find


def last_run(mw: AnkiQt) -> Optional[Ended]:
    """The last run since the profile was opened, of whatever it was; ``None`` if there was none.

    It also has what live mode has told of the vault since, and is not mended.
    """
    found = _find_more()
    if not found:
        return _last
    from ...sync.run.report import Report

    where = profile.get_settings(mw)[0].vault_folder
    folder = Path(where).expanduser()
    last = _last or Ended(Report(), folder, where, 0, 0, automatic=True)
    if last.folder != folder:  # of a deck or a source: their paths are of another folder
        found = [replace(m, path=m.path and str(folder / m.path)) for m in found]
    known = {(message.path, message.text) for message in last.report.messages}
    more = (message for message in found if (message.path, message.text) not in known)
    return replace(last, since=tuple(more))


def show_last_summary(mw: AnkiQt) -> None:
    """Open the summary of the last run since the profile was opened, by hand or automatic."""
    last = last_run(mw)
    if last:
        show_summary(mw, last)
    else:
        say("There was no run yet since this profile was opened.", parent=mw)
