"""Digests that show whether a page is up to date, without converting its note."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from hashlib import blake2b
from typing import Optional

from ...collection.reads import DEFAULT_DECK, NoteRow, Notetype, content_of, home_decks
from ...collection.study import StudyReader
from ..read.layout import Layout
from ..settings import Settings

# Part of every page's digest. Raise it when the conversion changes: then all pages are checked.
FORMAT = 2


class Digests:
    """Makes digests of what pages are made from: the settings, the notetype, the deck, the note.

    The first three are the same for many notes, so ``begin`` puts them into a digest only once.
    """

    def __init__(
        self,
        settings: Settings,
        layout: Layout,
        notetypes: Mapping[int, Notetype],
        study: Optional[StudyReader] = None,
    ) -> None:
        style: tuple[object, ...] = (FORMAT, settings.cloze_style, settings.include_tags)
        if settings.two_way:  # when it is switched on, each page is checked for edits
            style += ("two-way",)
        if study is not None:
            style += ("study", study.calendar)
        if settings.anki_links:
            style += ("links to Anki",)
        if settings.colours:
            style += ("colours",)
        self._style = repr(style)
        self._layout = layout
        self._notetypes = notetypes
        self.begun: dict[tuple[int, str], tuple[Optional[str], blake2b]] = {}

    @cached_property
    def of_all(self) -> blake2b:
        """A digest of all that pages are made from but the notes and their decks."""
        layout = self._layout
        makings = (
            self._style,
            sorted(layout.decks.items()),
            sorted(layout.folders.items()),
            sorted(layout.hidden),
            sorted(self._notetypes.items(), key=lambda item: item[0]),
        )
        return blake2b(repr(makings).encode("utf-8", "backslashreplace"), digest_size=16)

    def begin(self, key: tuple[int, str]) -> tuple[Optional[str], blake2b]:
        """The deck of a note's page, and a digest without the note itself.

        ``key`` is the id of the notetype and the home decks of the note's cards. The deck is None
        when all these decks are left out. The digest changes when something changes the page.
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

    def deck_of(self, row: NoteRow) -> Optional[str]:
        """The deck of a note's page; None when all its decks are left out."""
        key = row.notetype, row.decks
        return (self.begun.get(key) or self.begin(key))[0]

    def finish(self, row: NoteRow) -> bytes:
        """The whole digest of one note's page."""
        key = row.notetype, row.decks
        mixed = (self.begun.get(key) or self.begin(key))[1].copy()
        mixed.update(content_of(row).encode())
        mixed.update(row.study.encode())
        return mixed.digest()


def shown_names(decks: str, layout: Layout) -> list[str]:
    """The names of the decks that show a note. Its page is in the folder of the first.

    ``decks`` are the home decks of its cards. If they all are missing in the collection, the
    default deck shows the note.
    """
    ids = home_decks(decks)
    names = [layout.decks[deck] for deck in ids if deck in layout.decks]
    if not names and DEFAULT_DECK in layout.decks and layout.hidden.isdisjoint(ids):
        return [layout.decks[DEFAULT_DECK]]
    return names
