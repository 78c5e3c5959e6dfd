"""The plan of an update as values: what the author brings, what stays, and what is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Optional

from ....convert.deck_file.definition import DeckFile, ModelDef, Problem
from ....convert.html.plain_text import plain_text
from ...collection.reads import NoteRow
from ...deck.base import HeldNote
from .author import AuthorNote
from .subscription import Subscription

_FEW, _SHARE = 20, 0.2  # a run that nobody looked at changes no more notes than this

# mine, theirs  keep the subscriber's, or take the author's     keep, delete  a note in Anki
# add, leave    a note or deck that Anki does not have
Choice = Literal["mine", "theirs", "keep", "delete", "add", "leave"]
Answers = Mapping[str, Choice]  # the key of a question → what was chosen

# field, card, type, media   both sides changed it
# gone, card gone            the author took it out         twice    two notes in Anki are the same
# absent                     nobody knows whether it was deleted or is new
# deck                       new notes for a deck that the subscriber deleted
QuestionKind = Literal[
    "field", "card", "type", "media", "gone", "card gone", "absent", "deck", "twice"
]


@dataclass(frozen=True)
class Question:
    """What only the subscriber can decide. Until then theirs stays as it is.

    ``base``, ``mine`` and ``theirs`` are what both had, and what each says now, as in Anki.
    """

    key: str  # the same from plan to plan
    kind: QuestionKind
    title: str
    text: str  # one sentence
    choices: tuple[Choice, ...]
    deck: str = ""
    note_id: int = 0
    base: str = field(default="", repr=False)
    mine: str = field(default="", repr=False)
    theirs: str = field(default="", repr=False)
    answer: Optional[Choice] = None

    @property
    def is_open(self) -> bool:
        """Whether the question has no answer yet."""
        return self.answer is None


# theirs     the author's replaces what Anki has          merged     with the edits of both
# protected  the subscriber keeps updates out of it       question   it stays until it is answered
# refused    the author's text cannot be written          mine       a person chose to keep theirs
PartState = Literal["theirs", "merged", "protected", "question", "refused", "mine"]


@dataclass(frozen=True)
class PartPlan:
    """A field, the tags, the deck or the cards of a note that the author changed.

    ``now`` is in Anki, ``theirs`` what the author says in Anki's form, ``after`` what Anki gets:
    None when it stays. Tags are joined with spaces, a deck is its name in Anki.
    """

    part: Literal["field", "tags", "deck", "card"]
    name: str
    state: PartState
    now: str
    theirs: str
    after: Optional[str] = None
    why: str = ""  # of a refused part


# add     to Anki                   update  in Anki                delete    from Anki, as answered
# learn   only the base changes     forget  the base forgets it    leave     nothing
Action = Literal["add", "update", "delete", "learn", "forget", "leave"]


@dataclass(frozen=True)
class NotePlan:
    """What an update does about one note. Without ``theirs``, the author does not have it."""

    action: Action
    guid: str
    title: str
    deck: str
    theirs: Optional[AuthorNote] = field(default=None, repr=False)
    anki: Optional[NoteRow] = field(default=None, repr=False)
    parts: tuple[PartPlan, ...] = ()
    questions: tuple[Question, ...] = ()
    held: Optional[HeldNote] = field(default=None, repr=False)  # for the base, after the run
    digest: bytes = b""  # for the base: empty while a part is open
    state: str = ""  # for the base
    values: tuple[str, ...] = field(default=(), repr=False)  # of a dynamic note that is written

    @property
    def writes(self) -> bool:
        """Whether the note in Anki is added, changed or deleted."""
        return self.action in ("add", "update", "delete")

    @property
    def note_id(self) -> int:
        """The note's id in Anki, or 0."""
        return self.anki.id if self.anki else 0


@dataclass(frozen=True)
class TypePlan:
    """What an update does about a note type. ``notetype`` is its id in Anki, 0 when it is new.

    ``wanted`` is what it becomes; None when it stays. ``waits`` force a full AnkiWeb sync, and
    wait until a person lets a run change note types.
    """

    name: str  # the author's
    notetype: int
    wanted: Optional[ModelDef] = field(default=None, repr=False)
    details: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    full_sync: bool = False  # writing it forces one
    held: Optional[ModelDef] = field(default=None, repr=False)
    owned: bool = True
    learns: bool = False
    seen: Optional[ModelDef] = field(default=None, repr=False)  # as it is in Anki now


@dataclass(frozen=True)
class DeckPlan:
    """A deck that is made, or gets the author's description. ``name`` is that in Anki.

    ``theirs`` is the author's description, which the base remembers, ``seen`` that in Anki now.
    """

    author: str
    name: str
    theirs: str
    description: Optional[str] = None
    creates: bool = False
    deck_id: int = 0
    seen: str = ""


@dataclass(frozen=True)
class MediaPlan:
    """A fetched media file that comes into Anki's folder, or is there already (``writes`` off).

    ``seen`` is the SHA-256 of the file in Anki's folder; None when there is none.
    """

    name: str
    source: Path = field(repr=False)
    sha256: str = ""
    writes: bool = True
    question: Optional[Question] = None
    seen: Optional[str] = None


@dataclass(frozen=True)
class SubscriptionPlan:
    """All that an update does. Holds no open files.

    ``text_digest`` is that of the author's text. ``deleted`` are notes that the author changed and
    the subscriber has deleted: their keys may be answered with ``add``.
    """

    subscription: Subscription
    file: Path
    text_digest: str
    notes: tuple[NotePlan, ...] = ()
    types: tuple[TypePlan, ...] = ()
    decks: tuple[DeckPlan, ...] = ()
    media: tuple[MediaPlan, ...] = ()
    deleted: tuple[Question, ...] = ()
    deck_questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()
    definition: Optional[DeckFile] = field(default=None, repr=False)
    markdown: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    taken: str = ""  # for the base
    learns: bool = False  # the base changes although nothing else is written
    waits_before: int = 0  # open questions of the last run, when this plan looked at nothing
    unchanged: bool = False  # the author's text is the one that was taken: nothing was compared
    known: int = 0  # how many notes were taken before
    was_looked_at: bool = True  # a person asked for this plan, and did not only start a run

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in the order of types, decks, notes and media."""
        return (
            *(q for each in self.types for q in each.questions),
            *self.deck_questions,
            *(q for note in self.notes for q in note.questions),
            *(each.question for each in self.media if each.question),
        )

    @property
    def waiting(self) -> int:
        """How much waits for the subscriber: open questions, and types that force a full sync."""
        if self.unchanged:
            return self.waits_before
        waits = sum(bool(each.waits) for each in self.types)
        return waits + sum(question.is_open for question in self.questions)

    @property
    def full_sync(self) -> tuple[str, ...]:
        """What this run does that forces a full AnkiWeb sync. Ask before."""
        return tuple(
            f"{each.name}: {detail}"
            for each in self.types
            if each.full_sync
            for detail in each.details
        )

    @property
    def large_change(self) -> str:
        """Why a person must look first: a large share of the notes changes. Else empty.

        An author who gives new guids to all notes would otherwise double the deck.
        """
        if self.was_looked_at:
            return ""
        actions = Counter(note.action for note in self.notes)
        gone = sum(question.kind == "gone" for question in self.questions)
        changed = actions["update"] + actions["delete"] + min(actions["add"], gone)
        if changed <= max(_FEW, self.known * _SHARE):
            return ""
        return (
            f"“{self.subscription.title}” would change {changed:,} of {self.known:,} notes. Look "
            "at its preview, and update it from there. Nothing was changed."
        )

    @property
    def deletes(self) -> bool:
        """Whether notes are deleted, so that a backup comes first."""
        return any(note.action == "delete" for note in self.notes)

    @property
    def writes_anki(self) -> bool:
        """Whether the collection is written. Media files do not count."""
        return (
            any(note.writes for note in self.notes)
            or any(each.wanted for each in self.types)
            or any(each.creates or each.description is not None for each in self.decks)
        )

    @property
    def is_empty(self) -> bool:
        """Whether Anki and its media folder stay as they are."""
        return not self.writes_anki and not any(each.writes for each in self.media)

    @property
    def counts(self) -> dict[str, int]:
        """How many notes are added, updated, deleted and asked about, and how many media come."""
        found = {
            kind: sum(note.action == kind for note in self.notes)
            for kind in ("add", "update", "delete")
        }
        media = sum(each.writes for each in self.media)
        return {**found, "media": media, "waiting": self.waiting}


def title_of(text: str) -> str:
    """The first field as plain text, at most 120 characters, for lists."""
    return plain_text(text)[:120] or text[:120]
