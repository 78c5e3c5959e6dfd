"""The definition of a TOML deck as frozen values. ``None``: not in the file, left alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# The model of notes with any number of cards. `[[models]]` never declares it.
DYNAMIC_MODEL = "Ankivault"
DYNAMIC_MODELS = (DYNAMIC_MODEL, "Ankivault 0.1.0")
DYNAMIC_FIELDS = ("Link", "Note")  # Markdown, like the cards
MOST_CARDS = 100


@dataclass(frozen=True)
class Package:
    """``[package]``: the deck's name and description for people.

    ``optional_tags``: tags, with those below them, that a subscriber gets only on request.
    """

    name: str
    version: str | None = None
    author: str | None = None
    description: str | None = None
    homepage: str | None = None
    optional_tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class TemplateDef:
    """``[[models.templates]]``: one card of a model."""

    name: str
    front: str
    back: str


@dataclass(frozen=True)
class ModelDef:
    """``[[models]]``: a note type. Fields outside ``markdown_fields`` are HTML.

    A cloze model may have no templates: then a new note type gets the usual one.
    """

    name: str
    fields: tuple[str, ...]
    templates: tuple[TemplateDef, ...]
    sort_field: str
    model_type: Literal["standard", "cloze"] = "standard"
    markdown_fields: tuple[str, ...] = ()
    css: str | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class DeckDef:
    """``[[decks]]``: a deck by its full name (``Parent::Child``)."""

    name: str
    description: str | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class CardDef:
    """``[[notes.cards]]``: a card of a dynamic note, in Markdown. A new card may have no id yet.

    ``position`` is its place in the note as read, from 1.
    """

    id: str | None
    front: str
    back: str = ""
    position: int = field(default=0, compare=False)


@dataclass(frozen=True)
class NoteDef:
    """``[[notes]]``. ``fields`` has only the fields in the file; ``position`` counts from 1."""

    deck: str
    model: str
    fields: Mapping[str, str]
    tags: tuple[str, ...] | None = None
    guid: str | None = None
    note_id: int | None = None
    position: int = 0
    line: int = field(default=0, compare=False)
    cards: tuple[CardDef, ...] = ()

    @property
    def is_dynamic(self) -> bool:
        """Whether the note is dynamic: it has any number of cards, in ``cards``."""
        return self.model in DYNAMIC_MODELS


@dataclass(frozen=True)
class MediaDef:
    """``[[media]]``: Anki's name for a file, and its path relative to the TOML file, as written.

    ``sha256`` (hexadecimal) and ``size`` (bytes) tell subscribers whether they have the file.
    """

    name: str
    path: str
    sha256: str | None = None
    size: int | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class DeckFile:
    """The content of a TOML deck, in the file's order. ``notes[n].position`` is ``n + 1``."""

    package: Package
    models: tuple[ModelDef, ...] = ()
    decks: tuple[DeckDef, ...] = ()
    notes: tuple[NoteDef, ...] = ()
    media: tuple[MediaDef, ...] = ()


@dataclass(frozen=True)
class Problem:
    """A problem at a line (from 1). ``note`` is the position of the note around it."""

    level: Literal["error", "warning"]
    message: str
    line: int
    note: int | None = None
