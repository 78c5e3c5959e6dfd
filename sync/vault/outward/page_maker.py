"""Makes the changes of pages: what is written, where, and what the base will keep."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Optional

from ....convert.html.plain_text import plain_text
from ....convert.markdown.canonical import canonical
from ....convert.page.note import NoteText, PageStyle
from ....convert.page.page_text import (
    PageParts,
    holds_user_words,
    new_page,
    split_page,
    update_page,
)
from ....convert.page.properties import PropertiesError, find_note_id
from ....convert.page.render import ConvertedNote
from ....convert.page.told import LINK, link_to_note, read_told
from ....convert.text.file_names import fold_file_name, fold_name
from ....convert.text.tex_words import typed_formulas_read
from ...collection.reads import NoteRow
from ...run.encodings import encode_page
from ..changes import PageChange, PageKind, Why
from ..read.layout import page_name
from ..read.note_fields import read_fields
from ..read.pages_on_disk import PageOnDisk
from ..read.scan import is_like_conflict_copy
from ..read.snapshot import VaultSnapshot
from ..rows import Held, PageRow
from .claims import InUse, SharedNames
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


def says(managed: str, other: str) -> bool:
    """Whether two managed parts are the same, or differ only in layout."""
    return managed == other or canonical(managed) == canonical(other)


def differs_in_links_only(one: str, other: str) -> bool:
    """Whether two managed parts are the same, or differ only in layout and in folders in links.

    Such differences are made by moving the vault folder, with any program.
    """
    return canonical(_LINK_FOLDERS.sub("[[", one)) == canonical(_LINK_FOLDERS.sub("[[", other))


@dataclass(frozen=True)
class Present:
    """A page on disk, and what the base knows of it."""

    page: PageOnDisk
    parts: PageParts
    known: Optional[PageRow]
    held: Optional[Held]

    @property
    def managed(self) -> Optional[str]:
        """The text between the marks, with ``\\n`` as line ending; None if there are no marks."""
        managed = self.parts.managed
        return None if managed is None else managed.replace("\r\n", "\n")

    @property
    def first_line(self) -> int:
        """The number of the line on which the managed part begins, from 1."""
        parts = self.parts
        before = (parts.opening, parts.front_matter or "", parts.closing, parts.head, parts.begin)
        return "".join(before).count("\n") + 1


@dataclass
class PageMaker:
    """Makes the changes of pages. No two pages get the same path."""

    snapshot: VaultSnapshot
    style: PageStyle
    digests: Digests
    names: SharedNames = field(default_factory=SharedNames)
    held: Mapping[int, Held] = field(default_factory=dict)  # of the notes that are planned next

    def read_note(self, row: NoteRow, deck: str) -> NoteText:
        """The note as a page shows it. It must have as many fields as its notetype."""
        notetype = self.snapshot.notetypes[row.notetype]
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
            told=self._tell(row),
        )

    def _tell(self, row: NoteRow) -> tuple[tuple[str, str], ...]:
        """The properties of the note's page that only tell something."""
        told = read_told(row.study)
        if self.snapshot.settings.anki_links:
            told += ((LINK, link_to_note(row.id)),)
        return told

    def convert(
        self, row: NoteRow, deck: str, digest: bytes, before: Optional[PageRecord] = None
    ) -> PageRecord:
        """The note, converted for its page.

        ``before`` is the record of the same note in another state: the conversion of equal fields
        is taken from it.
        """
        note = self.read_note(row, deck)
        converted = before.converted.having(note) if before else ConvertedNote(note, self.style)
        return make_record(row, converted, digest, self.snapshot.settings.two_way)

    def find_held(self, note_id: int) -> Optional[Held]:
        """What the base holds of a note; None if it knows no page of it."""
        held = self.held.get(note_id)
        if held is None and note_id in self.snapshot.known:
            held = self.snapshot.base.held([note_id])[note_id]
        return held

    def convert_shown(self, shown: Shown, record: Optional[PageRecord] = None) -> ConvertedNote:
        """The note, converted, as its page was last written. ``record`` is the note now, if any."""
        if record is None:
            return ConvertedNote(shown.note, style_as_shown(self.style, shown.cloze_style))
        return record.converted.having(shown.note, shown.cloze_style)

    def is_as_written(self, managed: str, record: PageRecord, held: Held) -> bool:
        """Whether a managed part is as we last wrote it, or differs only in layout."""
        if digest_managed(managed) == held.managed_digest:
            return True
        shown = read_shown(held, record.note, self.snapshot.settings.cloze_style)
        return shown is not None and says(managed, self.convert_shown(shown, record).managed)

    def create(self, record: PageRecord, known: Optional[PageRow]) -> PageChange:
        """The change that writes a page for a note that has none. ``known``: it had one before."""
        folder = self.snapshot.layout.folder_of(record.note.deck)
        path = self._new_path(record.note, record.title, folder)
        text = encode_page(new_page(record.own, record.managed))
        if known:
            return record.change("restore", path, text, Why.PAGE_DELETED)
        return record.change("create", path, text, Why.NO_PAGE_YET)

    def update(
        self,
        record: PageRecord,
        present: Present,
        managed: str,
        *,
        losing: Optional[Why] = None,
        tags: Optional[tuple[str, ...]] = None,
    ) -> PageChange:
        """The change of a page that exists: its path, our properties, and ``managed`` as its text.

        ``losing`` says why the text of the page is replaced; then the old page is kept in the
        trash. ``tags`` are the tags on the page that count as ours.
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
        # The page of a note in a new deck gets a new path and anki_deck, but the same text.
        same = split_page(text).managed == present.parts.managed
        puts_back = same and known is not None and known.digest == record.digest
        if text != page.text:
            why = explain_update(record, held, known)
            kind: PageKind = "move" if old_path and same else "update"
            change = record.change(kind, path, data, *why, page=page, old_path=old_path)
            return replace(change, puts_back=puts_back)
        if old_path is not None:
            why = (Why.OTHER_FOLDER,)
            change = record.change("move", path, data, *why, page=page, old_path=old_path)
            return replace(change, puts_back=puts_back)
        return record.change("adopt", path, data, Why.AS_IT_SHOULD_BE, page=page)

    def remove(self, note_id: int, page: Optional[PageOnDisk], why: Why) -> PageChange:
        """The change that removes the page of a note that has no page any more.

        A page with text of the user goes to the trash. ``page`` is None when it is gone already.
        """
        known = self.snapshot.known.get(note_id)
        if page is None:
            return PageChange("forget", note_id, known.path if known else "", (why,))
        if find_note_id(page.text) not in (None, note_id):  # it is another note's page now
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

    def _wanted_path(self, record: PageRecord, known: Optional[PageRow], path: str) -> str:
        """The path that a page should have: in the folder of its deck, with the name it has.

        With ``rename_on_title_change`` it gets a new name when its title changes.
        """
        folder, _, name = path.rpartition("/")
        wanted = self.snapshot.layout.folders.get(
            record.note.deck, folder
        )  # a new deck has none yet
        if self.snapshot.settings.rename_on_title_change and known and known.title != record.title:
            name = ""
        elif fold_name(folder) == fold_name(wanted):
            return path
        if name and fold_name(name) not in self._taken_in(wanted):
            self._taken_in(wanted).add(fold_name(name))
            return f"{wanted}/{name}"
        if not name and fold_name(folder) == fold_name(wanted):  # its own name, not another page's
            self._taken_in(wanted).discard(fold_file_name(path))
        return self._new_path(record.note, record.title, wanted)

    def _new_path(self, note: NoteText, title: str, folder: str) -> str:
        taken = self._taken_in(folder)
        suffix: Optional[str] = str(note.note_id)
        if self.snapshot.settings.filename_suffix == "none":
            suffix = None
        elif self.snapshot.settings.filename_suffix != "note_id":
            words = plain_text(dict(note.fields).get(self.snapshot.settings.filename_suffix, ""))
            suffix = typed_formulas_read(words) or suffix
        name = page_name(title, note.note_id, suffix, taken)
        if is_like_conflict_copy(name):  # the next run would take it for a conflict copy
            name = page_name(title, note.note_id, str(note.note_id), taken)
        taken.add(fold_name(name))
        return f"{folder}/{name}"

    def _taken_in(self, folder: str) -> InUse:
        """The folded names in use in a folder: on disk, of planned pages, and of index pages."""
        in_use = partial(self.snapshot.names_taken, folder)
        return self.names.of(("folder", fold_name(folder)), in_use)
