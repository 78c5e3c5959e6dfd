"""Plans only what the answers to questions change; all else stays as it was planned before.

The snapshot of the first plan stays in memory. Of a page with a question, the outcome also holds
what the base held of it, so that nothing has to be open or read again but the note and its page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Optional

from ..reconcile.question import Answers
from ..run.progress import Progress
from .changes import VaultPlan
from .index_plan import plan_indexes
from .outcomes import IndexesPlan, MediaPlan, Outcome, Piece
from .outward.claims import Claims
from .outward.digests import shown_names
from .outward.page_planner import Findings
from .outward.pages_after import AskedPages
from .plan import PlanBuilder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from anki.collection import Collection


@dataclass(frozen=True)
class AskedPlan:
    """A plan, and what is needed to plan some of its pages again.

    ``seen`` is how the collection and the base were. Where ``builder`` is missing, all has to be
    planned again.
    """

    plan: VaultPlan
    builder: Optional[PlanBuilder] = None
    seen: Any = None

    def answer(
        self, col: Collection, seen: object, answers: Answers, progress: Progress
    ) -> Optional[AskedPlan]:
        """The plan with these answers, which are all there are; None when only a whole plan can do.

        Its time grows with the number of the pages whose answers are others now, and not with the
        vault. ``self`` stays as it is. Raises ``Cancelled``.
        """
        done = self.builder
        if done is None or seen != self.seen or not done.snapshot.anki.reads(col):
            return None
        pieces = _find_pieces(done.outcomes, done.direction.answers, answers)
        again = None if pieces is None else _plan_again(done, pieces, answers, progress)
        if again is None:
            return None
        pages = again.find_pages_after()
        return AskedPlan(again.make_plan(pages), again, seen)


def ask(builder: PlanBuilder, seen: object) -> AskedPlan:
    """Make the whole plan, and put in order what answers need: no time of theirs grows with it."""
    plan = builder.build()
    outcomes: dict[Piece, Outcome] = {}
    settled: list[Outcome] = []

    def join() -> None:
        if settled:
            outcomes[Piece("settled", len(outcomes))] = Outcome.joined(settled)
            settled.clear()

    for piece, outcome in builder.outcomes.items():
        if outcome.questions or piece.kind == "vault name":
            join()
            outcomes[piece] = outcome
        else:
            settled.append(outcome)
    join()
    using = {
        piece: builder.outcomes[piece].used if names is None and piece not in outcomes else names
        for piece, names in builder.using.items()
    }
    indexes = builder.indexes
    pages = AskedPages(builder.pages, indexes.wanted, indexes.linking)
    return AskedPlan(plan, replace(builder, outcomes=outcomes, using=using, asked=pages), seen)


def _find_pieces(
    outcomes: Mapping[Piece, Outcome], before: Answers, now: Answers
) -> Optional[list[Piece]]:
    """What has another answer now, in the order of the plan; None when that is not known."""
    keys = {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
    pieces = []
    for piece, outcome in outcomes.items():
        found = {question.key for question in outcome.questions}
        if found and not found.isdisjoint(keys):
            pieces.append(piece)
            keys -= found
    return None if keys else pieces


def _plan_again(
    done: PlanBuilder, pieces: list[Piece], answers: Answers, progress: Progress
) -> Optional[PlanBuilder]:
    """Plan these pieces again; None when that changes what others may have."""
    old = {piece: done.outcomes[piece] for piece in pieces}
    others = [o.claims for piece, o in done.outcomes.items() if piece not in old and o.claims]
    held = {o.held.note_id: o.held for o in old.values() if o.held}
    dropped = {str(name) for o in old.values() for kind, name in o.claims.taken if kind == "media"}
    again = replace(
        done,
        direction=replace(done.direction, answers=answers),
        progress=progress,
        tools=done.tools.again(others, held, dropped),
        findings=Findings(),
        outcomes={**done.outcomes},
    )
    for number, piece in enumerate(pieces):
        if number % 50 == 49:
            progress("Comparing notes and pages", number, len(pieces))
        if not again.plan_again(piece):
            return None
    new = {piece: again.outcomes[piece] for piece in pieces}
    if _meet(others, old.values(), new.values()):
        return None
    renames = Piece("vault name") in done.outcomes
    if renames and again.find_planned_notes() != done.find_planned_notes():
        return None
    again.media = _plan_media(again, done.media, old, new)
    again.indexes = _plan_indexes(again, done.indexes, old, new)
    return again


def _meet(others: Iterable[Claims], old: Iterable[Outcome], new: Iterable[Outcome]) -> bool:
    """Whether pages that are planned again and others may want the same names."""
    before = set().union(*(each.claims.made for each in old))
    after = set().union(*(each.claims.made for each in new))
    asked = set().union(*(each.claims.asked for each in new))
    made = before ^ after
    return any(
        not (other.taken.isdisjoint(asked) and other.freed.isdisjoint(asked))
        or not other.asked.isdisjoint(made)
        for other in others
    )


def _plan_media(
    again: PlanBuilder,
    before: MediaPlan,
    old: Mapping[Piece, Outcome],
    new: Mapping[Piece, Outcome],
) -> MediaPlan:
    """The media with those of the pages that were planned again."""
    names = {name for each in (*old.values(), *new.values()) for name in each.media}
    if not names:
        return before
    ours = again.plan_media(again.find_pages_after(), names)
    changes = [change for change in before.changes if change.name not in names]
    messages = [m for m in before.messages if not any(f"“{name}”" in m.text for name in names)]
    return MediaPlan((*changes, *ours.changes), (*messages, *ours.messages), ours.missing)


def _plan_indexes(
    again: PlanBuilder,
    before: IndexesPlan,
    old: Mapping[Piece, Outcome],
    new: Mapping[Piece, Outcome],
) -> IndexesPlan:
    """The index pages, which are planned again if a page comes, goes, moves or gets a new title."""
    known = again.snapshot.known

    def show(outcome: Outcome, piece: Piece) -> object:
        rows = dict(outcome.rows)
        if isinstance(piece.which, int):
            rows.setdefault(piece.which, known.get(piece.which))
        listed = [
            row and (note_id, row.path, row.decks, row.title) for note_id, row in rows.items()
        ]
        return listed, outcome.touched

    if all(show(old[piece], piece) == show(new[piece], piece) for piece in old):
        return before
    rows = [row for each in (*old.values(), *new.values()) for _, row in each.rows]
    rows += [known.get(piece.which) for piece in old if isinstance(piece.which, int)]
    texts = {decks for each in (*old.values(), *new.values()) for decks in each.touched}
    texts |= {row.decks for row in rows if row}
    decks = {name for text in texts for name in shown_names(text, again.snapshot.layout)}
    pages, outcomes = again.find_pages_after(), again.outcomes.values()
    return plan_indexes(again.snapshot, again.direction, outcomes, pages, before, decks)
