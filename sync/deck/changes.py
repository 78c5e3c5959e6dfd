"""The plan of a TOML deck as values: every difference, and what the run does about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Literal, Optional

from ...convert.deck_file.definition import (
    CardDef,
    DeckDef,
    DeckFile,
    MediaDef,
    ModelDef,
    NoteDef,
    Problem,
)
from ...convert.edit.refusal import Refusal
from ...convert.html.plain_text import plain_text
from ...model.note import Card
from ..collection.reads import NoteRow
from .base import HeldNote
from .options import DeckOptions, Side


@dataclass(frozen=True)
class AnkiNote:
    """A note of the collection, with its fields by name.

    ``deck`` is the name of its first card's home deck. Only a dynamic note has ``cards``.
    """

    id: int
    deck: str
    tags: tuple[str, ...]
    fields: Mapping[str, str]
    cards: tuple[Card, ...] = ()


# to_anki, to_toml  that side gets the other's value
# merged            both sides get both edits        skipped  both sides stay as they are
PartState = Literal["to_anki", "to_toml", "merged", "skipped"]


class Did(Enum):
    """What happened to a part. Not used for a simple edit of a text."""

    EDITED = auto()  # a card
    ADDED = auto()
    ADDED_AGAIN = auto()  # one side removed the card, the other still has it
    REMOVED = auto()
    REMOVED_AND_EDITED = auto()  # removed on one side, edited on the other: a conflict
    LEFT_OUT = auto()  # only one side has the card, and the run does not write the other side
    MOVED = auto()
    PUT_RIGHT = auto()  # the cards in Anki did not match the note's fields
    LEFT_TAGS = auto()  # the run does not change tags


@dataclass(frozen=True)
class PartChange:
    """A part of a note that differs: a field, the tags, the deck, a card, or the cards' order.

    ``toml`` and ``anki`` are the values now, None for a card that this side does not have.
    ``to_toml`` and ``to_anki`` are the new values: None when this side stays as it is, and empty
    for a card that is removed. A Markdown field is Markdown in the file and HTML in Anki. Tags
    are joined with spaces. A card is its front and back with a rule between them.
    """

    part: Literal["field", "tags", "deck", "card", "order"]
    name: str
    toml: Optional[str]
    anki: Optional[str]
    state: PartState
    to_toml: Optional[str] = None
    to_anki: Optional[str] = None
    conflict: bool = False  # both sides changed it differently, also when one side wins
    overwrites: bool = False  # a one-way run replaces the other side's edit
    did: Optional[Did] = None
    moved: tuple[int, int] = (0, 0)  # of a card: its place before and after, from 1
    refusal: Optional[Refusal] = None  # why the file's edit cannot be carried over, with its line
    side: str = ""  # of a card: where the refused edit is, “front” or “back”


@dataclass(frozen=True)
class LostClozes:
    """Clozes that an edit of the file removes from a note. Their cards become empty.

    ``fields`` are the edited fields that had these clozes, ``reviews`` the number of reviews of
    their cards. Anki keeps the cards until Tools ▸ Empty Cards.
    """

    fields: tuple[str, ...]
    numbers: tuple[int, ...]
    reviews: int


Group = Literal["only_in_toml", "only_in_anki", "modified", "unchanged"]
# adopt: the base remembers the note, and at most its id is written; none: nothing is done
Action = Literal[
    "add_to_anki", "add_to_toml", "update", "remove_from_anki", "remove_from_toml", "adopt", "none"
]


class Why(Enum):
    """Why a note that is only on one side is added, deleted or left."""

    NEW_IN_FILE = auto()
    NEW_IN_ANKI = auto()
    NOT_PUSHED = auto()  # the run only pulls
    NOT_PULLED = auto()  # the run only pushes
    NOT_ADDED_TO_ANKI = auto()  # the run adds no new notes to Anki
    NOT_ADDED_TO_FILE = auto()
    DELETED_IN_ANKI = auto()  # so it is deleted in the file
    DELETED_IN_FILE = auto()
    BACK_TO_ANKI = auto()  # deleted in Anki, and added again
    BACK_TO_FILE = auto()
    ASK_ANKI = auto()  # deleted in Anki: a person decides
    ASK_ANKI_EDITED = auto()  # the same, and edited in the file since
    ASK_FILE = auto()
    ASK_FILE_EDITED = auto()


class Refused(Enum):
    """Why applying a plan writes nothing at all."""

    FAULTS = auto()  # the file has an error, or Anki would refuse a part of it
    CONFLICTS = auto()  # the policy writes nothing while a conflict is open


@dataclass(frozen=True)
class DeckNote:
    """What the run does about one note. ``toml`` or ``anki`` is None if that side lacks it."""

    group: Group
    action: Action
    model: str
    deck: str
    first_field: str = field(repr=False)
    toml: Optional[NoteDef] = field(default=None, repr=False)
    anki: Optional[NoteRow] = field(default=None, repr=False)
    parts: tuple[PartChange, ...] = ()
    why: Optional[Why] = None
    fault: str = ""  # what is wrong with the note, for the user; then it is left as it is
    deleted_in: Optional[Side] = None  # it was on both sides, and this side deleted it
    new_guid: str = ""  # of a note that is added to Anki
    toml_digest: bytes = field(default=b"", repr=False)
    writes_id: bool = False  # the file gets Anki's note id
    held: Optional[HeldNote] = field(default=None, repr=False)  # the note in the base
    # Of a dynamic note: its cards in the file after the run, and all its fields in Anki if written.
    cards: tuple[CardDef, ...] = field(default=(), repr=False)
    anki_fields: tuple[str, ...] = field(default=(), repr=False)
    lost_clozes: Optional[LostClozes] = None
    lost_reviews: int = 0  # of the cards that a dynamic note loses in Anki

    @property
    def note_id(self) -> int:
        """The note's id in Anki, or 0."""
        return self.anki.id if self.anki else 0

    @property
    def position(self) -> int:
        """The note's place in the file, from 1, or 0."""
        return self.toml.position if self.toml else 0

    @property
    def title(self) -> str:
        """The first field as plain text, at most 120 characters, for lists."""
        return plain_text(self.first_field)[:120] or self.first_field[:120]

    @property
    def conflict(self) -> bool:
        """Whether both sides changed a part differently, and neither side wins."""
        return any(part.conflict and part.state == "skipped" for part in self.parts)

    @property
    def writes_anki(self) -> bool:
        """Whether the note in Anki is added, changed or deleted."""
        return self.action in ("add_to_anki", "remove_from_anki") or any(
            part.to_anki is not None for part in self.parts
        )


@dataclass(frozen=True)
class ModelChange:
    """A model that differs between the file and Anki, or that one side lacks.

    Without ``to_anki`` and ``to_toml`` it is only shown. ``notetype`` is its id in Anki, or 0.
    """

    name: str
    details: tuple[str, ...] = ()  # what differs, in words
    full_sync: tuple[str, ...] = ()  # the differences that force a full AnkiWeb sync in Anki
    toml: Optional[ModelDef] = field(default=None, repr=False)  # as declared now
    notetype: int = 0
    to_anki: Optional[ModelDef] = field(default=None, repr=False)
    to_toml: Optional[ModelDef] = field(default=None, repr=False)


@dataclass(frozen=True)
class DeckChange:
    """A deck that is created or gets a description in Anki, or in the file.

    ``seen`` is its description in Anki now.
    """

    name: str
    action: Literal["create", "describe_anki", "describe_toml", "declare"]
    description: Optional[str] = None
    toml: Optional[DeckDef] = field(default=None, repr=False)
    seen: str = ""


@dataclass(frozen=True)
class MediaChange:
    """A media file that is copied, adopted or left.

    ``conflict``: it was changed on both sides, and the contents differ. ``seen`` is the digest of
    the file that is replaced; empty when there is none.
    """

    name: str
    path: Path = field(repr=False)  # on the file's side
    action: Literal["to_anki", "to_toml", "adopt", "none"]
    conflict: bool = False
    toml: Optional[MediaDef] = None  # None when the file does not declare it yet
    declare: Optional[MediaDef] = None
    data: Optional[bytes] = field(default=None, repr=False)  # of a picture inside a note's text
    seen: bytes = b""

    @property
    def describes(self) -> bool:
        """Whether the file's digest in the TOML file is to be written anew."""
        return self.action == "to_toml" and bool(self.toml and self.toml.sha256)


@dataclass(frozen=True)
class DeckPlan:
    """All that a run does. Holds no open files."""

    file: Path
    options: DeckOptions
    notes: tuple[DeckNote, ...] = ()
    models: tuple[ModelChange, ...] = ()
    decks: tuple[DeckChange, ...] = ()
    media: tuple[MediaChange, ...] = ()
    problems: tuple[Problem, ...] = ()
    definition: Optional[DeckFile] = field(default=None, repr=False)
    text: str = field(default="", repr=False)
    file_digest: bytes = b""
    learns: bool = False  # the base changes, even if nothing else is written
    recovered: tuple[str, ...] = ()  # guids of notes that a killed run added
    types: Mapping[int, ModelDef] = field(default_factory=dict, repr=False)  # Anki's, as seen
    valid: bool = True  # False: there are errors, and nothing is written

    def fields_of(self, note: DeckNote) -> list[tuple[str, Optional[str], Optional[str]]]:
        """Each field of a note: its name, its value in the file now, and in Anki now."""
        toml = note.toml.fields if note.toml else {}
        anki: dict[str, str] = {}
        if note.anki:
            seen = self.types.get(note.anki.notetype)
            names = seen.fields if seen else ()
            anki = dict(zip(names, note.anki.fields.split("\x1f")))
        return [(name, toml.get(name), anki.get(name)) for name in dict.fromkeys((*anki, *toml))]

    def group(self, name: Group) -> tuple[DeckNote, ...]:
        """The notes of one of the four groups, in order."""
        return tuple(note for note in self.notes if note.group == name)

    @property
    def counts(self) -> dict[str, int]:
        """The number of notes in each group, and of open conflicts (with those of media)."""
        counts = dict.fromkeys(("only_in_toml", "only_in_anki", "modified", "unchanged"), 0)
        for note in self.notes:
            counts[note.group] += 1
        counts["conflicts"] = sum(note.conflict for note in self.notes)
        counts["conflicts"] += sum(m.conflict and m.action == "none" for m in self.media)
        return counts

    @property
    def writes_anki(self) -> bool:
        """Whether the collection is written. Media files do not count."""
        return (
            any(note.writes_anki for note in self.notes)
            or any(model.to_anki for model in self.models)
            or any(deck.action in ("create", "describe_anki") for deck in self.decks)
        )

    @property
    def writes_file(self) -> bool:
        """Whether the TOML file is written."""
        return (
            any(
                note.writes_id
                or note.action in ("add_to_anki", "add_to_toml", "remove_from_toml")
                or any(part.to_toml is not None for part in note.parts)
                for note in self.notes
            )
            or any(model.to_toml for model in self.models)
            or any(deck.action in ("describe_toml", "declare") for deck in self.decks)
            or any(media.declare or media.describes for media in self.media)
        )

    @property
    def is_empty(self) -> bool:
        """Whether the run leaves both sides and all media files as they are."""
        media = any(change.action in ("to_anki", "to_toml") for change in self.media)
        return not (self.writes_anki or self.writes_file or media)

    @property
    def full_sync(self) -> tuple[str, ...]:
        """The changes of this run that force a full AnkiWeb sync. Ask the user before."""
        return tuple(
            reason
            for model in self.models
            if model.to_anki and model.notetype
            for reason in model.full_sync
        )

    @property
    def refusal(self) -> Optional[Refused]:
        """Why applying the plan writes nothing at all; None when it does write."""
        if not self.valid:
            return Refused.FAULTS
        if self.counts["conflicts"] and self.options.rule.stops:
            return Refused.CONFLICTS
        return None
