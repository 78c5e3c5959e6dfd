"""Decides what happens to the page of each note. Reads pages, writes nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Optional

from ....convert.html.plain_text import plain_text
from ....convert.markdown.canonical import canonical
from ....convert.page.note import NoteText, PageStyle
from ....convert.page.page_text import (
    PageParts,
    find_marks,
    holds_user_words,
    new_page,
    split_page,
    update_page,
)
from ....convert.page.properties import PropertiesError, find_note_id
from ....convert.page.render import ConvertedNote
from ....convert.text.file_names import fold_name
from ....convert.text.tex_words import typed_formulas_read
from ...collection.reads import NoteRow, Notetype
from ...reconcile.note_change import NoteChange
from ...reconcile.question import Question
from ...run.encodings import encode_page
from ...run.faults import name_note, tell_fault
from ...run.report import Message
from ..base import Base, Held, PageRow
from ..changes import PageChange, PageKind, Why
from ..read.layout import Layout, page_name
from ..read.note_fields import read_fields
from ..read.pages_on_disk import PageFinder, PageOnDisk, Unreadable
from ..read.scan import CONFLICT_COPY, Scan
from ..settings import Settings
from .digests import Digests
from .page_record import (
    PageRecord,
    Shown,
    digest_managed,
    explain_update,
    make_record,
    read_shown,
    style_as_shown,
)

_LINK_FOLDERS = re.compile(r"\[\[(?:[^][|\n]*/)")
FAULT_LEFT = "The note and its page are left as they are, and everything else went on"
_DAMAGED = (
    "The marks “%% anki:begin %%” ({begin}) and “%% anki:end %%” ({end}) are damaged, so nobody "
    "can say which text is yours. The page is left as it is: put both marks back, one of each, or "
    "delete both and what stood between them."
)


def tell_damage(page: PageOnDisk, note_id: Optional[int] = None) -> Message:
    """That the marks of a page are not one of each, and where those are that it has."""
    places = {
        kind: " and ".join(f"line {line}" for line in find_marks(page.text, kind)) or "not there"
        for kind in ("begin", "end")
    }
    return Message("error", _DAMAGED.format(**places), page.path, note_id)


def says(managed: str, other: str) -> bool:
    """Whether two managed parts are the same but for their layout."""
    return managed == other or canonical(managed) == canonical(other)


def differs_in_links_only(one: str, other: str) -> bool:
    """Whether two managed parts are the same but for the folders in their links.

    So are those of before and after the vault folder was moved, by whatever program.
    """
    return canonical(_LINK_FOLDERS.sub("[[", one)) == canonical(_LINK_FOLDERS.sub("[[", other))


@dataclass(frozen=True)
class Present:
    """A page that is there, and what the base knows of it."""

    page: PageOnDisk
    parts: PageParts
    known: Optional[PageRow]
    held: Optional[Held]

    @property
    def managed(self) -> Optional[str]:
        """What stands between the marks, if they are there."""
        managed = self.parts.managed
        return None if managed is None else managed.replace("\r\n", "\n")

    @property
    def first_line(self) -> int:
        """The line of the page on which the managed part begins, from 1."""
        parts = self.parts
        before = (parts.opening, parts.front_matter or "", parts.closing, parts.head, parts.begin)
        return "".join(before).count("\n") + 1


@dataclass
class PagePlanner:
    """What planning a page needs, and what it collects on the way."""

    base: Base
    scan: Scan
    layout: Layout
    settings: Settings
    style: PageStyle
    notetypes: Mapping[int, Notetype]
    digests: Digests
    known: Mapping[int, PageRow]
    finder: PageFinder
    relinked: set[str] = field(default_factory=set)  # media whose embeds have to read otherwise
    messages: list[Message] = field(default_factory=list)
    notes: list[NoteChange] = field(default_factory=list)  # only a two-way run has some
    questions: list[Question] = field(default_factory=list)
    unsettled: dict[int, PageRow] = field(default_factory=dict)  # pages not agreed on yet
    _taken: dict[str, set[str]] = field(default_factory=dict)
    _held: Mapping[int, Held] = field(default_factory=dict)

    def read_note(self, row: NoteRow, deck: str) -> NoteText:
        """The note as a page shows it. Fields and notetype always match in number."""
        notetype = self.notetypes[row.notetype]
        fields, cards = read_fields(row.fields, notetype.fields)
        return NoteText(
            note_id=row.id,
            guid=row.guid,
            deck=deck,
            notetype=notetype.name,
            fields=fields,
            tags=tuple(row.tags.split()),
            cloze_fields=notetype.cloze_fields,
            title_field=notetype.sort_field,
            cards=cards,
        )

    def plan_page(self, row: NoteRow, deck: str, digest: bytes) -> Optional[PageChange]:
        """The change that brings a note's page up to date; nothing when the page is left alone.

        A fault of ours costs this page alone: it is left as it is.
        """
        try:
            return self._plan_page(row, deck, digest)
        except Exception as error:
            known = self.known.get(row.id)
            what, path = name_note(row.id, row.fields), known.path if known else None
            self.messages.append(tell_fault(error, what, path, row.id, FAULT_LEFT))
            return None

    def _plan_page(self, row: NoteRow, deck: str, digest: bytes) -> Optional[PageChange]:
        known = self.known.get(row.id)
        damage = self._find_damage(row, known)
        if damage is not None:
            self.messages.append(damage)
            return None
        page = self.finder.find(row.id)
        if isinstance(page, Unreadable):
            self.messages.append(page.message)
            return None
        record = self.convert(row, deck, digest)
        if page is None:
            return self.plan_missing(record, known)
        try:
            return self._plan_present(record, known, page)
        except PropertiesError as error:
            self.messages.append(
                Message(
                    "error",
                    f"The properties cannot be read (line {error.line}: {error.message}). "
                    "The page is left as it is: mend the lines between the --- marks.",
                    page.path,
                    row.id,
                )
            )
        return None

    def plan_missing(self, record: PageRecord, known: Optional[PageRow]) -> Optional[PageChange]:
        """A note without a page gets one."""
        folder = self.layout.folder_of(record.note.deck)
        path = self._new_path(record.note, record.title, folder)
        text = encode_page(new_page(record.own, record.managed))
        if known:
            return record.change("restore", path, text, Why.PAGE_DELETED)
        return record.change("create", path, text, Why.NO_PAGE_YET)

    def convert(
        self, row: NoteRow, deck: str, digest: bytes, before: Optional[PageRecord] = None
    ) -> PageRecord:
        """The note as it goes onto its page. ``before``: the same note in an earlier state."""
        note = self.read_note(row, deck)
        converted = before.converted.having(note) if before else ConvertedNote(note, self.style)
        return make_record(row, converted, digest, self.settings.two_way)

    def _find_damage(self, row: NoteRow, known: Optional[PageRow]) -> Optional[Message]:
        """What is wrong with a note that does not fit its notetype."""
        kind = self.notetypes.get(row.notetype)
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

    def plan_deletion(self, note_id: int, why: Why) -> Optional[PageChange]:
        """The change that takes away the page of a note that is not to be shown any more."""
        known = self.known.get(note_id)
        page = self.finder.find(note_id)
        if isinstance(page, Unreadable):
            self.messages.append(page.message)
            return None
        if page is None:
            return PageChange("forget", note_id, known.path if known else "", (why,))
        if find_note_id(page.text) not in (None, note_id):  # it has become another note's
            return PageChange("forget", note_id, page.path, (why,))
        held = self.find_held(note_id)
        own = held.properties if held else None
        parts = split_page(page.text)
        intact = (
            held is not None
            and parts.managed is not None
            and digest_managed(parts.managed) == held.managed_digest
        )
        try:
            trash = not intact or holds_user_words(page.text, own)
        except PropertiesError:
            trash = True
        return PageChange(
            "delete",
            note_id,
            page.path,
            (why,),
            file_digest=page.digest,
            trash=trash,
            trash_name=known.path if known else "",
        )

    def _plan_present(
        self, record: PageRecord, known: Optional[PageRow], page: PageOnDisk
    ) -> Optional[PageChange]:
        parts = split_page(page.text)
        if parts.damaged:
            self.messages.append(tell_damage(page, record.row.id))
            return None
        present = Present(page, parts, known, self.find_held(record.row.id) if known else None)
        return self.plan_present(record, present)

    def plan_present(self, record: PageRecord, present: Present) -> Optional[PageChange]:
        """The change that makes a note's page say what the note says."""
        managed = present.managed
        if managed is None:
            return self.update(record, present, record.managed)
        if says(managed, record.managed):
            return self.update(record, present, managed)
        if self.is_unedited(managed, record, present.held):
            return self.update(record, present, record.managed)
        losing = Why.EDITED_BY_HAND if present.known else Why.DIFFERS
        return self.update(record, present, record.managed, losing=losing)

    def is_unedited(self, managed: str, record: PageRecord, held: Optional[Held]) -> bool:
        """Whether nothing but the layout of a managed part was changed by hand."""
        if held is not None and digest_managed(managed) == held.managed_digest:
            return True
        if differs_in_links_only(managed, record.managed):
            return True
        shown = read_shown(held, record.note, self.settings.cloze_style) if held else None
        return shown is not None and says(managed, self.convert_shown(shown, record).managed)

    def convert_shown(self, shown: Shown, record: Optional[PageRecord] = None) -> ConvertedNote:
        """The note as its page was made last. ``record``: what it is now, if it is there."""
        style = style_as_shown(self.style, shown.cloze_style)
        if record is None:
            return ConvertedNote(shown.note, style)
        return record.converted.having(shown.note, style)

    def update(
        self,
        record: PageRecord,
        present: Present,
        managed: str,
        *,
        losing: Optional[Why] = None,
        tags: Optional[tuple[str, ...]] = None,
    ) -> PageChange:
        """The change that brings a page to its place, with our properties and ``managed``.

        ``losing``: why the present text gives way; then it is kept in the trash. ``tags``: those
        of the page that count as ours.
        """
        page, known, held = present.page, present.known, present.held
        previous = held.properties if held else None
        if tags is not None:
            previous = replace(previous or record.own, tags=tags)
        text = update_page(page.text, record.own, previous, managed)
        path = self._wanted_path(record, known, page.path)
        data = encode_page(text)
        old_path = page.path if path != page.path else None
        if losing:
            trash = known.path if known else page.path
            return record.change(
                "rewrite", path, data, losing, page=page, old_path=old_path, trash=trash
            )
        if text != page.text:
            why = explain_update(record, held, known)
            # A page that follows its deck has a new path and a new anki_deck, and reads as before.
            same = split_page(text).managed == present.parts.managed
            kind: PageKind = "move" if old_path and same else "update"
            return record.change(kind, path, data, *why, page=page, old_path=old_path)
        if old_path is not None:
            return record.change("move", path, data, Why.OTHER_FOLDER, page=page, old_path=old_path)
        return record.change("adopt", path, data, Why.AS_IT_SHOULD_BE, page=page)

    def look_up(self, note_ids: Sequence[int]) -> None:
        """Read what the base holds of these notes, which are about to be planned, at once."""
        self._held = self.base.held(note_ids, known=True)

    def find_held(self, note_id: int) -> Optional[Held]:
        """What the base holds of a note."""
        held = self._held.get(note_id)
        return (
            held
            if held is not None
            else self.base.held([note_id], known=note_id in self.known).get(note_id)
        )

    def _wanted_path(self, record: PageRecord, known: Optional[PageRow], path: str) -> str:
        """Where the page should be: it follows its deck, and keeps its name."""
        folder, _, name = path.rpartition("/")
        wanted = self.layout.folders.get(record.note.deck, folder)  # a new deck has none yet
        if self.settings.rename_on_title_change and known and known.title != record.title:
            name = ""
        elif fold_name(folder) == fold_name(wanted):
            return path
        if name and fold_name(name) not in self._taken_in(wanted):
            self._taken_in(wanted).add(fold_name(name))
            return f"{wanted}/{name}"
        if not name:
            self._taken_in(wanted).discard(fold_name(path.rpartition("/")[2]))
        return self._new_path(record.note, record.title, wanted)

    def _new_path(self, note: NoteText, title: str, folder: str) -> str:
        taken = self._taken_in(folder)
        suffix: Optional[str] = str(note.note_id)
        if self.settings.filename_suffix == "none":
            suffix = None
        elif self.settings.filename_suffix != "note_id":
            words = plain_text(dict(note.fields).get(self.settings.filename_suffix, ""))
            suffix = typed_formulas_read(words) or suffix
        name = page_name(title, note.note_id, suffix, taken)
        if CONFLICT_COPY.search(name):  # the next run would pass over it
            name = page_name(title, note.note_id, str(note.note_id), taken)
        taken.add(fold_name(name))
        return f"{folder}/{name}"

    def _taken_in(self, folder: str) -> set[str]:
        """The folded names in use in a folder: on disk, planned, and of index pages."""
        if not self._taken:
            self._taken[""] = set()
            scan = self.scan
            taken = (scan.links, scan.placeholders, scan.misnamed, scan.conflicts, scan.no_files)
            for path in (*scan.pages, *chain.from_iterable(taken)):
                above, _, name = path.rpartition("/")
                self._taken.setdefault(fold_name(above), set()).add(fold_name(name))
            for deck in self.layout.folders:
                above, _, name = self.layout.index_of(deck).rpartition("/")
                self._taken.setdefault(fold_name(above), set()).add(fold_name(name))
        return self._taken.setdefault(fold_name(folder), set())
