"""The Anki half of a run: one undo step, in chunks, each note checked again before its write."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Optional, TypeVar, cast

from ...collection.clean import clean_deck_name, clean_tags, clean_text
from ...collection.decks import find_cards, home_of, iterate_notes, read_decks
from ...collection.dynamic_cards import find_cards as find_note_cards
from ...collection.dynamic_cards import settle_cards
from ...collection.dynamic_type import ensure_notetype, find_notetypes
from ...collection.reads import note_digest
from ...collection.renderer import install_renderer
from ...run.faults import tell_fault
from ...run.report import Message
from ..changes import DeckChange, DeckNote, DeckPlan, ModelChange
from ..dynamic import DECLARED, DYNAMIC
from ..models import change_notetype, find_notetype, make_notetype
from ..values import Values

if TYPE_CHECKING:
    from anki.collection import AddNoteRequest, Collection, OpChanges
    from anki.decks import DeckId
    from anki.models import NotetypeId
    from anki.notes import NoteId

CHUNK = 1000
UNDO_NAME = "Sync TOML Deck"
T = TypeVar("T")
Advance = Callable[[str, int], None]


@dataclass
class AnkiWriter:
    """Writes the collection. ``changes`` is what Anki's window has to know in the end.

    ``added`` maps positions of the file to the ids of new notes, ``sent`` to their fields;
    ``late`` are the notes that were changed since the plan was made, and were left as they are.
    """

    col: Collection
    plan: DeckPlan
    values: Values
    changes: Optional[OpChanges] = None
    added: dict[int, int] = field(default_factory=dict)
    sent: dict[int, str] = field(default_factory=dict)
    late: list[DeckNote] = field(default_factory=list)
    told: list[Message] = field(default_factory=list)
    _undo: int = 0

    def begin(self) -> None:
        """Open the one undo step that everything here ends up in.

        The type of dynamic notes is made before: Anki forgets its undo steps then. Raises
        ``ForeignNotetype``.
        """
        if any(change.anki_fields for change in self.plan.notes):
            ensure_notetype(self.col)
            install_renderer(self.col)
        self._undo = self.col.add_custom_undo_entry(UNDO_NAME)

    def write_decks(self, decks: Sequence[DeckChange]) -> None:
        """Create decks, and describe them."""
        for deck in decks:
            id_ = self.col.decks.id(clean_deck_name(deck.name))
            assert id_ is not None
            self._merge()
            data = self.col.decks.get(id_, default=False)
            if data and deck.description is not None and data.get("desc") != deck.description:
                data["desc"] = deck.description
                self.col.decks.update_dict(data)
                self._merge()

    def write_models(self, changes: Sequence[ModelChange]) -> None:
        """Make and change note types."""
        for change in changes:
            assert change.to_anki is not None
            if change.to_anki is DYNAMIC:
                continue  # it is there
            if change.notetype:
                change_notetype(self.col, change.notetype, change.to_anki)
            else:
                make_notetype(self.col, change.to_anki)
            self._merge()

    def add_notes(self, changes: Sequence[DeckNote], advance: Advance) -> None:
        """Add notes of the file."""
        from anki.collection import AddNoteRequest

        makers = {name: self._maker(name) for name in {change.model for change in changes}}
        decks = read_decks(self.col)
        for chunk in chunks(changes):
            advance("Adding notes", len(chunk))
            requests: list[AddNoteRequest] = []
            for change in chunk:
                assert change.toml is not None
                home = decks.find(clean_deck_name(change.toml.deck))
                note = makers[change.model](change)
                requests.append(AddNoteRequest(note, cast("DeckId", home)))
            ready = [*zip(chunk, requests)]
            for part in self._each(ready, lambda pair: pair[0], self._add):
                for change, request in part:
                    self.added[change.position] = int(request.note.id)
                    self.sent[change.position] = "\x1f".join(request.note.fields)

    def update_notes(self, changes: Sequence[DeckNote], advance: Advance) -> list[DeckNote]:
        """Update notes and move their cards; returns those that were as planned."""
        done: list[DeckNote] = []
        for chunk in chunks(changes):
            advance("Updating notes", len(chunk))
            chunk = self._as_planned(chunk)
            texts = [
                change
                for change in chunk
                if any(p.to_anki is not None and p.part != "deck" for p in change.parts)
            ]
            if texts:
                cards = find_note_cards(self.col, [c.note_id for c in chunk if c.anki_fields])
                parts = self._each(texts, lambda change: change, self._update)
                written = {change.note_id for part in parts for change in part}
                failed = {change.note_id for change in texts} - written
                chunk = [change for change in chunk if change.note_id not in failed]
                settle_cards(self.col, cards, self._merge)
            self._move(chunk)
            done += chunk
        return done

    def remove_notes(self, changes: Sequence[DeckNote], advance: Advance) -> list[DeckNote]:
        """Delete notes with their cards; returns those that were as planned."""
        done: list[DeckNote] = []
        for chunk in chunks(changes):
            advance("Deleting notes", len(chunk))
            chunk = self._as_planned(chunk)
            if chunk:
                self.col.remove_notes([cast("NoteId", change.note_id) for change in chunk])
                self._merge()
            done += chunk
        return done

    def check(self, changes: Sequence[DeckNote]) -> list[DeckNote]:
        """Those of these notes that are still as planned."""
        return [change for chunk in chunks(changes) for change in self._as_planned(chunk)]

    def read_again(self, changes: Sequence[DeckNote]) -> list[DeckNote]:
        """These changes with their notes as they are now."""
        ids = sorted(change.note_id for change in changes if change.anki)
        now = {row.id: row for row in iterate_notes(self.col, ids)}
        return [
            replace(change, anki=now[change.note_id]) if change.note_id in now else change
            for change in changes
        ]

    def _add(self, ready: Sequence[tuple[DeckNote, AddNoteRequest]]) -> None:
        self.col.add_notes([request for _, request in ready])
        self._merge()

    def _update(self, changes: Sequence[DeckNote]) -> None:
        self.col.update_notes([self._edit(change) for change in changes])
        self._merge()

    def _each(
        self,
        items: Sequence[T],
        change_of: Callable[[T], DeckNote],
        write: Callable[[Sequence[T]], None],
    ) -> list[Sequence[T]]:
        """Write all at once, or, if that fails, one by one; returns what was written."""
        try:
            write(items)
        except Exception as error:
            if len(items) > 1:
                return [part for item in items for part in self._each([item], change_of, write)]
            change = change_of(items[0])
            what = f"“{change.title}”, which was not written into Anki"
            message = tell_fault(error, what, str(self.plan.file), change.note_id or None)
            self.told.append(message)
            return []
        return [items]

    def _maker(self, model: str) -> Callable[[DeckNote], Any]:
        """A function that makes new notes of a model, faster than asking Anki for each."""
        if model in DECLARED:
            return self._dynamic_maker()
        known = next((m for m in self.plan.models if m.name == model and m.notetype), None)
        facts = find_notetype(self.col, model, None)
        notetype_id = facts.id if facts else known.notetype if known else self._known_type(model)
        data = self.col.models.get(notetype_id)  # type: ignore[arg-type]
        assert data is not None and self.plan.definition is not None
        fields = [entry["name"] for entry in data["flds"]]
        pattern = self.col.new_note(data)
        markdown = next(
            {*m.markdown_fields} for m in self.plan.definition.models if m.name == model
        )

        def make(change: DeckNote) -> Any:
            toml = change.toml
            assert toml is not None
            note = copy.copy(pattern)
            note.guid = change.new_guid
            note.tags = list(clean_tags(toml.tags)) if toml.tags else []
            note.fields = [
                self.values.to_anki(toml.fields.get(name, ""), name in markdown) for name in fields
            ]
            return note

        return make

    def _dynamic_maker(self) -> Callable[[DeckNote], Any]:
        data = self.col.models.get(cast("NotetypeId", find_notetypes(self.col)[0]))
        assert data is not None
        pattern = self.col.new_note(data)

        def make(change: DeckNote) -> Any:
            note = copy.copy(pattern)
            note.guid, note.fields = change.new_guid, list(change.anki_fields)
            note.tags = list(clean_tags(change.toml.tags or ())) if change.toml else []
            return note

        return make

    def _known_type(self, model: str) -> int:
        """The note type of a model that was renamed in Anki: that of the notes it has there."""
        return next(n.anki.notetype for n in self.plan.notes if n.model == model and n.anki)

    def _edit(self, change: DeckNote) -> Any:
        note = self.col.get_note(cast("NoteId", change.note_id))
        if change.anki_fields:
            note.fields = list(change.anki_fields)
        for part in change.parts:
            if part.to_anki is None:
                continue
            if part.part == "tags":
                note.tags = part.to_anki.split()
            elif part.part == "field" and not change.anki_fields:
                note[part.name] = clean_text(part.to_anki)
        return note

    def _move(self, changes: Sequence[DeckNote]) -> None:
        """Change the home deck of notes' cards. Those in a filtered deck stay there until then."""
        decks = read_decks(self.col)
        for change in changes:
            target = next((p.to_anki for p in change.parts if p.part == "deck"), None)
            if target is None or change.anki is None:
                continue
            id_ = cast("DeckId", decks.find(target))
            plain, borrowed = find_cards(self.col, change.note_id, home_of(change.anki))
            if plain:
                self.col.set_deck(plain, id_)  # type: ignore[arg-type]
                self._merge()
            if borrowed:
                cards = [self.col.get_card(card) for card in borrowed]  # type: ignore[arg-type]
                for card in cards:
                    card.odid = id_
                self.col.update_cards(cards)
                self._merge()

    def _as_planned(self, changes: Sequence[DeckNote]) -> list[DeckNote]:
        ids = sorted(change.note_id for change in changes)
        now = {row.id: row for row in iterate_notes(self.col, ids)}
        same = []
        for change in changes:
            row = now.get(change.note_id)
            before = change.anki
            assert before is not None
            if (
                row is not None
                and note_digest(row) == note_digest(before)
                and row.decks == before.decks
            ):
                same.append(change)
            else:
                self.late.append(change)
        return same

    def _merge(self) -> None:
        from anki.collection import OpChanges

        done = self.col.merge_undo_entries(self._undo)
        if self.changes is None:
            self.changes = OpChanges()
        self.changes.MergeFrom(done)


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """``items`` in parts that Anki writes at once."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
