"""Turns the changes of a plan into edits of the file's text."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Optional

from ....convert.deck_file.card_edit import CardEdit
from ....convert.deck_file.definition import CardDef, ModelDef, NoteDef
from ....convert.deck_file.edit import (
    DeckEdit,
    Edit,
    MediaEdit,
    ModelEdit,
    NewDeck,
    NewMedia,
    NewModel,
    NewNote,
    NoteEdit,
    RemovedNote,
)
from ...collection.reads import NoteRow
from ...run.errors import DeckFileUnavailable
from ...run.regular import read_regular
from ..changes import DeckNote, DeckPlan
from ..values import Values


def final_note(
    change: DeckNote, note_id: int, values: Values, model: ModelDef, names: Sequence[str]
) -> NoteDef:
    """A note as the file has it after the run.

    ``model`` is as declared after the run. ``names`` are the note type's fields in Anki's order.
    """
    if change.toml is None:
        assert change.anki is not None
        return pulled_note(change.anki, change.deck, values, model, names, change.cards)
    note = replace(change.toml, note_id=note_id)
    if note.is_dynamic:
        guid = note.guid or change.new_guid or (change.anki.guid if change.anki else None)
        note = replace(note, guid=guid, cards=change.cards)
    fields = dict(note.fields)
    for part in change.parts:
        if part.to_toml is None:
            continue
        if part.part == "field":
            fields[part.name] = part.to_toml
        elif part.part == "tags":
            note = replace(note, tags=tuple(part.to_toml.split()))
        elif part.part == "deck":
            note = replace(note, deck=part.to_toml)
    return replace(note, fields=fields) if change.parts else note


def pulled_note(
    row: NoteRow,
    deck: str,
    values: Values,
    model: ModelDef,
    names: Sequence[str],
    cards: tuple[CardDef, ...] = (),
) -> NoteDef:
    """A note of Anki as a note of a file.

    ``names`` are the names of its fields in Anki, ``cards`` the cards of a dynamic note.
    """
    markdown = frozenset(model.markdown_fields)
    return NoteDef(
        deck=deck,
        model=model.name,
        fields={
            name: values.to_toml(html, name in markdown)
            for name, html in zip(model.fields if cards else names, row.fields.split("\x1f"))
        },
        tags=tuple(row.tags.split()),
        guid=row.guid,
        note_id=row.id,
        cards=cards,
    )


def note_edits(change: DeckNote, after: NoteDef) -> Iterable[Edit]:
    """The edits of the file for one note, which is ``after`` in the file after the run."""
    before = change.toml
    if before is None:
        yield NewNote(after)
    elif change.action == "remove_from_toml":
        yield RemovedNote(before.position)
    else:
        fields = {n: v for n, v in after.fields.items() if before.fields.get(n) != v}
        edit = NoteEdit(
            before.position,
            fields,
            after.tags if after.tags != before.tags else None,
            after.deck if after.deck != before.deck else None,
            guid=after.guid if after.guid != before.guid else None,
            note_id=after.note_id if change.writes_id else None,
            cards=_card_edits(before.cards, after.cards),
        )
        if edit != NoteEdit(before.position):
            yield edit


def _card_edits(
    before: Sequence[CardDef], after: Sequence[CardDef]
) -> Optional[tuple[CardEdit, ...]]:
    if before == after:
        return None
    known = {card.position: card for card in before}
    edits = []
    for card in after:
        old = known.get(card.position)
        edits.append(
            CardEdit(
                card.position,
                card.id if old is None or old.id != card.id else None,
                card.front if old is None or old.front != card.front else None,
                card.back if old is None or old.back != card.back else None,
            )
        )
    return tuple(edits)


def other_edits(plan: DeckPlan) -> Iterable[Edit]:
    """The edits of the file for models, decks and media."""
    for model in plan.models:
        if model.to_toml:
            yield ModelEdit(model.to_toml) if model.toml else NewModel(model.to_toml)
    for deck in plan.decks:
        if deck.toml and deck.action == "declare":
            yield NewDeck(deck.toml)
        elif deck.toml and deck.action == "describe_toml":
            yield DeckEdit(deck.toml)
    for media in plan.media:
        if media.declare:
            yield NewMedia(media.declare)
        elif media.describes and media.toml and media.path.is_file():
            data = read_regular(media.path)
            digest, size = sha256(data).hexdigest(), len(data)
            yield MediaEdit(replace(media.toml, sha256=digest, size=size))


def models_after(plan: DeckPlan) -> Mapping[str, ModelDef]:
    """The models that the file declares after the run."""
    assert plan.definition is not None
    return {
        **{model.name: model for model in plan.definition.models},
        **{change.name: change.to_toml for change in plan.models if change.to_toml},
    }


def check_writable(file: Path) -> None:
    """Raise ``DeckFileUnavailable`` when the file or its folder is read-only."""
    place = Path(os.path.realpath(file))
    writable = not place.exists() or (
        stat.S_IMODE(place.stat().st_mode) & 0o222 and os.access(place, os.W_OK)
    )
    folder = next(above for above in place.parents if above.exists())
    if not writable or not os.access(folder, os.W_OK):
        raise DeckFileUnavailable(
            f"“{file}” is read-only, and this run has to write to it. Make it writable, or choose "
            "a run that changes nothing in it. Nothing was written."
        )
