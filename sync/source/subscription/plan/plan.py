"""Plans an update, from the author's file, Anki and the base. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Optional

from .....convert.deck_file.definition import Problem
from ....collection.clean import clean_deck_name
from ....collection.decks import find_guids, iterate_notes
from ....collection.reads import NoteRow
from ....deck.base import digest
from ....deck.dynamic import DECLARED
from ....deck.read.file import ReadFile
from ....deck.read.sides import describe
from ....run.progress import Progress
from ..author import AuthorNote, read_author
from ..base import SubscriptionBase
from ..changes import (
    Answers,
    Choice,
    DeckPlan,
    MediaPlan,
    NotePlan,
    Question,
    SubscriptionPlan,
    TypePlan,
    title_of,
)
from ..store import Home
from ..subscription import Subscription
from .gone import plan_doubled, plan_gone
from .media import plan_media
from .notes import NotePlanner
from .sides import Sides, read_sides
from .types import plan_types

if TYPE_CHECKING:
    from anki.collection import Collection as AnkiCollection

_DECKS: tuple[Choice, ...] = ("add", "leave")


@dataclass(frozen=True)
class Request:
    """What is asked of a plan. ``thorough``: compare although the author changed nothing.

    ``change_types`` lets the run do what forces a full AnkiWeb sync.
    """

    answers: Answers = field(default_factory=dict)
    change_types: bool = False
    thorough: bool = True

    @property
    def is_asked(self) -> bool:
        """Whether a person asks for the plan, and does not only start a run."""
        return self.thorough or self.change_types or bool(self.answers)


@dataclass(frozen=True)
class Theirs:
    """The author's text as read. ``digest`` is the SHA-256 of its bytes, in hex."""

    read: ReadFile
    digest: str


def what_is_taken(text_digest: str, subscription: Subscription) -> str:
    """What stands for a text and the subscriber's choices, once they are taken into Anki."""
    s = subscription
    chosen = (s.left_out, s.wanted_tags, s.unwanted_tags, *sorted(s.protected.items()))
    return f"{text_digest} {digest(chosen, sorted(s.protected_notes.items())).hex()}"


def plan(
    col: AnkiCollection,
    home: Home,
    subscription: Subscription,
    theirs: Theirs,
    base: SubscriptionBase,
    request: Request,
    progress: Progress,
) -> SubscriptionPlan:
    """Plan an update. ``theirs`` has a deck. Raises ``Cancelled``."""
    progress("Comparing with Anki", 0, 0)
    author = read_author(theirs.read, subscription)
    sides = read_sides(col, subscription, author, base, request.answers, request.change_types)
    made = _Planner(col, home, sides).make()
    taken = what_is_taken(theirs.digest, subscription)
    learns = made.learns or base.taken != taken
    made = replace(made, text_digest=theirs.digest, taken=taken, was_looked_at=request.is_asked)
    return replace(made, learns=learns or made.waiting != base.waiting)


@dataclass
class _Planner:
    """Makes one plan."""

    col: AnkiCollection
    home: Home
    sides: Sides
    notes: list[NotePlan] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def make(self) -> SubscriptionPlan:
        sides = self.sides
        looked = [note for note in sides.author.notes if self._is_new(note)]
        rows = self._find_rows(looked)
        types = self._plan_types(looked, rows)
        absent_decks, deck_questions = self._find_absent_decks(looked, rows)
        copies = [*plan_doubled(sides)]
        doubled = {copy.note_id for copy in copies}
        rows = {guid: [row for row in each if row.id not in doubled] for guid, each in rows.items()}
        planner = NotePlanner(
            sides, absent_decks=absent_decks, asks_absent=not sides.known and bool(rows)
        )
        usable = {*sides.types, *sides.made, *DECLARED} - sides.unfit
        for note in looked:
            made = planner.plan(note, rows.get(note.guid) or rows.get(note.alias) or ())
            if made is not None and (made.action != "add" or note.note.model in usable):
                self.notes.append(made)
        self.notes += plan_gone(sides, doubled)
        self.notes += copies
        self.problems += [*planner.problems, *planner.tell_nowhere()]
        added = (note.theirs for note in self.notes if note.action == "add")
        used = {theirs.note.model for theirs in added if theirs}
        types = [each for each in types if each.notetype or each.name in used]
        media = plan_media(sides, self.home, self.home.read_received().media)
        markdown = {name: sides.markdown(name) for name in sides.models}
        problems = (*sides.author.problems, *self.problems)
        return SubscriptionPlan(
            sides.subscription,
            self.home.theirs,
            "",
            tuple(self.notes),
            tuple(types),
            tuple(self._plan_decks()),
            tuple(media),
            tuple(self._tell_deleted(looked, rows)),
            tuple(deck_questions),
            tuple(sorted(problems, key=lambda problem: problem.line)),
            sides.author.deck,
            markdown,
            learns=self._learns(types, media),
            known=len(sides.known),
        )

    def _learns(self, types: Sequence[TypePlan], media: Sequence[MediaPlan]) -> bool:
        """Whether the base changes, or a fetched file that is not needed goes."""
        settled = (each.question is None or not each.question.is_open for each in media)
        notes = (note.action != "leave" for note in self.notes)
        return any(notes) or any(settled) or any(each.learns for each in types)

    def _is_new(self, note: AuthorNote) -> bool:
        """Whether a note says something that is not taken yet."""
        entry = self.sides.known.get(note.guid)
        return entry is None or entry.state != "" or entry.digest != note.digest

    def _find_rows(self, looked: Sequence[AuthorNote]) -> dict[str, list[NoteRow]]:
        """The notes of Anki by guid, for these notes of the author."""
        wanted = {guid for note in looked for guid in (note.guid, note.alias) if guid}
        ids = find_guids(self.col, wanted)
        found: dict[str, list[NoteRow]] = {}
        for row in iterate_notes(self.col, sorted({id_ for each in ids.values() for id_ in each})):
            found.setdefault(row.guid, []).append(row)
        return found

    def _plan_types(
        self, looked: Sequence[AuthorNote], rows: Mapping[str, list[NoteRow]]
    ) -> list[TypePlan]:
        used: dict[str, set[int]] = {}
        for note in looked:
            for row in rows.get(note.guid, ()):
                used.setdefault(note.note.model, set()).add(row.notetype)
        matched = [row for each in rows.values() for row in each]
        types, problems = plan_types(self.sides, matched, used)
        self.problems += problems
        return types

    def _find_absent_decks(
        self, looked: Sequence[AuthorNote], rows: Mapping[str, list[NoteRow]]
    ) -> tuple[frozenset[str], list[Question]]:
        """The decks that the subscriber deleted, and a question for each that gets new notes."""
        sides = self.sides
        gone, questions = set(), []
        new = [note for note in looked if note.guid not in rows and note.guid not in sides.known]
        for name in dict.fromkeys(note.note.deck for note in new):
            known = sides.known_decks.get(clean_deck_name(name))
            if known is None or sides.deck_id(name):
                continue
            key = f"deck:{name}"
            answer = sides.answers.get(key)
            text = "You deleted this deck, and the author has new notes for it."
            questions.append(Question(key, "deck", name, text, _DECKS, name, answer=answer))
            if answer != "add":
                gone.add(name)
        return frozenset(gone), questions

    def _plan_decks(self) -> list[DeckPlan]:
        """Decks that notes of this run need, and descriptions that the author changed."""
        sides = self.sides
        described = {deck.name: deck.description for deck in sides.author.deck.decks}
        needed = dict.fromkeys(
            note.theirs.note.deck
            for note in self.notes
            if note.theirs and (note.action == "add" or any(p.part == "deck" for p in note.parts))
        )
        plans = []
        for name in dict.fromkeys((*described, *needed)):
            if not sides.is_usable(name):
                continue
            in_anki, id_ = sides.deck_name(name), sides.deck_id(name)
            known = sides.known_decks.get(clean_deck_name(name))
            wanted = described.get(name) or ""
            if not id_:
                if name in needed:
                    plans.append(DeckPlan(name, in_anki, wanted, wanted or None, True))
                continue
            if known is None or (known.deck_id, known.description) != (id_, wanted):
                now = describe(self.col, id_)
                follows = known is not None and now == known.description != wanted
                text = wanted if follows else None
                plans.append(DeckPlan(name, in_anki, wanted, text, False, id_, now))
        return plans

    def _tell_deleted(
        self, looked: Sequence[AuthorNote], rows: Mapping[str, list[NoteRow]]
    ) -> Iterator[Question]:
        """Notes that the author changed, and that the subscriber has deleted."""
        sides = self.sides
        for note in looked:
            entry = sides.known.get(note.guid)
            if entry is None or entry.state or note.guid in rows:
                continue
            key = f"deleted:{note.guid}"
            answer: Optional[Choice] = sides.answers.get(key)
            title, deck = title_of(sides.title_of(note.note)), note.note.deck
            text = "You deleted this note, and the author has changed it."
            yield Question(key, "absent", title, text, ("add", "leave"), deck, answer=answer)
