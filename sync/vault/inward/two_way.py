"""Decides what happens to a note and its page when both may be edited. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Optional, Union

from ....convert.html.plain_text import plain_text
from ....convert.page.note import PageProblem
from ....convert.page.page_text import update_page
from ....convert.page.properties import find_note_id
from ....convert.vault_names import VaultNames
from ....model.note import read_note
from ...collection.card_effects import explain_clozes, find_clozes
from ...collection.dynamic_cards import guard_slots
from ...collection.reads import note_digest
from ...reconcile.note_change import NoteChange
from ...reconcile.question import Question
from ...run.encodings import encode_page
from ...run.report import Message
from ..changes import PageChange, Why
from ..outward.page_maker import Present, says
from ..outward.page_record import PageRecord, Shown, digest_managed, read_shown
from ..read.note_fields import shown_texts
from ..read.pages_on_disk import PageOnDisk, find_undecoded
from ..rows import PageRow, pack
from .arrivals import has_arrived, show_in_fields
from .card_merge import CardMerger
from .deck_moves import DeckWishes
from .deletions import DeletionJudge
from .edit_words import explain_edit
from .field_merge import FieldMerger, FieldsMerged, read_same
from .incoming_media import PageMedia
from .kept_layout import keep_layout
from .missing_marks import tell_unmarked
from .property_edits import find_restored, merge_note_tags, read_property_edits, tell_restored
from .two_way_run import TwoWayRun
from .undone_edits import (
    is_taken_back,
    keep_memory,
    remember_agreed,
    remember_edit,
    remember_new,
)

LEFT = "The page and its note are left as they are."
NOT_UTF8 = "This is not UTF-8; save the page as UTF-8."
OTHER_TYPE = "The note has another note type now: edit it in Anki."


@dataclass(frozen=True)
class _Edit:
    """The edits of a page, and how its note will be."""

    fields: FieldsMerged
    tags: Optional[tuple[str, ...]] = None  # the new tags of the note; None: no change
    deck: Optional[str] = None  # its new deck; None: no change
    present_tags: Optional[tuple[str, ...]] = None  # our tags on the page now
    keeps_text: bool = False  # the text of the page stays as it is
    media: Optional[PageMedia] = None


@dataclass(frozen=True)
class TwoWayJudge:
    """Brings edits of a page into its note, and asks a person where edits conflict."""

    run: TwoWayRun

    def judge_missing(self, record: PageRecord, known: Optional[PageRow]) -> Optional[PageChange]:
        """For a note without a page; see ``DeletionJudge``."""
        return self._deletions.judge_missing(record, known)

    def judge_left(
        self, note_id: int, page: Optional[PageOnDisk], why: Why
    ) -> Optional[PageChange]:
        """For a page without a note, or with one that is left out; see ``DeletionJudge``."""
        return self._deletions.judge_left(note_id, page, why)

    def judge_present(self, record: PageRecord, present: Present) -> Optional[PageChange]:
        """Plan the change of a page, and of its note in ``run.findings``.

        None while there is an open question or a problem, or when edits must wait.
        """
        notes, questions = self.run.findings.notes, self.run.findings.questions
        before = len(notes), len(questions)
        try:
            return self._plan_both(record, present)
        except Exception:  # no note change without its page change
            del notes[before[0] :], questions[before[1] :]
            raise

    @cached_property
    def _deletions(self) -> DeletionJudge:
        return DeletionJudge(self.run)

    @cached_property
    def _decks(self) -> DeckWishes:
        return DeckWishes(self.run.snapshot)

    def _plan_both(self, record: PageRecord, present: Present) -> Optional[PageChange]:
        held, now, cloze_style = present.held, record.note, self.run.snapshot.settings.cloze_style
        shown = read_shown(held, now, cloze_style) if held else None
        if present.managed is None:
            told = tell_unmarked(present, shown.note if shown else now, self.run.maker.style)
            if told:
                self._leave(record, present)
                self._tell_problems(record, present, [told] if self.run.direction.inward else [])
                return None
            return self.run.maker.update(record, present, record.managed)
        properties = read_property_edits(
            present,
            shown or Shown(now, record.own, cloze_style),
            self.run.snapshot.settings.include_tags,
        )
        if shown is None:  # a tag that is missing on the page may be new in Anki
            properties = replace(properties, tags_removed=())
        edit = self._read_text(record, present, shown)
        problems = [*(properties.problems if shown else ()), *edit.fields.problems]
        path, note_id = present.page.path, record.row.id
        questions = self.run.asking.ask_fields(
            note_id, path, record.title, edit.fields.conflicts, shown is not None
        )
        if shown and edit.fields.cards_gone:
            questions.append(self._ask_cards(record, path, edit.fields.cards_gone))
        tags = merge_note_tags(shown.note.tags if shown else now.tags, now.tags, properties)
        deck = self._decks.find_wish(record, present, shown, properties.deck)
        if deck.problem:
            problems.append(PageProblem(0, deck.problem))
        if deck.conflict:
            questions.append(
                self.run.asking.ask_deck(note_id, path, record.title, now.deck, deck.name)
            )
        asks = deck.name or deck.waits
        writes = edit.fields.changes or edit.fields.values or tags is not None or asks
        if not self.run.direction.inward and (problems or questions or writes):
            self._leave(record, present)  # edits wait until Anki has synced with other devices
            return None
        if problems or deck.waits:
            self._leave(record, present)
            self._tell_problems(record, present, problems, deck.waits)
            return None
        self.run.findings.questions += questions
        if any(question.is_open for question in questions):
            self._leave(record, present)
            return None
        moves = deck.name and (not deck.conflict or questions[-1].answer == "obsidian")
        name = deck.name if moves else None
        edit = replace(edit, tags=tags, deck=name, present_tags=properties.present)
        change = self._write(record, present, edit)
        restored = find_restored(properties.told, present.parts.front_matter, record.own)
        if restored and shown:  # else nobody knows that it was a person who edited them
            text = tell_restored(restored)
            self.run.findings.messages.append(Message("info", text, path, note_id))
        return change

    def _read_text(self, record: PageRecord, present: Present, shown: Optional[Shown]) -> _Edit:
        """Read what was edited between the marks."""
        managed = present.managed or ""
        keeps_text = says(managed, record.managed)
        held = present.held
        if keeps_text or (held and self.run.maker.is_as_written(managed, record, held)):
            return self._show_arrived(record, present) or _Edit(
                FieldsMerged(), keeps_text=keeps_text
            )
        line, undecoded = present.first_line, find_undecoded(managed)
        if undecoded:
            problem = PageProblem(line + undecoded - 1, NOT_UTF8)
            return _Edit(FieldsMerged(problems=[problem]))
        if shown and bool(record.note.cards) != bool(shown.note.cards):
            return _Edit(FieldsMerged(problems=[PageProblem(line, OTHER_TYPE)]))
        names, media = self._make_names(present, record)
        before = shown.note if shown else None
        unknown = before is None and not record.note.cards
        if unknown and read_same(managed, record.converted, names):
            return _Edit(FieldsMerged(), keeps_text=not media.stale)
        merged = self._make_merger(record, shown, names).merge(managed, line)
        if self.run.direction.inward:
            self.run.findings.messages += media.tell_missing(present.page.text, record.row.id)
        same = before is None or (before.fields, before.cards) == (
            record.note.fields,
            record.note.cards,
        )
        return _Edit(merged, keeps_text=same and not merged.rewrites, media=media)

    def _show_arrived(self, record: PageRecord, present: Present) -> Optional[_Edit]:
        """For a page without edits: the edit that shows embedded files which exist now, if any."""
        if not has_arrived(record, self.run.media.arrived):
            return None
        names, media = self._make_names(present, record)
        fields = show_in_fields(record, record.row.fields.split("\x1f"), media, names.link)
        return _Edit(fields, media=media) if fields.changes else None

    def _make_merger(
        self, record: PageRecord, shown: Optional[Shown], names: VaultNames
    ) -> Union[FieldMerger, CardMerger]:
        """The merger for this note: one for dynamic notes, or one for all others."""
        note_id, run = record.row.id, self.run
        before = run.maker.convert_shown(shown, record) if shown else None
        now = record.converted.having(record.note, before.style.cloze_style if before else "")
        choose = partial(run.asking.choose_side, note_id)
        if not now.note.cards:
            return FieldMerger(before, now, names, choose)
        cards = run.snapshot.anki.find_cards(note_id)
        values = guard_slots(cards, record.row.fields.split("\x1f"))
        return CardMerger(before, now, values, names, choose, run.asking.find_cards(note_id))

    def _make_names(self, present: Present, record: PageRecord) -> tuple[VaultNames, PageMedia]:
        return self.run.read_names(present.page.path, list(shown_texts(record.note)))

    def _write(self, record: PageRecord, present: Present, edit: _Edit) -> Optional[PageChange]:
        """Plan the change of the note, if any, and of its page."""
        fields = {change.name: change.after for change in edit.fields.changes}
        writes = bool(fields or edit.fields.values) or edit.tags is not None or bool(edit.deck)
        after = self._convert_edited(record, fields, edit) if writes else record
        managed = after.managed
        if edit.keeps_text or says(present.managed or "", managed):
            managed = present.managed or ""
        else:
            managed = self._keep_layout(present, after)
        losing = Why.ANKI_CHOSEN if edit.fields.loses("obsidian") else None
        if managed != present.managed and is_taken_back(present.held, record.row):
            losing = Why.TAKEN_BACK
        tags = edit.present_tags if self.run.snapshot.settings.include_tags else None
        change = self.run.maker.update(after, present, managed, losing=losing, tags=tags)
        if writes:  # not before ``update``, which may raise: then the note stays as it is
            self.run.findings.notes.append(self._change_note(record, present, edit))
        if edit.fields.changes or edit.fields.values:
            return remember_edit(change, record.row)
        is_new = not present.known and find_note_id(present.page.text) != record.row.id
        if is_new and managed == present.managed:
            return remember_new(change)
        held = present.held
        if held is None or (
            managed == present.managed and digest_managed(managed) != held.managed_digest
        ):
            return remember_agreed(change, held, record.row)
        return keep_memory(change, held, record.row)

    def _keep_layout(self, present: Present, after: PageRecord) -> str:
        """The managed part of a note that was edited, with the layout of the page."""
        held, cloze_style = present.held, self.run.snapshot.settings.cloze_style
        shown = read_shown(held, after.note, cloze_style) if held else None
        if shown is None or present.managed is None or shown.cloze_style != cloze_style:
            return after.managed
        names, _ = self._make_names(present, after)
        before = self.run.maker.convert_shown(shown, after).managed
        return keep_layout(before, present.managed, after.converted, names)

    def _convert_edited(
        self, record: PageRecord, fields: dict[str, str], edit: _Edit
    ) -> PageRecord:
        """The record of the note as it will be after the edit."""
        row, deck = record.row, edit.deck or record.note.deck
        values = edit.fields.values
        if values is None and fields:
            values = tuple(fields.get(name, html) for name, html in record.note.fields)
        if values is not None:
            row = row._replace(fields="\x1f".join(values))
        if edit.tags is not None:
            row = row._replace(tags=f" {' '.join(edit.tags)} " if edit.tags else "")
        if edit.deck is not None:
            row = row._replace(decks=self._decks.move(row.decks, record.note.deck, edit.deck))
        shown = deck in self.run.snapshot.layout.folders
        digest = self.run.maker.digests.finish(row) if shown else b""
        return self.run.maker.convert(row, deck, digest, record)

    def _change_note(self, record: PageRecord, present: Present, edit: _Edit) -> NoteChange:
        note, merged = record.note, edit.fields
        after = {**dict(note.fields), **{change.name: change.after for change in merged.changes}}
        clozes = self.run.snapshot.notetypes[record.row.notetype].cloze_fields
        had, has = (find_clozes(each, clozes) for each in (dict(note.fields), after))
        added, removed = tuple(sorted(has - had)), tuple(sorted(had - has))
        tags = None if edit.tags is None else (note.tags, edit.tags)
        deck = None if edit.deck is None else (note.deck, edit.deck)
        reviews = self.run.snapshot.anki.count_reviews(record.row.id, removed) if removed else 0
        told = [c for c in merged.changes if merged.values is None or (c.before and c.after)]
        reasons = [*explain_edit(told, tags, deck), *merged.reasons]
        reasons += explain_clozes(added, removed, reviews)
        losing = merged.loses("anki") or (told and self._is_older(present))
        media = edit.media.incoming.values() if edit.media and merged.rewrites else ()
        return NoteChange(
            kind="edit",
            note_id=record.row.id,
            path=present.page.path,
            title=record.title,
            reason="; ".join(reasons),
            notetype=note.notetype,
            fields=tuple(merged.changes),
            values=merged.values,
            tags=tags,
            deck=deck,
            clozes_added=added,
            clozes_removed=removed,
            media=tuple(media),
            shows_arrived=merged.shows_arrived,
            guid=note.guid,
            note_digest=note_digest(record.row),
            file_digest=present.page.digest,
            losing=pack(self._as_anki_has_it(record, present)) if losing else None,
            losing_name=present.page.path if losing else "",
        )

    def _is_older(self, present: Present) -> bool:
        """Whether the page is older than what we last wrote there.

        A sync tool or a backup may have brought it back, over words of Anki that are nowhere else.
        """
        found = self.run.snapshot.scan.pages.get(present.page.path)
        return bool(present.known and found and found[1] < present.known.mtime)

    def _ask_cards(self, record: PageRecord, path: str, gone: Sequence[str]) -> Question:
        """Ask whether to delete the cards that were deleted from the page."""
        slots = read_note(record.row.fields.split("\x1f")).slots
        reviews = self.run.snapshot.anki.count_reviews(record.row.id, [slots[id_] for id_ in gone])
        fronts = [plain_text(card.front) for card in record.note.cards if card.id in gone]
        return self.run.asking.ask_cards_gone(record.row.id, path, record.title, fronts, reviews)

    def _as_anki_has_it(self, record: PageRecord, present: Present) -> bytes:
        """The page with Anki's version of the note, for the trash."""
        own = present.held.properties if present.held else None
        return encode_page(update_page(present.page.text, record.own, own, record.managed))

    def _leave(self, record: PageRecord, present: Present) -> None:
        """Keep the page in index pages while it waits, also when the base does not know it yet."""
        if present.known is None:
            self.run.findings.unsettled[record.row.id] = record.make_row(present.page.path)

    def _tell_problems(
        self, record: PageRecord, present: Present, problems: list[PageProblem], waits: str = ""
    ) -> None:
        if waits:
            told = Message("warning", waits, present.page.path, record.row.id, once=True)
            self.run.findings.messages.append(told)
        for problem in problems:
            where = f"Line {problem.line}: " if problem.line else ""
            what = problem.text[:1].upper() + problem.text[1:]
            text = f"{where}{what} {LEFT}"
            self.run.findings.messages.append(
                Message("error", text, present.page.path, record.row.id)
            )
