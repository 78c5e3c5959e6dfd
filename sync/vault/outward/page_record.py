"""A converted note, and what the base keeps of it."""

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
from ....convert.page.told import LINK
from ...collection.reads import NoteRow, note_digest
from ...run.encodings import decode_page, encode_page
from ..changes import PageChange, PageKind, Why
from ..read.note_fields import read_fields, shown_texts
from ..read.pages_on_disk import PageOnDisk, digest_of
from ..rows import MISSING, Held, PageRow, pack, pack_fields, to_json, unpack_fields


def digest_managed(managed: str) -> bytes:
    """The digest of a managed part, 16 bytes. It is the same for all kinds of line endings."""
    return digest_of(managed.replace("\r\n", "\n").encode("utf-8", "surrogatepass"))


@dataclass(frozen=True)
class PageRecord:
    """A converted note, and all that is needed to make a change of its page.

    ``two_way``: the base also keeps what a two-way run needs to read the page back.
    """

    row: NoteRow
    converted: ConvertedNote
    digest: bytes
    title: str
    own: OwnProperties
    two_way: bool

    @property
    def note(self) -> NoteText:
        """The note that was converted."""
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
        """The change after which the note's page holds ``data``, with the rows for the base."""
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

    @property
    def media(self) -> str:
        """The names of the media on its page, as the base keeps them: one a line."""
        names = join_media(self.note, self.converted.style.has_media)
        masked = self.converted.masked
        if masked is None:
            return names
        return f"{masked.name}\n{names}" if names else masked.name

    def make_row(self, path: str) -> PageRow:
        """The row for the base of the page at ``path``. Size and date are 0 until it is written."""
        row = self.row
        return PageRow(row.id, path, 0, 0, self.digest, row.decks, self.title, self.media)

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
    """Make the record of a note. ``digest`` is of all that its page is made from."""
    title = note_title(converted.note)
    own = own_properties(converted.note, converted.style, title)
    return PageRecord(row, converted, digest, title, own, two_way)


@dataclass(frozen=True)
class Shown:
    """A note as its page last showed it, and the style of clozes on that page."""

    note: NoteText
    own: OwnProperties
    cloze_style: str


def read_shown(held: Held, now: NoteText, cloze_style: str) -> Optional[Shown]:
    """The note as the base keeps it; None when its fields do not fit their names.

    A run without two-way keeps neither the names of fields nor the style of clozes. Then those of
    ``now`` and ``cloze_style`` are used.
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
        told=own.told,
    )
    return Shown(note, own, held.cloze_style or cloze_style)


def join_media(note: NoteText, exists: Callable[[str], bool] = no_media) -> str:
    """The names of the media that a note uses, as the base keeps them: one a line.

    The target of an embed whose file is missing is also listed, after a “?” (``MISSING``), which
    no name begins with.
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
    """Why a page is updated: which of the note's parts changed, or else links or settings."""
    if held is None or known is None:
        return (Why.PROPERTIES,)
    before, now = held.properties, record.own
    studied, told = _studied(before), _studied(now)
    differs = {
        Why.FIELDS: unpack_fields(held.fields) != record.row.fields,
        Why.DECK: before.deck != now.deck,
        Why.TAGS: before.tags != now.tags,
        Why.NOTE_TYPE: before.notetype != now.notetype,
        Why.STUDY: studied != told and bool(studied) == bool(told),
        Why.SETTINGS: bool(studied) != bool(told) or (LINK in before.keys) != (LINK in now.keys),
    }
    other = Why.LINKS if known.digest == record.digest else Why.SETTINGS
    return tuple(why for why, is_so in differs.items() if is_so) or (other,)


def _studied(own: OwnProperties) -> tuple[tuple[str, str], ...]:
    """What a page tells of how its note is studied."""
    return tuple(pair for pair in own.told if pair[0] != LINK)


def style_as_shown(style: PageStyle, cloze_style: str) -> PageStyle:
    """``style`` with this style of clozes."""
    if style.cloze_style == cloze_style:
        return style
    return replace(style, cloze_style=cloze_style)  # type: ignore[arg-type]
