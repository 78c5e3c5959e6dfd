"""A desk for dynamic notes in a TOML deck, and functions that write such notes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ankivault.model.note import Card, DynamicNote, ReadNote, read_note, write_fields
from ankivault.sync.collection.dynamic_type import find_notetype
from tests.desks.deck_desk import DeckDesk

HEAD = """\
# My biology deck
[package]
name = "Biology"

[[decks]]
name = "Biology"
"""


def card(front: str, back: str = "?", id: str = "") -> str:
    """A ``[[notes.cards]]`` entry."""
    lines = ["", "[[notes.cards]]"]
    values = {"id": id, "front": front, "back": back}
    lines += [
        f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in values.items() if v or k != "id"
    ]
    return "\n".join(lines) + "\n"


def dynamic(*cards: str, text: str = "The cell", **more: Any) -> str:
    """A ``[[notes]]`` entry of a dynamic note."""
    lines = ["", "[[notes]]", f"deck = {json.dumps(more.pop('deck', 'Biology'))}"]
    lines.append('model = "Ankivault"')
    lines += [f"{key} = {json.dumps(value)}" for key, value in more.items()]
    lines += ["", "[notes.fields]", f"Note = {json.dumps(text, ensure_ascii=False)}"]
    return "\n".join(lines) + "\n" + "".join(cards)


class DynamicDeckDesk(DeckDesk):
    """A desk with a deck of dynamic notes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.file = self.file.with_name("biology.toml")

    def write(self, *notes: str, head: str = HEAD) -> None:
        super().write(*notes, head=head)

    def read(self, note_id: int) -> ReadNote:
        return read_note(self.fields(note_id))

    def fronts(self, note_id: int) -> dict[str, str]:
        """Card id → front, in order."""
        return {card.id: card.front for card in self.read(note_id).content.cards}

    def edit_cards(
        self, note_id: int, *cards: tuple[str, str, str], text: str | None = None
    ) -> None:
        """Set a note's cards in Anki, as the window does. Each card is its id, front and back."""
        from ankivault.sync.dynamic.notes import update_notes

        now = self.read(note_id).content
        content = DynamicNote(
            now.note if text is None else text, tuple(Card(*each) for each in cards), now.link
        )
        update_notes(self.col, {note_id: content})

    def add_dynamic(
        self, *cards: tuple[str, str, str], text: str = "New", deck: str = "Biology"
    ) -> int:
        from ankivault.sync.dynamic.notes import NewNote, create_notes

        content = DynamicNote(text, tuple(Card(*each) for each in cards))
        made = create_notes(self.col, [NewNote(content, int(self.col.decks.id(deck)))])
        return int(made.note_ids[0])

    def cards_of(self, note_id: int) -> dict[str, int]:
        """Card id → the id of its Anki card. Checks that Anki has exactly the note's cards."""
        read = self.read(note_id)
        rows = dict(self.col.db.all("select ord + 1, id from cards where nid = ?", note_id))
        assert set(rows) == set(read.slots.values())
        return {id_: rows[slot] for id_, slot in read.slots.items()}


__all__ = ["DynamicDeckDesk", "card", "dynamic", "find_notetype", "write_fields"]
