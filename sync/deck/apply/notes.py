"""Gives the plan's decks, note types and notes to the writer of the collection."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ....convert.deck_file.definition import ModelDef
from ...activity.recorder import Recorder
from ...collection.clean import clean_deck_name, clean_tags, clean_text
from ...collection.decks import home_of, iterate_notes
from ...collection.dynamic_type import find_notetype as find_dynamic_type
from ...collection.planned_notes import Addition, DeckTakesNoNotes, Move, NoteEdit, PlannedNote
from ...collection.reads import note_digest
from ...collection.record import About
from ...collection.writer import CollectionWriter
from ...run.faults import tell_fault
from ...run.progress import Progress
from ...run.report import Message
from ..changes import DeckChange, DeckNote, DeckPlan, ModelChange
from ..dynamic import DECLARED, DYNAMIC
from ..models import NotetypeFacts, change_notetype, find_notetype, make_notetype, read_notetypes
from ..values import Values

if TYPE_CHECKING:
    from anki.collection import Collection as AnkiCollection

UNDO_NAME = "Sync TOML Deck"
Writer = CollectionWriter[DeckNote]


def new_writer(
    col: AnkiCollection,
    plan: DeckPlan,
    progress: Progress,
    told: list[Message],
    recorder: Recorder,
) -> Writer:
    """A writer for the notes of a plan. It adds a message to ``told`` for each failed note."""
    file = str(plan.file)

    def tell(change: DeckNote, error: Exception) -> None:
        note_id = change.note_id or None
        if isinstance(error, DeckTakesNoNotes):
            told.append(Message("error", f"“{change.title}”: {error}", file, note_id))
        else:
            what = f"“{change.title}”, which was not written into Anki"
            told.append(tell_fault(error, what, file, note_id))

    return CollectionWriter(col, UNDO_NAME, progress, tell, recorder, _describe)


def _describe(change: DeckNote) -> About:
    return About(change.title)


def write_decks(writer: Writer, decks: Sequence[DeckChange]) -> list[DeckChange]:
    """Create missing decks, and set descriptions.

    Returns the decks whose description is another one by now: it stays.
    """
    late = []
    for deck in decks:
        id_ = writer.make_deck(clean_deck_name(deck.name))
        text = deck.description
        if text is not None and not writer.describe_deck(id_, text, deck.seen):
            late.append(deck)
    return late


def write_models(
    writer: Writer, changes: Sequence[ModelChange], seen: Mapping[int, ModelDef]
) -> None:
    """Add and change note types. ``seen`` are those of Anki as the plan has seen them."""
    for change in changes:
        assert change.to_anki is not None
        if change.to_anki is DYNAMIC:
            continue  # ``prepare_dynamic`` has made it
        if change.notetype:
            id_ = change.notetype
            writer.write(partial(change_notetype, writer.col, id_, change.to_anki, seen.get(id_)))
        else:
            writer.write(partial(make_notetype, writer.col, change.to_anki))


def read_again(col: AnkiCollection, changes: Sequence[DeckNote]) -> list[DeckNote]:
    """The changes with their notes as Anki has them now."""
    ids = sorted(change.note_id for change in changes if change.anki)
    now = {row.id: row for row in iterate_notes(col, ids)}
    return [
        replace(change, anki=now[change.note_id]) if change.note_id in now else change
        for change in changes
    ]


def planned_note(change: DeckNote) -> PlannedNote[DeckNote]:
    """A note as the plan has seen it, for the writer."""
    assert change.anki is not None
    return PlannedNote(change, change.note_id, note_digest(change.anki), change.anki.decks)


def note_edit(change: DeckNote) -> NoteEdit[DeckNote]:
    """The edit of a note in Anki, for the writer."""
    assert change.anki is not None
    new = {(p.part, p.name): p.to_anki for p in change.parts if p.to_anki is not None}
    parts = {part: text for (part, _), text in new.items()}
    rewritten = parts.keys() - {"deck"}
    values = change.anki_fields if change.anki_fields and rewritten else None
    fields = {name: clean_text(text) for (part, name), text in new.items() if part == "field"}
    seen = {p.name: p.anki for p in change.parts if p.name in fields and p.anki is not None}
    return NoteEdit(
        change,
        change.note_id,
        note_digest(change.anki),
        change.anki.decks,
        values=values,
        fields={} if values else fields,
        seen=seen,
        tags=tuple(parts["tags"].split()) if "tags" in parts else None,
        move=Move(parts["deck"], home_of(change.anki)) if "deck" in parts else None,
        dynamic=values is not None,
    )


def note_additions(
    col: AnkiCollection, plan: DeckPlan, values: Values, changes: Sequence[DeckNote]
) -> list[Addition[DeckNote]]:
    """The notes that the plan adds to Anki, for the writer."""
    assert plan.definition is not None
    markdown = {model.name: {*model.markdown_fields} for model in plan.definition.models}
    dynamic = find_dynamic_type(col) or 0
    types = {
        name: _find_type(col, plan, name)
        for name in {change.model for change in changes} - DECLARED.keys()
    }
    additions = []
    for change in changes:
        assert change.toml is not None
        notetype, fields = dynamic, change.anki_fields
        if change.model not in DECLARED:
            facts = types[change.model]
            notetype = facts.id
            fields = _fields(change, facts.fields, markdown[change.model], values)
        deck = clean_deck_name(change.toml.deck)
        tags = clean_tags(change.toml.tags or ())
        additions.append(Addition(change, notetype, fields, deck, tags, change.new_guid))
    return additions


def _fields(
    change: DeckNote, names: Sequence[str], markdown: Collection[str], values: Values
) -> tuple[str, ...]:
    assert change.toml is not None
    texts = change.toml.fields
    return tuple(values.to_anki(texts.get(name, ""), name in markdown) for name in names)


def _find_type(col: AnkiCollection, plan: DeckPlan, model: str) -> NotetypeFacts:
    """A model's note type; when it was renamed in Anki, the type of the model's notes there."""
    facts = find_notetype(col, model, None)
    if facts is None:
        known = (m.notetype for m in plan.models if m.name == model and m.notetype)
        held = (n.anki.notetype for n in plan.notes if n.model == model and n.anki)
        (facts,) = read_notetypes(col, [next(known, 0) or next(held)]).values()
    return facts
