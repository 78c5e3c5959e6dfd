"""Plans what happens to the page of each note. Reads pages, writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Optional, Protocol

from ....convert.html.masks import holds_broken_masks
from ....convert.page.page_text import find_marks, split_page
from ....convert.page.properties import PropertiesError, read_own
from ....convert.page.told import LINK, knows_more, write_told
from ...collection.reads import NoteRow
from ...reconcile.note_change import NoteChange
from ...reconcile.question import Question
from ...run.faults import name_note, tell_fault
from ...run.report import Message
from ..changes import PageChange, Why
from ..read.pages_on_disk import PageOnDisk, Unreadable
from ..rows import Held, PageRow
from .page_maker import PageMaker, Present, differs_in_links_only, says
from .page_record import PageRecord

FAULT_LEFT = "The note and its page are left as they are, and everything else went on"
_DAMAGED = (
    "The marks “%% anki:begin %%” ({begin}) and “%% anki:end %%” ({end}) are damaged, so nobody "
    "can say which text is yours. The page is left as it is: put both marks back, one of each, or "
    "delete both and what stood between them."
)


def tell_damage(page: PageOnDisk, note_id: Optional[int] = None) -> Message:
    """The message that a page does not have one mark of each kind, with the lines of its marks."""
    places = {
        kind: " and ".join(f"line {line}" for line in find_marks(page.text, kind)) or "not there"
        for kind in ("begin", "end")
    }
    return Message("error", _DAMAGED.format(**places), page.path, note_id)


@dataclass
class Findings:
    """What is found while pages are planned, besides their changes."""

    messages: list[Message] = field(default_factory=list)
    notes: list[NoteChange] = field(default_factory=list)  # only in a two-way run
    questions: list[Question] = field(default_factory=list)
    # Pages that wait for an answer, and that the base does not know, by note id.
    unsettled: dict[int, PageRow] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget all of it, before the next page is planned."""
        for found in (self.messages, self.notes, self.questions, self.unsettled):
            found.clear()


class PageJudge(Protocol):
    """Decides what happens to a page and its note. None: the page stays as it is."""

    def judge_missing(self, record: PageRecord, known: Optional[PageRow]) -> Optional[PageChange]:
        """For a note without a page. ``known`` is the page that it had, if any."""

    def judge_present(self, record: PageRecord, present: Present) -> Optional[PageChange]:
        """For a note with a page, which has both marks or none."""

    def judge_left(
        self, note_id: int, page: Optional[PageOnDisk], why: Why
    ) -> Optional[PageChange]:
        """For a page whose note is deleted, or is in decks that are left out."""


BROKEN_MASKS = (
    "The page shows this note's picture without its masks: one of them is of a kind that is not "
    "known here, or there is other text between them. Nothing is missing in Anki."
)


def take_later_reviews(
    record: PageRecord, front_matter: Optional[str], held: Optional[Held]
) -> PageRecord:
    """The record with how its note is studied as the page tells it, if that is later.

    Another computer has written it, and our Anki hears of these reviews from AnkiWeb. Until then
    the page stays as it is: else two computers would write it in turn. What we wrote ourselves is
    later only where reviews were undone.
    """
    if not record.own.told:
        return record
    written = write_told(held.properties.told) if held else ""
    if written and written in (front_matter or ""):  # most pages need no reading of YAML
        return record
    found = read_own(front_matter).told
    is_ours = held is not None and dict(held.properties.told) == dict(found)
    if is_ours or not knows_more(found, record.own.told):
        return record
    links = tuple(pair for pair in record.own.told if pair[0] == LINK)
    told = (*(pair for pair in found if pair[0] != LINK), *links)
    return replace(record, own=replace(record.own, told=told))


@dataclass
class MirrorJudge:
    """Makes each page show its note. Nothing goes from a page to its note."""

    maker: PageMaker

    def judge_missing(self, record: PageRecord, known: Optional[PageRow]) -> Optional[PageChange]:
        """Write a page for the note."""
        return self.maker.create(record, known)

    def judge_present(self, record: PageRecord, present: Present) -> Optional[PageChange]:
        """Make the page show the note. A page with edits between the marks is kept in the trash."""
        maker, managed = self.maker, present.managed
        if managed is None:
            return maker.update(record, present, record.managed)
        if says(managed, record.managed):
            return maker.update(record, present, managed)
        if self._is_unedited(managed, record, present.held):
            return maker.update(record, present, record.managed)
        losing = Why.EDITED_BY_HAND if present.known else Why.DIFFERS
        return maker.update(record, present, record.managed, losing=losing)

    def judge_left(
        self, note_id: int, page: Optional[PageOnDisk], why: Why
    ) -> Optional[PageChange]:
        """Remove the page."""
        return self.maker.remove(note_id, page, why)

    def _is_unedited(self, managed: str, record: PageRecord, held: Optional[Held]) -> bool:
        """Whether only layout, or folders in links, were changed by hand, if anything."""
        if held is not None and self.maker.is_as_written(managed, record, held):
            return True
        return differs_in_links_only(managed, record.managed)


@dataclass
class PagePlanner:
    """Opens a page, and asks the judge what happens to it."""

    maker: PageMaker
    judge: PageJudge
    findings: Findings

    def plan_page(self, row: NoteRow, deck: str, digest: bytes) -> Optional[PageChange]:
        """The change that brings a note's page up to date; None when the page stays as it is.

        Raises only ``Cancelled``, when the collection was closed: after a fault of ours, the page
        stays as it is, with a message.
        """
        known = self.maker.snapshot.known.get(row.id)
        try:
            return self._plan_page(row, known, deck, digest)
        except Exception as error:
            self.maker.snapshot.anki.check_open()
            what, path = name_note(row.id, row.fields), known.path if known else None
            self.findings.messages.append(tell_fault(error, what, path, row.id, FAULT_LEFT))
            return None

    def plan_left(self, note_id: int, why: Why) -> Optional[PageChange]:
        """The change of a page whose note is deleted or in decks that are left out; or None.

        Raises what ``plan_page`` raises.
        """
        known = self.maker.snapshot.known.get(note_id)
        try:
            page = self.maker.snapshot.finder.find(note_id)
            if not isinstance(page, Unreadable):
                return self.judge.judge_left(note_id, page, why)
            self.findings.messages.append(page.message)
        except Exception as error:
            self.maker.snapshot.anki.check_open()
            path = known.path if known else None
            what, left = (
                f"the page of note {note_id}",
                "The page stays, and everything else went on",
            )
            self.findings.messages.append(tell_fault(error, what, path, note_id, left))
        return None

    def _plan_page(
        self, row: NoteRow, known: Optional[PageRow], deck: str, digest: bytes
    ) -> Optional[PageChange]:
        messages = self.findings.messages
        damage = self._find_damage(row, known)
        if damage is not None:
            messages.append(damage)
            return None
        page = self.maker.snapshot.finder.find(row.id)
        if isinstance(page, Unreadable):
            messages.append(page.message)
            return None
        record = self.maker.convert(row, deck, digest)
        if holds_broken_masks([html for _, html in record.note.fields]):
            path = known.path if known else None
            messages.append(Message("warning", BROKEN_MASKS, path, row.id))
        if page is None:
            return self.judge.judge_missing(record, known)
        try:
            return self._plan_present(record, known, page)
        except PropertiesError as error:
            messages.append(
                Message(
                    "error",
                    f"The properties cannot be read (line {error.line}: {error.message}). "
                    "The page is left as it is: mend the lines between the --- marks.",
                    page.path,
                    row.id,
                )
            )
        return None

    def _plan_present(
        self, record: PageRecord, known: Optional[PageRow], page: PageOnDisk
    ) -> Optional[PageChange]:
        parts = split_page(page.text)
        if parts.damaged:
            self.findings.messages.append(tell_damage(page, record.row.id))
            return None
        held = self.maker.find_held(record.row.id) if known else None
        record = take_later_reviews(record, parts.front_matter, held)
        return self.judge.judge_present(record, Present(page, parts, known, held))

    def _find_damage(self, row: NoteRow, known: Optional[PageRow]) -> Optional[Message]:
        """The message for a note that does not fit its notetype; None if it fits."""
        kind = self.maker.snapshot.notetypes.get(row.notetype)
        if kind is not None and row.fields.count("\x1f") == len(kind.fields) - 1:
            return None
        what = (
            "The note type of this note is missing"
            if kind is None
            else f"This note does not have the fields of its note type “{kind.name}”"
        )
        return Message(
            "error",
            f"{what}, so its page is left alone. In Anki, run Tools ▸ Check Database.",
            known.path if known else None,
            row.id,
        )
