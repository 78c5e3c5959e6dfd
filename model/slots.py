"""The slot of each card of a note: one card keeps one slot for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .notetype import SLOTS


class CardError(ValueError):
    """A note cannot have these cards. ``str(error)`` is a message for the user."""


class EmptyCardId(CardError):
    """A card has no id. ``position`` counts from 0."""

    def __init__(self, position: int) -> None:
        super().__init__(f"Card {position + 1} of this note has no id.")
        self.position = position


class DoubledCard(CardError):
    """Two cards have the same id."""

    def __init__(self, id: str) -> None:
        super().__init__(f"Two cards of this note have the id “{id}”. Give one of them another id.")
        self.id = id


class SlotsExhausted(CardError):
    """A note has too few free slots. ``used`` of its 100 are taken; ``needed`` more were wanted."""

    def __init__(self, used: int, needed: int) -> None:
        super().__init__(
            f"This note has used {used} of the {SLOTS} places that a note has for cards, and "
            f"{needed} more {'is' if needed == 1 else 'are'} needed. (A deleted card's place is "
            "never given to another card, so that no review ends up on the wrong one.) "
            "Put the new cards into a second note."
        )
        self.used = used
        self.needed = needed


def assign(
    previous: Mapping[str, int], next_slot: int, wanted: Sequence[str]
) -> tuple[dict[str, int], int]:
    """The slot of each wanted card, and the next slot that no card ever had.

    ``previous`` are the slots of all cards that the note ever had, also of deleted ones: a card
    that returns gets its old slot back. Slots count from 1. Raises a ``CardError`` when an id is
    empty or used twice, or when the note has no free slot left.
    """
    seen: set[str] = set()
    for position, card in enumerate(wanted):
        if not card:
            raise EmptyCardId(position)
        if card in seen:
            raise DoubledCard(card)
        seen.add(card)
    next_slot = max(next_slot, 1, *(slot + 1 for slot in previous.values()))
    new = [card for card in wanted if card not in previous]
    if next_slot + len(new) > SLOTS + 1:
        raise SlotsExhausted(used=next_slot - 1, needed=len(new))
    slots = {**previous, **{card: next_slot + n for n, card in enumerate(new)}}
    return {card: slots[card] for card in wanted}, next_slot + len(new)
