"""Which decks have pages: the nearest deck at or above that the settings name decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Optional, Union

from ...convert.text.file_names import fold_name
from ..collection.deck_levels import deck_above, deck_and_above

DeckRef = Union[int, str]  # the id or name of a deck, which stands for its subdecks too


@dataclass(frozen=True)
class DeckChoice:
    """What a person chose. A deck that is in both lists is left out."""

    left_out: tuple[DeckRef, ...] = ()
    brought_in: tuple[DeckRef, ...] = ()  # below a deck that is left out, or without ``new_decks``
    new_decks: bool = True  # whether a deck has pages that no list names, nor one above it


@dataclass(frozen=True)
class ChosenDecks:
    """A choice for the decks of a collection."""

    named: Mapping[str, bool]  # the folded name of each deck in a list → whether it has pages
    others: bool

    def has(self, name: str) -> bool:
        """Whether the deck of this full name has pages, or would have if there were such a deck."""
        for each in reversed(deck_and_above(name)):
            found = self.named.get(fold_name(each))
            if found is not None:
                return found
        return self.others


@dataclass(frozen=True)
class DeckFinder:
    """Finds the decks that a list names, by id, or by name in upper or lower case."""

    decks: Mapping[int, str]

    def find(self, ref: DeckRef) -> Optional[str]:
        """The full name of a deck; None when there is none."""
        if isinstance(ref, int) and ref in self.decks:
            return self.decks[ref]
        name = self._names.get(fold_name(str(ref)))
        return name or (self.decks.get(int(ref)) if _is_number(ref) else None)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {fold_name(name): name for name in self.decks.values()}


def choose_decks(decks: Mapping[int, str], choice: DeckChoice) -> ChosenDecks:
    """What a choice means for these decks."""
    if not choice.left_out and not choice.brought_in:
        return ChosenDecks({}, choice.new_decks)
    finder = DeckFinder(decks)
    named = {}
    for refs, value in ((choice.brought_in, True), (choice.left_out, False)):
        for ref in refs:
            named[fold_name(finder.find(ref) or str(ref))] = value
    return ChosenDecks(named, choice.new_decks)


def find_hidden(decks: Mapping[int, str], choice: DeckChoice) -> frozenset[int]:
    """The ids of the decks that are left out."""
    chosen = choose_decks(decks, choice)
    if chosen.others and not chosen.named:
        return frozenset()
    return frozenset(id_ for id_, name in decks.items() if not chosen.has(name))


def unknown_decks(decks: Mapping[int, str], refs: Iterable[DeckRef]) -> list[DeckRef]:
    """Those of ``refs`` that are not in the collection."""
    finder = DeckFinder(decks)
    return [ref for ref in refs if finder.find(ref) is None]


def make_choice(decks: Mapping[int, str], shown: Set[int], *, new_decks: bool) -> DeckChoice:
    """The choice by which of these decks exactly ``shown`` have pages.

    It names only decks that differ from the one above, so that a new deck does as the deck that it
    is in. Without ``new_decks`` it names all that are shown: each keeps its pages where it moves.
    """
    ids = {fold_name(name): id_ for id_, name in decks.items()}
    left_out, brought_in = [], []
    for id_, name in decks.items():
        above = _find_above(name, ids)
        inherited = new_decks if above is None else above in shown
        if id_ in shown and (not inherited or not new_decks):
            brought_in.append(id_)
        elif id_ not in shown and inherited:
            left_out.append(id_)
    return DeckChoice(tuple(sorted(left_out)), tuple(sorted(brought_in)), new_decks)


def change_choice(
    decks: Mapping[int, str], choice: DeckChoice, deck_id: int, *, shown: bool
) -> DeckChoice:
    """The choice with a deck and all below it brought in, or left out."""
    name = fold_name(decks[deck_id])
    finder = DeckFinder(decks)

    def keep(refs: tuple[DeckRef, ...]) -> tuple[DeckRef, ...]:
        found = ((ref, fold_name(finder.find(ref) or "")) for ref in refs)
        return tuple(ref for ref, at in found if at != name and not at.startswith(f"{name}::"))

    changed = replace(choice, left_out=keep(choice.left_out), brought_in=keep(choice.brought_in))
    if shown and (not choice.new_decks or deck_id in find_hidden(decks, changed)):
        return replace(changed, brought_in=(*changed.brought_in, deck_id))
    if not shown and deck_id not in find_hidden(decks, changed):
        return replace(changed, left_out=(*changed.left_out, deck_id))
    return changed


def _find_above(name: str, ids: Mapping[str, int]) -> Optional[int]:
    """The id of the nearest deck above that there is."""
    above = deck_above(name)
    while above:
        found = ids.get(fold_name(above))
        if found is not None:
            return found
        above = deck_above(above)
    return None


def _is_number(ref: DeckRef) -> bool:
    return isinstance(ref, str) and ref.isascii() and ref.isdigit()
