"""Dynamic notes in a TOML deck: how a note of the collection reads in the file, and back.

Fields and cards are Markdown in the file. Nothing of the note type is declared there.
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
    """What a dynamic note of the collection holds."""
    return read_note(row.fields.split("\x1f"))


def texts_of(row: NoteRow) -> tuple[str, ...]:
    """The HTML texts of a dynamic note of the collection."""
    content = read_row(row).content
    sides = (side for card in content.cards for side in (card.front, card.back))
    return (content.link, content.note, *sides)


def first_text_in(row: NoteRow) -> str:
    """What a dynamic note is known by, as HTML: what it is about, else its first card's front."""
    about = row.fields.split("\x1f", NOTE + 1)[NOTE]
    if about.strip():
        return about
    cards = read_row(row).content.cards
    return cards[0].front if cards else ""


def first_text_of(note: NoteDef, values: Values) -> str:
    """The same of a note of the file."""
    about = values.to_anki(note.fields.get(FIELDS[NOTE], ""), True)
    if about.strip() or not note.cards:
        return about
    return values.to_anki(note.cards[0].front, True)


def pull_cards(cards: Iterable[Card], values: Values) -> tuple[CardDef, ...]:
    """Cards of Anki as the file says them."""
    return tuple(
        CardDef(card.id, values.to_toml(card.front, True), values.to_toml(card.back, True))
        for card in cards
    )


def push_cards(cards: Iterable[CardDef], values: Values) -> tuple[Card, ...]:
    """Cards of the file as Anki has them. All have ids."""
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
    """What the base is to remember: the cards of both sides; those ``left`` as they were."""
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
    """The cards of a note of the file, each with an id.

    One without gets that of the card in Anki that it is, which the file names nowhere else: a run
    was killed before it wrote the id, or somebody took it out. A new card gets a new id.
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
    """Ways to see that two cards are one, the surest first."""

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
