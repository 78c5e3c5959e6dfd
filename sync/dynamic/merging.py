"""Merges two edits of one dynamic note. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Optional

from ...convert.text.merge import merge_words
from ...model.card_order import keep, merge_orders, weave
from ...model.note import Card, DynamicNote

Side = Literal["ours", "theirs"]
_Text = Literal["note", "link", "front", "back"]


@dataclass(frozen=True)
class Clash:
    """A text where only one side's version could be kept, as HTML. ``None``: it was removed."""

    card_id: str  # "" for the note's own texts
    text: _Text
    ours: Optional[str]
    theirs: Optional[str]


@dataclass(frozen=True)
class Merged:
    """A note with both edits in it. ``clashes`` are the places where only one could be kept."""

    content: DynamicNote
    clashes: tuple[Clash, ...] = ()


def merge_contents(
    base: DynamicNote, ours: DynamicNote, theirs: DynamicNote, prefer: Side = "ours"
) -> Merged:
    """Merge two edits of ``base``: card by card, and word by word in a text that both edited.

    Where both changed the same words, or one removed a card that the other edited, ``prefer``
    decides which version is kept. A card goes where one side moved it; if the moves conflict, our
    order is kept.
    """
    texts = _Texts(prefer)
    was, our, their = ({card.id: card for card in note.cards} for note in (base, ours, theirs))
    cards: dict[str, Card] = {}
    for id_ in dict.fromkeys((*our, *their)):
        card = _merge_card(texts, was.get(id_), our.get(id_), their.get(id_))
        if card:
            cards[id_] = card
    order = _merge_order([*was], [*our], [*their])
    content = DynamicNote(
        texts.merge("", "note", base.note, ours.note, theirs.note),
        tuple(cards[id_] for id_ in order if id_ in cards),
        texts.merge("", "link", base.link, ours.link, theirs.link),
    )
    return Merged(content, tuple(texts.clashes))


class _Texts:
    """Merges texts, and remembers the clashes."""

    def __init__(self, prefer: Side) -> None:
        self.prefer = prefer
        self.clashes: list[Clash] = []

    def merge(self, card_id: str, text: _Text, base: str, ours: str, theirs: str) -> str:
        merged = merge_words(base, ours, theirs) if ours != theirs else ours
        if merged is not None:
            return merged
        self.clashes.append(Clash(card_id, text, ours, theirs))
        return ours if self.prefer == "ours" else theirs


def _merge_card(
    texts: _Texts, was: Optional[Card], our: Optional[Card], their: Optional[Card]
) -> Optional[Card]:
    if our and their:
        before = was or Card(our.id, "", "")
        return Card(
            our.id,
            texts.merge(our.id, "front", before.front, our.front, their.front),
            texts.merge(our.id, "back", before.back, our.back, their.back),
        )
    left = our or their
    if left is None or left == was:  # removed on one side, untouched on the other
        return None
    if was:
        fronts = [card.front if card else None for card in (our, their)]
        texts.clashes.append(Clash(left.id, "front", *fronts))
        return our if texts.prefer == "ours" else their
    return left


def _merge_order(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    shared = {*base} & {*ours} & {*theirs}
    orders = [keep(order, shared) for order in (base, ours, theirs)]
    both = merge_orders(*orders)
    if both is None or both == orders[1]:
        return weave(ours, theirs)
    if both == orders[2]:
        return weave(theirs, ours)
    return weave(weave(both, ours), theirs)
