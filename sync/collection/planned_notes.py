"""How notes change, as a plan says it: values for ``CollectionWriter``.

Each says which state of the note the plan has seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Optional, TypeVar, Union, cast

from ..run.errors import AnkivaultError

if TYPE_CHECKING:
    from anki.collection import Collection
    from anki.decks import DeckId

T = TypeVar("T")
Deck = Union[int, str]  # an id, or the name of a deck; a missing deck is made


@dataclass(frozen=True)
class PlannedNote(Generic[T]):
    """A note of the collection as the plan has seen it.

    ``source`` is the plan's own value for it, ``digest`` its ``note_digest``. ``decks`` is set
    where the decks of its cards must be unchanged, in the form of ``NoteRow.decks``.
    """

    source: T
    note_id: int
    digest: bytes
    decks: Optional[str] = None


@dataclass(frozen=True)
class Move:
    """Where a note's cards go: all of them, or only those whose home deck is ``home``."""

    target: Deck
    home: Optional[int] = None


@dataclass(frozen=True)
class NoteEdit(PlannedNote[T]):
    """How a note changes: all ``values`` or single ``fields``, its tags, its cards' deck.

    ``seen`` has what the plan has seen in each of these fields: when the fields of a note type get
    other names or another order, no note changes, but an edit would go elsewhere. A ``dynamic``
    note gets exactly the cards of its filled slots.
    """

    values: Optional[tuple[str, ...]] = None
    fields: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)
    tags: Optional[tuple[str, ...]] = None
    move: Optional[Move] = None
    dynamic: bool = False

    @property
    def rewrites(self) -> bool:
        """Whether the note itself is written, and not only its cards."""
        return self.values is not None or bool(self.fields) or self.tags is not None


@dataclass(frozen=True)
class Addition(Generic[T]):
    """A note to be added: all its values. Without a guid, it gets a new one.

    ``names`` are the fields that the plan has made the values for, in their order; without them,
    the values were made just now.
    """

    source: T
    notetype: int
    values: tuple[str, ...]
    deck: Deck
    tags: tuple[str, ...] = ()
    guid: str = ""
    names: Optional[tuple[str, ...]] = None


class DeckTakesNoNotes(AnkivaultError):
    """The deck of a note is gone, or it is a filtered one or below one."""

    def __init__(self, col: Collection, deck: Deck) -> None:
        name = deck if isinstance(deck, str) else col.decks.name(cast("DeckId", deck))
        super().__init__(f"“{name}” takes no notes.")
