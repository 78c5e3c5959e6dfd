"""Makes the base's entries after a run. Parts that still differ keep their old entries."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from ....convert.deck_file.definition import NoteDef
from ...collection.clean import ANKIS_TAGS, clean_tags
from ...collection.reads import NoteRow
from ..base import DeckEntry, HeldField, HeldNote, MediaEntry, ModelEntry, NoteEntry
from ..changes import DeckNote, DeckPlan
from ..dynamic import hold_cards
from ..media import file_digest, find_media, media_entry
from ..read.sides import Sides, describe, model_entry

if TYPE_CHECKING:
    from anki.collection import Collection


def learn_decks(col: Collection, plan: DeckPlan, sides: Sides) -> list[DeckEntry]:
    """The base's entries for the declared decks that Anki has."""
    changed = {d.toml.name: d.toml for d in plan.decks if d.toml}
    declared = {**{deck.name: deck for deck in sides.file.decks}, **changed}
    entries = []
    for deck in declared.values():
        id_ = sides.decks.find(sides.deck_name(deck.name))
        known = sides.known_decks.get(deck.name)
        theirs: Optional[str] = describe(col, id_)
        if deck.description is not None and deck.description != theirs:
            theirs = known.description if known else None  # they still differ
        if id_:
            entries.append(DeckEntry(deck.name, id_, theirs))
    return entries


def learn_models(plan: DeckPlan, sides: Sides) -> list[ModelEntry]:
    """The base's entries for the declared models that Anki has."""
    left = {m.name for m in plan.models if not (m.to_anki or m.to_toml)}
    entries = []
    for name, facts in sides.notetypes.items():
        entry, known = model_entry(sides.declared[name], facts), sides.known_models.get(name)
        if name in left:  # both sides still differ
            old = (known.toml_digest, known.anki_digest) if known else (b"", b"")
            entry = ModelEntry(name, facts.id, *old)
        entries.append(entry)
    return entries


def learn_note(sides: Sides, change: DeckNote, note: NoteDef, row: NoteRow) -> NoteEntry:
    """The base's entry for a note that is on both sides now.

    Parts that still differ stay as they were in the base.
    """
    skipped = {(p.part, p.name) for p in change.parts if p.state == "skipped"}
    old = change.held
    anki = sides.anki_note(row)
    markdown = sides.markdown(note.model)
    fields = {}
    for name, html in anki.fields.items():
        if ("field", name) in skipped:
            if old and name in old.fields:
                fields[name] = old.fields[name]
        else:
            fields[name] = HeldField(note.fields.get(name), html, name in markdown)
    own = () if note.tags is not None else ANKIS_TAGS
    tags: Optional[tuple[str, ...]] = clean_tags(note.tags or ())
    if note.tags is None:
        tags = tuple(tag for tag in anki.tags if tag.casefold() not in own)
    if ("tags", "") in skipped:
        tags = old.tags if old else None
    deck: Optional[str] = anki.deck
    if ("deck", "") in skipped:
        deck = old.deck if old else None
    left = {name for part, name in skipped if part == "card"}
    cards = hold_cards(note.cards, anki.cards, old.cards if old else {}, left)
    if old and ("order", "") in skipped:
        cards = {**{id_: cards[id_] for id_ in old.cards if id_ in cards}, **cards}
    held = HeldNote(note.model, deck, tags, fields, cards)
    settled = not skipped and has_fields(sides, note, row)
    mine = sides.toml_digest(note) if settled else b""
    theirs = sides.anki_digest(row) if settled else b""
    return NoteEntry(row.id, mine, theirs, held.pack())


def has_fields(sides: Sides, note: NoteDef, row: NoteRow) -> bool:
    """Whether Anki has all of the note's fields; the text of a missing field was not written."""
    names = sides.by_id[row.notetype].fields
    return all(name in names for name in note.fields)


def learn_media(col: Collection, plan: DeckPlan) -> list[MediaEntry]:
    """The base's entries for planned media that are the same on both sides after the run."""
    folder = Path(col.media.dir())
    entries = []
    for change in plan.media:
        theirs = find_media(folder, change.name)
        if change.action == "none" or theirs is None or not change.path.is_file():
            continue
        with suppress(OSError):  # copying it has told why
            digest = file_digest(change.path)
            if digest == file_digest(theirs):
                entries.append(media_entry(change.name, change.path, theirs, digest))
    return entries
