"""Edits the text of a TOML deck; every other byte stays as the user wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Union

from .card_edit import CardEdit, edit_cards
from .definition import DeckDef, MediaDef, ModelDef, NoteDef
from .items import KINDS, Item, Layout, Place
from .new_text import deck_text, media_text, model_text, note_text, template_text
from .toml_edit import Splice, as_new_tables, set_values, splice
from .toml_read import BOM, load_toml
from .toml_scan import Block, next_line, skip_blank_lines

_ORDER = ("package", *KINDS)


@dataclass(frozen=True)
class NoteEdit:
    """New values for the note at ``position`` (from 1). ``None`` and missing fields: no change."""

    position: int
    fields: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] | None = None
    deck: str | None = None
    model: str | None = None
    guid: str | None = None
    note_id: int | None = None
    cards: tuple[CardEdit, ...] | None = None  # all cards of the note, in their new order


@dataclass(frozen=True)
class NewNote:
    """A new note after the last one. Its position and line are ignored."""

    note: NoteDef


@dataclass(frozen=True)
class RemovedNote:
    """Remove the note at ``position``. Positions of all edits are those before any edit."""

    position: int


@dataclass(frozen=True)
class NewModel:
    model: ModelDef


@dataclass(frozen=True)
class ModelEdit:
    """Change the model of this name into ``model``; only differences are written."""

    model: ModelDef


@dataclass(frozen=True)
class NewDeck:
    deck: DeckDef


@dataclass(frozen=True)
class DeckEdit:
    """Give the deck of this name this description."""

    deck: DeckDef


@dataclass(frozen=True)
class NewMedia:
    media: MediaDef


@dataclass(frozen=True)
class MediaEdit:
    """Give the media file of this name this SHA-256 and size."""

    media: MediaDef


Edit = Union[
    NoteEdit, NewNote, RemovedNote, NewModel, ModelEdit, NewDeck, DeckEdit, NewMedia, MediaEdit
]


def edit_deck(text: str, edits: Sequence[Edit]) -> str:
    """``text`` with the edits made. When nothing changes, the text is the same.

    Comments, order, quoting, blank lines, line endings and a byte order mark stay. ``text`` must be
    a text from which `read_deck` made a `DeckFile`. Tags are compared as sets: those that stay keep
    their order. Raises ``ValueError`` when a note, model or deck does not exist.
    """
    if not edits:
        return text
    bom = BOM if text.startswith(BOM) else ""
    editor = _Editor(text[len(bom) :])
    for edit in edits:
        editor.add(edit)
    return bom + editor.finish()


class _Editor:
    """Collects the splices of all edits. Each edit sees the text before any edit."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.layout = Layout(text)
        self.splices: list[Splice] = []
        self.removed: list[tuple[int, int]] = []
        self.gone: set[int] = set()
        self.notes: dict[int, dict[Place, object]] = {}
        self.cards: dict[int, tuple[CardEdit, ...]] = {}
        self.new: dict[str, list[str]] = {}
        self.named: dict[str, dict[str, tuple[Item, dict[str, Any]]]] = {}

    def add(self, edit: Edit) -> None:
        if isinstance(edit, NoteEdit):
            self.notes.setdefault(edit.position, {}).update(_note_values(edit))
            if edit.cards is not None:
                self.cards[edit.position] = edit.cards
        elif isinstance(edit, NewNote):
            self.new.setdefault("notes", []).append(note_text(edit.note))
        elif isinstance(edit, RemovedNote):
            self.gone.add(edit.position)
        elif isinstance(edit, NewModel):
            self.new.setdefault("models", []).append(model_text(edit.model))
        elif isinstance(edit, ModelEdit):
            self._change_model(edit.model)
        elif isinstance(edit, NewDeck):
            self.new.setdefault("decks", []).append(deck_text(edit.deck))
        elif isinstance(edit, DeckEdit):
            item, _ = self._find_named("decks", edit.deck.name)
            if edit.deck.description is not None:
                values: dict[Place, object] = {("description",): edit.deck.description}
                self.splices += set_values(self.layout, item, "decks", values)
        elif isinstance(edit, MediaEdit):
            self._change_media(edit.media)
        else:
            self.new.setdefault("media", []).append(media_text(edit.media))

    def finish(self) -> str:
        for position, values in self.notes.items():
            item = self._note(position)
            if position not in self.gone:
                values = self._settle_tags(item, values)
                self.splices += set_values(self.layout, item, "notes", values)
                cards = self.cards.get(position)
                if cards is not None:
                    splices, removed = edit_cards(self.layout, item, cards)
                    self.splices += splices
                    self._remove(removed)
        for position in self.gone:
            self._remove(self._note(position).parts)
        self._splice_removed()
        for kind in KINDS:
            self._insert_below(self._last_of(kind), self.new.get(kind, []))
        return splice(self.text, self.splices)

    def _note(self, position: int) -> Item:
        items = self.layout.items["notes"]
        if not 1 <= position <= len(items):
            raise ValueError(f"There is no note {position}")
        return items[position - 1]

    def _find_named(self, kind: str, name: str) -> tuple[Item, dict[str, Any]]:
        if kind not in self.named:
            self.named[kind] = {}
            for item in self.layout.items[kind]:
                said = load_toml("".join(self.text[b.start : b.end] for _, b in item.parts))
                table = said[kind][0]
                self.named[kind].setdefault(str(table.get("name")), (item, table))
        if name not in self.named[kind]:
            raise ValueError(f"There is no “{name}” under [[{kind}]]")
        return self.named[kind][name]

    def _settle_tags(self, item: Item, values: dict[Place, object]) -> dict[Place, object]:
        """The tags that stay, in their present order, then the new ones."""
        wanted = values.get(("tags",))
        if not isinstance(wanted, tuple):
            return values
        for statement in self.layout.statements(item.parts[0][1]):
            if statement.names == ("tags",):
                value = self.text[statement.value : statement.value_end]
                now = load_toml(f"tags = {value}")["tags"]
                kept = [tag for tag in now if tag in wanted]
                tags = (*kept, *(tag for tag in wanted if tag not in now))
                return {**values, ("tags",): tags}
        return values

    def _change_media(self, media: MediaDef) -> None:
        item, _ = self._find_named("media", media.name)
        values: dict[Place, object] = {("sha256",): media.sha256, ("size",): media.size}
        values = {place: value for place, value in values.items() if value is not None}
        self.splices += set_values(self.layout, item, "media", values)

    def _change_model(self, model: ModelDef) -> None:
        item, said = self._find_named("models", model.name)
        values = _model_values(model, said)
        templates = said.get("templates", [])
        blocks = [part for part in item.parts if part[0][:1] == ("templates",)]
        if len(templates) != len(model.templates) and not blocks:
            values = {place: value for place, value in values.items() if len(place) == 1}
            values["templates",] = [
                {**(templates[n] if n < len(templates) else {}), **asdict(template)}
                for n, template in enumerate(model.templates)
            ]
        elif len(templates) > len(model.templates):
            count = len(model.templates)
            self._remove([part for part in blocks if int(part[0][1]) > count])
        elif blocks:
            texts = [template_text(new) for new in model.templates[len(templates) :]]
            self._insert_below(item, texts)
        self.splices += set_values(self.layout, item, "models", values)

    def _remove(self, parts: Sequence[tuple[Place, Block]]) -> None:
        """Remove tables, but keep the comments between them and the following text."""
        for index, (_, block) in enumerate(parts):
            end = block.end
            if index + 1 == len(parts) or parts[index + 1][1].start != block.end:
                end = skip_blank_lines(self.text, self.layout.content_end(block), block.end)
            self.removed.append((block.start, end))

    def _splice_removed(self) -> None:
        joined: list[list[int]] = []
        for start, end in sorted(self.removed):
            if joined and joined[-1][1] == start:
                joined[-1][1] = end
            else:
                joined.append([start, end])
        for start, end in joined:
            if end == len(self.text):
                start = next_line(self.text, len(self.text[:start].rstrip()))
            self.splices.append(Splice(start, end, ""))

    def _last_of(self, kind: str) -> Item:
        """The item after which new ones of a kind are inserted."""
        for before in reversed(_ORDER[: _ORDER.index(kind) + 1]):
            gone = self.gone if before == "notes" else ()
            for number in range(len(self.layout.items[before]), 0, -1):
                if number not in gone:
                    return self.layout.items[before][number - 1]
        raise ValueError("The file has no [package]")

    def _insert_below(self, item: Item, texts: Sequence[str]) -> None:
        if not texts:
            return
        block = max((block for _, block in item.parts), key=lambda block: block.start)
        self.splices.append(as_new_tables(self.layout, block, texts))


def _note_values(edit: NoteEdit) -> dict[Place, object]:
    values: dict[Place, object] = {
        ("deck",): edit.deck,
        ("model",): edit.model,
        ("tags",): edit.tags,
        ("guid",): edit.guid,
        ("note_id",): edit.note_id,
    }
    values = {place: value for place, value in values.items() if value is not None}
    values.update({("fields", name): value for name, value in edit.fields.items()})
    return values


def _model_values(model: ModelDef, said: Mapping[str, Any]) -> dict[Place, object]:
    """The values of ``model`` that differ from the file's, written or default."""
    first = model.fields[0] if model.fields else ""
    values: dict[Place, object] = {}
    if said.get("model_type", "standard") != model.model_type:
        values["model_type",] = model.model_type
    if said.get("fields") != list(model.fields):
        values["fields",] = model.fields
    if said.get("sort_field", first) != model.sort_field:
        values["sort_field",] = model.sort_field
    if said.get("markdown_fields", []) != list(model.markdown_fields):
        values["markdown_fields",] = model.markdown_fields
    if model.css is not None:
        values["css",] = model.css
    for number, template in enumerate(model.templates[: len(said.get("templates", []))], 1):
        for key, value in asdict(template).items():
            values["templates", number, key] = value
    return values
