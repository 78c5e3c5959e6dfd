"""What the window calls for Rember: pull, plan, apply, or all of it; sign out, and the status.

``pull`` waits for the network and needs no collection. ``plan_rember`` and ``apply_plan`` need the
collection and no network. So the collection is never held while a server takes its time.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from ...activity.recorder import Recorder
from ...collection.reads import identify
from ...run.errors import StateUnavailable, VaultBusy
from ...run.progress import Progress, no_progress
from ...run.report import Message, Report
from ...run.shell import Remembered, TargetKind, running
from ..web import Limits, Web
from .apply import Backup
from .apply import apply as applying
from .base import REMBER_BASE, RemberBase
from .changes import NO_ANSWERS, Answers, Pulled, RemberPlan
from .oauth import Clock
from .plan import make_plan
from .pull import Session
from .service import REMBER, Service
from .tokens import TokenStore

if TYPE_CHECKING:
    from anki.collection import Collection

AUTOMATIC = Limits(64_000_000, 10)  # of a pull that nobody asked for, in all
BY_HAND = Limits(64_000_000, 60)
ACCOUNT = TargetKind(
    "account of Rember", REMBER_BASE, RemberBase, "Cannot work with", StateUnavailable
)


@dataclass(frozen=True)
class Place:
    """Where what is known of an account is kept: in a state folder, for one collection.

    ``account`` is any text that tells the accounts of a person apart.
    """

    state: Path
    account: str
    collection: str  # ``identify`` of it
    service: Service = REMBER

    @property
    def target(self) -> Path:
        """What is locked, and names the base. There is no such file."""
        return self.state / "Rember" / self.account.encode("utf-8").hex()

    @property
    def remembered(self) -> Remembered[RemberBase]:
        """The base of the account."""
        return Remembered(ACCOUNT, self.target, self.state, self.collection)


def pull(
    place: Place, store: TokenStore, web: Web, *, anew: bool = False, clock: Clock = time.time
) -> Pulled:
    """Ask Rember for what changed since the last run. ``anew``: for everything again.

    Needs no collection. ``web`` has the limits, and whether it was cancelled. Raises what
    ``Session.pull`` raises, or ``VaultBusy``.
    """
    with running(place.target, ACCOUNT, locked_in=place.state):
        (cookie, run), _ = place.remembered.read(
            lambda base: (None if anew else base.cookie, base.runs)
        )
        patch = Session(place.service, store, web, clock).pull(place.account, cookie)
    return Pulled(place.account, cookie, run, patch, anew)


def plan_rember(
    col: Collection,
    place: Place,
    pulled: Optional[Pulled] = None,
    answers: Answers = NO_ANSWERS,
    progress: Progress = no_progress,
) -> RemberPlan:
    """Plan what becomes of what was pulled, and of what waits from before. Writes nothing.

    Without ``pulled``, only of what waits. Raises ``PulledElsewhere`` or ``Cancelled``.
    """
    with running(place.target, ACCOUNT):
        plan, damaged = place.remembered.read(
            lambda base: make_plan(
                col, place.service, base, place.account, pulled, answers, progress
            )
        )
    if damaged:
        told = Message("warning", ACCOUNT.rebuilt)
        plan = replace(plan, messages=(told, *plan.messages))
    return plan


def apply_plan(
    col: Collection,
    place: Place,
    plan: RemberPlan,
    progress: Progress = no_progress,
    backup: Optional[Backup] = None,
) -> Report:
    """Do what a plan says. ``backup`` is called before anything is written, if notes are deleted.

    Each note is checked just before it is written. Raises ``VaultBusy`` or ``StateUnavailable``.
    The report says when the run was cancelled.
    """

    def work(base: RemberBase) -> Report:
        return applying(col, plan, base, progress, backup, recorder)

    def save_usn(base: RemberBase) -> Report:
        base.save_usn(plan.usn)
        return Report()

    def run() -> Report:
        with running(place.target, ACCOUNT, locked_in=place.state):
            if not plan.changes:
                (cookie, usn), _ = place.remembered.read(lambda base: (base.cookie, base.usn))
                if plan.pulled is None or plan.cookie == cookie:
                    if plan.pulled and plan.usn != usn:
                        place.remembered.write(save_usn, save_usn)
                    return Report(messages=plan.messages, questions=plan.open_questions)
            # A damaged base has lost the cookie too: the next pull is of everything.
            return place.remembered.write(work, lambda base: Report())

    recorder = Recorder(place.state, "rember", "Rember")
    return recorder.keep(run)


def sync_rember(
    col: Collection,
    place: Place,
    store: TokenStore,
    web: Web,
    progress: Progress = no_progress,
    backup: Optional[Backup] = None,
) -> Report:
    """Pull, plan and apply, for who need not give the collection free meanwhile.

    Raises what the three raise.
    """
    pulled = pull(place, store, web)
    plan = plan_rember(col, place, pulled, progress=progress)
    return apply_plan(col, place, plan, progress, backup)


def sign_out(place: Place, store: TokenStore) -> None:
    """Forget the tokens, and the cookie: the next pull is of everything.

    Notes stay, and so does what Rember said last of them, for the same account later.
    """
    store.forget()
    forget_cookie(place)


def forget_cookie(place: Place) -> None:
    """Let the next pull be of everything. Leaves that out while another run is going on.

    That run may still save a cookie. It loses nothing: the cookie is the account's own.
    """
    if not REMBER_BASE.file(place.state, place.target).exists():
        return

    def forget(base: RemberBase) -> Report:
        base.forget_cookie()
        return Report()

    with suppress(VaultBusy), running(place.target, ACCOUNT, locked_in=place.state):
        place.remembered.write(forget, lambda base: Report())


@dataclass(frozen=True)
class Status:
    """What is known of an account without asking Rember."""

    email: str
    rembs: int  # that are in Anki
    waiting: int  # that are not, or not as Rember says them
    pulled: bool  # whether everything was pulled once


def read_status(place: Place) -> Status:
    """The state of an account. Writes nothing."""
    with running(place.target, ACCOUNT):
        status, _ = place.remembered.read(
            lambda base: Status(
                base.email, base.count_held(), base.count_waiting(), base.cookie is not None
            )
        )
    return status


def collection_of(col: Collection) -> str:
    """The text that tells collections apart, for ``Place``."""
    return identify(col)
