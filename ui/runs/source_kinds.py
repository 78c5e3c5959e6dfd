"""The two kinds of sources, subscriptions and Rember, in the same three steps.

``fetch`` asks the server and needs no collection; ``plan`` and ``apply`` need the collection and no
server. So the collection is never held while a server takes its time.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional, Protocol

from anki.collection import Collection
from aqt.main import AnkiQt

from ..app import profile
from ..app.source_records import REMBER, ProfileTokens, find_resting, get_record, has_tokens

if TYPE_CHECKING:
    from ...sync.run.progress import Progress
    from ...sync.run.report import Report
    from ...sync.source.rember.changes import Pulled, RemberPlan
    from ...sync.source.rember.run import Place
    from ...sync.source.rember.service import Service
    from ...sync.source.subscription.changes import SubscriptionPlan
    from ...sync.source.subscription.fetch import Fetched
    from ...sync.source.subscription.subscription import Subscription
    from ...sync.source.web import Limits, Web

_REMBER_BYTES = 100_000_000
# An automatic run waits less long, but what an answer brings late, such as new tokens, is kept.
_REMBER_SECONDS = 60
Backup = Callable[[], object]
service: Optional[Service] = None  # in place of Rember's own, for tests


@dataclass(frozen=True)
class Decisions:
    """What a person decided about a plan. ``thorough``: look also where nothing changed."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    change_types: bool = False
    thorough: bool = True


class Source(Protocol):
    """A subscription, or the account of Rember."""

    @property
    def key(self) -> str:
        """The name of its record in the profile."""

    @property
    def title(self) -> str:
        """What to call it."""

    def fetch(
        self, is_cancelled: Callable[[], bool], follow: Callable[[Web], None], *, automatic: bool
    ) -> Any:
        """Ask its server. ``follow`` gets what counts the answers. Raises ``AnkivaultError``."""

    def plan(self, col: Collection, fetched: Any, decisions: Decisions, progress: Progress) -> Any:
        """Plan what was fetched. ``None``: only what was fetched before."""

    def apply(self, col: Collection, plan: Any, progress: Progress, backup: Backup) -> Report:
        """Do what the plan says."""

    def describe(self, plan: Any) -> dict[str, Any]:
        """What its record says after a plan was applied."""

    def keep_failure(self, error: BaseException) -> None:
        """Keep in Activity why nothing could be planned."""


@dataclass(frozen=True)
class SubscriptionSource:
    """A TOML deck at a web address."""

    subscription: Subscription
    state: Path
    media: Path  # Anki's media folder

    @property
    def key(self) -> str:
        return self.subscription.key

    @property
    def title(self) -> str:
        return self.subscription.title

    def fetch(
        self, is_cancelled: Callable[[], bool], follow: Callable[[Web], None], *, automatic: bool
    ) -> Fetched:
        from ...sync.source.subscription.fetch import AUTOMATIC, BY_HAND, fetch
        from ...sync.source.web import Web

        limits: Limits = AUTOMATIC if automatic else BY_HAND
        with Web(limits, is_cancelled=is_cancelled) as web:
            follow(web)
            return fetch(
                self.state, self.subscription.address, web, self.media, thorough=not automatic
            )

    def plan(
        self,
        col: Collection,
        fetched: Optional[Fetched],
        decisions: Decisions,
        progress: Progress,
    ) -> SubscriptionPlan:
        from ...sync.source.subscription.run import Request, plan_subscription

        request = Request(decisions.answers, decisions.change_types, decisions.thorough)
        address = self.subscription.address
        return plan_subscription(col, self.state, address, request, fetched, progress)

    def apply(
        self, col: Collection, plan: SubscriptionPlan, progress: Progress, backup: Backup
    ) -> Report:
        from ...sync.source.subscription.run import apply_subscription

        def make_backup() -> None:
            backup()

        return apply_subscription(col, plan, self.state, progress, make_backup)

    def describe(self, plan: SubscriptionPlan) -> dict[str, Any]:
        told: dict[str, Any] = {"waiting": plan.waiting}
        if plan.definition:
            package = plan.definition.package
            told.update(owner=package.author or "", version=package.version or "")
        return told

    def keep_failure(self, error: BaseException) -> None:
        from ...sync.activity.recorder import keep_failure
        from ...sync.source.web import show_address

        keep_failure(self.state, "subscription", show_address(self.subscription.address), error)


@dataclass(frozen=True)
class RemberSource:
    """The account of Rember that is signed in. ``anew``: everything is pulled again."""

    place: Place
    store: ProfileTokens
    anew: bool = False

    @property
    def key(self) -> str:
        return REMBER

    @property
    def title(self) -> str:
        return "Rember"

    def fetch(
        self, is_cancelled: Callable[[], bool], follow: Callable[[Web], None], *, automatic: bool
    ) -> Pulled:
        from ...sync.source.rember.run import pull
        from ...sync.source.web import Limits, Web

        # Not cancelled in the middle: an answer with new tokens would be lost, and with it the
        # sign-in, because the old ones are worth nothing any more.
        with Web(Limits(_REMBER_BYTES, _REMBER_SECONDS)) as web:
            follow(web)
            return pull(self.place, self.store, web, anew=self.anew)

    def plan(
        self, col: Collection, fetched: Optional[Pulled], decisions: Decisions, progress: Progress
    ) -> RemberPlan:
        from ...sync.source.rember.run import plan_rember

        return plan_rember(col, self.place, fetched, decisions.answers, progress)

    def apply(
        self, col: Collection, plan: RemberPlan, progress: Progress, backup: Backup
    ) -> Report:
        from ...sync.source.rember.run import apply_plan

        return apply_plan(col, self.place, plan, progress, backup)

    def describe(self, plan: RemberPlan) -> dict[str, Any]:
        told: dict[str, Any] = {"waiting": plan.open_questions}
        if plan.pulled and plan.pulled.patch.email:
            told["owner"] = plan.pulled.patch.email
        return told

    def keep_failure(self, error: BaseException) -> None:
        from ...sync.activity.recorder import keep_failure

        keep_failure(self.place.state, "rember", "Rember", error)


@dataclass(frozen=True)
class Surroundings:
    """What finding the sources of a profile needs, as it is when work begins."""

    state: Path
    media: Path
    collection: str
    store: ProfileTokens
    signed_in: bool
    rember_is_automatic: bool
    resting: frozenset[str]  # keys of sources whose servers want to be left alone

    def find(self, *, automatic: bool) -> list[Source]:
        """The profile's sources; with ``automatic``, only those that run by themselves now."""
        from ...sync.source.subscription.store import find_subscriptions

        found: list[Source] = [
            SubscriptionSource(subscription, self.state, self.media)
            for subscription in find_subscriptions(self.state)
            if subscription.automatic or not automatic
        ]
        rember = self.find_rember()
        if rember and (self.rember_is_automatic or not automatic):
            found.append(rember)
        return [each for each in found if not (automatic and each.key in self.resting)]

    def find_rember(self, *, anew: bool = False) -> Optional[RemberSource]:
        """The account of Rember; ``None`` when nobody is signed in."""
        from ...sync.source.rember.run import Place
        from ...sync.source.rember.service import REMBER as USUAL

        tokens = self.store.load() if self.signed_in else None
        if tokens is None:
            return None
        place = Place(self.state, tokens.account, self.collection, service or USUAL)
        return RemberSource(place, self.store, anew)


def look_around(mw: AnkiQt) -> Surroundings:
    """What is needed to find the sources of the open profile. Call it on the main thread."""
    return Surroundings(
        profile.state_folder(mw),
        Path(mw.col.media.dir()),
        _identify(mw.col),
        ProfileTokens(mw),
        has_tokens(mw),
        get_record(mw, REMBER).automatic,
        find_resting(mw, time.time()),
    )


_identified: Optional[tuple[weakref.ref[Collection], str]] = None


def _identify(col: Collection) -> str:
    """What never changes for a collection. Asked once: the collection may be busy later."""
    from ...sync.collection.reads import identify

    global _identified
    if _identified is None or _identified[0]() is not col:
        _identified = (weakref.ref(col), identify(col))
    return _identified[1]


def may_have_sources(mw: AnkiQt) -> bool:
    """Whether the profile may have a source. Fast, and loads nothing."""
    return has_tokens(mw) or (profile.state_folder(mw) / "sources").is_dir()
