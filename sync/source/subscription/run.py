"""What the window and the command line call for subscriptions.

``fetch`` knows no collection and may take its time; ``plan_subscription`` looks at Anki and writes
nothing; ``apply_subscription`` writes. Each can be cancelled between two writes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from ....convert.deck_file.definition import Problem
from ...activity.recorder import Recorder
from ...collection.decks import find_doubled_guids
from ...collection.reads import identify
from ...deck.read.file import ReadFile, read_data
from ...run.errors import Cancelled, LargeChange
from ...run.progress import Progress, no_progress
from ...run.regular import read_regular
from ...run.report import Message, Report
from ...run.shell import Remembered, TargetKind, running
from ..web import refuse_address, show_address
from .apply import apply as applying
from .author import read_author
from .base import SUBSCRIPTION_BASE, SubscriptionBase
from .changes import SubscriptionPlan
from .fetch import AUTOMATIC, BY_HAND, Fetched, fetch
from .plan import plan as planning
from .plan.plan import Request
from .plan.sides import read_sides
from .preview import Preview, make_preview
from .store import Home, find_subscriptions, need_subscription
from .subscription import Subscription, SubscriptionTrouble
from .suggest import Suggestion, Wish, make_suggestion

if TYPE_CHECKING:
    from anki.collection import Collection

__all__ = [
    "AUTOMATIC",
    "BY_HAND",
    "Fetched",
    "Request",
    "add_subscription",
    "apply_subscription",
    "change_subscription",
    "check_address",
    "fetch",
    "find_standing",
    "find_subscriptions",
    "forget_subscription",
    "plan_subscription",
    "preview_address",
    "pull_subscription",
    "suggest_change",
]

SUBSCRIPTION = TargetKind(
    "subscription", SUBSCRIPTION_BASE, SubscriptionBase, "Cannot work with", SubscriptionTrouble
)
USUAL = Request()
NOTHING_MORE = Wish()


def no_backup() -> None:
    """Make no backup: whoever calls has made one, or the plan deletes nothing."""


def check_address(address: str) -> Optional[str]:
    """Why nothing can be fetched from an address, for the user; None when it may be tried."""
    return refuse_address(address.strip())


def add_subscription(state: Path, subscription: Subscription) -> Subscription:
    """Subscribe to an address that was fetched. Returns the subscription as it is saved.

    Raises ``SubscriptionTrouble`` when nothing was fetched, or ``OSError``.
    """
    home = Home(state, subscription.address)
    read, _ = _read_theirs(home)
    assert read.deck is not None
    name = read.deck.package.name
    added = replace(
        subscription,
        address=home.address,
        name=subscription.name or name,
        origin=subscription.origin or name,
    )
    home.save(added)
    return added


def change_subscription(state: Path, subscription: Subscription) -> None:
    """Save what the subscriber wants now. The next update takes it. Raises ``OSError``."""
    home = Home(state, subscription.address)
    before = need_subscription(home)
    home.save(subscription)
    if before.left_out != subscription.left_out:  # then other media are needed
        home.save_received(replace(home.read_received(), unasked=True))


def forget_subscription(state: Path, address: str) -> None:
    """End a subscription. Its notes stay in Anki as they are, and are only the subscriber's."""
    Home(state, address).forget()


def plan_subscription(
    col: Collection,
    state: Path,
    address: str,
    request: Request = USUAL,
    fetched: Optional[Fetched] = None,
    progress: Progress = no_progress,
) -> SubscriptionPlan:
    """Plan an update to what was last fetched. Writes nothing.

    ``fetched`` saves reading the text again. Raises ``SubscriptionTrouble`` or ``Cancelled``.
    """
    home = Home(state, address)
    subscription = need_subscription(home)
    with running(home.theirs, SUBSCRIPTION):
        remembered = Remembered(SUBSCRIPTION, home.theirs, home.folder, identify(col))
        plan, damaged = remembered.read(
            lambda base: _plan(col, home, subscription, base, request, fetched, progress)
        )
    if damaged:
        told = Problem("warning", SUBSCRIPTION.rebuilt, 1)
        plan = replace(plan, problems=(told, *plan.problems), learns=True)
    return plan


def _plan(
    col: Collection,
    home: Home,
    subscription: Subscription,
    base: SubscriptionBase,
    request: Request,
    fetched: Optional[Fetched],
    progress: Progress,
) -> SubscriptionPlan:
    data = _read_bytes(home)
    digest = sha256(data).hexdigest()
    if not request.is_asked:
        taken = planning.what_is_taken(digest, subscription)
        received = home.read_received()
        waits = home.media.is_dir() and any(home.media.iterdir())
        if base.taken == taken and not waits and not received.missing:
            known = base.read_guids()
            if not (find_doubled_guids(col) & known):
                return SubscriptionPlan(
                    subscription,
                    home.theirs,
                    digest,
                    unchanged=True,
                    taken=taken,
                    waits_before=base.waiting,
                )
    read = fetched.read if fetched and fetched.text_digest == digest else None
    read = read or read_data(data)
    if read.deck is None:
        raise _no_deck(home)
    return planning.plan(
        col, home, subscription, planning.Theirs(read, digest), base, request, progress
    )


def apply_subscription(
    col: Collection,
    plan: SubscriptionPlan,
    state: Path,
    progress: Progress = no_progress,
    backup: Callable[[], None] = no_backup,
) -> Report:
    """Do what a plan says. Each note is checked again just before it is written.

    ``backup`` is called before notes are deleted. Raises ``LargeChange`` when a person must look
    first, which a ``thorough`` plan is for; ``VaultBusy``, ``StateUnavailable`` or
    ``SubscriptionTrouble``. The report says when the run was cancelled.
    """
    if plan.large_change:
        raise LargeChange(plan.large_change)
    if plan.is_empty and not plan.learns:
        report = Report(messages=applying.tell_problems(plan), questions=plan.waiting)
        target = show_address(plan.subscription.address)
        return Recorder(state, "subscription", target).keep(lambda: report)
    home = Home(state, plan.subscription.address)

    def work(base: SubscriptionBase) -> Report:
        return applying.apply(col, plan, base, progress, backup, recorder)

    def anew(base: SubscriptionBase) -> Report:
        try:
            again = _plan(col, home, plan.subscription, base, USUAL, None, progress)
        except Cancelled:
            return Report(cancelled=True)
        return applying.apply(col, again, base, progress, backup, recorder)

    def run() -> Report:
        with running(home.theirs, SUBSCRIPTION, locked_in=state):
            refusal = _refuse_other_wishes(home, plan)
            if refusal:
                told = Message("error", refusal, show_address(home.address))
                return Report(messages=(told,))
            remembered = Remembered(SUBSCRIPTION, home.theirs, home.folder, identify(col))
            return remembered.write(work, anew, show_address(home.address))

    recorder = Recorder(state, "subscription", show_address(home.address))
    return recorder.keep(run)


def _refuse_other_wishes(home: Home, plan: SubscriptionPlan) -> str:
    """Why a plan is not for what the subscriber wants by now; empty when it is."""
    now = home.read()
    if now is None:
        return "You ended this subscription since this was planned. Nothing was written."
    if planning.what_is_taken(plan.text_digest, now) != plan.taken:
        return (
            "What you want of this deck was changed since this was planned. Nothing was written; "
            "update again."
        )
    return ""


@dataclass(frozen=True)
class Standing:
    """Where a subscription stands, for lists. ``notes`` of it are known; ``waiting`` are questions.

    ``missing`` media could not be fetched yet. ``is_taken``: all that was fetched is in Anki.
    """

    notes: int
    waiting: int
    missing: int
    is_taken: bool


def find_standing(col: Collection, state: Path, address: str) -> Standing:
    """Where a subscription stands: reads what is remembered, and looks at no note.

    Raises ``SubscriptionTrouble``.
    """
    home = Home(state, address)
    subscription = need_subscription(home)
    received = home.read_received()
    taken = planning.what_is_taken(received.deck.sha256, subscription)

    def work(base: SubscriptionBase) -> Standing:
        notes = sum(entry.note_id > 0 for entry in base.read_notes().values())
        return Standing(notes, base.waiting, received.missing, base.taken == taken)

    with running(home.theirs, SUBSCRIPTION):
        remembered = Remembered(SUBSCRIPTION, home.theirs, home.folder, identify(col))
        return remembered.read(work)[0]


def preview_address(state: Path, address: str) -> Preview:
    """What was fetched from an address brings. Raises ``SubscriptionTrouble``."""
    home = Home(state, address)
    return make_preview(home.address, _read_theirs(home)[0])


def suggest_change(
    col: Collection, state: Path, address: str, wish: Wish = NOTHING_MORE
) -> Suggestion:
    """The subscriber's own edits, ready for an issue or a pull request. Writes nothing.

    Raises ``SubscriptionTrouble``.
    """
    home = Home(state, address)
    subscription = need_subscription(home)
    read, _ = _read_theirs(home)
    author = read_author(read, subscription)

    def work(base: SubscriptionBase) -> Suggestion:
        sides = read_sides(col, subscription, author, base, {}, False)
        return make_suggestion(sides, home.address, read.text, wish)

    with running(home.theirs, SUBSCRIPTION):
        remembered = Remembered(SUBSCRIPTION, home.theirs, home.folder, identify(col))
        return remembered.read(work)[0]


def pull_subscription(
    col: Collection,
    state: Path,
    fetched: Fetched,
    request: Request = USUAL,
    progress: Progress = no_progress,
    backup: Callable[[], None] = no_backup,
) -> tuple[SubscriptionPlan, Report]:
    """Plan what was fetched, and apply it. Raises what both of these raise."""
    plan = plan_subscription(col, state, fetched.address, request, fetched, progress)
    return plan, apply_subscription(col, plan, state, progress, backup)


def _read_theirs(home: Home) -> tuple[ReadFile, str]:
    data = _read_bytes(home)
    read = read_data(data)
    if read.deck is None:
        raise _no_deck(home)
    return read, sha256(data).hexdigest()


def _read_bytes(home: Home) -> bytes:
    try:
        return read_regular(home.theirs)
    except OSError:
        raise _no_deck(home) from None


def _no_deck(home: Home) -> SubscriptionTrouble:
    where = show_address(home.address)
    return SubscriptionTrouble(f"{where}: nothing was fetched from there yet. Update it first.")
