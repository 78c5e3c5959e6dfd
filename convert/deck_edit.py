"""Changes to the text of a TOML deck that leave every other byte as the user wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Union

from .deck_definition import DeckDef, MediaDef, ModelDef, NoteDef


@dataclass(frozen=True)
class NoteEdit:
    """New values for the note at ``position`` (from 1); ``None`` and fields left out stay."""

    position: int
    fields: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] | None = None
    deck: str | None = None
    model: str | None = None
    guid: str | None = None
    note_id: int | None = None


@dataclass(frozen=True)
class NewNote:
    """A note to stand after the last one; its position and line do not matter."""

    note: NoteDef


@dataclass(frozen=True)
class RemovedNote:
    """The note at ``position`` goes. Positions of all edits are those before any edit."""

    position: int


@dataclass(frozen=True)
class NewModel:
    model: ModelDef


@dataclass(frozen=True)
class ModelEdit:
    """The model of this name becomes ``model``; only what differs is written."""

    model: ModelDef


@dataclass(frozen=True)
class NewDeck:
    deck: DeckDef


@dataclass(frozen=True)
class DeckEdit:
    """The deck of this name gets this description."""

    deck: DeckDef


@dataclass(frozen=True)
class NewMedia:
    media: MediaDef


Edit = Union[NoteEdit, NewNote, RemovedNote, NewModel, ModelEdit, NewDeck, DeckEdit, NewMedia]


def edit_deck(text: str, edits: Sequence[Edit]) -> str:
    """``text`` with the edits made. No edits, or values that are there already: the same text.

    Comments, order, quoting, blank lines, line endings and a byte order mark stay. ``text`` is
    what `read_deck` gave a `DeckFile` for. Raises ``ValueError`` for a note, model or deck that
    is not there, and rather than give back a text that does not say what the edits ask for.
    """
    raise NotImplementedError
