"""Decides what happens to a note whose page was deleted, or the other way. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Optional

from ....convert.page.page_text import split_page
from ....convert.page.properties import PropertiesError
from ...collection.reads import note_digest
from ...reconcile.note_change import NoteChange
from ...run.faults import PASSES, log_fault
from ..changes import PageChange, Why
from ..outward.page_maker import Present, says
from ..outward.page_record import PageRecord, digest_managed
from ..read.pages_on_disk import PageOnDisk
from ..rows import Held, PageRow, unpack_fields
from .property_edits import read_property_edits
from .restoring import LostNote, LostPage, read_deleted
from .two_way_run import TwoWayRun
from .undone_edits import is_taken_back, keep_what_was_typed


@dataclass(frozen=True)
class DeletionJudge:
    """Asks before a deletion on one side also deletes something on the other side."""

    run: TwoWayRun

    def judge_missing(self, record: PageRecord, known: Optional[PageRow]) -> Optional[PageChange]:
        """For a note whose page was deleted: ask whether to delete the note as well.

        A note that never had a page gets one. None while the question is open.
        """
        run, note_id = self.run, record.row.id
        if known is None or run.direction.refill:
            return run.maker.create(record, known)
        if not run.direction.inward:
            return None
        cards = run.snapshot.anki.count_cards(note_id)
        held = run.maker.find_held(note_id)
        edited = held is not None and unpack_fields(held.fields) != record.row.fields
        question = run.asking.ask_page_deleted(note_id, known.path, record.title, cards, edited)
        run.findings.questions.append(question)
        if question.answer == "keep":
            return run.maker.create(record, known)
        if question.answer != "delete":
            return None
        run.findings.notes.append(
            NoteChange(
                kind="delete",
                note_id=note_id,
                path=known.path,
                title=record.title,
                reason="its page was deleted",
                notetype=record.note.notetype,
                guid=record.note.guid,
                note_digest=note_digest(record.row),
            )
        )
        return PageChange("forget", note_id, known.path, (Why.NOTE_GONE,))

    def judge_left(
        self, note_id: int, page: Optional[PageOnDisk], why: Why
    ) -> Optional[PageChange]:
        """For a page whose note was deleted: delete it, or ask if it was edited.

        None while the question is open, and when the note is restored.
        """
        run, held = self.run, self.run.maker.find_held(note_id)
        if held is None or page is None:
            return run.maker.remove(note_id, page, why)
        if why is not Why.NOTE_GONE:
            change = run.maker.remove(note_id, page, why)
            if held.before is None:  # nothing was typed on it: most pages need no look at Anki
                return change
            rows = run.snapshot.anki.read_with_decks([note_id])
            lacks = any(is_taken_back(held, row) for row in rows)
            return keep_what_was_typed(change, held) if lacks else change
        present = Present(page, split_page(page.text), run.snapshot.known.get(note_id), held)
        lost = self._read_lost(present, held)
        if lost is None:
            return keep_what_was_typed(run.maker.remove(note_id, page, why), held)
        if not run.direction.inward:
            return None
        title = present.known.title if present.known else ""
        question = run.asking.ask_note_deleted(note_id, page.path, title, lost.why_not)
        run.findings.questions.append(question)
        if question.answer == "delete":
            return run.maker.remove(note_id, page, why)
        if question.answer == "keep" and lost.change:
            run.findings.notes.append(lost.change)
        return None

    def _read_lost(self, present: Present, held: Held) -> Optional[LostNote]:
        """The note to restore from an edited page; None when the page was not edited."""
        try:
            return self._read_edited(present, held)
        except PropertiesError as error:
            return LostNote(why_not=f"line {error.line}: {error.message}.")
        except PASSES:
            raise
        except Exception as error:  # a fault of ours must not delete what was typed
            words = log_fault(error, f"note {held.note_id}, which is gone")
            return LostNote(why_not=f"its page cannot be read ({words}).")

    def _read_edited(self, present: Present, held: Held) -> Optional[LostNote]:
        run, managed, own = self.run, present.managed, held.properties
        if managed is None:
            return None
        snapshot, settings = run.snapshot, run.snapshot.settings
        kinds = {kind.name: kind for kind in snapshot.notetypes.values()}
        shown = read_deleted(held, kinds.get(own.notetype), settings.cloze_style)
        text_edited = digest_managed(managed) != held.managed_digest and not (
            shown and says(managed, run.maker.convert_shown(shown).managed)
        )
        if shown is None:
            why_not = "what it was is not known any more." if text_edited else ""
            return LostNote(why_not=why_not) if text_edited else None
        edits = read_property_edits(present, shown, settings.include_tags)
        if not (text_edited or edits.tags_added or edits.tags_removed):
            return None
        path = present.page.path
        deck = edits.deck or snapshot.layout.deck_of(path.rpartition("/")[0]) or own.deck
        names, media = run.read_names(path, [html for _, html in shown.note.fields])
        page = LostPage(present, run.maker.convert_shown(shown), edits, deck, names)
        lost = page.read(kinds.get(own.notetype))
        if lost.change is None:
            return lost
        return LostNote(replace(lost.change, media=tuple(media.incoming.values())))
