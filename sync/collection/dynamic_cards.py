"""Updates the Anki cards of dynamic notes: moves new ones and removes emptied ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ...model.note import filled_slots, mark_used, read_note
from .dynamic_type import find_notetypes
from .reads import CHUNK, read_notes

if TYPE_CHECKING:
    from anki.cards import CardId
    from anki.collection import Collection as AnkiCollection
    from anki.decks import DeckId
    from anki.notes import NoteId


class CardRow(NamedTuple):
    """A card of a note. ``home`` is its deck's id, also while a filtered deck has borrowed it."""

    note_id: int
    slot: int
    id: int
    home: int


def find_cards(col: AnkiCollection, note_ids: Collection[int]) -> dict[int, list[CardRow]]:
    """Note id → its cards, in the order of their slots."""
    assert col.db is not None
    cards: dict[int, list[CardRow]] = defaultdict(list)
    for ids in _chunks(sorted({*note_ids})):
        for row in col.db.all(
            "select nid, ord + 1, id, iif(odid, odid, did) from cards "
            f"where nid in ({','.join(map(str, ids))}) order by nid, ord, id"
        ):
            cards[row[0]].append(CardRow(*row))
    return cards


def find_synced(col: AnkiCollection, usn: int) -> list[int]:
    """The dynamic notes that came with AnkiWeb, or whose cards did, since it was at ``usn``."""
    types = ",".join(map(str, find_notetypes(col)))
    assert col.db is not None
    return col.db.list(
        f"select id from notes where mid in ({types}) and (usn >= ? "
        "or id in (select nid from cards where usn >= ?)) order by id",
        usn,
        usn,
    )


def find_unsettled(col: AnkiCollection, note_ids: Collection[int]) -> set[int]:
    """The dynamic notes that have too few or too many cards for their filled slots.

    This happens when two devices change a note before they sync: Anki merges notes and cards
    separately.
    """
    return {
        note_id
        for note_id, filled, cards in _match(col, note_ids)
        if sorted(filled) != [card.slot for card in cards]
    }


def guard_slots(cards: Sequence[CardRow], fields: Sequence[str]) -> tuple[str, ...]:
    """Mark the slots of all of a note's Anki cards as used; returns the note's values.

    A replacement in all fields can delete a note's own record of its slots. The cards still have
    reviews, and a new card must not get them.
    """
    highest = max((card.slot for card in cards), default=0)
    if highest < read_note(fields).next_slot:
        return tuple(fields)
    return mark_used(fields, highest)


def settle_cards(
    col: AnkiCollection,
    before: Mapping[int, Sequence[CardRow]],
    after_each: Callable[[], object] = lambda: None,
) -> int:
    """Add and remove cards of dynamic notes that were just written; returns how many were removed.

    ``before`` is what ``find_cards`` found before the write. A new card goes into the home deck of
    its note's first card (Anki takes the last deck used when the note's cards lie in several).
    ``after_each`` is called after each step that Anki could undo, so that they can be merged.
    """
    missing = [
        note_id
        for note_id, filled, cards in _match(col, before)
        if filled - {card.slot for card in cards}
    ]
    if missing:
        col.after_note_updates(cast("list[NoteId]", missing), mark_modified=True)
        after_each()
    strays: dict[int, list[int]] = defaultdict(list)
    for note_id, cards in find_cards(col, before).items():
        known = {card.id for card in before[note_id]}
        for card in cards:
            if known and card.id not in known and card.home != before[note_id][0].home:
                strays[before[note_id][0].home].append(card.id)
    for deck, moved in strays.items():
        col.set_deck(cast("list[CardId]", moved), cast("DeckId", deck))
        after_each()
    return remove_emptied_cards(col, before, after_each)


def remove_emptied_cards(
    col: AnkiCollection,
    note_ids: Collection[int],
    after_each: Callable[[], object] = lambda: None,
) -> int:
    """Remove the cards whose slot is empty; returns how many.

    Of two cards with the same slot, the older is removed. Two devices gave the slot to different
    cards before they synced. Anki keeps the later note, which describes the younger card. Only
    these notes change. A note never loses its last card; notes of other types lose no card.
    """
    emptied: list[int] = []
    for _, filled, cards in _match(col, note_ids):
        kept = any(card.slot in filled for card in cards)
        emptied += [card.id for card in cards[not kept :] if card.slot not in filled]
        doubled = ((card, after) for card, after in zip(cards, cards[1:]) if card.slot in filled)
        emptied += [card.id for card, after in doubled if card.slot == after.slot]
    for ids in _chunks(emptied):
        col.remove_cards_and_orphaned_notes(cast("list[CardId]", ids))
        after_each()
    return len(emptied)


def _match(
    col: AnkiCollection, note_ids: Collection[int]
) -> Iterator[tuple[int, set[int], list[CardRow]]]:
    """The id, filled slots and cards of each of these notes that is dynamic."""
    types = find_notetypes(col)
    for ids in _chunks(sorted({*note_ids})):
        cards = find_cards(col, ids)
        for row in read_notes(col, ids):
            if row.notetype in types:
                yield row.id, filled_slots(row.fields.split("\x1f")), cards[row.id]


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
