"""Both sides of a TOML deck as they were read, by the same names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ....convert.deck_file.definition import DeckFile, ModelDef, NoteDef
from ...collection.clean import clean_deck_name
from ...collection.decks import DeckNames, home_of, read_decks
from ...collection.dynamic_type import find_notetypes
from ...collection.reads import NoteRow, note_digest
from .. import models
from ..base import DeckBase, DeckEntry, ModelEntry, NoteEntry, digest
from ..changes import AnkiNote
from ..dynamic import DECLARED, DYNAMIC, first_text_in, first_text_of, read_row, texts_of
from ..models import NotetypeFacts
from ..options import DeckOptions
from ..values import Values

if TYPE_CHECKING:
    from anki.collection import Collection


@dataclass
class Sides:
    """Both sides as they were read, and what the base remembers of them."""

    file: DeckFile
    options: DeckOptions
    values: Values
    decks: DeckNames
    known: dict[int, NoteEntry]
    known_decks: dict[str, DeckEntry]
    known_models: dict[str, ModelEntry]
    declared: dict[str, ModelDef]
    notetypes: dict[str, NotetypeFacts]  # by the name in the file, those that Anki has
    by_id: dict[int, NotetypeFacts]
    names: dict[int, str]  # note type id → its name in the file
    dynamic: tuple[int, ...] = ()  # Anki's types of dynamic notes, that for new ones first
    coming: dict[int, tuple[str, ...]] = field(default_factory=dict)  # fields a type is to get
    _deck_names: dict[str, str] = field(default_factory=dict)

    @property
    def pushes(self) -> bool:
        """Whether Anki may be written."""
        return self.options.pushes

    @property
    def pulls(self) -> bool:
        """Whether what only Anki has comes into the file."""
        return self.options.pulls

    def deck_name(self, name: str) -> str:
        """Anki's name for a deck of the file."""
        found = self._deck_names.get(name)
        if found is None:
            id_ = self.decks.find(clean_deck_name(name))
            found = self.decks.names[id_] if id_ else clean_deck_name(name)
            self._deck_names[name] = found
        return found

    def home(self, row: NoteRow) -> str:
        """The name of the deck that a note is in: its first card's home."""
        return self.decks.names.get(home_of(row), "Default")

    def markdown(self, model: str) -> frozenset[str]:
        """The Markdown fields of a model of the file."""
        declared = self.declared.get(model)
        return frozenset(declared.markdown_fields) if declared else frozenset()

    def shows_markdown(self, model: str) -> bool:
        """Whether notes of a model have Markdown in the file."""
        return bool(self.markdown(model))

    def toml_digest(self, note: NoteDef) -> bytes:
        """Bytes that change with what the file says of a note, its ids aside."""
        markdown = tuple(sorted(self.markdown(note.model)))
        fields = tuple(note.fields.items())
        own = note.model, self.deck_name(note.deck), note.tags, fields, markdown
        return digest(*own, *((card.id, card.front, card.back) for card in note.cards))

    def anki_digest(self, row: NoteRow) -> bytes:
        """Bytes that change with anything of a note that a sync looks at."""
        return digest(note_digest(row), self.home(row))

    def anki_note(self, row: NoteRow) -> AnkiNote:
        """A note of Anki by the names of its fields."""
        fields = dict(zip(self.by_id[row.notetype].fields, row.fields.split("\x1f")))
        fields.update((name, "") for name in self.coming.get(row.notetype, ()))
        cards = read_row(row).content.cards if row.notetype in self.dynamic else ()
        return AnkiNote(row.id, self.home(row), tuple(row.tags.split()), fields, cards)

    def notetype_of(self, model: str) -> int:
        """The id of Anki's note type for a model of the file, or 0."""
        if model in DECLARED:
            return self.dynamic[0] if self.dynamic else 0
        known = self.notetypes.get(model)
        return known.id if known else 0

    def type_of(self, row: NoteRow) -> int:
        """The note type of a note of Anki; one for all dynamic notes."""
        return self.dynamic[0] if row.notetype in self.dynamic else row.notetype

    def texts_of(self, row: NoteRow) -> Sequence[str]:
        """All that a note of Anki shows, as HTML."""
        return texts_of(row) if row.notetype in self.dynamic else row.fields.split("\x1f")

    def first_of(self, row: NoteRow) -> str:
        """What a note of Anki is known by: its first field, or what a dynamic note is about."""
        if row.notetype in self.dynamic:
            return first_text_in(row)
        return row.fields.partition("\x1f")[0]

    def first_field(self, note: NoteDef) -> str:
        """The same of a note of the file, as Anki's HTML."""
        if note.is_dynamic:
            return first_text_of(note, self.values)
        declared = self.declared[note.model]
        known = self.notetypes.get(note.model)
        name = (known.fields if known else declared.fields)[0]
        return self.values.to_anki(note.fields.get(name, ""), name in declared.markdown_fields)


def read_sides(col: Collection, file: DeckFile, options: DeckOptions, base: DeckBase) -> Sides:
    """Read what both sides say of models and decks, and the base."""
    known_models = base.models()
    notetypes = {}
    for model in file.models:
        found = models.find_notetype(col, model.name, known_models.get(model.name))
        if found is not None:
            notetypes[model.name] = found
    dynamic = find_notetypes(col)
    return Sides(
        file,
        options,
        Values(file.media),
        read_decks(col),
        base.notes(),
        base.decks(),
        known_models,
        {**DECLARED, **{model.name: model for model in file.models}},
        notetypes,
        {
            **{facts.id: facts for facts in notetypes.values()},
            **{id_: NotetypeFacts(id_, DYNAMIC) for id_ in dynamic},
        },
        {
            **{facts.id: name for name, facts in notetypes.items()},
            **dict.fromkeys(dynamic, DYNAMIC.name),
        },
        dynamic,
    )


def model_entry(model: ModelDef, facts: NotetypeFacts) -> ModelEntry:
    """A declared model and its note type, for the base."""
    mine, theirs = models.model_digest(model), models.model_digest(facts.definition)
    return ModelEntry(model.name, facts.id, mine, theirs)


def describe(col: Collection, deck_id: int) -> str:
    """A deck's description."""
    deck = col.decks.get(deck_id, default=False) if deck_id else None  # type: ignore[arg-type]
    return str(deck.get("desc", "")) if deck else ""
