"""Live mode without a window: what to look at, what to do at once, what waits, what to tell.

``prepare`` and ``carry_out`` do the work, on any thread. Between them the caller may still hold
back notes, such as one that is being edited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Optional, TypeVar

from ...activity.begun import begun
from ...collection.at_rest import Rest, read_rest
from ...collection.reads import identify
from ...run.base_file import DAMAGED
from ...run.errors import AnkivaultError
from ...run.progress import no_progress
from ...run.report import Message, Report
from ...run.scope import EVERYTHING, NeedsEverything, Scope
from ..apply.manner import Manner
from ..base import TWO_WAY, Base
from ..base_tables import VAULT_BASE
from ..changes import Direction, VaultPlan
from ..run import apply_plan, learns, plan_vault
from ..settings import Settings
from .anki_changes import AnkiMoment, look_at_anki
from .folder_look import FolderLook, look_at_folder
from .quiet import find_unfinished_media
from .telling import shorten, tell_message
from .waiting import Waiting, leave_out, split_plan

if TYPE_CHECKING:
    from anki.collection import Collection

T = TypeVar("T")
FAILURES = 3  # in a row, after which live mode rests until the next full run


class NoRunYet(AnkivaultError):
    """A full run has to come first: for this vault folder, or since two-way is on."""


_NO_PAGES = "Press Sync Now once. Then Ankivault keeps Anki and the vault in step."
_NEW_TWO_WAY = (
    "Two-way is new. Preview Changes… shows what would go into Anki. Then press Sync Now once."
)


@dataclass(frozen=True)
class Look:
    """What a live run is to look at: ``scope``, and where it has to find that out itself.

    ``anki``: which notes changed since the last look. ``folder``: which pages did. ``inward``:
    pages may go into Anki. ``now`` is ``time.time()``. ``arrived``: there are new files that are no
    pages, which pages may have waited for.
    """

    scope: Scope
    anki: bool = False
    folder: bool = False
    inward: bool = True
    now: float = 0.0
    arrived: bool = False


@dataclass(frozen=True)
class Seen:
    """What is known of both sides from earlier looks."""

    anki: Optional[AnkiMoment] = None
    folder: Optional[FolderLook] = None
    two_way: bool = False  # a full run has gone both ways
    # The notes and pages that the last run wrote into Anki: Undo may take that back before the
    # next look could see it.
    written: Scope = field(default_factory=Scope)


@dataclass(frozen=True)
class Prepared:
    """What a live run will do, what it leaves to a person, and what it has seen."""

    scope: Scope  # what it looked at
    seen: Seen
    plan: Optional[VaultPlan] = None  # None: there is nothing to do
    waits: tuple[Waiting, ...] = ()
    messages: tuple[Message, ...] = ()
    # How Anki was when all was found in step, if it was and all was looked at.
    rest: Optional[Rest] = None

    @property
    def note_ids(self) -> frozenset[int]:
        """The notes that it would write into Anki."""
        return frozenset(note.note_id for note in self.plan.notes) if self.plan else frozenset()

    def without(self, note_ids: frozenset[int], paths: frozenset[str] = frozenset()) -> Prepared:
        """The same, which leaves these notes and their pages alone, and these new pages."""
        if not self.plan or not (note_ids or paths):
            return self
        return replace(self, plan=leave_out(self.plan, note_ids, paths))

    def without_unfinished(self, now: int) -> tuple[Prepared, Scope]:
        """The same without notes whose media are being written just now, and these.

        ``now`` is ``time.time_ns()``.
        """
        later = find_unfinished_media(self.plan, now) if self.plan else Scope()
        return self.without(later.note_ids or frozenset(), later.paths or frozenset()), later


def prepare(col: Collection, settings: Settings, state: Path, look: Look, seen: Seen) -> Prepared:
    """Find what changed, and plan what follows from it. Writes nothing.

    Reads the collection in short calls. Raises what ``plan_vault`` raises, and what the collection
    raises when it is closed meanwhile.
    """
    if not VAULT_BASE.file(state, settings.real_folder).is_file():
        raise NoRunYet(_NO_PAGES)
    if settings.two_way and not seen.two_way:
        if not _was_two_way(settings, state, identify(col)):
            raise NoRunYet(_NEW_TWO_WAY)
        seen = replace(seen, two_way=True)
    scope, seen = _find_scope(col, settings, state, look, seen)
    if scope.is_empty:
        return Prepared(scope, seen)
    direction = Direction(inward=look.inward)
    rest = read_rest(col) if look.inward or not settings.two_way else None
    try:
        plan = plan_vault(col, settings, state, direction=direction, scope=scope)
    except NeedsEverything:
        plan = plan_vault(col, settings, state, direction=direction)
    split = split_plan(plan)
    flows = split.flows
    does = not flows.is_empty or learns(flows)
    ids = frozenset(note.note_id for note in flows.notes if note.kind == "edit")
    written = Scope(ids, frozenset(note.path for note in flows.notes))
    seen = replace(seen, written=seen.written.joined(written))
    if not plan.scope.is_everything or not plan.is_empty or learns(plan):
        rest = None
    return Prepared(plan.scope, seen, flows if does else None, split.waits, plan.messages, rest)


def _find_scope(
    col: Collection, settings: Settings, state: Path, look: Look, seen: Seen
) -> tuple[Scope, Seen]:
    scope = look.scope
    if look.anki or scope.is_everything:
        written = seen.written.note_ids or ()
        changed, moment = look_at_anki(col, seen.anki, look.now, written)
        scope = scope.joined(changed).joined(seen.written)
        seen = replace(seen, anki=moment, written=Scope())
    if look.arrived and not scope.is_everything:
        scope = scope.joined(_find_waiting_for_media(settings, state, identify(col)))
    if look.folder and not scope.is_everything:
        try:
            found = look_at_folder(settings, state, settings.real_folder, identify(col))
        except (OSError, *DAMAGED):
            return EVERYTHING, seen
        scope = scope.joined(Scope(frozenset(), found.since(seen.folder)))
        seen = replace(seen, folder=found)
    return scope, seen


def _was_two_way(settings: Settings, state: Path, collection: str) -> bool:
    try:
        with VAULT_BASE.read(state, settings.real_folder, collection, trusted=True) as db:
            return bool(Base(db).meta(TWO_WAY))
    except DAMAGED:
        return True  # the plan finds that out, and goes on


def _find_waiting_for_media(settings: Settings, state: Path, collection: str) -> Scope:
    with VAULT_BASE.read(state, settings.real_folder, collection, trusted=True) as db:
        return Scope(frozenset(row.note_id for row in Base(db).pages_that_miss_media()))


def carry_out(
    col: Collection,
    prepared: Prepared,
    state: Path,
    write_notes: Callable[[Callable[[], None]], None],
) -> Report:
    """Do what was prepared. ``write_notes`` calls what writes into Anki, where that may be done.

    Raises what ``apply_plan`` raises.
    """
    plan = prepared.plan
    if plan is None:
        return Report()
    manner = Manner(
        write_notes=write_notes,
        undo_name=name_step(plan),
        sift=lambda whole: split_plan(whole).flows,
        late_level="info",  # it comes again by itself
    )
    with begun("live"):
        return apply_plan(col, plan, state, no_progress, manner=manner)


def name_step(plan: VaultPlan) -> str:
    """What Anki's Undo calls the step of a live run."""
    if len(plan.notes) == 1:
        return f"Ankivault: {shorten(plan.notes[0].title)}"
    return f"Ankivault: {len(plan.notes):,} Pages"


@dataclass
class Standing:
    """How things stand: what waits, what is wrong, and what was told already."""

    waits: dict[tuple[int, str], Waiting] = field(default_factory=dict)
    troubles: dict[tuple[int, str], Message] = field(default_factory=dict)
    failures: int = 0
    failure: str = ""
    last: str = ""  # what happened last, in a few words
    holds: str = ""  # what edited pages wait for, if for anything
    found: tuple[Message, ...] = ()  # told since the last full run, and not mended
    _shown: Optional[Message] = None  # what ``last`` says is wrong, until it is mended
    _told: set[Message] = field(default_factory=set)

    @property
    def rests(self) -> bool:
        """Whether live mode does nothing until the next full run."""
        return self.failures >= FAILURES

    def take(
        self, prepared: Prepared, messages: Iterable[Message], done: str = ""
    ) -> list[Message]:
        """Learn how a run ended; returns the messages that were not told before.

        ``done`` says what it did, in a few words. What was told of a page is told again only after
        a run has found it mended.
        """
        self.failures, self.failure = 0, ""
        _forget(self.waits, prepared.scope)
        _forget(self.troubles, prepared.scope)
        self.waits.update(((wait.note_id, wait.path), wait) for wait in prepared.waits)
        told = [message for message in messages if message.level != "info"]
        news = [message for message in dict.fromkeys(told) if message not in self._told]
        mended = {one for one in self._told if prepared.scope.holds(one.note_id, one.path)}
        self._told = (self._told - mended) | {*told}
        kept = (one for one in self.found if not prepared.scope.holds(one.note_id, one.path))
        self.found = tuple(dict.fromkeys((*kept, *told)))
        if done or self._shown not in self._told:
            self._say(done or ("" if self._shown else self.last), None)
        if news:
            stays = news[0].level == "error" or news[0] in prepared.messages
            self._say(tell_message(news[0]), news[0] if stays else None)
        for message in told:
            if message.level == "error":
                self.troubles[message.note_id or 0, message.path or message.text] = message
        return news

    def fail(self, text: str) -> None:
        """Note that a run failed, and why."""
        self.failures += 1
        self.failure = text

    def settle(self) -> None:
        """Forget all: a full run has just told how things stand."""
        self.waits.clear()
        self.troubles.clear()
        self.found = ()
        self.failures, self.failure = 0, ""
        if self._shown:
            self._say("", None)

    def _say(self, text: str, shown: Optional[Message]) -> None:
        self.last, self._shown = text, shown


def _forget(of: dict[tuple[int, str], T], scope: Scope) -> None:
    """Forget what is known of the notes and pages that were looked at again."""
    for note_id, path in [*of]:
        if scope.holds(note_id, path):
            del of[note_id, path]
