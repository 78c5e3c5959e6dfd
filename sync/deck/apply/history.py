"""Describes what a run writes into the file, for the history of runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from ....convert.deck_file.definition import CardDef, NoteDef
from ...activity.entry import Entry, NoteWords
from ...run.done import Done
from ..changes import DeckNote


def describe_edit(change: DeckNote, after: Optional[NoteDef], note_id: int) -> Optional[Entry]:
    """What becomes of a note in the file, with the words before and after where words go.

    None: nothing but perhaps its id.
    """
    before = change.toml
    if before is None:
        if after is None:
            return None
        return Entry("file", Done.NOTE_ADDED_TO_FILE, note_id, change.title, deck=after.deck)
    if change.action == "remove_from_toml":
        words = NoteWords(
            _texts(before), before.tags, before.deck, before.guid or "", before.model
        ).pack()
        done = Done.NOTE_DELETED_FROM_FILE
        return Entry("file", done, note_id, change.title, deck=before.deck, before=words)
    if after is None or all(part.to_toml is None for part in change.parts):
        return None
    old, new = _texts(before), _texts(after)
    changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    retagged, moved = before.tags != after.tags, before.deck != after.deck
    words_before, words_after = (
        NoteWords(
            {name: texts[name] for name in changed if name in texts},
            (note.tags or ()) if retagged else None,
            note.deck if moved else None,
        ).pack()
        for texts, note in ((old, before), (new, after))
    )
    return Entry(
        "file",
        Done.NOTE_UPDATED_IN_FILE,
        note_id,
        change.title,
        deck=after.deck,
        before=words_before,
        after=words_after,
    )


def _texts(note: NoteDef) -> dict[str, str]:
    """The fields of a note, and the cards of a dynamic one, by name."""
    return {**note.fields, **_cards(note.cards)}


def _cards(cards: Sequence[CardDef]) -> dict[str, str]:
    return {
        f"Card {card.id or number}": f"{card.front}\n---\n{card.back}"
        for number, card in enumerate(cards, 1)
    }
