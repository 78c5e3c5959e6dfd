"""Reads decks, and chosen notes with the decks of their cards, in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .deck_levels import NAMELESS, deck_and_above
from .reads import CHUNK, NOTE, NoteRow, home_decks

if TYPE_CHECKING:
    from anki.collection import Collection


@dataclass(frozen=True)
class DeckNames:
    """The collection's decks. Finds names as Anki does, upper or lower case alike."""

    names: dict[int, str]
    filtered: frozenset[int]
    _ids: dict[str, int] = field(default_factory=dict, repr=False)

    def find(self, name: str) -> int:
        """The id of a deck, or 0."""
        return self._ids.get(name.casefold(), 0)

    def find_filtered(self, name: str) -> str:
        """The filtered deck that keeps notes out of a deck of this name; empty when none does.

        It is that deck, or one above it: a filtered deck holds no notes and has no decks below it.
        """
        ids = map(self.find, deck_and_above(name))
        return next((self.names[id_] for id_ in ids if id_ in self.filtered), "")


def read_decks(col: Collection) -> DeckNames:
    """All decks of the collection."""
    names = {deck.id: deck.name or NAMELESS for deck in col.decks.all_names_and_ids()}
    normal = {deck.id for deck in col.decks.all_names_and_ids(include_filtered=False)}
    ids = {name.casefold(): id_ for id_, name in names.items()}
    return DeckNames(names, frozenset(names.keys() - normal), ids)


def count_notes_by_deck(col: Collection) -> dict[int, int]:
    """How many notes have their first card's home in each deck: each note counts once."""
    first = "select nid, min(ord), iif(odid, odid, did) as home from cards group by nid"
    return {
        row[0]: row[1] for row in _query(col, f"select home, count() from ({first}) group by home")
    }


def read_notes(col: Collection, ids: Iterable[int], decks: Iterable[int]) -> dict[int, NoteRow]:
    """The notes with these ids, and those whose first card's home is one of these decks."""
    wanted = {*ids}
    homes = {*decks}
    if homes:
        marks = ",".join(str(int(deck)) for deck in homes)
        wanted.update(
            row[0]
            for row in _query(
                col,
                f"select distinct nid from cards where did in ({marks}) or odid in ({marks})",
            )
        )
    asked = {*ids}
    return {
        row.id: row
        for row in iterate_notes(col, sorted(wanted))
        if row.id in asked or home_of(row) in homes
    }


def iterate_notes(col: Collection, ids: Sequence[int]) -> Iterator[NoteRow]:
    """The notes with these ids that exist, with their cards' home decks."""
    for start in range(0, len(ids), CHUNK):
        marks = ",".join(str(int(id_)) for id_ in ids[start : start + CHUNK])
        for row in _query(
            col,
            f"select {NOTE}, (select ifnull(group_concat(ord || ' ' || "
            "iif(odid, odid, did)), '') from cards where nid = notes.id)"
            f" from notes where id in ({marks}) order by id",
        ):
            yield NoteRow(*row)


def home_of(row: NoteRow) -> int:
    """The deck that a note is in: the home of its first card."""
    return home_decks(row.decks)[0]


def find_guids(col: Collection, guids: Iterable[str]) -> dict[str, list[int]]:
    """Guid → the notes that have it. One scan, because Anki has no index of guids."""
    wanted = {*guids}
    found: dict[str, list[int]] = {}
    if wanted:
        for note_id, guid in _query(col, "select id, cast(guid as text) from notes"):
            if guid in wanted:
                found.setdefault(guid, []).append(note_id)
    return found


def find_doubled_guids(col: Collection) -> set[str]:
    """The guids that more than one note has."""
    seen: set[str] = set()
    doubled: set[str] = set()
    for (guid,) in _query(col, "select cast(guid as text) from notes"):
        (doubled if guid in seen else seen).add(guid)
    return doubled


def _query(col: Collection, sql: str, *args: int | str) -> Sequence[Sequence[Any]]:
    assert col.db is not None, "the collection is closed"
    return col.db.all(sql, *args)
