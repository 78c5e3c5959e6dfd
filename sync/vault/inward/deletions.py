"""Decides what becomes of a note whose page is gone, or a page whose note is. Writes nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

from ....convert.page.page_text import split_page
from ....convert.page.properties import PropertiesError
from ....convert.vault_names import VaultNames
from ...collection.card_effects import count_cards
from ...collection.reads import note_digest
from ...reconcile.note_change import NoteChange
from ...run.faults import PASSES, log_fault
from ..base import Held, PageRow, unpack_fields
from ..changes import Direction, PageChange, Why
from ..outward.page_planner import PagePlanner, Present, says
from ..outward.page_record import PageRecord, digest_managed
from ..read.obsidian_uri import make_link_reader
from ..read.pages_on_disk import PageOnDisk
from .property_edits import read_property_edits
from .questions import Asking
from .restoring import LostNote, read_deleted, read_lost
from .undone_edits import keep_what_was_typed

if TYPE_CHECKING:
    from anki.collection import Collection

    from .incoming_media import MediaReader


class GonePlanner(PagePlanner):
    """Plans pages, and asks before a deletion on one side becomes one on the other.

    ``refill``: missing pages are written again, for the folder was emptied on purpose.
    """

    def __init__(
        self,
        col: Collection,
        direction: Direction,
        media: MediaReader,
        root: Optional[Path],
        *,
        refill: bool,
        **makings: Any,
    ) -> None:
        super().__init__(**makings)
        self._col = col
        self._direction = direction
        self._media = media
        self._root = root
        self._refill = refill
        self._asking = Asking(direction.answers, self.settings.conflict_policy)

    def plan_missing(self, record: PageRecord, known: Optional[PageRow]) -> Optional[PageChange]:
        """A page that was deleted: a person says whether its note goes as well."""
        if known is None or self._refill:
            return super().plan_missing(record, known)
        if not self._direction.inward:
            return None
        note_id = record.row.id
        cards = count_cards(self._col, note_id)
        held = self.find_held(note_id)
        edited = held is not None and unpack_fields(held.fields) != record.row.fields
        question = self._asking.ask_page_deleted(note_id, known.path, record.title, cards, edited)
        self.questions.append(question)
        if question.answer == "keep":
            return super().plan_missing(record, known)
        if question.answer != "delete":
            return None
        self.notes.append(
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

    def plan_deletion(self, note_id: int, why: Why) -> Optional[PageChange]:
        """A note that is gone takes its page along, unless that was edited: then a person says."""
        held, page = self.find_held(note_id), self.finder.find(note_id)
        if why is not Why.NOTE_GONE or held is None or not isinstance(page, PageOnDisk):
            return super().plan_deletion(note_id, why)
        present = Present(page, split_page(page.text), self.known.get(note_id), held)
        try:
            lost = self._read_lost(present, held)
        except PropertiesError as error:
            lost = LostNote(why_not=f"line {error.line}: {error.message}.")
        except PASSES:
            raise
        except Exception as error:  # a fault of ours must not cost what was typed
            words = log_fault(error, f"note {note_id}, which is gone")
            lost = LostNote(why_not=f"its page cannot be read ({words}).")
        if lost is None:
            return keep_what_was_typed(super().plan_deletion(note_id, why), held)
        if not self._direction.inward:
            return None
        title = present.known.title if present.known else ""
        question = self._asking.ask_note_deleted(note_id, page.path, title, lost.why_not)
        self.questions.append(question)
        if question.answer == "delete":
            return super().plan_deletion(note_id, why)
        if question.answer == "keep" and lost.change:
            self.notes.append(lost.change)
        return None

    def _read_lost(self, present: Present, held: Held) -> Optional[LostNote]:
        """What an edited page still has of its note; nothing when it was not edited."""
        managed, own = present.managed, held.properties
        if managed is None:
            return None
        kinds = {kind.name: kind for kind in self.notetypes.values()}
        shown = read_deleted(held, kinds.get(own.notetype), self.settings.cloze_style)
        text_edited = digest_managed(managed) != held.managed_digest and not (
            shown and says(managed, self.convert_shown(shown).managed)
        )
        if shown is None:
            why_not = "what it was is not known any more." if text_edited else ""
            return LostNote(why_not=why_not) if text_edited else None
        edits = read_property_edits(present, shown, self.settings.include_tags)
        if not (text_edited or edits.tags_added or edits.tags_removed):
            return None
        path = present.page.path
        deck = edits.deck or self.layout.deck_of(path.rpartition("/")[0]) or own.deck
        media = self._media.for_page(path, [html for _, html in shown.note.fields])
        names = VaultNames(media=media, link=make_link_reader(self._root, self._media.below + path))
        kind = kinds.get(own.notetype)
        lost = read_lost(present, self.convert_shown(shown), kind, edits, deck, names)
        if lost.change is None:
            return lost
        return LostNote(replace(lost.change, media=tuple(media.incoming.values())))
