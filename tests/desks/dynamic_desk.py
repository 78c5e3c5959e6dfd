"""Makes dynamic notes in a real collection, and reads their cards and reviews in Anki."""

from __future__ import annotations

from collections.abc import Iterable

from anki.collection import Collection

from ankivault.model.note import Card, DynamicNote
from ankivault.sync.collection.dynamic_type import find_notetypes
from ankivault.sync.dynamic.notes import NewNote, StoredNote, create_notes, read_dynamic_notes

DECK = 1


def make_content(*ids: str, text: str = "") -> DynamicNote:
    """A note with these cards."""
    cards = (Card(id_, f"front {id_} {text}", f"back {id_}") for id_ in ids)
    return DynamicNote(f"Note {text}", tuple(cards))


def add_note(col: Collection, *ids: str, deck: int = DECK) -> int:
    """Add a dynamic note with these cards; returns its id."""
    return create_notes(col, [NewNote(make_content(*ids), deck)]).note_ids[0]


def find_dynamic_notes(col: Collection) -> list[int]:
    """The ids of all dynamic notes."""
    types = ",".join(map(str, find_notetypes(col)))
    return list(col.db.list(f"select id from notes where mid in ({types}) order by id"))


def stored(col: Collection, note_id: int) -> StoredNote:
    """Read a dynamic note."""
    (note,) = read_dynamic_notes(col, [note_id])
    return note


def cards_of(col: Collection, note_id: int) -> dict[str, int]:
    """Card id → the id of its Anki card, in the order of slots.

    Checks that the note has no other cards in Anki.
    """
    slots = {slot: id_ for id_, slot in stored(col, note_id).read.slots.items()}
    rows = col.db.all("select ord + 1, id from cards where nid = ? order by ord", note_id)
    assert [slot for slot, _ in rows] == sorted(slots)
    return {slots[slot]: card for slot, card in rows}


def reviews_of(col: Collection, card_ids: Iterable[int]) -> dict[int, list[int]]:
    """The id of each card in Anki → the ratings of its reviews, oldest first."""
    return {
        card: col.db.list("select ease from revlog where cid = ? order by id", card)
        for card in card_ids
    }


def review(col: Collection, card_id: int, rating: int = 3) -> None:
    """Answer a card, as the reviewer does. ``rating`` is 1 (Again) to 4 (Easy)."""
    card = col.get_card(card_id)
    card.start_timer()
    states = col._backend.get_scheduling_states(card_id)
    answer = col.sched.build_answer(card=card, states=states, rating=rating - 1)
    col.sched.answer_card(answer)


def schema_of(col: Collection) -> int:
    """A number that changes with every change that makes Anki ask for a full sync."""
    return int(col.db.scalar("select scm from col"))
