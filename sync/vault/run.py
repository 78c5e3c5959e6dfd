"""Runs for the vault, used by Anki's window and the command line: plan, apply, or both."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Optional, TypeVar

from ..activity.recorder import Recorder
from ..collection.reader import CollectionReader
from ..collection.reads import identify, read_deck_names, read_notetypes
from ..collection.study import StudyReader
from ..reconcile.question import NO_ANSWERS, Answers
from ..run.base_file import DAMAGED, is_damage
from ..run.done import Done
from ..run.encodings import decode_page
from ..run.errors import Cancelled, LargeChange, SettingsError, StateUnavailable, VaultUnavailable
from ..run.progress import Progress, no_progress
from ..run.report import Message, Report
from ..run.scope import EVERYTHING, NeedsEverything, Scope
from ..run.shell import BaseLost, Remembered, TargetKind, running
from . import plan as planning
from .answering import AskedPlan, ask
from .apply import apply as applying
from .apply.manner import AT_ONCE, Manner
from .base import Base, adopt_moved_base
from .base_tables import VAULT_BASE
from .changes import (
    OUTWARD_AND_INWARD,
    Direction,
    PageChange,
    StrangerChanges,
    StretchChanges,
    VaultPlan,
)
from .comparing import MANY_STRETCHES, learn_stretches
from .outward.digests import Digests
from .read.files import VaultFiles
from .read.folder import find_fault
from .read.layout import plan_layout
from .read.scan import scan_vault
from .read.snapshot import read_snapshot
from .rows import unpack
from .settings import Settings, check_settings

if TYPE_CHECKING:
    from anki.collection import Collection

T = TypeVar("T")
VAULT = TargetKind("vault folder", VAULT_BASE, Base, "Cannot work in", VaultUnavailable)


def plan_vault(
    col: Collection,
    settings: Settings,
    state: Path,
    progress: Progress = no_progress,
    *,
    direction: Direction = OUTWARD_AND_INWARD,
    scope: Scope = EVERYTHING,
) -> VaultPlan:
    """Plan what a run would do. Writes nothing but the base's files.

    With a narrower ``scope`` it is what a run would do with these notes and pages, in a time that
    grows with them, or ``NeedsEverything`` is raised. Raises ``SettingsError``,
    ``VaultUnavailable`` or ``Cancelled``. ``state`` is the folder of the base files.
    """
    folder = open_folder(col, settings)
    with running(folder, VAULT):
        return _plan(col, settings, folder, state, progress, direction, scope)


def ask_vault(
    col: Collection,
    settings: Settings,
    state: Path,
    progress: Progress = no_progress,
    *,
    answers: Answers = NO_ANSWERS,
) -> AskedPlan:
    """Plan what a run would do, and keep what answers to its questions need; see ``answer_vault``.

    Raises what ``plan_vault`` raises.
    """
    folder = open_folder(col, settings)
    seen = _see(col, state, folder)

    def plan(base: Base) -> AskedPlan:
        snapshot = read_snapshot(col, settings, folder, base, progress, in_memory=True)
        if snapshot.is_emptied:
            return AskedPlan(planning.plan(snapshot))
        builder = planning.begin(snapshot, Direction(answers=answers), progress, answerable=True)
        return ask(builder, seen)

    with running(folder, VAULT):
        asked, damaged = _read_base(col, folder, state, EVERYTHING, plan)
        return replace(asked, plan=_tell_damage(asked.plan)) if damaged else asked


def answer_vault(
    asked: AskedPlan,
    col: Collection,
    state: Path,
    answers: Answers,
    progress: Progress = no_progress,
) -> AskedPlan:
    """The plan with these answers instead of those it was made with. Writes nothing.

    Only pages with other answers are planned again, in a time that does not grow with the vault;
    everything is when the collection or the base has changed meanwhile, or where that cannot do.
    Raises what ``plan_vault`` raises.
    """
    settings = asked.plan.settings
    folder = open_folder(col, settings)
    with running(folder, VAULT):
        answered = asked.answer(col, _see(col, state, folder), answers, progress)
    return answered or ask_vault(col, settings, state, progress, answers=answers)


def apply_plan(
    col: Collection,
    plan: VaultPlan,
    state: Path,
    progress: Progress = no_progress,
    manner: Manner = AT_ONCE,
) -> Report:
    """Apply a plan. Each note and page is checked again just before it is written.

    A plan for an emptied folder (see ``VaultPlan.emptied``) writes all pages again, if it is still
    empty. Raises ``VaultUnavailable`` or ``VaultBusy``. If the user cancels, the report says so.
    """

    def work() -> Report:
        folder = open_folder(col, plan.settings)
        with running(folder, VAULT, locked_in=state):
            return _apply(col, plan, folder, state, progress, manner, recorder)

    recorder = Recorder(state, "vault", plan.settings.vault_folder)
    return recorder.keep(work)


def sync_vault(
    col: Collection,
    settings: Settings,
    state: Path,
    progress: Progress = no_progress,
    *,
    direction: Direction = OUTWARD_AND_INWARD,
    confirmed: bool = False,
    backup: Optional[Callable[[], None]] = None,
) -> Report:
    """Plan and apply in one run; see ``plan_vault`` and ``apply_plan``.

    A large change raises ``LargeChange`` before anything is written, unless it is ``confirmed``.
    Also raises what ``plan_vault`` and ``apply_plan`` raise.
    """

    def work() -> Report:
        folder = open_folder(col, settings)
        with running(folder, VAULT, locked_in=state):
            return sync(folder)

    def sync(folder: Path) -> Report:
        VAULT_BASE.upgrade(state, folder, identify(col))
        plan = _plan(col, settings, folder, state, progress, direction, EVERYTHING)
        if plan.large_change and not confirmed:
            raise LargeChange(plan.large_change)
        writes = not plan.is_empty or learns(plan)
        if writes or len(plan.stretches.learned) >= MANY_STRETCHES:
            _remember(plan.stretches, state, folder, identify(col))
        if not writes:
            asked = len(plan.open_questions)
            counts = {Done.PAGE_UNCHANGED: plan.unchanged}
            told = plan.told_before
            return Report(counts, plan.messages, questions=asked, told_before=told)
        return _apply(col, plan, folder, state, progress, Manner(backup), recorder)

    recorder = Recorder(state, "vault", settings.vault_folder)
    return recorder.keep(work)


def _plan(
    col: Collection,
    settings: Settings,
    folder: Path,
    state: Path,
    progress: Progress,
    direction: Direction,
    scope: Scope,
) -> VaultPlan:
    def work(base: Base) -> VaultPlan:
        return _plan_with(col, settings, folder, base, progress, direction, scope)

    plan, damaged = _read_base(col, folder, state, scope, work)
    return _tell_damage(plan) if damaged else plan


def _read_base(
    col: Collection, folder: Path, state: Path, scope: Scope, work: Callable[[Base], T]
) -> tuple[T, bool]:
    """Call ``work`` with the base; returns its result, and whether the base was damaged."""
    adopt_moved_base(state, folder, identify(col))
    is_old = VAULT_BASE.is_too_old(state, folder, identify(col))

    def work_with(base: Base) -> T:
        base.replaces_old = is_old
        if is_old and not scope.is_everything:
            raise NeedsEverything("the base is of an older version")
        return work(base)

    trusted = not scope.is_everything
    return Remembered(VAULT, folder, state, identify(col), trusted).read(work_with)


def _remember(changes: StretchChanges, state: Path, folder: Path, collection: str) -> None:
    """Save what makes the next run faster, if the base can be written. Never raises."""
    if changes != StretchChanges() and VAULT_BASE.file(state, folder).is_file():
        opened = VAULT_BASE.write(state, folder, collection, trusted=True)
        with suppress(StateUnavailable, *DAMAGED), opened as db:
            Base(db).save_stretches(changes.learned, changes.refuted)


def _learn(col: Collection, plan: VaultPlan, base: Base, report: Report) -> None:
    """Save what makes the next run faster, after one with this report. May raise ``BaseLost``."""
    settings = plan.settings
    try:
        choice, assets = settings.deck_choice, settings.assets_folder
        layout = plan_layout(read_deck_names(col), choice, base.folders(), assets)
        anki = CollectionReader(col, StudyReader(col) if settings.study_properties else None)
        digests = Digests(settings, layout, read_notetypes(col), anki.study)
        learned = learn_stretches(anki, base, digests, plan.stretches.refuted)
        if learned:
            base.save_stretches(learned)
    except DAMAGED as error:
        if is_damage(error):
            raise BaseLost(report) from error


def _tell_damage(plan: VaultPlan) -> VaultPlan:
    return replace(plan, messages=(Message("warning", VAULT.rebuilt), *plan.messages))


def _see(col: Collection, state: Path, folder: Path) -> object:
    """What is another value once the collection or the base has changed."""
    file = VAULT_BASE.file(state, folder)
    try:
        found = os.stat(file)
    except FileNotFoundError:
        return col.mod, None
    return col.mod, (found.st_ino, found.st_size, found.st_mtime_ns)


def _plan_with(
    col: Collection,
    settings: Settings,
    folder: Path,
    base: Base,
    progress: Progress,
    direction: Direction,
    scope: Scope = EVERYTHING,
) -> VaultPlan:
    snapshot = read_snapshot(col, settings, folder, base, progress, scope)
    return planning.plan(snapshot, direction, progress)


def _apply(
    col: Collection,
    plan: VaultPlan,
    folder: Path,
    state: Path,
    progress: Progress,
    manner: Manner,
    recorder: Recorder,
) -> Report:
    def complete(base: Base, scope: Scope = EVERYTHING) -> Report:
        completing = _plan_completion(col, plan.settings, folder, base, progress, scope)
        if completing is None:
            return Report(cancelled=True)
        if completing.large_change:  # something else changed the pages meanwhile; the next run asks
            return Report(messages=completing.messages)
        completing = manner.sift(completing)
        return applying.apply(col, completing, base, progress, recorder=recorder)[0]

    def work(base: Base) -> Report:
        wanted = plan
        if plan.emptied:
            _refuse_filled(folder)
            refill = Direction(refill=True)
            wanted = _plan_with(col, plan.settings, folder, base, progress, refill)
        report, unfinished = applying.apply(col, wanted, base, progress, manner, recorder)
        if unfinished is not None and not report.cancelled:
            report = report.followed_by(complete(base, unfinished))
        if plan.scope.is_everything:
            _learn(col, plan, base, report)
        return report

    # When the base is lost, what is left to do is planned without it, and asks nothing.
    trusted = not plan.scope.is_everything
    return Remembered(VAULT, folder, state, identify(col), trusted).write(work, complete)


def _refuse_filled(folder: Path) -> None:
    """Raise ``VaultUnavailable`` where a folder has pages that was empty when a plan was made."""
    found = scan_vault(folder, None)
    if found.pages or found.placeholders:
        raise VaultUnavailable(
            f"“{folder}” was empty and has pages now: perhaps its drive is connected again. "
            "Nothing was changed. Press Sync Now, or look at Preview Changes again."
        )


def _plan_completion(
    col: Collection,
    settings: Settings,
    folder: Path,
    base: Base,
    progress: Progress,
    scope: Scope,
) -> Optional[VaultPlan]:
    """Plan the ids of new notes on their pages, and all else that a page needs. None: cancelled.

    The pages are found by their guids, as after a run that was killed.
    """
    direction = Direction(inward=False, completes=True)
    try:
        try:
            return _plan_with(col, settings, folder, base, progress, direction, scope)
        except NeedsEverything:
            return _plan_with(col, settings, folder, base, progress, direction)
    except Cancelled:
        return None


def page_texts(plan: VaultPlan, change: PageChange) -> tuple[str, str]:
    """The text of a page now and after the change; empty when there is no page."""
    try:
        now = VaultFiles(plan.folder, None).read(change.old_path or change.path) or b""
    except OSError:
        now = b""
    if change.kind == "delete":
        return decode_page(now), ""
    after = now if change.text is None else unpack(change.text)
    return decode_page(now), decode_page(after)


def find_page(settings: Settings, state: Path, note_id: int) -> Optional[Path]:
    """The full path of a note's page, None if it has none. Fast: it reads one row of the base."""
    return _find_file(settings, state, "select path from page where note_id = ?", note_id)


def find_index(settings: Settings, state: Path, deck: str) -> Optional[Path]:
    """The full path of the index page of the deck of this full name, None if it has none."""
    return _find_file(settings, state, "select path from index_page where deck = ?", deck)


def _find_file(settings: Settings, state: Path, query: str, key: object) -> Optional[Path]:
    folder = Path(settings.vault_folder).expanduser()
    file = VAULT_BASE.file(state, folder)
    if not settings.vault_folder or not file.is_file():
        return None
    try:
        db = sqlite3.connect(file)
        try:
            row = db.execute(query, (key,)).fetchone()
        finally:
            db.close()
    except sqlite3.DatabaseError:
        return None
    page = folder / row[0] if row else None
    return page if page is not None and page.is_file() else None


def open_folder(col: Collection, settings: Settings) -> Path:
    """The full path of the vault folder, after a check that pages can be written there.

    Raises ``SettingsError`` or ``VaultUnavailable``.
    """
    problems = [p for p in check_settings(settings) if p.level == "error"]
    if problems:
        raise SettingsError(" ".join(problem.message for problem in problems))
    fault = find_fault(col, settings.folder)
    if fault:
        raise VaultUnavailable(f"{fault.message} Nothing was changed.")
    return settings.real_folder


def learns(plan: VaultPlan) -> bool:
    """Whether the base changes, although perhaps no file does."""
    return bool(
        plan.pages
        or plan.indexes
        or plan.media
        or plan.folders
        or plan.strangers != StrangerChanges()
        or plan.links
    )
