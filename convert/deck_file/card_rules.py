"""Checks the dynamic notes of a TOML deck and their cards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .check import Finding, nearest
from .definition import (
    DYNAMIC_FIELDS,
    DYNAMIC_MODEL,
    DYNAMIC_MODELS,
    MOST_CARDS,
    ModelDef,
    NoteDef,
)
from .items import Place

_UNSAFE_ID = re.compile(r"""[<>&"'{}\[\]\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufffd]|\A\s|\s\Z""")


def check_own_model(model: ModelDef, place: Place) -> Iterator[Finding]:
    """Check a declaration of the dynamic model, which needs no declaration."""
    if model.name in DYNAMIC_MODELS:
        message = (
            f"The model “{model.name}” comes with Ankivault and is not declared; take this out, "
            "and the templates under it"
        )
        yield Finding("error", message, (*place, "name"))


def check_other_note(note: NoteDef, place: Place) -> Iterator[Finding]:
    """Check that a note that is not dynamic has no cards."""
    if note.cards and note.model:
        message = f"Only notes of the model “{DYNAMIC_MODEL}” have cards, not “{note.model}”"
        yield Finding("error", message, (*place, "cards", 1))


def check_dynamic_note(note: NoteDef, place: Place) -> Iterator[Finding]:
    """Check the fields and cards of a dynamic note."""
    for name in note.fields:
        if name not in DYNAMIC_FIELDS:
            message = f"The model “{note.model}” has no field “{name}” to write here"
            hint = nearest(name, DYNAMIC_FIELDS) or "; its texts stand under [[notes.cards]]"
            yield Finding("error", message + hint, (*place, "fields", name))
    if not note.cards:
        message = "The note has no cards; each stands under a header of its own, [[notes.cards]]"
        yield Finding("error", message, (*place, "cards"))
    elif len(note.cards) > MOST_CARDS:
        message = (
            f"The note has {len(note.cards)} cards, and {MOST_CARDS} is the most; make two notes "
            "of it"
        )
        yield Finding("error", message, (*place, "cards"))
    yield from _check_cards(note, place)


def _check_cards(note: NoteDef, place: Place) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for number, card in enumerate(note.cards, 1):
        at: Place = (*place, "cards", number)
        if not card.front.strip():
            level = "warning" if card.id and note.note_id else "error"
            message = f"The front of card {number} is empty"
            yield Finding(level, message, (*at, "front"))  # type: ignore[arg-type]
        if card.id is None:
            continue
        id_ = card.id
        if not id_.strip():
            message = f"The id of card {number} is empty; without the line, a sync writes a new one"
            yield Finding("error", message, (*at, "id"))
        elif _UNSAFE_ID.search(id_):
            message = (
                f"The id of card {number} may have no < > & {{ }} [ ] \\ and quotes in it, is one "
                "line, and has no space at its ends"
            )
            yield Finding("error", message, (*at, "id"))
        elif first.setdefault(id_, number) != number:
            message = f"The id “{card.id}” is already that of card {first[id_]} of this note"
            yield Finding("error", message, (*at, "id"))
