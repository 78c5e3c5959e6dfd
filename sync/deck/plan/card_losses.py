"""Finds cards and reviews that a run would delete in Anki, and warns of them in the plan.

When a cloze is removed, Anki keeps its card until Tools ▸ Empty Cards, which deletes the card with
its reviews. A card that is removed from a dynamic note is deleted at once, with its reviews.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Optional, cast

from ....convert.deck_file.definition import Problem
from ....convert.deck_file.items import Layout, Place
from ...collection.card_effects import (
    count_reviews,
    explain_clozes,
    find_clozes,
    join_words,
    name_reviews,
)
from ...collection.decks import iterate_notes
from ...run.done import count_words
from ..changes import DeckNote, Did, LostClozes, ModelChange
from ..dynamic import read_row
from ..models import NotetypeFacts, cloze_fields_of
from ..read.sides import Sides

if TYPE_CHECKING:
    from anki.collection import Collection
    from anki.models import NotetypeId


def find_lost_clozes(col: Collection, sides: Sides, change: DeckNote) -> Optional[LostClozes]:
    """The clozes that a note loses in Anki by this change; None when it loses none."""
    row = change.anki
    edits = {p.name: p.to_anki for p in change.parts if p.part == "field" and p.to_anki is not None}
    facts = sides.by_id.get(row.notetype) if row else None
    cloze_fields = facts.cloze_fields if facts else ()
    if row is None or facts is None or not edits.keys() & {*cloze_fields}:
        return None
    before = dict(zip(facts.fields, row.fields.split("\x1f")))
    after = {**before, **edits}
    lost = find_clozes(before, cloze_fields) - find_clozes(after, cloze_fields)
    if not lost:
        return None
    held = tuple(n for n in edits if n in cloze_fields and find_clozes(before, [n]) & lost)
    return LostClozes(held, tuple(sorted(lost)), count_reviews(col, row.id, lost))


def count_lost_reviews(col: Collection, change: DeckNote) -> int:
    """The number of reviews of the cards that a dynamic note loses in Anki."""
    gone = _find_gone(change)
    if change.anki is None or not gone:
        return 0
    slots = read_row(change.anki).slots
    lost = [slots[id_] for id_ in gone if id_ in slots]
    return count_reviews(col, change.anki.id, lost)


def _find_gone(change: DeckNote) -> list[str]:
    """The ids of the cards that a dynamic note loses in Anki."""
    return [p.name for p in change.parts if p.did is Did.REMOVED and p.to_anki is not None]


def tell_losses(notes: Iterable[DeckNote], layout: Layout) -> Iterator[Problem]:
    """A warning for each note that loses cards with reviews, or clozes. ``layout``: the file's."""
    for change in notes:
        lost, note = change.lost_clozes, change.toml
        if note is None or not (lost or change.lost_reviews):
            continue
        place: Place = ("notes", note.position)
        if lost:
            place = (*place, "fields", lost.fields[0])
            (told,) = explain_clozes((), lost.numbers, lost.reviews)
            fields = join_words(f"“{name}”" for name in lost.fields)
            told = f"the edit of {fields} {told}"
        else:
            gone = _find_gone(change)
            cards = f"{'card' if len(gone) == 1 else 'cards'} {join_words(gone)}"
            told = f"the edit deletes {cards}{name_reviews(change.lost_reviews)} from Anki"
        message = f"“{change.title}”: {told}"
        yield Problem("warning", message, layout.find_line(place), note.position)


def tell_lost_by_models(
    col: Collection, sides: Sides, changes: Iterable[ModelChange]
) -> Iterator[Problem]:
    """A warning for each note type whose new templates make fewer cards from clozes."""
    for change in changes:
        facts = sides.by_id.get(change.notetype)
        if facts and change.to_anki and change.toml:
            kept = cloze_fields_of(change.to_anki)
            gone = [name for name in facts.cloze_fields if name not in kept]
            told = _count_losses(col, facts, kept) if gone else ""
            if told:
                fields = join_words(f"“{name}”" for name in gone)
                message = f"The note type “{change.name}” makes no more cards of {fields}: {told}"
                yield Problem("warning", message, change.toml.line)


def _count_losses(col: Collection, facts: NotetypeFacts, kept: Sequence[str]) -> str:
    """In words, what Empty Cards deletes if only the clozes of the fields ``kept`` make cards."""
    notes = cards = reviews = 0
    ids = [int(id_) for id_ in col.models.nids(cast("NotetypeId", facts.id))]
    for row in iterate_notes(col, ids):
        fields = dict(zip(facts.fields, row.fields.split("\x1f")))
        lost = find_clozes(fields, facts.cloze_fields) - find_clozes(fields, kept)
        if lost:
            notes, cards = notes + 1, cards + len(lost)
            reviews += count_reviews(col, row.id, lost)
    if not notes:
        return ""
    doomed = f"{count_words(cards, 'card')} of {count_words(notes, 'note')}"
    return f"Tools ▸ Empty Cards would delete {doomed}{name_reviews(reviews)}"
