"""Plans one dynamic note: its cards, and its fields in Anki."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Optional

from ....convert.deck_file.definition import DYNAMIC_FIELDS, CardDef, NoteDef
from ....model.note import Card, DynamicNote, write_fields
from ....model.notetype import NAME
from ....model.slots import CardError
from ...collection.dynamic_cards import find_cards, find_unsettled, guard_slots
from ...collection.dynamic_type import ForeignNotetype
from ...collection.reads import NoteRow
from ..base import HeldNote
from ..changes import DeckNote, Did, PartChange
from ..dynamic import name_cards, pull_cards, push_cards, read_row
from ..read.sides import Sides
from .card_compare import compare_cards
from .compare import Comparison

if TYPE_CHECKING:
    from anki.collection import Collection

_IN_FIELDS = ("field", "card", "order")
_PUT_RIGHT = PartChange("card", "", None, None, "to_anki", None, "", did=Did.PUT_RIGHT)


@dataclass(frozen=True)
class PlannedCards:
    """The parts that differ, the file's cards after the run, and all fields in Anki if written."""

    parts: tuple[PartChange, ...]
    cards: tuple[CardDef, ...]
    anki_fields: tuple[str, ...] = ()
    gives_ids: bool = False  # cards of the file without ids get ids


def plan_new_cards(col: Collection, sides: Sides, note: NoteDef) -> PlannedCards:
    """Plan a note that is added to Anki. Raises ``CardError`` or ``ForeignNotetype``."""
    if not sides.dynamic and col.models.by_name(NAME):
        raise ForeignNotetype
    values = sides.values
    cards = name_cards(note.cards, (), {}, (), values)
    link, text = (values.to_anki(note.fields.get(name, ""), True) for name in DYNAMIC_FIELDS)
    content = DynamicNote(text, push_cards(cards, values), link)
    return PlannedCards((), cards, write_fields((), content))


def plan_pulled_cards(sides: Sides, row: NoteRow) -> PlannedCards:
    """Plan a note that is added to the file. Raises ``CardError`` when it is damaged."""
    read = read_row(row)
    if read.problems or not read.content.cards:
        raise CardError(" ".join(("damaged in Anki.", *read.problems)))
    return PlannedCards((), pull_cards(read.content.cards, sides.values))


def plan_cards(
    col: Collection,
    sides: Sides,
    comparison: Comparison,
    note: NoteDef,
    row: NoteRow,
    held: Optional[HeldNote],
    fields: Sequence[PartChange],
) -> PlannedCards:
    """Plan a note that is on both sides. ``fields`` are the differences of its fields.

    Raises ``CardError``, with a message for the user, when the note must stay as it is.
    """
    read = read_row(row)
    if read.problems and sides.pulls:
        raise CardError(
            f"In Anki this note is damaged. {' '.join(read.problems)} It was left as it is on both "
            "sides; a run from the file to Anki writes it anew."
        )
    known = held.cards if held else {}
    taken = {*read.slots, *read.retired, *known}
    toml = name_cards(note.cards, read.content.cards, known, taken, sides.values)
    after = compare_cards(comparison, row.id, toml, read.content.cards, known)
    if not (after.toml and after.anki):
        raise CardError(
            "Each side deleted the cards that the other kept, so that none would be left. Put one "
            "of them back, or delete the note."
        )
    own = (*after.parts, _PUT_RIGHT) if read.problems else after.parts
    parts = (*fields, *own)
    texts = {part.name: part.to_anki for part in fields if part.part == "field"}
    link, text = (texts.get(n) for n in DYNAMIC_FIELDS)
    content = DynamicNote(
        read.content.note if text is None else text,
        after.anki,
        read.content.link if link is None else link,
    )
    writes = any(part.to_anki is not None and part.part in _IN_FIELDS for part in parts)
    unnamed = {card.position for card in note.cards if card.id is None}
    cards = _without_new_ids(after.toml, unnamed, after.anki)
    values = row.fields.split("\x1f")
    return PlannedCards(
        own,
        cards,
        write_fields(guard_slots(find_cards(col, [row.id])[row.id], values), content)
        if writes
        else (),
        any(card.id and card.position in unnamed for card in cards),
    )


def _without_new_ids(
    cards: Sequence[CardDef], unnamed: Set[int], anki: Sequence[Card]
) -> tuple[CardDef, ...]:
    """Remove new ids from cards that do not come to Anki in this run."""
    there = {card.id for card in anki}
    return tuple(
        replace(card, id=None) if card.position in unnamed and card.id not in there else card
        for card in cards
    )


def plan_settling(col: Collection, sides: Sides, notes: list[DeckNote]) -> list[DeckNote]:
    """The plans of notes, with repairs of dynamic notes whose cards do not match their fields.

    A killed run, or two computers, can cause this: fields and cards are written separately.
    """
    places = {
        note.note_id: place
        for place, note in enumerate(notes)
        if _is_in_step(note) and not note.anki_fields  # else the run writes all cards anyway
    }
    for note_id in find_unsettled(col, places) if sides.pushes and places else ():
        note = notes[places[note_id]]
        assert note.anki is not None
        notes[places[note_id]] = replace(
            note,
            group="modified",
            action="update",
            parts=(*note.parts, _PUT_RIGHT),
            anki_fields=tuple(note.anki.fields.split("\x1f")),
        )
    return notes


def _is_in_step(note: DeckNote) -> bool:
    """Whether a dynamic note is on both sides and nothing keeps it from being written."""
    both = bool(note.cards and note.toml and note.anki)
    return both and (
        note.action in ("adopt", "update")
        or (note.action == "none" and not (note.why or note.fault))
    )
