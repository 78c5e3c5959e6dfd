"""What was found for each page while a plan was made, so that one page can be planned anew."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, Optional, Union

from ..reconcile.note_change import NoteChange
from ..reconcile.question import Question
from ..run.report import Message
from .changes import IndexChange, MediaChange, PageChange, StrangerChanges
from .outward.claims import Claims
from .outward.links import LinkPlan
from .outward.pages_after import AnsweredPages, AskedPages
from .read.snapshot import VaultSnapshot
from .rows import THEIRS, TOLD, Held, PageRow


class Piece(NamedTuple):
    """One thing that is planned: the page of a ``note``, a page that is ``left`` over, a page whose
    note is ``reborn`` with another id, a ``new`` page or a ``copy``; the ``folder`` with the
    settings, and the ``vault name``, each once. ``settled`` are several together.
    """

    kind: Literal["folder", "note", "reborn", "left", "new", "copy", "vault name", "settled"]
    which: Union[int, str] = ""  # the note's id, or the path


@dataclass(frozen=True)
class Outcome:
    """What became of a piece. ``touched`` are the decks of notes whose index pages may change, and
    ``used`` the media of the page, both as texts of ``PageRow``.
    """

    changes: tuple[PageChange, ...] = ()  # one page has at most one
    messages: tuple[Message, ...] = ()
    notes: tuple[NoteChange, ...] = ()
    questions: tuple[Question, ...] = ()
    unsettled: tuple[PageRow, ...] = ()  # see ``Findings``; one page has at most one
    unchanged: int = 0
    touched: tuple[str, ...] = ()
    used: str = ""
    told: frozenset[str] = frozenset()  # missing files that have a message
    claims: Claims = field(default_factory=Claims)
    held: Optional[Held] = None  # of a page with questions

    @property
    def rows(self) -> Iterator[tuple[int, Optional[PageRow]]]:
        """The rows of pages that are others after the run, by note id. None: the page goes."""
        yield from ((row.note_id, row) for row in self.unsettled)
        yield from ((change.note_id, change.row) for change in self.changes)

    @property
    def media(self) -> set[str]:
        """The names of the media that the page uses."""
        texts = (self.used, *(row.media for row in self.unsettled))
        return {name for text in texts for name in text.split("\n")} - {""}

    @classmethod
    def joined(cls, outcomes: Sequence[Outcome]) -> Outcome:
        """What became of several pieces. Whose media are whose, and what is ``held``, is lost."""

        def chain(name: str) -> tuple[Any, ...]:
            return tuple(each for outcome in outcomes for each in getattr(outcome, name))

        return cls(
            chain("changes"),
            chain("messages"),
            chain("notes"),
            chain("questions"),
            unsettled=chain("unsettled"),
            unchanged=sum(outcome.unchanged for outcome in outcomes),
            touched=tuple(dict.fromkeys(chain("touched"))),
            told=frozenset(chain("told")),
            claims=Claims.joined(outcome.claims for outcome in outcomes),
        )


def join_pieces(
    pieces: Sequence[Piece], outcomes: dict[Piece, Outcome], using: dict[Piece, Optional[str]]
) -> None:
    """Make one of the outcomes of the last ``pieces``, to save memory. None is planned again."""
    apart = [outcomes.pop(piece) for piece in pieces]
    for piece, outcome in zip(pieces, apart):
        using[piece] = outcome.used
        if not outcome.used:
            del using[piece]
    outcomes[Piece("settled", f"from {pieces[0].which}")] = Outcome.joined(
        [replace(outcome, claims=Claims()) for outcome in apart]
    )


def find_answered(
    asked: AskedPages, known: Mapping[int, PageRow], outcomes: Mapping[Piece, Outcome]
) -> AnsweredPages:
    """The pages as they will be after a plan with other answers than the one that ``asked``.

    ``known`` are the pages of the base.
    """
    rows: dict[int, Optional[PageRow]] = {}
    for piece, outcome in outcomes.items():
        if piece.kind != "settled":
            if isinstance(piece.which, int):
                rows[piece.which] = known.get(piece.which)
            rows.update(outcome.rows)
    before = asked.pages
    return AnsweredPages(asked, {i: row for i, row in rows.items() if before.get(i) != row})


@dataclass(frozen=True)
class MediaPlan:
    """The copies of media to make and to remove. ``missing`` files → a note that embeds them."""

    changes: tuple[MediaChange, ...] = ()
    messages: tuple[Message, ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class IndexesPlan:
    """The changes of index pages, those ``looked_at``, and how links are written."""

    changes: tuple[IndexChange, ...] = ()
    messages: tuple[Message, ...] = ()
    looked_at: tuple[str, ...] = ()
    linking: LinkPlan = field(default_factory=LinkPlan)
    wanted: Mapping[str, str] = field(default_factory=dict)  # path → deck of each index page

    def joined(self, later: IndexesPlan, decks: Set[str]) -> IndexesPlan:
        """This plan, with what ``later`` says of these decks. Both have the same index pages."""

        def stays(path: Optional[str]) -> bool:
            return self.wanted.get(path or "") not in decks

        kept = [change for change in self.changes if stays(change.path)]
        written = [change for change in (*kept, *later.changes) if change.path in self.wanted]
        removed = [change for change in kept if change.path not in self.wanted]
        return replace(
            later,
            changes=(*sorted(written, key=lambda change: change.path), *removed),
            messages=(*(m for m in self.messages if stays(m.path)), *later.messages),
        )


NO_INDEXES = IndexesPlan()


def find_used(
    using: Mapping[Piece, Optional[str]], outcomes: Mapping[Piece, Outcome]
) -> dict[str, int]:
    """The media that pages use → a note that uses it, in the order of the plan.

    ``using`` has the names of the pieces with media; None where the outcome has them.
    """
    used: dict[str, int] = {}

    def use(names: str, note_id: int) -> None:
        for name in names.split("\n"):
            used.setdefault(name, note_id)

    for piece, media in using.items():
        names = outcomes[piece].used if media is None else media
        if names and isinstance(piece.which, int):
            use(names, piece.which)
    for outcome in outcomes.values():
        for row in outcome.unsettled:
            if row.media:
                use(row.media, row.note_id)
    return used


def learn_strangers(
    snapshot: VaultSnapshot, outcomes: Collection[Outcome], copies: Set[str]
) -> StrangerChanges:
    """What the base keeps from now on of the files that are no pages of ours.

    ``copies`` are the paths of pages of notes that are left out.
    """
    settled = {change.note_id for outcome in outcomes for change in outcome.changes}
    learned, gone = snapshot.strangers.remember(snapshot.base.strangers, settled, copies)
    stances = {
        each.path: THEIRS if each.answer == "leave" else TOLD
        for outcome in outcomes
        for each in outcome.questions
        if each.kind == "copy" and each.answer != "create"
    }
    rows = {row.path: row for row in learned}
    for copy in snapshot.strangers.copies:
        stance = stances.get(copy.path, copy.row.stance)
        if stance != copy.row.stance:
            rows[copy.path] = copy.row._replace(stance=stance)
    return StrangerChanges(tuple(rows.values()), gone)
