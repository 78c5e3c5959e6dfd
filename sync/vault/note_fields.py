"""What a page shows of a note's fields: all of them, or a dynamic note's text and cards."""

from __future__ import annotations

from collections.abc import Iterator

from ...convert.card_page import CardText
from ...convert.page import NoteText
from ...model.note import read_note
from ...model.notetype import FIELDS, LINK, NOTE
from ..collection import Notetype


def read_fields(
    fields: str, notetype: Notetype
) -> tuple[tuple[tuple[str, str], ...], tuple[CardText, ...]]:
    """A note's fields by name, and its cards when it is dynamic; then no field holds them too.

    ``fields`` is as Anki stores it; fields that are missing are empty.
    """
    values = fields.split("\x1f")
    values += [""] * (len(notetype.fields) - len(values))
    if notetype.fields != FIELDS:
        return tuple(zip(notetype.fields, values)), ()
    content = read_note(values[: len(FIELDS)]).content
    cards = tuple(CardText(card.id, card.front, card.back) for card in content.cards)
    return ((FIELDS[LINK], content.link), (FIELDS[NOTE], content.note)), cards


def shown_texts(note: NoteText) -> Iterator[str]:
    """The HTML of all that the note's page shows."""
    yield from (html for _, html in note.fields)
    for card in note.cards:
        yield card.front
        yield card.back


def stored_texts(fields: str) -> str:
    """All HTML in a note's fields, also that which a dynamic note keeps as data."""
    values = fields.split("\x1f")
    if len(values) != len(FIELDS):
        return fields
    cards = read_note(values).content.cards
    return "\n".join([fields, *(side for card in cards for side in (card.front, card.back))])
