"""Plans notes that the author took out, and notes that are in Anki twice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from ....collection.card_effects import count_note_reviews, measure_use
from ....collection.decks import find_doubled_guids, find_guids, iterate_notes
from ....collection.reads import NoteRow
from ..changes import Choice, NotePlan, Question, title_of
from .sides import Sides

_GONE: tuple[Choice, ...] = ("keep", "delete")


def plan_gone(sides: Sides, doubled: Collection[int]) -> Iterator[NotePlan]:
    """Notes that the author took out: asked, as long as they are in Anki."""
    author = sides.author
    there = {note.guid for note in author.notes} | {note.alias for note in author.notes}
    there |= author.left_out | author.faulty
    gone = {
        guid: entry
        for guid, entry in sides.known.items()
        if guid not in there and entry.state != "kept"
    }
    if not gone:
        return
    ids = find_guids(sides.col, gone)
    rows = {row.id: row for row in iterate_notes(sides.col, sorted(chain(*ids.values())))}
    reviews = count_note_reviews(sides.col, rows)
    for guid, entry in gone.items():
        found = [rows[i] for i in ids.get(guid, ()) if i in rows and i not in doubled]
        row = next((row for row in found if row.id == entry.note_id), None)
        row = row or next(iter(found), None)
        if row is None:
            yield NotePlan("forget", guid, "", "")
            continue
        yield _ask_gone(sides, guid, row, reviews.get(row.id, 0))


def _ask_gone(sides: Sides, guid: str, row: NoteRow, reviews: int) -> NotePlan:
    key = f"gone:{guid}"
    answer = sides.answers.get(key)
    answer = answer if answer in _GONE else None
    title, deck = title_of(sides.title_in(row)), sides.home_of(row)
    text = "The author took this note out."
    if reviews:
        text += f" You have answered its cards {reviews:,} times."
    question = Question(key, "gone", title, text, _GONE, deck, row.id, answer=answer)
    plan = NotePlan("leave", guid, title, deck, None, row, questions=(question,))
    if answer == "delete":
        return replace(plan, action="delete")
    if answer == "keep":
        held = sides.base.read_held(guid)
        return replace(plan, action="learn", state="kept", held=held)
    return plan


def plan_doubled(sides: Sides) -> Iterator[NotePlan]:
    """Notes that two computers of the subscriber have added before they met on AnkiWeb.

    The copy that holds nothing of the subscriber's goes: the same words, and no card of it was
    reviewed, suspended, buried or flagged.
    """
    doubled = find_doubled_guids(sides.col) & sides.known.keys()
    if not doubled:
        return
    ids = find_guids(sides.col, doubled)
    rows = {row.id: row for row in iterate_notes(sides.col, sorted(chain(*ids.values())))}
    used = measure_use(sides.col, rows)
    for guid in sorted(doubled):
        copies = sorted((rows[id_] for id_ in ids[guid] if id_ in rows), key=lambda r: r.id)
        yield from _plan_copies(sides, guid, copies, used)


def _plan_copies(
    sides: Sides, guid: str, copies: Sequence[NoteRow], used: Mapping[int, int]
) -> Iterator[NotePlan]:
    kept = max(copies, key=lambda row: (used.get(row.id, 0), -row.id))
    for row in copies:
        if row.id == kept.id:
            continue
        title, deck = title_of(sides.title_in(row)), sides.home_of(row)
        plan = NotePlan("leave", guid, title, deck, None, row)
        same = (row.tags, row.fields) == (kept.tags, kept.fields)
        if same and row.id not in used:
            yield replace(plan, action="delete", state="copy")
            continue
        key = f"twice:{guid}:{row.id}"
        answer = sides.answers.get(key)
        answer = answer if answer in _GONE else None
        text = "This note is in Anki twice: two computers added it."
        question = Question(
            key, "twice", title, text, _GONE, deck, row.id, "", kept.fields, row.fields, answer
        )
        action = "delete" if answer == "delete" else "leave"
        yield replace(plan, action=action, state="copy", questions=(question,))  # type: ignore[arg-type]
