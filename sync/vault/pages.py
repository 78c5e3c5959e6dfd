"""Decides what happens to the page of each note. Reads pages, writes nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Optional

from ...convert.canonical import canonical
from ...convert.media_refs import media_names
from ...convert.names import fold_name
from ...convert.page import (
    NoteText,
    PageStyle,
    holds_user_words,
    new_page,
    note_title,
    own_properties,
    render_managed,
    split_page,
    update_page,
)
from ...convert.plain_text import plain_text
from ...convert.properties import OwnProperties, PropertiesError
from ..base import Base, Held, PageRow, own_to_json, pack, pack_fields, unpack_fields
from ..collection import NoteRow, Notetype, note_digest
from ..report import Message
from ..settings import Settings
from .changes import PageChange
from .finding import PageFinder, PageOnDisk, decode_page, digest_of, encode_page
from .layout import Layout, page_name
from .note_fields import read_fields, shown_texts
from .scan import Scan

_LINK_FOLDERS = re.compile(r"\[\[(?:[^][|\n]*/)")
DAMAGED = (
    "The marks “%% anki:begin %%” and “%% anki:end %%” are damaged, so nobody can say which text "
    "is yours. The page is left as it is: put both marks back, one of each, or delete both and "
    "what stood between them."
)


def digest_managed(managed: str) -> bytes:
    """Sixteen bytes that stand for a managed part, whatever its line endings."""
    return digest_of(managed.replace("\r\n", "\n").encode("utf-8", "surrogatepass"))


def differs_in_links_only(one: str, other: str) -> bool:
    """Whether two managed parts are the same but for the folders in their links.

    So are those of before and after the vault folder was moved, by whatever program.
    """
    return canonical(_LINK_FOLDERS.sub("[[", one)) == canonical(_LINK_FOLDERS.sub("[[", other))


@dataclass
class PagePlanner:
    """What planning a page needs, and what it collects on the way."""

    base: Base
    scan: Scan
    layout: Layout
    settings: Settings
    style: PageStyle
    notetypes: Mapping[int, Notetype]
    known: Mapping[int, PageRow]
    finder: PageFinder
    relinked: set[str] = field(default_factory=set)  # media whose embeds have to read otherwise
    messages: list[Message] = field(default_factory=list)
    _taken: dict[str, set[str]] = field(default_factory=dict)

    def read_note(self, row: NoteRow, deck: str) -> NoteText:
        """The note as a page shows it. Fields and notetype always match in number."""
        notetype = self.notetypes[row.notetype]
        fields, cards = read_fields(row.fields, notetype)
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
        """The change that brings a note's page up to date; nothing when the page is left alone."""
        known = self.known.get(row.id)
        page = self._find_damage(row, known) or self.finder.find(row.id)
        if isinstance(page, Message):
            self.messages.append(page)
            return None
        try:
            record = self._convert(row, deck, digest)
        except Exception as error:  # a fault of ours in one note must not cost all others
            self.messages.append(
                Message(
                    "error",
                    f"This note cannot be made into a page ({type(error).__name__}: {error}). "
                    "Its page is left as it is. Please report this with the note's fields.",
                    known.path if known else None,
                    row.id,
                )
            )
            return None
        if page is None:
            path = self._new_path(record.note, record.title)
            text = encode_page(new_page(record.own, record.managed))
            reason = "its page was deleted" if known else "new note"
            return record.change("restore" if known else "create", path, reason, text)
        try:
            return self._plan_existing(record, known, page)
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

    def _convert(self, row: NoteRow, deck: str, digest: bytes) -> _Record:
        note = self.read_note(row, deck)
        title = note_title(note)
        managed = render_managed(note, self.style)
        return _Record(row, note, digest, title, managed, own_properties(note, self.style, title))

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

    def plan_deletion(self, note_id: int, reason: str) -> Optional[PageChange]:
        """The change that takes away the page of a note that is not to be shown any more."""
        known = self.known.get(note_id)
        page = self.finder.find(note_id)
        if isinstance(page, Message):
            self.messages.append(page)
            return None
        if page is None:
            return PageChange("adopt", note_id, known.path if known else "", reason)
        held = self.base.held([note_id]).get(note_id)
        own = _held_own(held)
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
            reason,
            file_digest=page.digest,
            trash=trash,
            trash_name=known.path if known else "",
        )

    def _plan_existing(
        self, record: _Record, known: Optional[PageRow], page: PageOnDisk
    ) -> Optional[PageChange]:
        parts = split_page(page.text)
        if parts.damaged:
            self.messages.append(
                Message(
                    "error",
                    DAMAGED,
                    page.path,
                    record.row.id,
                )
            )
            return None
        held = self.base.held([record.row.id]).get(record.row.id) if known else None
        managed = record.managed
        edited = False
        if parts.managed is not None:
            present = parts.managed.replace("\r\n", "\n")
            if present == managed or canonical(present) == canonical(managed):
                managed = present
            elif held is None or digest_managed(present) != held.managed_digest:
                edited = not self._only_reformatted(present, record.row, held)
                edited = edited and not differs_in_links_only(present, managed)
        text = update_page(page.text, record.own, _held_own(held), managed)
        path = self._wanted_path(record, known, held, page.path)
        data = encode_page(text)
        old_path = page.path if path != page.path else None
        if edited:
            return record.change(
                "rewrite",
                path,
                "its text was edited by hand" if known else "differs from the note",
                data,
                page,
                old_path,
                trash=known.path if known else page.path,
            )
        if text != page.text:
            reason = _why(record, held, known)
            # A page that follows its deck has a new path and a new anki_deck, and reads as before.
            kind = "move" if old_path and split_page(text).managed == parts.managed else "update"
            return record.change(kind, path, reason, data, page, old_path)
        if old_path is not None:
            reason = f"belongs to the deck {record.note.deck}"
            return record.change("move", path, reason, data, page, old_path)
        return record.change("adopt", path, "as it should be", data, page)

    def _only_reformatted(self, present: str, row: NoteRow, held: Optional[Held]) -> bool:
        """Whether a managed part is what the note's old fields gave, save its layout."""
        if held is None:
            return False
        own = json.loads(held.own)
        old = row._replace(fields=unpack_fields(held.fields))
        before = render_managed(self.read_note(old, own["deck"]), self.style)
        return canonical(present) == canonical(before)

    def _wanted_path(
        self, record: _Record, known: Optional[PageRow], held: Optional[Held], path: str
    ) -> str:
        """Where the page should be: it follows its deck, and keeps its name."""
        folder, _, name = path.rpartition("/")
        wanted = self.layout.folder_of(record.note.deck)
        if self.settings.rename_on_title_change and known and known.title != record.title:
            name = ""
        elif fold_name(folder) == fold_name(wanted):
            return path
        if name and fold_name(name) not in self._taken_in(wanted):
            self._taken_in(wanted).add(fold_name(name))
            return f"{wanted}/{name}"
        if not name:
            self._taken_in(wanted).discard(fold_name(path.rpartition("/")[2]))
        return self._new_path(record.note, record.title)

    def _new_path(self, note: NoteText, title: str) -> str:
        folder = self.layout.folder_of(note.deck)
        taken = self._taken_in(folder)
        suffix: Optional[str] = str(note.note_id)
        if self.settings.filename_suffix == "none":
            suffix = None
        elif self.settings.filename_suffix != "note_id":
            suffix = plain_text(dict(note.fields).get(self.settings.filename_suffix, "")) or suffix
        name = page_name(title, note.note_id, suffix, taken)
        taken.add(fold_name(name))
        return f"{folder}/{name}"

    def _taken_in(self, folder: str) -> set[str]:
        """The folded names in use in a folder: on disk, planned, and of index pages."""
        if not self._taken:
            self._taken[""] = set()
            scan = self.scan
            for path in (*scan.pages, *scan.links, *scan.placeholders, *scan.misnamed):
                above, _, name = path.rpartition("/")
                self._taken.setdefault(fold_name(above), set()).add(fold_name(name))
            for deck in self.layout.folders:
                above, _, name = self.layout.index_of(deck).rpartition("/")
                self._taken.setdefault(fold_name(above), set()).add(fold_name(name))
        return self._taken.setdefault(fold_name(folder), set())


@dataclass(frozen=True)
class _Record:
    """A note, converted: all that a change of its page is made from."""

    row: NoteRow
    note: NoteText
    digest: bytes
    title: str
    managed: str
    own: OwnProperties

    def change(
        self,
        kind: str,
        path: str,
        reason: str,
        data: bytes,
        page: Optional[PageOnDisk] = None,
        old_path: Optional[str] = None,
        trash: str = "",
    ) -> PageChange:
        managed = split_page(decode_page(data)).managed if page else self.managed
        return PageChange(
            kind=kind,  # type: ignore[arg-type]
            note_id=self.row.id,
            path=path,
            reason=reason,
            old_path=old_path,
            text=None if page and encode_page(page.text) == data else pack(data),
            note_digest=note_digest(self.row),
            file_digest=page.digest if page else b"",
            trash=bool(trash),
            trash_name=trash,
            row=PageRow(
                self.row.id,
                path,
                0,
                0,
                self.digest,
                self.row.decks,
                self.title,
                join_media(self.note),
            ),
            held=Held(
                self.row.id,
                digest_managed(managed or ""),
                own_to_json(self.own.__dict__),
                pack_fields(self.row.fields),
            ),
        )


def join_media(note: NoteText) -> str:
    """The names of the media that a note uses, as the base keeps them."""
    names: dict[str, None] = {}
    for html in shown_texts(note):
        if "<" in html or "[" in html:
            names.update(dict.fromkeys(media_names(html)))
    return "\n".join(names)


def _held_own(held: Optional[Held]) -> Optional[OwnProperties]:
    if held is None:
        return None
    own = json.loads(held.own)
    for key in ("tags", "anki_tags", "aliases"):
        own[key] = None if own[key] is None else tuple(own[key])
    return OwnProperties(**own)


def _why(record: _Record, held: Optional[Held], known: Optional[PageRow]) -> str:
    """What an update is for, in a few words."""
    if held is None or known is None:
        return "properties"
    before = json.loads(held.own)
    reasons = []
    if unpack_fields(held.fields) != record.row.fields:
        reasons.append("fields changed")
    if before["deck"] != record.own.deck:
        reasons.append(f"moved to {record.own.deck}")
    if list(before["tags"]) != list(record.own.tags):
        reasons.append("tags changed")
    if before["notetype"] != record.own.notetype:
        reasons.append("note type changed")
    if not reasons:
        same = known.digest == record.digest
        reasons.append("properties or links" if same else "settings changed")
    return ", ".join(reasons)
