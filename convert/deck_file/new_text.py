"""Writes the TOML of a new part of a deck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Union

from .definition import (
    CardDef,
    DeckDef,
    MediaDef,
    ModelDef,
    NoteDef,
    Package,
    TemplateDef,
)
from .toml_write import write_key, write_string, write_strings

Value = Union[str, int, Sequence[str], None]


def package_text(package: Package) -> str:
    return "[package]\n" + statements_text(
        {
            "name": package.name,
            "version": package.version,
            "author": package.author,
            "description": package.description,
            "homepage": package.homepage,
            "optional_tags": package.optional_tags or None,
        }
    )


def model_text(model: ModelDef) -> str:
    """A model and its templates."""
    own = statements_text(
        {
            "name": model.name,
            "model_type": model.model_type,
            "fields": model.fields,
            "sort_field": model.sort_field,
            "markdown_fields": model.markdown_fields or None,
            "css": model.css,
        }
    )
    return "\n".join([f"[[models]]\n{own}", *map(template_text, model.templates)])


def template_text(template: TemplateDef) -> str:
    return "[[models.templates]]\n" + statements_text(
        {"name": template.name, "front": template.front, "back": template.back}
    )


def deck_text(deck: DeckDef) -> str:
    return "[[decks]]\n" + statements_text({"name": deck.name, "description": deck.description})


def note_text(note: NoteDef) -> str:
    """A note, its fields, and its cards."""
    own = statements_text(
        {
            "deck": note.deck,
            "model": note.model,
            "tags": note.tags,
            "guid": note.guid,
            "note_id": note.note_id,
        }
    )
    parts = [f"[[notes]]\n{own}"]
    if note.fields or not note.is_dynamic:
        parts.append(f"[notes.fields]\n{statements_text(note.fields)}")
    return "\n".join([*parts, *map(card_text, note.cards)])


def card_text(card: CardDef) -> str:
    return "[[notes.cards]]\n" + statements_text(
        {"id": card.id, "front": card.front, "back": card.back}
    )


def media_text(media: MediaDef) -> str:
    return "[[media]]\n" + statements_text(
        {"name": media.name, "path": media.path, "sha256": media.sha256, "size": media.size}
    )


def statements_text(values: Mapping[str, Value]) -> str:
    """One statement for each value that is present."""
    return "".join(
        f"{write_key(key)} = {write_value(value)}\n"
        for key, value in values.items()
        if value is not None
    )


def write_value(value: Value) -> str:
    if isinstance(value, str):
        return write_string(value)
    if isinstance(value, int):
        return str(value)
    return write_strings(value or ())
