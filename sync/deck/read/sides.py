"""Both sides of a TOML deck as they were read, and how their names belong together."""

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
    """Both sides as they were read, and what the base knows about them."""

    file: DeckFile
    options: DeckOptions
    values: Values
    decks: DeckNames
    known: dict[int, NoteEntry]
    known_decks: dict[str, DeckEntry]
    known_models: dict[str, ModelEntry]
    declared: dict[str, ModelDef]
    notetypes: dict[str, NotetypeFacts]  # those that Anki has, by the name in the file
    by_id: dict[int, NotetypeFacts]
    names: dict[int, str]  # note type id → its name in the file
    dynamic: tuple[int, ...] = ()  # ids of Anki's dynamic types, that for new notes first
    coming: dict[int, tuple[str, ...]] = field(default_factory=dict)  # new fields of a type
    _deck_names: dict[str, str] = field(default_factory=dict)

    @property
    def pushes(self) -> bool:
        """Whether the run may write Anki."""
        return self.options.pushes

    @property
    def pulls(self) -> bool:
        """Whether the run may write more into the file than ids."""
        return self.options.pulls

    def deck_name(self, name: str) -> str:
        """Anki's name of a deck of the file."""
        found = self._deck_names.get(name)
        if found is None:
            id_ = self.decks.find(clean_deck_name(name))
            found = self.decks.names[id_] if id_ else clean_deck_name(name)
            self._deck_names[name] = found
        return found

    def home(self, row: NoteRow) -> str:
        """The name of the home deck of a note's first card."""
        return self.decks.names.get(home_of(row), "Default")

    def markdown(self, model: str) -> frozenset[str]:
        """The Markdown fields of a model of the file."""
        declared = self.declared.get(model)
        return frozenset(declared.markdown_fields) if declared else frozenset()

    def shows_markdown(self, model: str) -> bool:
        """Whether a model of the file has Markdown fields."""
        return bool(self.markdown(model))

    def toml_digest(self, note: NoteDef) -> bytes:
        """Bytes that change with a note of the file. Its note id and guid do not count."""
        markdown = tuple(sorted(self.markdown(note.model)))
        fields = tuple(note.fields.items())
        own = note.model, self.deck_name(note.deck), note.tags, fields, markdown
        return digest(*own, *((card.id, card.front, card.back) for card in note.cards))

    def anki_digest(self, row: NoteRow) -> bytes:
        """Bytes that change with everything that a run compares of a note of Anki."""
        return digest(note_digest(row), self.home(row))

    def anki_note(self, row: NoteRow) -> AnkiNote:
        """A note of Anki with its fields by name."""
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
        """The id of the note type of a note of Anki; the same for all dynamic notes."""
        return self.dynamic[0] if row.notetype in self.dynamic else row.notetype

    def texts_of(self, row: NoteRow) -> Sequence[str]:
        """The HTML texts of a note of Anki."""
        return texts_of(row) if row.notetype in self.dynamic else row.fields.split("\x1f")

    def first_of(self, row: NoteRow) -> str:
        """The HTML that identifies a note of Anki: its first field, or a dynamic note's text."""
        if row.notetype in self.dynamic:
            return first_text_in(row)
        return row.fields.partition("\x1f")[0]

    def first_field(self, note: NoteDef) -> str:
        """The HTML that identifies a note of the file, as in ``first_of``."""
        if note.is_dynamic:
            return first_text_of(note, self.values)
        declared = self.declared[note.model]
        known = self.notetypes.get(note.model)
        name = (known.fields if known else declared.fields)[0]
        return self.values.to_anki(note.fields.get(name, ""), name in declared.markdown_fields)


def read_sides(col: Collection, file: DeckFile, options: DeckOptions, base: DeckBase) -> Sides:
    """Read the models and decks of both sides, and the base."""
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
    """The base's entry for a declared model and its note type."""
    mine, theirs = models.model_digest(model), models.model_digest(facts.definition)
    return ModelEntry(model.name, facts.id, mine, theirs)


def describe(col: Collection, deck_id: int) -> str:
    """A deck's description; empty when the deck does not exist."""
    deck = col.decks.get(deck_id, default=False) if deck_id else None  # type: ignore[arg-type]
    return str(deck.get("desc", "")) if deck else ""
