"""Writes what was edited in the vault into Anki: one undo step, in chunks, checked again each.

A new note's guid is on its page before the note is in Anki. So a run that is killed in between
is finished by the next one, which finds the note by its guid, and nothing is there twice.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Optional, cast

from ...collection.clean import clean_tags, clean_text
from ...collection.decks import DeckNames, find_guids, iterate_notes, read_decks
from ...collection.dynamic_cards import find_cards, settle_cards
from ...collection.dynamic_type import ensure_notetype, find_notetype
from ...collection.reads import NoteRow, home_decks, note_digest
from ...collection.renderer import install_renderer
from ...reconcile.note_change import MediaIn, NoteChange
from ...run.disk import explain
from ...run.done import Done
from ...run.errors import AnkivaultError
from ...run.faults import tell_fault
from ...run.report import Message
from ..base import unpack
from .context import Work, batches
from .media import bring_media

if TYPE_CHECKING:
    from anki.cards import CardId
    from anki.collection import Collection, OpChanges
    from anki.decks import DeckId
    from anki.models import NotetypeId
    from anki.notes import NoteId

CHUNK = 500
UNDO_NAME = "Ankivault: Edits from Obsidian"
DONE = {
    "edit": Done.NOTE_UPDATED,
    "create": Done.NOTE_ADDED,
    "restore": Done.NOTE_RESTORED,
    "delete": Done.NOTE_DELETED,
}
NOTES_DONE = (Done.MEDIA_ADDED, *DONE.values())
Backup = Callable[[], None]


@dataclass
class NoteWriter:
    """Writes the collection.

    ``changes`` is what Anki's window has to know in the end; ``after`` the digest of each note
    that was edited, as Anki keeps it; ``made`` tells that there are notes whose pages do not know
    their ids yet, or decks without folders.
    """

    work: Work
    backup: Optional[Backup] = None
    changes: Optional[OpChanges] = None
    after: dict[int, bytes] = field(default_factory=dict)
    made: bool = False
    _undo: int = 0
    _brought: dict[MediaIn, bool] = field(default_factory=dict)

    def write(self, changes: Sequence[NoteChange]) -> None:
        """Do the changes. What is not as it was planned with is told, and left."""
        of_kind: dict[str, list[NoteChange]] = {kind: [] for kind in DONE}
        for change in changes:
            of_kind[change.kind].append(change)
        added = [*of_kind["restore"], *of_kind["create"]]
        if any(change.values for change in added):
            self._prepare_dynamic()
        for chunk in batches(of_kind["edit"], CHUNK):
            self._edit(chunk)
        self._add(added)
        if of_kind["delete"] and self._back_up():
            for chunk in batches(of_kind["delete"], CHUNK):
                self._remove(chunk)

    def _prepare_dynamic(self) -> None:
        """Have the dynamic note type. It comes first: Anki's undo steps go when it is new."""
        try:
            install_renderer(self.work.col)
            ensure_notetype(self.work.col)
        except AnkivaultError as error:
            self.work.fail(str(error), None)

    def _edit(self, chunk: Sequence[NoteChange]) -> None:
        for _ in chunk:
            self.work.advance("Updating notes")
        col = self.work.col
        chunk = self._as_planned(chunk)
        rewritten = [c for c in chunk if c.fields or c.values or c.tags]
        if rewritten:
            cards = find_cards(col, [c.note_id for c in chunk if c.values])
            self._begin()
            failed = self._each(rewritten, self._update)
            chunk = [change for change in chunk if change not in failed]
            settle_cards(col, cards, self._merge)
        self._move([change for change in chunk if change.deck])
        self.work.counts[DONE["edit"]] += len(chunk)
        for row in iterate_notes(col, sorted(change.note_id for change in chunk)):
            self.after[row.id] = note_digest(row)

    def _update(self, changes: Sequence[NoteChange]) -> None:
        self.work.col.update_notes([_edited(self.work.col, change) for change in changes])
        self._merge()

    def _each(
        self, changes: Sequence[NoteChange], write: Callable[[Sequence[NoteChange]], None]
    ) -> list[NoteChange]:
        """Write changes at once, or, if that fails, one by one; returns those that failed."""
        failed: list[NoteChange] = []
        try:
            write(changes)
        except Exception as error:
            if len(changes) > 1:
                return [lost for change in changes for lost in self._each([change], write)]
            (change,) = failed = [*changes]
            what = f"“{change.title}”, which was not written into Anki"
            message = tell_fault(error, what, change.path, change.note_id or None)
            self.work.messages.append(message)
        return failed

    def _add(self, changes: Sequence[NoteChange]) -> None:
        if not changes:
            return
        from anki.collection import AddNoteRequest

        col = self.work.col
        taken = find_guids(col, (change.guid for change in changes))
        makers = _Makers(col)
        for chunk in batches(changes, CHUNK):
            ready: dict[str, DeckId] = {}
            claimed: list[NoteChange] = []
            decks = self._find_decks(chunk)
            for change in chunk:
                self.work.advance("Adding notes")
                if change.guid in taken or not makers.knows(change):
                    self.work.postpone(change.path, None, "The note or its type")
                    continue
                assert change.deck is not None
                deck = decks.find(change.deck[1])
                if not deck or deck in decks.filtered:
                    self.work.fail(f"“{change.deck[1]}” takes no notes.", change.path)
                elif self._has_media(change) and self._claim(change):
                    ready[change.guid] = cast("DeckId", deck)
                    claimed.append(change)

            def add(part: Sequence[NoteChange], homes: dict[str, DeckId] = ready) -> None:
                col.add_notes([AddNoteRequest(makers.make(c), homes[c.guid]) for c in part])
                self._merge()
                self.made = True

            if claimed:
                self._begin()
                failed = self._each(claimed, add)
                claimed = [change for change in claimed if change not in failed]
            for change in claimed:
                self.work.counts[DONE[change.kind]] += 1
                if change.kind == "restore":
                    text = "The note is back in Anki. Its cards are new: their review history went."
                    self.work.messages.append(Message("info", text, change.path))

    def _claim(self, change: NoteChange) -> bool:
        """Have the page say which note it is about to be; false when it is not as planned."""
        work = self.work
        try:
            if not work.is_as_planned(change.path, change.file_digest, change.note_id or None):
                return False
            if change.claimed is not None:
                work.files.write(change.path, unpack(change.claimed))
        except OSError as error:
            work.fail(f"The page cannot be written: {explain(error)}.", change.path)
            return False
        return True

    def _remove(self, chunk: Sequence[NoteChange]) -> None:
        for _ in chunk:
            self.work.advance("Deleting notes")
        chunk = self._as_planned(chunk)
        if chunk:
            self._begin()
            self.work.col.remove_notes([cast("NoteId", change.note_id) for change in chunk])
            self._merge()
        self.work.counts[DONE["delete"]] += len(chunk)

    def _back_up(self) -> bool:
        """Make the backup that comes before a deletion; without one nothing is deleted."""
        if self.backup is None:
            return True
        try:
            self.backup()
        except Exception as error:  # whatever it is, it must not be followed by a deletion
            self.work.fail(f"No backup could be made ({error}), so no note was deleted.", None)
            return False
        return True

    def _as_planned(self, chunk: Sequence[NoteChange]) -> list[NoteChange]:
        """Those whose note and page are still what they were planned with."""
        now = {row.id: row for row in iterate_notes(self.work.col, _ids(chunk))}
        names = read_decks(self.work.col)
        same = []
        for change in chunk:
            row = now.get(change.note_id)
            if (
                row is None
                or note_digest(row) != change.note_digest
                or (change.deck and change.deck[0] not in _homes(row, names))
            ):
                self.work.postpone(change.path, change.note_id, "The note")
            elif self._is_page_as_planned(change) and self._has_media(change):
                same.append(change)
        return same

    def _is_page_as_planned(self, change: NoteChange) -> bool:
        """Whether the page is; then the version of Anki that is about to go is kept, if any is."""
        work = self.work
        try:
            if not work.is_as_planned(change.path, change.file_digest, change.note_id):
                return False
            if change.losing is not None:
                kept = work.files.save_in_trash(change.losing_name, unpack(change.losing))
                text = f"Anki's version of this note gave way; it is in the trash as “{kept}”."
                work.messages.append(Message("warning", text, change.path, change.note_id))
        except OSError as error:
            text = f"The note was left as it is: {explain(error)}."
            work.fail(text, change.path, change.note_id)
            return False
        return True

    def _has_media(self, change: NoteChange) -> bool:
        """Bring the media of a change into Anki's folder, unless they are there."""
        work = self.work
        for media in change.media:
            if media not in self._brought:
                try:
                    self._brought[media] = bring_media(work.col, work.root, media)
                    work.counts[Done.MEDIA_ADDED] += self._brought[media]
                except OSError as error:
                    work.fail(f"“{media.source}” was not copied: {explain(error)}.", change.path)
                    self._brought[media] = False
            if not self._brought[media]:
                work.postpone(change.path, change.note_id or None, f"“{media.source}”")
                return False
        return True

    def _find_decks(self, changes: Iterable[NoteChange]) -> DeckNames:
        """The collection's decks, those that these changes want among them."""
        col = self.work.col
        decks = read_decks(col)
        wanted = {change.deck[1]: change.deck[0] for change in changes if change.deck}
        missing = {name: source for name, source in wanted.items() if not decks.find(name)}
        for name, source in sorted(missing.items()):
            self._begin()
            _make_deck(col, name, like=decks.find(source))
            self._merge()
            self.made = True
        return read_decks(col) if missing else decks

    def _move(self, changes: Sequence[NoteChange]) -> None:
        """Change the home deck of notes' cards. Those in a filtered deck stay there until then."""
        if not changes:
            return
        col = self.work.col
        decks = self._find_decks(changes)
        moves = {c.note_id: [decks.find(name) for name in c.deck] for c in changes if c.deck}
        plain: dict[int, list[CardId]] = {}
        borrowed: list[tuple[CardId, int]] = []
        assert col.db is not None
        marks = ",".join(str(note_id) for note_id in moves)
        rows = col.db.all(f"select id, nid, odid, did from cards where nid in ({marks})")
        for card, note_id, original, deck in rows:
            home, target = moves[note_id]
            if (original or deck) != home or not target or target in decks.filtered:
                continue
            if original:
                borrowed.append((card, target))
            else:
                plain.setdefault(target, []).append(card)
        self._begin()
        for target, cards in plain.items():
            col.set_deck(cards, target)
            self._merge()
        if borrowed:
            col.update_cards([_with_home(col, card, target) for card, target in borrowed])
            self._merge()

    def _begin(self) -> None:
        """Open the one undo step that everything here ends up in."""
        if not self._undo:
            self._undo = self.work.col.add_custom_undo_entry(UNDO_NAME)

    def _merge(self) -> None:
        from anki.collection import OpChanges

        done = self.work.col.merge_undo_entries(self._undo)
        if self.changes is None:
            self.changes = OpChanges()
        self.changes.MergeFrom(done)


def _make_deck(col: Collection, name: str, like: int) -> None:
    """Make a deck; its cards are studied by the options of the deck that they come from."""
    new = col.decks.get(cast("DeckId", col.decks.id(name)))
    source = col.decks.get(cast("DeckId", like)) if like else None
    if new and source and not source["dyn"] and new["conf"] != source["conf"]:
        new["conf"] = source["conf"]
        col.decks.update_dict(new)


class _Makers:
    """Makes new notes, faster than asking Anki for each."""

    def __init__(self, col: Collection) -> None:
        self._col = col
        self._patterns: dict[str, tuple[Any, list[str]]] = {}

    def knows(self, change: NoteChange) -> bool:
        """Whether the note type of a change is there, with the fields that the change fills."""
        fields = self._pattern(change)[1]
        if change.values is not None:
            return len(change.values) == len(fields)
        return bool(fields) and {field.name for field in change.fields} <= {*fields}

    def make(self, change: NoteChange) -> Any:
        """A new note, not yet in the collection."""
        pattern, fields = self._pattern(change)
        values = {field.name: clean_text(field.after) for field in change.fields}
        note = copy.copy(pattern)
        note.guid = change.guid
        note.tags = list(clean_tags(change.tags[1])) if change.tags else []
        note.fields = [values.get(name, "") for name in fields]
        if change.values is not None:
            note.fields = list(change.values)
        return note

    def _pattern(self, change: NoteChange) -> tuple[Any, list[str]]:
        notetype = change.notetype
        if notetype not in self._patterns:
            data = self._col.models.by_name(notetype)
            if change.values is not None:
                data = self._col.models.get(cast("NotetypeId", find_notetype(self._col) or 0))
            fields = [entry["name"] for entry in data["flds"]] if data else []
            self._patterns[notetype] = (self._col.new_note(data) if data else None), fields
        return self._patterns[notetype]


def _edited(col: Collection, change: NoteChange) -> Any:
    note = col.get_note(cast("NoteId", change.note_id))
    if change.values is not None:
        note.fields = list(change.values)
    else:
        for part in change.fields:
            note[part.name] = clean_text(part.after)
    if change.tags:
        note.tags = list(clean_tags(change.tags[1]))
    return note


def _with_home(col: Collection, card_id: CardId, deck: int) -> Any:
    card = col.get_card(card_id)
    card.odid = cast("DeckId", deck)
    return card


def _ids(changes: Iterable[NoteChange]) -> list[int]:
    return sorted(change.note_id for change in changes)


def _homes(row: NoteRow, decks: DeckNames) -> set[Optional[str]]:
    return {decks.names.get(deck) for deck in home_decks(row.decks)}
