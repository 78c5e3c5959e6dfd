"""Writes the note changes of a plan into Anki, through ``CollectionWriter``.

The guid of a new note is written on its page before the note is added. When a run is killed in
between, the next one finds the note by its guid, so no note is added twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Optional, cast

from ...collection.clean import clean_tags, clean_text
from ...collection.decks import iterate_notes
from ...collection.dynamic_type import find_notetype
from ...collection.planned_notes import Addition, DeckTakesNoNotes, Move, NoteEdit, PlannedNote
from ...collection.reads import note_digest
from ...collection.record import About
from ...collection.writer import CollectionWriter
from ...reconcile.note_change import MediaIn, NoteChange
from ...run.disk import explain
from ...run.done import Done
from ...run.errors import AnkivaultError
from ...run.faults import tell_fault
from ...run.report import Message
from ..rows import unpack
from .carried import find_carried
from .context import Work, batches
from .manner import AT_ONCE, Manner
from .media import bring_media

if TYPE_CHECKING:
    from anki.collection import OpChanges
    from anki.models import NotetypeId

DONE = {
    "edit": Done.NOTE_UPDATED,
    "create": Done.NOTE_ADDED,
    "restore": Done.NOTE_RESTORED,
    "delete": Done.NOTE_DELETED,
}
NOTES_DONE = (Done.MEDIA_ADDED, *DONE.values())


@dataclass
class NoteWriter:
    """Writes the note changes of a plan.

    ``after`` maps the id of each note that was edited to its digest as Anki stores it.
    """

    work: Work
    manner: Manner = AT_ONCE
    after: dict[int, bytes] = field(default_factory=dict)
    _brought: dict[MediaIn, bool] = field(default_factory=dict)
    _trash: dict[int, str] = field(default_factory=dict)  # note id → where Anki's version is now

    def __post_init__(self) -> None:
        self._writer = CollectionWriter(
            self.work.col,
            self.manner.undo_name,
            self.work.progress,
            self._tell,
            self.work.recorder,
            self._describe,
        )
        self._types: dict[str, tuple[int, list[str]]] = {}

    @property
    def changes(self) -> Optional[OpChanges]:
        """The changes that Anki's window needs to refresh itself."""
        return self._writer.changes

    @property
    def added_ids(self) -> list[int]:
        """The ids of the notes that were added."""
        return [note_id for _, note_id in self._writer.added]

    def find_left(self, changes: Sequence[NoteChange]) -> frozenset[int]:
        """The notes that were to be edited or deleted and were not: their pages wait with them.

        Why they were not has been told.
        """
        done = self.after.keys() | {change.note_id for change in self._writer.removed}
        ids = (change.note_id for change in changes if change.kind in ("edit", "delete"))
        return frozenset(id_ for id_ in ids if id_ not in done)

    @property
    def made(self) -> bool:
        """Whether notes or decks were added, so that pages lack ids, or decks lack folders."""
        return bool(self._writer.added) or self._writer.made_decks

    def write(self, changes: Sequence[NoteChange]) -> None:
        """Write the changes. What has changed since the plan gets a message and stays as it is."""
        of_kind: dict[str, list[NoteChange]] = {kind: [] for kind in DONE}
        for change in changes:
            of_kind[change.kind].append(change)
        added = [*of_kind["restore"], *of_kind["create"]]
        try:
            if any(change.values for change in added):
                self._prepare_dynamic()
            self._edit(of_kind["edit"])
            self._writer.add([self._addition(change) for change in added], self._claim)
            deletions = self._without_moved(of_kind["delete"])
            if deletions and self._back_up():
                deleted = [PlannedNote(c, c.note_id, c.note_digest) for c in deletions]
                self._writer.remove(deleted, self._is_page_as_planned)
        finally:
            self._count()

    def _prepare_dynamic(self) -> None:
        try:
            self._writer.prepare_dynamic()
        except AnkivaultError as error:
            self.work.fail(str(error), None)

    def _edit(self, changes: Sequence[NoteChange]) -> None:
        writer = self._writer
        for chunk in batches(changes):
            done = len(writer.updated)
            writer.update([_note_edit(change) for change in chunk], self._is_page_as_planned)
            ids = sorted(change.note_id for change in writer.updated[done:])
            for row in iterate_notes(self.work.col, ids):
                self.after[row.id] = note_digest(row)

    def _addition(self, change: NoteChange) -> Addition[NoteChange]:
        """A new note. It has no values when its note type lacks a field that it fills."""
        assert change.deck is not None
        notetype, names = self._find_type(change)
        texts = {part.name: clean_text(part.after) for part in change.fields}
        values = change.values
        if values is None:
            fits = texts.keys() <= {*names}
            values = tuple(texts.get(name, "") for name in names) if fits else ()
        tags = clean_tags(change.tags[1]) if change.tags else ()
        deck = change.deck_ids[1] or change.deck[1]
        return Addition(change, notetype, values, deck, tags, change.guid)

    def _find_type(self, change: NoteChange) -> tuple[int, list[str]]:
        """The id of a new note's type, 0 if there is none, and the names of its fields."""
        if change.notetype not in self._types:
            models = self.work.col.models
            data = models.by_name(change.notetype)
            if change.values is not None:
                data = models.get(cast("NotetypeId", find_notetype(self.work.col) or 0))
            fields = [entry["name"] for entry in data["flds"]] if data else []
            self._types[change.notetype] = (int(data["id"]) if data else 0), fields
        return self._types[change.notetype]

    def _claim(self, change: NoteChange) -> bool:
        """Write the guid of the new note on its page. False when the note must not be added."""
        work = self.work
        if not self._has_media(change):
            return False
        try:
            if not work.is_as_planned(change.path, change.file_digest, change.note_id or None):
                return False
            if change.claimed is not None:
                work.files.write(change.path, unpack(change.claimed))
        except OSError as error:
            work.fail(f"The page cannot be written: {explain(error)}.", change.path)
            return False
        return True

    def _count(self) -> None:
        """Count what was done, and postpone notes that have changed since the plan."""
        work, writer = self.work, self._writer
        added = [change for change, _ in writer.added]
        for change in (*writer.updated, *added, *writer.removed):
            work.count_page(DONE[change.kind], change.path)
            if change.kind == "restore":
                text = "The note is back in Anki. Its cards are new: their review history went."
                work.messages.append(Message("info", text, change.path))
        for change in writer.updated:
            if change.note_id in self._trash:
                kept = self._trash[change.note_id]
                text = f"Anki's version of this note gave way; it is in the trash as “{kept}”."
                work.messages.append(Message("warning", text, change.path, change.note_id))
        for change in writer.late:
            new = change.kind in ("create", "restore")
            what = "The note or its type" if new else "The note"
            work.postpone(change.path, None if new else change.note_id, what)

    def _describe(self, change: NoteChange) -> About:
        trash = self._trash.get(change.note_id, "")
        return About(change.title, change.path, DONE[change.kind], trash)

    def _tell(self, change: NoteChange, error: Exception) -> None:
        if isinstance(error, DeckTakesNoNotes):
            deck = change.deck[1] if change.deck else ""
            text = f"“{deck}” takes no notes: it is gone, or a filtered deck, or below one."
            self.work.fail(text, change.path, change.note_id or None)
            return
        what = f"“{change.title}”, which was not written into Anki"
        message = tell_fault(error, what, change.path, change.note_id or None)
        self.work.messages.append(message)

    def _without_moved(self, changes: Sequence[NoteChange]) -> list[NoteChange]:
        """Those whose pages are nowhere: one may be at another place since the plan was made.

        A sync tool takes a page away first, and brings it where it was moved to a while later.
        """
        if not changes:
            return []
        work, found = self.work, frozenset[int]()
        try:
            found = find_carried(work.folder, work.files, work.base)
        except OSError as error:
            work.fail(f"The folder cannot be read: {explain(error)}. No note was deleted.", None)
            return []
        for change in changes:
            if change.note_id in found:
                work.postpone(change.path, change.note_id, "The place of the page")
        return [change for change in changes if change.note_id not in found]

    def _back_up(self) -> bool:
        """Make the backup before a deletion. False when it failed: then no note is deleted."""
        backup = self.manner.backup
        if backup is None:
            return True
        try:
            backup()
        except Exception as error:  # after any error, nothing may be deleted
            self.work.fail(f"No backup could be made ({error}), so no note was deleted.", None)
            return False
        return True

    def _is_page_as_planned(self, change: NoteChange) -> bool:
        """Whether the page has not changed since the plan, and its media are in Anki.

        If Anki's version of the note loses a conflict, it is saved in the trash.
        """
        work = self.work
        try:
            if not work.is_as_planned(change.path, change.file_digest, change.note_id):
                return False
            if change.losing is not None:
                kept = work.files.save_in_trash(change.losing_name, unpack(change.losing))
                self._trash[change.note_id] = kept
        except OSError as error:
            text = f"The note was left as it is: {explain(error)}."
            work.fail(text, change.path, change.note_id)
            return False
        return self._has_media(change)

    def _has_media(self, change: NoteChange) -> bool:
        """Copy the media of a change into Anki's folder. False: one is missing there."""
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


def _note_edit(change: NoteChange) -> NoteEdit[NoteChange]:
    source, target = change.deck_ids
    return NoteEdit(
        change,
        change.note_id,
        change.note_digest,
        values=change.values,
        fields={} if change.values else {p.name: clean_text(p.after) for p in change.fields},
        seen={part.name: part.before for part in change.fields},
        tags=clean_tags(change.tags[1]) if change.tags else None,
        move=Move(target or change.deck[1], source) if change.deck else None,
        dynamic=change.values is not None,
    )
