"""What a change in Anki is about."""

from __future__ import annotations

from anki.collection import OpChanges
from aqt.main import AnkiQt


def may_change_notes(mw: AnkiQt, changes: OpChanges) -> bool:
    """Whether notes, or the decks that they are in, may be others now. A mere answer is none."""
    moved = changes.deck or (changes.card and mw.state != "review")
    return bool(changes.note or changes.notetype or moved)
