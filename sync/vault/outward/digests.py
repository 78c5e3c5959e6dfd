"""What tells at a glance that a page is as it should be."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Optional

from ...collection.reads import DEFAULT_DECK, NoteRow, Notetype, home_decks
from ..read.layout import Layout
from ..settings import Settings

# Part of every page's digest: raise it when conversion changes, and pages are written anew.
FORMAT = 1


class Digests:
    """Begins digests of all that a page is made from: the settings, the notetype, the deck.

    The rest, the note itself, is mixed in where notes are read: that is done for each.
    """

    def __init__(
        self, settings: Settings, layout: Layout, notetypes: Mapping[int, Notetype]
    ) -> None:
        style: tuple[object, ...] = (FORMAT, settings.cloze_style, settings.include_tags)
        if settings.two_way:  # turned on, each page is looked at for what the mirror let be
            style += ("two-way",)
        self._style = repr(style)
        self._layout = layout
        self._notetypes = notetypes
        self.begun: dict[tuple[int, str], tuple[Optional[str], blake2b]] = {}

    def begin(self, key: tuple[int, str]) -> tuple[Optional[str], blake2b]:
        """For a notetype and the home decks of a note's cards: the deck of its page, and a digest.

        There is no deck when all of them are left out. The digest is the same only while the page
        of the same note would be.
        """
        notetype, decks = key
        names = shown_names(decks, self._layout)
        deck = names[0] if names else None
        makings = (
            self._style,
            decks,
            self._notetypes.get(notetype),
            deck,
            self._layout.folders.get(deck or ""),
        )
        start = blake2b(repr(makings).encode("utf-8", "backslashreplace"), digest_size=16)
        self.begun[key] = deck, start
        return deck, start

    def finish(self, row: NoteRow) -> bytes:
        """The digest of one note."""
        key = row.notetype, row.decks
        mixed = (self.begun.get(key) or self.begin(key))[1].copy()
        mixed.update(f"{row.id}\x1f{row.guid}\x1f{row.tags}\x1f{row.fields}".encode())
        return mixed.digest()


def shown_names(decks: str, layout: Layout) -> list[str]:
    """The decks that show a note. One whose decks are all missing is shown in the default deck."""
    ids = home_decks(decks)
    names = [layout.decks[deck] for deck in ids if deck in layout.decks]
    if not names and DEFAULT_DECK in layout.decks and layout.hidden.isdisjoint(ids):
        return [layout.decks[DEFAULT_DECK]]
    return names
