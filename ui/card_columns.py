"""The browser's columns for questions and answers, for dynamic notes.

Anki fills them without running scripts, so they would show nothing but the cards' ids.
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

from .card_sounds import find_card

_SIDES = ("question", "answer")


def set_up() -> None:
    """Fill the columns whenever the browser fetches a row."""
    gui_hooks.browser_did_fetch_row.append(_fill_row)


def _fill_row(item: ItemId, is_note: bool, row: CellRow, columns: Sequence[str]) -> None:
    if row.is_disabled or not set(_SIDES) & set(columns):
        return
    found = _find_card(item, is_note)
    card = find_card(found.note().fields, found.ord) if found else None
    if card is None:
        return
    for cell, column in zip(row.cells, columns):
        if column in _SIDES:
            cell.text = html_to_text_line(card.front if column == "question" else card.back)


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
