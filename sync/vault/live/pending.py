"""What changed and is not yet taken, and when the moment to take it has come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, Optional, TypeVar

from ...run.scope import EVERYTHING, Scope

QUIET = 1.0  # seconds without a change of a note or page before it is taken
MAX_WAIT = 10.0  # seconds after which it is taken although it still changes
FEW = 20  # notes, or pages, that are taken each in its own time; more are taken together
AGAIN, SELDOM = 10.0, 300.0  # seconds until what could not be done is tried again; at most so many
MOST = 5000  # notes, or pages, that are looked at one by one; more are looked at with all others

Item = TypeVar("Item", int, str)


class Spell(NamedTuple):
    """How long something has been changing: when it did so first and last."""

    first: float
    last: float

    @property
    def due(self) -> float:
        """When it is taken, as long as it does not change again."""
        return min(self.last + QUIET, self.first + MAX_WAIT)


class _Changes(Generic[Item]):
    """Things that changed, each with when it did so first and last.

    Both are kept in the order of time, so that what is due first stands first.
    """

    def __init__(self) -> None:
        self._first: dict[Item, float] = {}
        self._last: dict[Item, float] = {}

    def __len__(self) -> int:
        return len(self._first)

    def add(self, items: Iterable[Item], now: float) -> None:
        for item in items:
            self._first.setdefault(item, now)
            self._last.pop(item, None)
            self._last[item] = now

    def keep(self, items: Iterable[Item], now: float) -> None:
        """Add those that are not there; the others keep their moment."""
        self.add([item for item in items if item not in self._first], now)

    def moments(self) -> Iterator[float]:
        """When the next one is due: the earliest of these."""
        if self._first:
            lasts = self._last.values()
            yield next(reversed(lasts) if self._are_many() else iter(lasts)) + QUIET
            yield self.earliest() + MAX_WAIT

    def earliest(self) -> float:
        return next(iter(self._first.values()))

    def _are_many(self) -> bool:
        return len(self._first) > FEW

    def take_due(self, now: float) -> frozenset[Item]:
        if self._are_many():
            return self.take_all() if min(self.moments()) <= now else frozenset()
        return self._take(
            item for item, last in self._last.items() if Spell(self._first[item], last).due <= now
        )

    def take_all(self) -> frozenset[Item]:
        return self._take(self._first)

    def _take(self, items: Iterable[Item]) -> frozenset[Item]:
        taken = frozenset(items)
        for item in taken:
            del self._first[item], self._last[item]
        return taken


class Pending:
    """Gathers changed notes and pages, and says when to act and on which.

    Each is due after a quiet second (``QUIET``), or ``MAX_WAIT`` after its first change when no
    such second comes. More than ``FEW`` belong together, as those of a checkout by git do: they are
    due when all of them are quiet. It has no clock: every method is told ``now``, in seconds of one
    clock that never goes back. It is for one thread.

    Once everything changed, nothing is told apart until everything is taken.
    """

    def __init__(self) -> None:
        self._notes: _Changes[int] = _Changes()
        self._paths: _Changes[str] = _Changes()
        self._everything: Optional[Spell] = None
        self._off = Scope()  # what is put off,
        self._off_until = 0.0  # until then,
        self._off_for = AGAIN  # and the next time for so many seconds

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits to be taken."""
        return self.next_moment() is None

    def add_note_ids(self, ids: Iterable[int], now: float) -> None:
        """These notes changed in Anki."""
        ids = list(ids)
        self._notes.add(ids, now)
        self._gather(bool(ids), now)

    def add_paths(self, paths: Iterable[str], now: float) -> None:
        """These files changed in the vault folder; paths relative to it."""
        paths = list(paths)
        self._paths.add(paths, now)
        self._gather(bool(paths), now)

    def add_everything(self, now: float) -> None:
        """Something changed that is not known note by note or page by page."""
        if self._everything is None:
            self._everything = Spell(now, now)
        self._gather(True, now)

    def give_back(self, scope: Scope, now: float) -> None:
        """Keep what was taken for later: its run failed, or must wait. It is due anew."""
        if scope.note_ids is None or scope.paths is None:
            self._everything = self._everything or Spell(now, now)
        elif self._everything is None:
            self._notes.keep(scope.note_ids, now)
            self._paths.keep(scope.paths, now)
        self._gather(False, now)

    def put_off(self, scope: Scope, now: float) -> None:
        """Keep what could not be done for later: each time in a row twice as long.

        To be told after every run, also that nothing was left undone. What changes meanwhile is due
        in its own time.
        """
        if self._off.is_empty and scope.is_empty:
            self._off_for = AGAIN
        elif self._off.is_empty:
            self._off_until = now + self._off_for
            self._off_for = min(2 * self._off_for, SELDOM)
        self._off = self._off.joined(scope)

    def hurry(self, now: float) -> None:
        """What is put off is due now: a person has come, who may have mended what was wrong."""
        self._off_until = min(self._off_until, now)

    def next_moment(self) -> Optional[float]:
        """When something is due, as long as nothing else changes. None: nothing waits."""
        moments = [] if self._off.is_empty else [self._off_until]
        if self._everything is not None:
            moments.append(self._everything.due)
        return min((*self._notes.moments(), *self._paths.moments(), *moments), default=None)

    def due(self, now: float) -> Optional[Scope]:
        """Take what is due by now. None: nothing is."""
        moment = self.next_moment()
        if moment is None or now < moment:
            return None
        taken = Scope()
        if self._off_until <= now:
            taken, self._off = self._off, taken
        if self._everything is None:
            return taken.joined(Scope(self._notes.take_due(now), self._paths.take_due(now)))
        return self._take_everything() if self._everything.due <= now else taken

    def take_all(self, now: float) -> Optional[Scope]:
        """Take all notes without a quiet second, and the pages that are due. None: neither.

        For the moment when Anki's window is left. A page that is being saved still waits.
        """
        if self._everything is not None:
            return self._take_everything()
        scope = Scope(self._notes.take_all(), self._paths.take_due(now))
        return scope if scope.note_ids or scope.paths else None

    def _take_everything(self) -> Scope:
        self._everything = None
        return EVERYTHING

    def _gather(self, changed: bool, now: float) -> None:
        """Turn many changes, and what comes after everything changed, into everything."""
        many = [one for one in (self._notes, self._paths) if len(one) > MOST]
        if many and self._everything is None:
            self._everything = Spell(min(one.earliest() for one in many), now)
        if self._everything is not None:
            first, last = self._everything
            for one in (self._notes, self._paths):
                first = min((first, one.earliest())) if len(one) else first
                one.take_all()
            self._everything = Spell(first, now if changed else last)
