"""Converts dynamic notes between a TOML deck and the collection.

Fields and cards are Markdown in the file. The file does not declare the note type.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from ...convert.deck_file.definition import (
    DYNAMIC_FIELDS,
    DYNAMIC_MODEL,
    DYNAMIC_MODELS,
    CardDef,
    ModelDef,
    NoteDef,
)
from ...model.note import Card, ReadNote, new_card_id, read_note
from ...model.notetype import FIELDS, NOTE
from ..collection.reads import NoteRow
from .base import HeldCard, HeldField
from .values import Values

DYNAMIC = ModelDef(
    DYNAMIC_MODEL, DYNAMIC_FIELDS, (), DYNAMIC_FIELDS[1], markdown_fields=DYNAMIC_FIELDS
)
DECLARED = {name: replace(DYNAMIC, name=name) for name in DYNAMIC_MODELS}


def read_row(row: NoteRow) -> ReadNote:
    """Read a dynamic note of the collection."""
    return read_note(row.fields.split("\x1f"))


def texts_of(row: NoteRow) -> tuple[str, ...]:
    """The HTML texts of a dynamic note of the collection: link, text, fronts and backs."""
    content = read_row(row).content
    sides = (side for card in content.cards for side in (card.front, card.back))
    return (content.link, content.note, *sides)


def first_text_in(row: NoteRow) -> str:
    """The HTML that identifies a dynamic note: its text, or its first card's front without one."""
    about = row.fields.split("\x1f", NOTE + 1)[NOTE]
    if about.strip():
        return about
    cards = read_row(row).content.cards
    return cards[0].front if cards else ""


def first_text_of(note: NoteDef, values: Values) -> str:
    """The HTML that identifies a dynamic note of the file, as in ``first_text_in``."""
    about = values.to_anki(note.fields.get(FIELDS[NOTE], ""), True)
    if about.strip() or not note.cards:
        return about
    return values.to_anki(note.cards[0].front, True)


def pull_cards(cards: Iterable[Card], values: Values) -> tuple[CardDef, ...]:
    """Convert Anki's cards to Markdown cards of the file."""
    return tuple(
        CardDef(card.id, values.to_toml(card.front, True), values.to_toml(card.back, True))
        for card in cards
    )


def push_cards(cards: Iterable[CardDef], values: Values) -> tuple[Card, ...]:
    """Convert the file's cards to HTML cards of Anki. All must have ids."""
    return tuple(
        Card(card.id or "", values.to_anki(card.front, True), values.to_anki(card.back, True))
        for card in cards
    )


def hold_cards(
    toml: Iterable[CardDef],
    anki: Iterable[Card],
    old: Mapping[str, HeldCard],
    left: Collection[str],
) -> dict[str, HeldCard]:
    """The cards for the base: those on both sides. The cards ``left`` stay as in ``old``."""
    theirs = {card.id: card for card in anki}
    held = {}
    for card in toml:
        id_ = card.id or ""
        if id_ in left:
            held.update({id_: old[id_]} if id_ in old else {})
        elif id_ in theirs:
            other = theirs[id_]
            held[id_] = HeldCard(
                HeldField(card.front, other.front, True), HeldField(card.back, other.back, True)
            )
    return {**held, **{id_: old[id_] for id_ in old if id_ in left}}


def name_cards(
    toml: Sequence[CardDef],
    anki: Sequence[Card],
    held: Mapping[str, HeldCard],
    taken: Collection[str],
    values: Values,
) -> tuple[CardDef, ...]:
    """Give each card of a note of the file an id.

    A card without an id may be in Anki already: a run was killed before it wrote the id, or the
    user removed it. It gets the id of the same card in Anki, if no other card in the file has
    that id. A new card gets a new id, which is not in ``taken``.
    """
    named = {card.id: card for card in toml if card.id}
    free = {card.id: card for card in anki if card.id not in named}
    found: dict[int, str] = {}
    for is_same in _likenesses(held, values):
        for place, card in enumerate(toml):
            if card.id or place in found:
                continue
            id_ = next((other.id for other in free.values() if is_same(card, other)), None)
            if id_ is not None:
                found[place] = id_
                del free[id_]
    used = {*taken, *named, *(card.id for card in anki)}
    cards = []
    for place, card in enumerate(toml):
        id_ = card.id or found.get(place) or new_card_id(used, f"{card.front}\x1f{card.back}")
        used.add(id_)
        cards.append(replace(card, id=id_))
    return tuple(cards)


def _likenesses(
    held: Mapping[str, HeldCard], values: Values
) -> Iterable[Callable[[CardDef, Card], bool]]:
    """Tests whether two cards are the same, the most reliable first."""

    def same_front(card: CardDef, other: Card) -> bool:
        old = held.get(other.id)
        if old and old.front.toml == card.front:
            return True
        return values.same(card.front, other.front, True)

    def same_back(card: CardDef, other: Card) -> bool:
        old = held.get(other.id)
        if old and old.back.toml == card.back:
            return True
        return values.same(card.back, other.back, True)

    yield lambda card, other: same_front(card, other) and same_back(card, other)
    yield same_front
