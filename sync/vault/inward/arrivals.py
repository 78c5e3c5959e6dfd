"""Embedded files that were not there when their pages were read, and may be there by now."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from unicodedata import normalize

from ....convert.text.file_names import fold_name
from ....convert.to_html.arrived import show_arrived
from ....model.note import Card, DynamicNote, write_fields
from ....model.slots import CardError
from ...reconcile.note_change import FieldChange
from ...run.report import Message
from ..base import PageRow
from ..outward.page_record import MISSING, PageRecord
from .field_merge import FieldsMerged
from .incoming_media import NOT_THERE, MediaReader, PageMedia
from .page_cards import SIDES, name_side


def find_arrived(
    known: Mapping[int, PageRow], reader: MediaReader, others: Container[str]
) -> set[str]:
    """What the rows of pages name as missing and may be there, as it stands in them.

    Only files that were missing cost anything. ``others`` are the folded names of the vault's
    files that are not assets.
    """
    missing = {
        entry
        for row in known.values()
        if MISSING in row.media
        for entry in row.media.split("\n")
        if entry[:1] == MISSING
    }
    return {entry for entry in missing if _may_be_there(entry[1:], reader, others)}


def _may_be_there(target: str, reader: MediaReader, others: Container[str]) -> bool:
    name = normalize("NFC", target.rpartition("/")[2])
    return (
        fold_name(name) in others
        or reader.anki.has(normalize("NFC", target))
        or reader.place.holds(f"{reader.place.prefix}{reader.assets.folder}/{name}")
    )


def has_arrived(record: PageRecord, arrived: Container[str]) -> bool:
    """Whether a note embeds one of these files."""
    return any(entry in arrived for entry in record.make_row("").media.split("\n"))


def show_in_fields(
    record: PageRecord, values: Sequence[str], media: PageMedia, link: Callable[[str], str]
) -> FieldsMerged:
    """A note's fields with the files shown that are there by now.

    ``values`` are all fields of a dynamic note, which has cards.
    """
    merged, note = FieldsMerged(), record.note
    fields = {name: show_arrived(html, media, link) for name, html in note.fields}
    merged.changes += [
        FieldChange(name, html, fields[name]) for name, html in note.fields if fields[name] != html
    ]
    cards = []
    for card in note.cards:
        sides = [show_arrived(getattr(card, side), media, link) for side in SIDES]
        cards.append(Card(card.id, *sides))
        merged.changes += [
            FieldChange(name_side(card.id, side), getattr(card, side), after)
            for side, after in zip(SIDES, sides)
            if after != getattr(card, side)
        ]
    if cards and merged.changes:
        try:
            content = DynamicNote(fields["Note"], tuple(cards), fields["Link"])
            merged.values = write_fields(values, content)
        except CardError:  # there is no room for it: it stays as it is
            return FieldsMerged()
    if merged.changes:
        merged.shows_arrived = True
        merged.reasons.append("shows files that were not there before")
    return merged


def take_missing(used: dict[str, int]) -> dict[str, int]:
    """Take out of the media that pages use the embedded files that are not there."""
    missing = [entry for entry in used if entry[:1] == MISSING]
    return {entry[1:]: used.pop(entry) for entry in missing}


def tell_missing(
    missing: Mapping[str, int], told: Container[str], pages: Mapping[int, PageRow]
) -> Iterator[Message]:
    """The embedded files that are still not there: each with a page that embeds it."""
    for target, note_id in missing.items():
        path = pages[note_id].path if note_id in pages else None
        if target not in told:
            text = f"The embedded file “{target}” {NOT_THERE}."
            yield Message("warning", text, path, note_id)
