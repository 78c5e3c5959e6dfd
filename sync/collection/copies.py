"""Copies: notes with the guid of another one, as two computers add them before they meet."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import TYPE_CHECKING

from .card_effects import measure_use
from .decks import find_guids

if TYPE_CHECKING:
    from anki.collection import Collection


def find_needed(col: Collection, copies: Mapping[int, str], agreed: Container[int]) -> set[int]:
    """Of copies that are about to go (note id → guid), those that must stay after all.

    The note that was to stay may have gone since, or a card of the copy was used. A person has
    ``agreed`` that some of them go with all that they hold.
    """
    if not copies:
        return set()
    there, used = find_guids(col, copies.values()), measure_use(col, copies)
    return {
        id_
        for id_, guid in copies.items()
        if not {*there.get(guid, ())} - copies.keys() or (id_ in used and id_ not in agreed)
    }
