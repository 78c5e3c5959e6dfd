"""What two computers leave behind that wrote the same remb before they met on AnkiWeb.

A remb may have several notes. All computers take the same one for the remb's note: the one with
most reviews, then the oldest. A copy that holds nothing of the person's own goes by itself; others
are asked about. And a note may have too few or too many cards, because Anki merges notes and cards
separately.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from ...collection.card_effects import count_note_reviews, measure_use
from ...collection.clean import ANKIS_TAGS
from ...collection.decks import find_doubled_guids, find_guids
from ...collection.dynamic_cards import find_synced, find_unsettled
from ...dynamic.notes import StoredNote, read_dynamic_notes
from ...run.done import count_words
from .base import RemberBase
from .changes import Answers, RembChange, RemberQuestion

if TYPE_CHECKING:
    from anki.collection import Collection as AnkiCollection


def pick_notes(col: AnkiCollection, notes: Iterable[StoredNote]) -> dict[str, StoredNote]:
    """Remb id → its note."""
    by_guid: dict[str, list[StoredNote]] = {}
    for note in notes:
        by_guid.setdefault(note.guid, []).append(note)
    several = [note.id for same in by_guid.values() if len(same) > 1 for note in same]
    use = measure_use(col, several) if several else {}
    return {
        guid: max(same, key=lambda note: (use.get(note.id, 0), -note.id))
        for guid, same in by_guid.items()
    }


def plan_copies(
    col: AnkiCollection, base: RemberBase, answers: Answers
) -> tuple[list[RembChange], list[RemberQuestion]]:
    """What becomes of the copies of all rembs that are in Anki."""
    doubled = find_doubled_guids(col)
    doubled &= {*base.ids()} if doubled else set()
    if not doubled:
        return [], []
    rows = base.find(doubled)
    ids = [id_ for found in find_guids(col, doubled).values() for id_ in found]
    notes = [*read_dynamic_notes(col, ids)]
    kept = pick_notes(col, notes)
    use, reviews = measure_use(col, ids), count_note_reviews(col, ids)
    changes: list[RembChange] = []
    questions: list[RemberQuestion] = []
    for note in notes:
        if note.id == kept[note.guid].id:
            continue
        known = (kept[note.guid].read.content, rows[note.guid].content())
        own = note.read.content not in known or note.id in use
        question = _ask(note, reviews.get(note.id, 0), answers) if own or _has_tags(note) else None
        questions += [question] if question else []
        if question is None or question.answer == "delete":
            changes.append(_delete(note))
    return changes, questions


def plan_repairs(
    col: AnkiCollection, base: RemberBase, planned: Collection[int]
) -> list[RembChange]:
    """Give the notes that came with AnkiWeb, but those of ``planned``, the cards that they say."""
    came = find_synced(col, base.usn)
    if not came:
        return []
    broken = find_unsettled(col, came).difference(planned)
    notes = [*read_dynamic_notes(col, broken)]
    ours = base.find(note.guid for note in notes)
    return [
        RembChange(
            note.guid,
            "update",
            note.read.content,
            note_id=note.id,
            digest=note.digest,
            before=note.read.content,
            aside=True,
        )
        for note in notes
        if note.guid in ours
    ]


def _has_tags(note: StoredNote) -> bool:
    return bool({tag.casefold() for tag in note.tags} - ANKIS_TAGS)


def _ask(note: StoredNote, count: int, answers: Answers) -> RemberQuestion:
    """The question about a copy that was reviewed ``count`` times."""
    key = f"twice:{note.guid}:{note.id}"
    answer = answers.get(key)
    change = _delete(note)
    text = (
        f"“{change.title}” is in Anki twice, because two computers added it. Delete this copy, "
        f"with {count_words(count, 'review')}?"
    )
    answer = answer if answer == "delete" else None
    return RemberQuestion(key, "twice", change.title, text, ("delete",), note.id, (), answer)


def _delete(note: StoredNote) -> RembChange:
    content = note.read.content
    return RembChange(
        note.guid,
        "delete",
        content,
        note_id=note.id,
        digest=note.digest,
        before=content,
        aside=True,
    )
