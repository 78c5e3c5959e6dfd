"""What a page shows of a note's fields: all fields, or a dynamic note's text and cards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from ....convert.page.note import CardText, NoteText
from ....model.note import read_note
from ....model.notetype import FIELDS, LINK, NOTE

_SHOWN = (FIELDS[LINK], FIELDS[NOTE])


def read_fields(
    fields: str, names: Sequence[str]
) -> tuple[tuple[tuple[str, str], ...], tuple[CardText, ...]]:
    """A note's fields as pairs of name and HTML, and the cards of a dynamic note.

    The fields of a dynamic note are then only its link and its text. ``fields`` is the text that
    Anki stores. ``names`` are all fields of the notetype, or those that a page shows. A field that
    is missing is empty, and one without a name is called "".
    """
    values = fields.split("\x1f")
    values += [""] * (len(names) - len(values))
    if len(values) == len(FIELDS) and tuple(names) in (FIELDS, _SHOWN):
        content = read_note(values).content
        cards = tuple(CardText(card.id, card.front, card.back) for card in content.cards)
        return tuple(zip(_SHOWN, (content.link, content.note))), cards
    return tuple(zip_longest(names, values, fillvalue="")), ()


def shown_texts(note: NoteText) -> Iterator[str]:
    """The HTML of each field and each card side that the note's page shows."""
    yield from (html for _, html in note.fields)
    for card in note.cards:
        yield card.front
        yield card.back


def stored_texts(fields: str) -> str:
    """All HTML in a note's fields, and the HTML of cards that a dynamic note keeps as data."""
    values = fields.split("\x1f")
    if len(values) != len(FIELDS):
        return fields
    cards = read_note(values).content.cards
    return "\n".join([fields, *(side for card in cards for side in (card.front, card.back))])
