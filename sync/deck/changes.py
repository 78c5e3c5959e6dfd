"""The plan of a TOML deck: every difference and what would be done about it, as values."""

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
    """A note of the collection, its fields by name. ``deck`` is its first card's home.

    A dynamic note has ``cards``.
    """

    id: int
    deck: str
    tags: tuple[str, ...]
    fields: Mapping[str, str]
    cards: tuple[Card, ...] = ()


# to_anki / to_toml: carried; merged: both sides get both edits; skipped: both stay as they are
PartState = Literal["to_anki", "to_toml", "merged", "skipped"]


class Did(Enum):
    """What happened to a part, where that is more than an edit of a text."""

    EDITED = auto()  # a card
    ADDED = auto()
    ADDED_AGAIN = auto()  # one side removed the card, the other has it still
    REMOVED = auto()
    REMOVED_AND_EDITED = auto()  # each on one side: a conflict
    LEFT_OUT = auto()  # only one side has the card, and the run does not go that way
    MOVED = auto()
    PUT_RIGHT = auto()  # the cards in Anki were not those that the note's fields tell of
    LEFT_TAGS = auto()  # the run carries no tags


@dataclass(frozen=True)
class PartChange:
    """A field, the tags, the deck or a card of a note, or the order of its cards, that differ.

    ``toml`` and ``anki`` are the values now (a Markdown field's Markdown; HTML), nothing for a
    card that is not there; ``to_toml`` and ``to_anki`` what each side gets, nothing where it stays
    as it is, and no text for a card that goes. Tags are words with spaces between; a card is its
    front and back with a rule between.
    """

    part: Literal["field", "tags", "deck", "card", "order"]
    name: str
    toml: Optional[str]
    anki: Optional[str]
    state: PartState
    to_toml: Optional[str] = None
    to_anki: Optional[str] = None
    conflict: bool = False  # both sides changed it differently, whoever wins
    overwrites: bool = False  # a one-way run takes back the other side's edit
    did: Optional[Did] = None
    moved: tuple[int, int] = (0, 0)  # a card, from which place to which, from 1
    refusal: Optional[Refusal] = None  # why the file's edit cannot be carried over; its line there
    side: str = ""  # of a card, where that is: front or back


@dataclass(frozen=True)
class LostClozes:
    """Clozes that an edit of the file takes out of a note: their cards become empty.

    ``fields`` are those that held them. Anki keeps the cards until Tools ▸ Empty Cards.
    """

    fields: tuple[str, ...]
    numbers: tuple[int, ...]
    reviews: int


Group = Literal["only_in_toml", "only_in_anki", "modified", "unchanged"]
# adopt: nothing to write but perhaps an id, the base learns; none: reported and left alone
Action = Literal[
    "add_to_anki", "add_to_toml", "update", "remove_from_anki", "remove_from_toml", "adopt", "none"
]


class Why(Enum):
    """Why a note that one side lacks is added, deleted or left."""

    NEW_IN_FILE = auto()
    NEW_IN_ANKI = auto()
    NOT_PUSHED = auto()  # the run only pulls
    NOT_PULLED = auto()  # the run only pushes
    NOT_ADDED_TO_ANKI = auto()  # the run adds no new notes there
    NOT_ADDED_TO_FILE = auto()
    DELETED_IN_ANKI = auto()  # so it goes from the file
    DELETED_IN_FILE = auto()
    BACK_TO_ANKI = auto()  # deleted there, and added again
    BACK_TO_FILE = auto()
    ASK_ANKI = auto()  # deleted in Anki: a person decides
    ASK_ANKI_EDITED = auto()  # and edited in the file since
    ASK_FILE = auto()
    ASK_FILE_EDITED = auto()


class Refused(Enum):
    """Why applying a plan would write nothing at all."""

    FAULTS = auto()  # the file, or what it needs of Anki, is wrong
    CONFLICTS = auto()  # the policy writes nothing while a conflict is left


@dataclass(frozen=True)
class DeckNote:
    """One note. In TOML it is ``toml`` (``position`` from 1), in Anki ``anki``; one may be none."""

    group: Group
    action: Action
    model: str
    deck: str
    first_field: str = field(repr=False)
    toml: Optional[NoteDef] = field(default=None, repr=False)
    anki: Optional[NoteRow] = field(default=None, repr=False)
    parts: tuple[PartChange, ...] = ()
    why: Optional[Why] = None
    fault: str = ""  # what is wrong with it, in the words of what found that; then it is left
    deleted_in: Optional[Side] = None  # it was on both sides, and this one deleted it
    new_guid: str = ""  # of a note to be added to Anki
    toml_digest: bytes = field(default=b"", repr=False)
    writes_id: bool = False  # the file gets Anki's note id
    held: Optional[HeldNote] = field(default=None, repr=False)  # what the base remembers
    # Of a dynamic note: its cards in the file after the run, and all its fields in Anki, if written
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
        """The first field in words, for lists."""
        return plain_text(self.first_field)[:120] or self.first_field[:120]

    @property
    def conflict(self) -> bool:
        """Whether both sides changed a part differently and nobody has settled it."""
        return any(part.conflict and part.state == "skipped" for part in self.parts)

    @property
    def writes_anki(self) -> bool:
        """Whether Anki's note is written."""
        return self.action in ("add_to_anki", "remove_from_anki") or any(
            part.to_anki is not None for part in self.parts
        )


@dataclass(frozen=True)
class ModelChange:
    """A declared model that Anki lacks or that differs, or one that the file has yet to declare.

    Without ``to_anki`` and ``to_toml`` it is only shown. ``notetype`` is 0 when Anki lacks it.
    """

    name: str
    details: tuple[str, ...] = ()  # what differs, in words
    full_sync: tuple[str, ...] = ()  # what of it forces a full AnkiWeb sync if Anki is changed
    toml: Optional[ModelDef] = field(default=None, repr=False)  # as declared now
    notetype: int = 0
    to_anki: Optional[ModelDef] = field(default=None, repr=False)
    to_toml: Optional[ModelDef] = field(default=None, repr=False)


@dataclass(frozen=True)
class DeckChange:
    """A deck to be created or described in Anki, or to be declared or described in the file."""

    name: str
    action: Literal["create", "describe_anki", "describe_toml", "declare"]
    description: Optional[str] = None
    toml: Optional[DeckDef] = field(default=None, repr=False)


@dataclass(frozen=True)
class MediaChange:
    """A media file to be carried; ``conflict``: both have the name, with other bytes."""

    name: str
    path: Path = field(repr=False)  # on the file's side
    action: Literal["to_anki", "to_toml", "adopt", "none"]
    conflict: bool = False
    toml: Optional[MediaDef] = None  # nothing when the file has yet to declare it
    declare: Optional[MediaDef] = None
    data: Optional[bytes] = field(default=None, repr=False)  # of one that stands in a note's text


@dataclass(frozen=True)
class DeckPlan:
    """All that a run would do. Holds no open resources; nothing is written by making it."""

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
    learns: bool = False  # the base would learn something although nothing is written
    recovered: tuple[str, ...] = ()  # guids that a killed run had added
    field_names: Mapping[int, tuple[str, ...]] = field(default_factory=dict, repr=False)
    valid: bool = True  # else nothing is written: the file, or what it needs of Anki, is wrong

    def fields_of(self, note: DeckNote) -> list[tuple[str, Optional[str], Optional[str]]]:
        """Each field of a note as it is now: its name, in the file, and in Anki."""
        toml = note.toml.fields if note.toml else {}
        anki: dict[str, str] = {}
        if note.anki:
            names = self.field_names.get(note.anki.notetype, ())
            anki = dict(zip(names, note.anki.fields.split("\x1f")))
        return [(name, toml.get(name), anki.get(name)) for name in dict.fromkeys((*anki, *toml))]

    def group(self, name: Group) -> tuple[DeckNote, ...]:
        """The notes of one of the four groups, in order."""
        return tuple(note for note in self.notes if note.group == name)

    @property
    def counts(self) -> dict[str, int]:
        """Notes in each group, and the conflicts that are not settled (media included)."""
        counts = dict.fromkeys(("only_in_toml", "only_in_anki", "modified", "unchanged"), 0)
        for note in self.notes:
            counts[note.group] += 1
        counts["conflicts"] = sum(note.conflict for note in self.notes)
        counts["conflicts"] += sum(m.conflict and m.action == "none" for m in self.media)
        return counts

    @property
    def writes_anki(self) -> bool:
        """Whether the collection is written (media files aside)."""
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
            or any(media.declare for media in self.media)
        )

    @property
    def is_empty(self) -> bool:
        """Whether applying would leave both sides, and the media, as they are."""
        media = any(change.action in ("to_anki", "to_toml") for change in self.media)
        return not (self.writes_anki or self.writes_file or media)

    @property
    def full_sync(self) -> tuple[str, ...]:
        """What this run does that forces a full AnkiWeb sync: ask before applying."""
        return tuple(
            reason
            for model in self.models
            if model.to_anki and model.notetype
            for reason in model.full_sync
        )

    @property
    def refusal(self) -> Optional[Refused]:
        """Why applying would write nothing at all, or nothing."""
        if not self.valid:
            return Refused.FAULTS
        if self.counts["conflicts"] and self.options.rule.stops:
            return Refused.CONFLICTS
        return None
