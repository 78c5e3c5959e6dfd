"""Finds notes to move to another deck: the page was moved, or ``anki_deck`` was edited."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

from ....convert.page.properties import find_note_id
from ....convert.text.file_names import fold_name
from ...collection.clean import clean_deck_name
from ...collection.decks import DeckNames
from ..outward.page_maker import Present
from ..outward.page_record import PageRecord, Shown
from ..read.snapshot import VaultSnapshot


@dataclass(frozen=True)
class DeckWish:
    """The deck that a page asks for. ``name`` is "" when the note stays where it is.

    ``conflict``: the note was moved in Anki as well. ``problem``: why it cannot be moved there.
    ``waits``: why the page waits for what another computer did in Anki.
    """

    name: str = ""
    conflict: bool = False
    problem: str = ""
    waits: str = ""


_NOTHING = DeckWish()
_NUMBER = re.compile(r"_[0-9]+(?=/|\Z)")


def tell_filtered(decks: DeckNames, name: str) -> str:
    """Why a deck of this name takes no notes; empty when it may, whether it exists or not."""
    filtered = decks.find_filtered(name)
    if filtered and decks.find(filtered) != decks.find(name):
        return f"“{filtered}” is a filtered deck, which has no decks below it"
    return f"“{filtered}” is a filtered deck, which takes no notes" if filtered else ""


def tell_left_out(decks: DeckNames, deck: str) -> str:
    """Why pages of a deck that may not be there yet are left out, and what to tick."""
    known = deck
    while known and not decks.find(known):
        known = known.rpartition("::")[0]
    where = "under “Configure… ▸ Decks”"
    if not known:
        box = f"tick “New decks get pages” {where}"
        return f"Anki has no deck “{deck}”, and new decks get no pages: {box}"
    return f"the deck “{known}” is left out, with all that is new in it: tick it {where}"


class DeckWishes:
    """Finds the decks that pages ask for."""

    def __init__(self, snapshot: VaultSnapshot) -> None:
        self._layout = snapshot.layout
        self._anki = snapshot.anki

    def find_wish(
        self, record: PageRecord, present: Present, shown: Optional[Shown], typed: Optional[str]
    ) -> DeckWish:
        """The deck that one page asks for. ``typed`` is its ``anki_deck`` if that was edited.

        ``shown`` is the note as its page last showed it, None when that is not known.
        """
        now = record.note.deck
        if shown is None and typed is not None and not self._decks.find(typed):
            typed = None  # not an edit but an old name: the deck was renamed since
        folder = self._find_folder_wish(record, present, shown)
        wanted = typed or folder
        if wanted is None:
            return _NOTHING
        if shown and typed and folder and fold_name(typed) == fold_name(folder):
            waits = self._find_wait(clean_deck_name(typed), now)
            if waits:
                return DeckWish(waits=waits)
        moved = shown is None or (shown.own.deck != now and bool(self._decks.find(shown.own.deck)))
        return self._check(wanted, now, conflict=moved)

    def _find_folder_wish(
        self, record: PageRecord, present: Present, shown: Optional[Shown]
    ) -> Optional[str]:
        """The deck of the folder that a person moved the page to; None if it was not moved."""
        folder = present.page.path.rpartition("/")[0]
        if shown and present.known:
            before = present.known.path.rpartition("/")[0]
        elif find_note_id(present.page.text) != record.row.id:
            return None  # the page of a new note, which may be in any folder and name its deck
        else:
            # Folders of decks with similar names have numbers, which may differ without a base.
            before = _NUMBER.sub("", self._layout.folder_of(record.note.deck))
            if fold_name(_NUMBER.sub("", folder)) == fold_name(before):
                return None
        if fold_name(folder) == fold_name(before):
            return None
        return self._layout.deck_of(folder)

    def _find_wait(self, wanted: str, now: str) -> str:
        """Why a page waits that has both the folder and the ``anki_deck`` of another deck.

        A person changes one of them; a run on another computer writes both. A deck that was made
        here as well would be another one, and AnkiWeb would keep both, one with a + at its name.
        Each computer can have the + at the other deck: so no run moves notes between these two.
        """
        if not self._decks.find(wanted):
            return (
                f"Another computer has put pages into the deck “{wanted}”, which this Anki does "
                "not have yet, so they wait. Sync with AnkiWeb there and here. If there is no "
                "other computer, make the deck in Anki."
            )
        plain, marked = sorted((wanted, now), key=len)
        if plain.rstrip("+") == marked.rstrip("+") and plain != marked:
            return (
                f"“{plain}” and “{marked}” are decks that two computers made with one name. Anki "
                "added the +, and perhaps not to the same deck on both, so pages that were moved "
                "between them wait. In Anki, give both decks other names, and sync with AnkiWeb "
                "there and here."
            )
        return ""

    def _check(self, wanted: str, now: str, *, conflict: bool) -> DeckWish:
        name = clean_deck_name(wanted)
        found = self._decks.find(name)
        name = self._decks.names.get(found, name)
        if name == now:
            return _NOTHING
        problem = tell_filtered(self._decks, name)
        if problem:
            problem = f"{problem}: choose another deck."
        elif self._layout.leaves_out(name):
            told = tell_left_out(self._decks, name)
            problem = (
                f"{told[:1].upper()}{told[1:]}. The page would be gone: move the note in Anki, or "
                "choose another deck."
            )
        return DeckWish(name, conflict, problem)

    def move(self, decks: str, before: str, after: str) -> str:
        """The home decks of a note's cards, after those in deck ``before`` moved to ``after``.

        ``decks`` is text as in ``NoteRow.decks``.
        """
        source, target = self._decks.find(before), self._decks.find(after)
        cards = (card.split(" ") for card in decks.split(",") if card)
        return ",".join(
            f"{number} {target if int(deck) == source else deck}" for number, deck in cards
        )

    @property
    def _decks(self) -> DeckNames:
        return self._anki.decks
