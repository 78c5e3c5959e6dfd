"""Finds embedded files that were missing when their pages were last read, and may exist now."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from unicodedata import normalize

from ....convert.text.file_names import fold_name
from ....convert.to_html.arrived import show_arrived
from ....model.note import Card, DynamicNote, write_fields
from ....model.slots import CardError
from ...reconcile.note_change import FieldChange
from ...run.report import Message
from ..outward.page_record import PageRecord
from ..rows import MISSING, PageRow
from .field_merge import FieldsMerged
from .incoming_media import NOT_THERE, MediaReader, PageMedia
from .page_cards import SIDES, name_side


def find_arrived(used: Iterable[str], reader: MediaReader, others: Container[str]) -> set[str]:
    """What the rows of pages name as missing and may be there, as it stands in them.

    It takes time only for files that were missing. ``used`` is the media of rows, ``others``
    are the folded names of the vault's files that are not assets.
    """
    missing = {
        entry
        for names in used
        if MISSING in names
        for entry in names.split("\n")
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
    """Whether a note embeds one of the files that ``find_arrived`` returned."""
    return any(entry in arrived for entry in record.make_row("").media.split("\n"))


def show_in_fields(
    record: PageRecord, values: Sequence[str], media: PageMedia, link: Callable[[str], str]
) -> FieldsMerged:
    """Changes of a note's fields that show the embedded files which exist now.

    ``values`` are all fields of the note as Anki stores them, used for a dynamic note only. There
    are no changes when they do not fit into its fields.
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
        except CardError:  # it does not fit into the fields
            return FieldsMerged()
    if merged.changes:
        merged.shows_arrived = True
        merged.reasons.append("shows files that were not there before")
    return merged


def take_missing(used: dict[str, int]) -> dict[str, int]:
    """Remove the missing files from ``used``. Returns them: target → a note that embeds it."""
    missing = [entry for entry in used if entry[:1] == MISSING]
    return {entry[1:]: used.pop(entry) for entry in missing}


def tell_missing(
    missing: Mapping[str, int], told: Container[str], pages: Mapping[int, PageRow]
) -> Iterator[Message]:
    """A warning for each file that is still missing, with a page that embeds it.

    There is none for targets in ``told``: they have a warning with a line.
    """
    for target, note_id in missing.items():
        path = pages[note_id].path if note_id in pages else None
        if target not in told:
            text = f"The embedded file “{target}” {NOT_THERE}."
            yield Message("warning", text, path, note_id)
