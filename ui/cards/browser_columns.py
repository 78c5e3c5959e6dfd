"""Fills the browser's columns Question, Answer and Sort Field for dynamic notes.

Anki fills Question and Answer without running the cards' script, so they would show only card ids.
Sort Field would be empty for a note that has cards but no text of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional, cast

import aqt
from anki.cards import Card, CardId
from anki.errors import NotFoundError
from anki.notes import NoteId
from anki.utils import html_to_text_line
from aqt import gui_hooks
from aqt.browser.table import CellRow, ItemId

from ...model.note import read_note
from ...model.notetype import FIELDS, LINK, NOTE
from .sounds import find_card

_SIDES = ("question", "answer")
_SORT_FIELD = "noteFld"


def set_up() -> None:
    """Fill the columns each time the browser fetches a row."""
    gui_hooks.browser_did_fetch_row.append(_fill_row)


def _fill_row(item: ItemId, is_note: bool, row: CellRow, columns: Sequence[str]) -> None:
    if row.is_disabled or not {*_SIDES, _SORT_FIELD} & set(columns):
        return
    found = _find_card(item, is_note)
    fields = found.note().fields if found else []
    card = find_card(fields, found.ord) if found else None
    for cell, column in zip(row.cells, columns):
        if card and column in _SIDES:
            cell.text = html_to_text_line(card.front if column == "question" else card.back)
        elif column == _SORT_FIELD and len(fields) == len(FIELDS):
            cell.text = _title(fields)


def _title(fields: Sequence[str]) -> str:
    """The first line with text: of the note, else of its cards' fronts, else of its source."""
    texts = (fields[NOTE], *(card.front for card in read_note(fields).content.cards), fields[LINK])
    return next((line for line in map(html_to_text_line, texts) if line), "")


def _find_card(item: ItemId, is_note: bool) -> Optional[Card]:
    col = aqt.mw.col if aqt.mw else None
    if col is None:
        return None
    try:
        if not is_note:
            return col.get_card(cast("CardId", item))
        return next(iter(col.get_note(cast("NoteId", item)).cards()), None)
    except NotFoundError:
        return None
