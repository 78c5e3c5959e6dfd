"""A note, converted, and what the base keeps of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Optional

from ....convert.field_style import no_media
from ....convert.html.media_names import media_names
from ....convert.html.missing_embeds import missing_targets
from ....convert.page.note import NoteText, PageStyle
from ....convert.page.page_text import split_page
from ....convert.page.properties import OwnProperties
from ....convert.page.render import ConvertedNote, note_title, own_properties
from ...collection.reads import NoteRow, note_digest
from ...run.encodings import decode_page, encode_page
from ..base import Held, PageRow, pack, pack_fields, to_json, unpack_fields
from ..changes import PageChange, PageKind, Why
from ..read.note_fields import read_fields, shown_texts
from ..read.pages_on_disk import PageOnDisk, digest_of

MISSING = "?"


def digest_managed(managed: str) -> bytes:
    """Sixteen bytes that stand for a managed part, whatever its line endings."""
    return digest_of(managed.replace("\r\n", "\n").encode("utf-8", "surrogatepass"))


@dataclass(frozen=True)
class PageRecord:
    """A note, converted: all that a change of its page is made from.

    ``two_way``: the base learns what a two-way run needs to read the page back.
    """

    row: NoteRow
    converted: ConvertedNote
    digest: bytes
    title: str
    own: OwnProperties
    two_way: bool

    @property
    def note(self) -> NoteText:
        """What the note says."""
        return self.converted.note

    @property
    def managed(self) -> str:
        """The managed part of its page."""
        return self.converted.managed

    def change(
        self,
        kind: PageKind,
        path: str,
        data: bytes,
        *why: Why,
        page: Optional[PageOnDisk] = None,
        old_path: Optional[str] = None,
        trash: str = "",
    ) -> PageChange:
        """The change that makes ``data`` of the note's page, and what the base learns by it."""
        managed = split_page(decode_page(data)).managed if page else self.managed
        return PageChange(
            kind=kind,
            note_id=self.row.id,
            path=path,
            why=why,
            deck=self.own.deck,
            old_path=old_path,
            text=None if page and encode_page(page.text) == data else pack(data),
            note_digest=note_digest(self.row),
            file_digest=page.digest if page else b"",
            trash=bool(trash),
            trash_name=trash,
            row=self.make_row(path),
            held=self._make_held(managed or ""),
        )

    def make_row(self, path: str) -> PageRow:
        """What the base learns of the page at a path; its size and date are to come."""
        media = join_media(self.note, self.converted.style.has_media)
        return PageRow(self.row.id, path, 0, 0, self.digest, self.row.decks, self.title, media)

    def _make_held(self, managed: str) -> Held:
        held = Held(
            self.row.id,
            digest_managed(managed),
            to_json(self.own.__dict__),
            pack_fields(self.row.fields),
        )
        if not self.two_way:
            return held
        return held._replace(
            shown_fields=to_json([name for name, _ in self.note.fields]),
            clozes=to_json(self.note.cloze_fields),
            cloze_style=self.converted.style.cloze_style,
        )


def make_record(row: NoteRow, converted: ConvertedNote, digest: bytes, two_way: bool) -> PageRecord:
    """The record of a note. ``digest`` covers all that its page is made from."""
    title = note_title(converted.note)
    own = own_properties(converted.note, converted.style, title)
    return PageRecord(row, converted, digest, title, own, two_way)


@dataclass(frozen=True)
class Shown:
    """A note as its page last showed it, and in which style of clozes."""

    note: NoteText
    own: OwnProperties
    cloze_style: str


def read_shown(held: Held, now: NoteText, cloze_style: str) -> Optional[Shown]:
    """What the base remembers of a note; nothing when that does not fit together.

    A base written by a mirror does not say which fields there were, nor the style of clozes: then
    they are those of ``now``.
    """
    names, clozes = [name for name, _ in now.fields], now.cloze_fields
    if held.shown_fields is not None:
        names = json.loads(held.shown_fields)
    if held.clozes is not None:
        clozes = tuple(json.loads(held.clozes))
    values, own = unpack_fields(held.fields), held.properties
    fields, cards = read_fields(values, names)
    if not cards and values.count("\x1f") + 1 != len(names):
        return None
    note = NoteText(
        note_id=own.note_id,
        guid=own.guid,
        deck=own.deck,
        notetype=own.notetype,
        fields=fields,
        tags=own.anki_tags or tuple(tag.replace("/", "::") for tag in own.tags),
        cloze_fields=clozes,
        title_field=now.title_field,
        cards=cards,
    )
    return Shown(note, own, held.cloze_style or cloze_style)


def join_media(note: NoteText, exists: Callable[[str], bool] = no_media) -> str:
    """The names of the media that a note uses, as the base keeps them.

    The embeds whose files are not there stand among them, after a sign that no name begins with.
    """
    names: dict[str, None] = {}
    for html in shown_texts(note):
        if "<" in html or "[" in html:
            names.update(dict.fromkeys(media_names(html, exists)))
            names.update((MISSING + target, None) for target in missing_targets(html))
    return "\n".join(names)


def explain_update(
    record: PageRecord, held: Optional[Held], known: Optional[PageRow]
) -> tuple[Why, ...]:
    """What an update is for."""
    if held is None or known is None:
        return (Why.PROPERTIES,)
    before, now = held.properties, record.own
    differs = {
        Why.FIELDS: unpack_fields(held.fields) != record.row.fields,
        Why.DECK: before.deck != now.deck,
        Why.TAGS: before.tags != now.tags,
        Why.NOTE_TYPE: before.notetype != now.notetype,
    }
    other = Why.LINKS if known.digest == record.digest else Why.SETTINGS
    return tuple(why for why, is_so in differs.items() if is_so) or (other,)


def style_as_shown(style: PageStyle, cloze_style: str) -> PageStyle:
    """The style of a page that shows clozes in this way."""
    if style.cloze_style == cloze_style:
        return style
    return replace(style, cloze_style=cloze_style)  # type: ignore[arg-type]
