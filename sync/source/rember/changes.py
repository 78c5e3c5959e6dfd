"""What a run of Rember will do, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal, Optional

from ....model.note import DynamicNote
from ...run.done import Done
from ...run.report import Message
from .base import RembRow, WritingRow
from .content import name_content
from .patch import Patch

# add, update, delete   the note in Anki
# learn                 Anki has it, or does not want it: only the base is written
# wait                  nothing in Anki: kept in the base for the next run
Action = Literal["add", "update", "delete", "learn", "forget", "wait"]
# edited      both sides changed the same words
# unlike      the note is not what Rember says, and nobody knows which side changed
# gone        deleted in Rember, and it has something of the person's own in Anki
# unwanted    deleted in Anki, and changed in Rember
# many        many notes are deleted in Rember
# strangers   notes came from Rember once, and the account does not have them (the base was lost, or
#             they are of another account)
# twice       a remb has two notes, and both hold something of the person's own
# large       Rember changes a large part of all notes
QuestionKind = Literal[
    "edited", "unlike", "gone", "unwanted", "many", "strangers", "twice", "large"
]
# rember, mine    that side's version      delete, keep    the notes in Anki
Choice = Literal["rember", "mine", "delete", "keep", "later"]
Answers = Mapping[str, Choice]  # the key of a question → what was chosen
NO_ANSWERS: Answers = MappingProxyType({})
MANY, STRANGERS, LARGE = "many", "strangers", "large"  # keys of questions about several notes


@dataclass(frozen=True)
class Pulled:
    """What was pulled for an account: everything after the state ``since``, None for everything.

    ``run`` is the state of the base then: after another run, an older pull must not be applied.
    ``anew``: the person asked for all of it again, also for notes that they deleted.
    """

    account: str
    since: Optional[int]
    run: int
    patch: Patch
    anew: bool = False


@dataclass(frozen=True)
class Passage:
    """A text that both sides changed, as Markdown. None: the card was taken out."""

    name: str  # “Note”, “Source”, or the card's question
    mine: Optional[str]
    theirs: Optional[str]


@dataclass(frozen=True)
class RemberQuestion:
    """A question that only a person can answer. Until then, the notes stay as they are."""

    key: str  # the same from plan to plan
    kind: QuestionKind
    title: str
    text: str  # one sentence
    choices: tuple[Choice, ...]
    note_id: int = 0
    passages: tuple[Passage, ...] = ()
    answer: Optional[Choice] = None

    @property
    def is_open(self) -> bool:
        """Whether the question has no answer yet."""
        return self.answer in (None, "later")


@dataclass(frozen=True)
class RembChange:
    """What becomes of one remb.

    ``shown`` is the note that it is about: what is written, in an addition or an update. ``before``
    is what an update or a deletion finds in Anki. ``row`` is what the base will hold when it is
    done; None: nothing. ``kept`` is what the base will hold when it is not done. An update without
    ``values`` only adds and removes cards.
    """

    id: str
    action: Action
    shown: Optional[DynamicNote] = field(repr=False)
    row: Optional[RembRow] = None
    kept: Optional[RembRow] = None
    note_id: int = 0
    digest: bytes = field(default=b"", repr=False)
    values: tuple[str, ...] = field(default=(), repr=False)
    writing: Optional[WritingRow] = field(default=None, repr=False)
    before: Optional[DynamicNote] = field(default=None, repr=False)
    chosen: bool = False  # by a person
    aside: bool = False  # not about what Rember says, so the base stays as it is
    stranger: bool = False  # nothing is known of the note, but that it came from Rember once

    @cached_property
    def title(self) -> str:
        """What the remb is called for a person."""
        return name_content(self.shown) if self.shown else self.id

    @property
    def after(self) -> Optional[DynamicNote]:
        """The note as it will be in Anki; None for one that is deleted or not written."""
        return self.shown if self.action in ("add", "update") else None

    @property
    def writes_anki(self) -> bool:
        """Whether a note is added, changed or deleted."""
        return self.action in ("add", "update", "delete")


@dataclass(frozen=True)
class RemberPlan:
    """What a run will do. ``run`` is the state of the base that it is for.

    ``usn`` is how far AnkiWeb had come.

    ``waits`` counts the rembs that cannot be read and wait for a newer Ankivault.
    """

    account: str
    run: int
    pulled: Optional[Pulled]
    cookie: Optional[int]
    usn: int = 0
    changes: tuple[RembChange, ...] = ()
    questions: tuple[RemberQuestion, ...] = ()
    messages: tuple[Message, ...] = ()
    waits: int = 0

    def pick(self, *actions: Action) -> list[RembChange]:
        """The changes of these kinds."""
        return [change for change in self.changes if change.action in actions]

    @property
    def counts(self) -> Mapping[Done, int]:
        """What will be written into Anki."""
        return {
            Done.NOTE_ADDED: len(self.pick("add")),
            Done.NOTE_UPDATED: len(self.pick("update")),
            Done.NOTE_DELETED: len(self.pick("delete")),
        }

    @property
    def writes_anki(self) -> bool:
        """Whether it writes any note."""
        return any(change.writes_anki for change in self.changes)

    @property
    def open_questions(self) -> int:
        """How many questions have no answer."""
        return sum(question.is_open for question in self.questions)
