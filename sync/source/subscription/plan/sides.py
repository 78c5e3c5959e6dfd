"""Both sides of a subscription as they were read: the author's file, Anki, and the base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Optional

from .....convert.deck_file.definition import ModelDef, NoteDef
from ....collection.clean import clean_deck_name
from ....collection.decks import DeckNames, read_decks
from ....collection.dynamic_type import find_notetypes
from ....collection.reads import NoteRow, home_decks
from ....deck.dynamic import DECLARED, DYNAMIC, first_text_in
from ....deck.models import NotetypeFacts, read_notetypes
from ....deck.values import Values
from ..author import Author, as_known
from ..base import DeckEntry, ModelEntry, NoteEntry, SubscriptionBase
from ..changes import Answers
from ..subscription import Subscription

if TYPE_CHECKING:
    from anki.collection import Collection


@dataclass
class Sides:
    """What a plan looks at. ``types`` are the note types of the author's models, by their names."""

    col: Collection
    subscription: Subscription
    author: Author
    base: SubscriptionBase
    answers: Answers
    change_types: bool
    values: Values
    decks: DeckNames
    known: dict[str, NoteEntry]
    known_models: dict[str, ModelEntry]
    known_decks: dict[str, DeckEntry]
    known_media: dict[str, str]
    dynamic: tuple[int, ...]  # ids of Anki's dynamic types, that for new notes first
    types: dict[str, NotetypeFacts] = field(default_factory=dict)
    coming: dict[str, tuple[str, ...]] = field(default_factory=dict)  # fields that a type gets
    made: dict[str, str] = field(default_factory=dict)  # names in Anki of types that are made
    unfit: set[str] = field(default_factory=set)  # models whose type in Anki is of another kind
    by_id: dict[int, NotetypeFacts] = field(default_factory=dict)

    @cached_property
    def models(self) -> Mapping[str, ModelDef]:
        """The author's models by name, with that of dynamic notes."""
        return {**DECLARED, **{model.name: model for model in self.author.deck.models}}

    def markdown(self, model: str) -> frozenset[str]:
        """The Markdown fields of a model."""
        declared = self.models.get(model)
        return frozenset(declared.markdown_fields) if declared else frozenset()

    def facts(self, row: NoteRow) -> NotetypeFacts:
        """The note type of a note of Anki."""
        if row.notetype in self.dynamic:
            return NotetypeFacts(row.notetype, DYNAMIC)
        if row.notetype not in self.by_id:
            self.by_id.update(read_notetypes(self.col, [row.notetype]))
        return self.by_id[row.notetype]

    def fields_of(self, row: NoteRow) -> dict[str, str]:
        """The fields of a note that is not dynamic, by name."""
        return dict(zip(self.facts(row).fields, row.fields.split("\x1f")))

    def title_in(self, row: NoteRow) -> str:
        """What identifies a note of Anki for a person."""
        if row.notetype in self.dynamic:
            return first_text_in(row)
        return row.fields.partition("\x1f")[0]

    def title_of(self, note: NoteDef) -> str:
        """What identifies an author's note for a person."""
        if note.is_dynamic:
            return note.fields.get("Note") or (note.cards[0].front if note.cards else "")
        model = self.models.get(note.model)
        return note.fields.get(model.fields[0], "") if model and model.fields else ""

    def deck_id(self, name: str) -> int:
        """The id of the deck in Anki that stands for one of the author's, or 0."""
        known = self.known_decks.get(clean_deck_name(name))
        if known and known.deck_id in self.decks.names:
            return known.deck_id
        return self.decks.find(self.deck_name(name))

    def deck_name(self, name: str) -> str:
        """The name in Anki of a deck of the author's.

        Where the subscriber renamed a deck or the one above it, that name goes on.
        """
        wanted = clean_deck_name(name)
        parts = wanted.split("::")
        for count in range(len(parts), 0, -1):
            known = self.known_decks.get("::".join(parts[:count]))
            if known and known.deck_id in self.decks.names:
                return "::".join((self.decks.names[known.deck_id], *parts[count:]))
        found = self.decks.find(wanted)
        return self.decks.names[found] if found else wanted

    def is_usable(self, name: str) -> bool:
        """Whether a deck of the author's can hold notes: neither it nor one above is filtered."""
        parts = self.deck_name(name).split("::")
        above = ("::".join(parts[:count]) for count in range(1, len(parts) + 1))
        return not any(self.decks.find(each) in self.decks.filtered for each in above)

    def home_of(self, row: NoteRow) -> str:
        """The name of the home deck of a note's first card."""
        return self.decks.names.get(home_decks(row.decks)[0], "Default")

    def answer(self, key: str) -> Optional[str]:
        """What was chosen for a question."""
        return self.answers.get(key)


def read_sides(
    col: Collection,
    subscription: Subscription,
    author: Author,
    base: SubscriptionBase,
    answers: Answers,
    change_types: bool,
) -> Sides:
    """Read what a plan looks at. Notes of Anki are read later, and only those that matter."""
    known = base.read_notes()
    return Sides(
        col,
        subscription,
        as_known(author, known),
        base,
        answers,
        change_types,
        Values(author.deck.media),
        read_decks(col),
        known,
        base.read_models(),
        {clean_deck_name(name): entry for name, entry in base.read_decks().items()},
        base.read_media(),
        find_notetypes(col),
    )
