"""Reports Markdown of the file that cannot be written into Anki, with its note, field and line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ....convert.deck_file.definition import NoteDef, Problem
from ....convert.deck_file.items import Layout, Place
from ....convert.edit.refusal import Refusal
from ..changes import DeckNote
from ..read.sides import Sides


def tell_refused(change: DeckNote, note: NoteDef, layout: Layout) -> Iterator[Problem]:
    """A problem for each edit of a note that cannot be carried over. Such an edit is left.

    ``layout`` is that of the file.
    """
    for part in change.parts:
        if part.refusal is None:
            continue
        place: Place = ("fields", part.name)
        if part.part == "card":
            card = next(card for card in change.cards if card.id == part.name)
            place = ("cards", card.position, part.side)
        yield _tell(change, note, layout, place, part.refusal, "It was left as it is on both sides")


def find_loss(sides: Sides, change: DeckNote, note: NoteDef, layout: Layout) -> Optional[Problem]:
    """Why a new note is not added: a part of its Markdown would be missing in Anki."""
    markdown = sides.markdown(note.model)
    texts: list[tuple[Place, str]] = [
        (("fields", name), value) for name, value in note.fields.items() if name in markdown
    ]
    for card in note.cards:
        texts.append((("cards", card.position, "front"), card.front))
        texts.append((("cards", card.position, "back"), card.back))
    for place, value in texts:
        loss = sides.values.find_loss(value)
        if loss:
            return _tell(change, note, layout, place, loss, "The note was not added to Anki")
    return None


def _tell(
    change: DeckNote, note: NoteDef, layout: Layout, place: Place, refusal: Refusal, end: str
) -> Problem:
    called = f"{place[2]} of card {place[1]}" if place[0] == "cards" else f"field “{place[1]}”"
    line = layout.find_text_line(("notes", note.position, *place), refusal.line)
    message = f"“{change.title}”, {called}: {refusal.sentence} {end}"
    return Problem("error", message, line, note.position)
