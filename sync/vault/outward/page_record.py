"""A note, converted, and what the base keeps of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Optional

from ....convert.field_style import no_media
from ....convert.html.media_names import media_names
from ....convert.html.missing_embeds import missing_targets
from ....convert.page.note import NoteText, PageStyle
from ....convert.page.page_text import split_page
from ....convert.page.properties import OwnProperties
from ....convert.page.render import note_title, own_properties, render_managed
from ...collection.reads import NoteRow, note_digest
from ...run.encodings import decode_page, encode_page
from ..base import Held, PageRow, own_to_json, pack, pack_fields, unpack_fields
from ..changes import PageChange
from ..read.note_fields import read_fields, shown_texts
from ..read.pages_on_disk import PageOnDisk, digest_of

MISSING = "?"
_LISTS = ("tags", "anki_tags", "aliases")
_OWN = tuple(OwnProperties.__dataclass_fields__)


def digest_managed(managed: str) -> bytes:
    """Sixteen bytes that stand for a managed part, whatever its line endings."""
    return digest_of(managed.replace("\r\n", "\n").encode("utf-8", "surrogatepass"))


@dataclass(frozen=True)
class PageRecord:
    """A note, converted: all that a change of its page is made from.

    ``learns``: what the base keeps of it besides our properties.
    """

    row: NoteRow
    note: NoteText
    digest: bytes
    title: str
    managed: str
    own: OwnProperties
    learns: dict[str, Any] = field(default_factory=dict)
    has_media: Callable[[str], bool] = no_media

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
        """The change that makes ``data`` of the note's page, and what the base learns by it."""
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
                join_media(self.note, self.has_media),
            ),
            held=Held(
                self.row.id,
                digest_managed(managed or ""),
                own_to_json({**self.own.__dict__, **self.learns}),
                pack_fields(self.row.fields),
            ),
        )


def make_record(
    row: NoteRow, note: NoteText, digest: bytes, style: PageStyle, two_way: bool
) -> PageRecord:
    """Convert a note. ``digest`` covers all that its page is made from.

    What a two-way run needs to read the page back is learned by a two-way run only.
    """
    title = note_title(note)
    learns = {}
    if two_way:
        learns = {
            "fields": [name for name, _ in note.fields],
            "clozes": note.cloze_fields,
            "style": style.cloze_style,
        }
    managed = render_managed(note, style)
    return PageRecord(
        row,
        note,
        digest,
        title,
        managed,
        own_properties(note, style, title),
        learns,
        style.has_media,
    )


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
    kept = json.loads(held.own)
    names = kept.get("fields", [name for name, _ in now.fields])
    values = unpack_fields(held.fields)
    fields, cards = read_fields(values, names)
    own = held_own(held)
    if own is None or (not cards and values.count("\x1f") + 1 != len(names)):
        return None
    note = NoteText(
        note_id=own.note_id,
        guid=own.guid,
        deck=own.deck,
        notetype=own.notetype,
        fields=fields,
        tags=own.anki_tags or tuple(tag.replace("/", "::") for tag in own.tags),
        cloze_fields=tuple(kept.get("clozes", now.cloze_fields)),
        title_field=now.title_field,
        cards=cards,
    )
    return Shown(note, own, kept.get("style", cloze_style))


def held_own(held: Optional[Held]) -> Optional[OwnProperties]:
    """Our properties as a page last had them."""
    if held is None:
        return None
    kept = json.loads(held.own)
    own = {key: kept[key] for key in _OWN}
    for key in _LISTS:
        own[key] = None if own[key] is None else tuple(own[key])
    return OwnProperties(**own)


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


def explain_update(record: PageRecord, held: Optional[Held], known: Optional[PageRow]) -> str:
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


def style_as_shown(style: PageStyle, cloze_style: str) -> PageStyle:
    """The style of a page that shows clozes in this way."""
    if style.cloze_style == cloze_style:
        return style
    return replace(style, cloze_style=cloze_style)  # type: ignore[arg-type]
