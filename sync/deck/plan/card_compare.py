"""Compares a dynamic note's cards in file, Anki and base: each card by its id, then the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Optional, Union

from ....convert.deck_file.definition import CardDef
from ....convert.html.plain_text import plain_text
from ....model.card_order import find_moved, keep, merge_orders, weave
from ....model.note import Card
from ..base import HeldCard
from ..changes import Did, PartChange
from ..options import ChoiceKey, Side
from .compare import Both, Comparison, make_part, make_refused, make_skipped

RULE, HTML_RULE = "\n\n---\n\n", "<hr>"  # between a card's front and back


@dataclass(frozen=True)
class CardsAfter:
    """The differences of a note's cards, and each side's cards after the run, in order."""

    parts: tuple[PartChange, ...]
    toml: tuple[CardDef, ...]
    anki: tuple[Card, ...]


def compare_cards(
    comparison: Comparison,
    note_id: int,
    toml: Sequence[CardDef],
    anki: Sequence[Card],
    held: Mapping[str, HeldCard],
) -> CardsAfter:
    """Compare the cards of a note. Every card of the file must have an id, and no id twice."""
    return _Comparer(comparison, note_id, toml, anki, held).compare()


def show_card(front: str, back: str, rule: str = RULE) -> str:
    """A card as one text, for lists and diffs."""
    return f"{front}{rule}{back}" if back else front


class _Comparer:
    def __init__(
        self,
        comparison: Comparison,
        note_id: int,
        toml: Sequence[CardDef],
        anki: Sequence[Card],
        held: Mapping[str, HeldCard],
    ) -> None:
        self.comparison, self.note_id, self.held = comparison, note_id, held
        self.toml = {card.id or "": card for card in toml}
        self.anki = {card.id: card for card in anki}
        self.toml_after = dict(self.toml)
        self.anki_after = dict(self.anki)
        self.parts: list[PartChange] = []

    def compare(self) -> CardsAfter:
        for id_ in weave(list(self.toml), list(self.anki)):
            mine, theirs, held = self.toml.get(id_), self.anki.get(id_), self.held.get(id_)
            if mine and theirs:
                part = self._compare_texts(id_, mine, theirs, held)
            elif mine:
                part = self._only_in_toml(id_, mine, held)
            else:
                assert theirs is not None
                part = self._only_in_anki(id_, theirs, held)
            if part:
                self.parts.append(part)
        self.parts += self._settle_order()
        return CardsAfter(
            tuple(self.parts),
            tuple(self.toml_after.values()),
            tuple(self.anki_after.values()),
        )

    def _key(self, id_: str) -> ChoiceKey:
        return ChoiceKey(self.note_id, "card", id_)

    def _compare_texts(
        self, id_: str, toml: CardDef, anki: Card, held: Optional[HeldCard]
    ) -> Optional[PartChange]:
        front, back = (
            self.comparison.compare_text(self._key(id_), mine, theirs, old, True)
            for mine, theirs, old in (
                (toml.front, anki.front, held and held.front),
                (toml.back, anki.back, held and held.back),
            )
        )
        found = [part for part in (front, back) if part]
        if not found:
            return None
        refused = next((part for part in (front, back) if part and part.refusal), None)
        if refused and refused.refusal:
            part = make_refused(self._key(id_), *self._show(id_), refused.refusal)
            return replace(part, side="front" if refused is front else "back")
        if any(part.state == "skipped" for part in found):  # then the whole card is left
            return replace(make_skipped(self._key(id_), *self._show(id_)), did=Did.EDITED)
        texts = _after(front, "to_toml", toml.front), _after(back, "to_toml", toml.back)
        mine = replace(toml, front=texts[0], back=texts[1])
        texts = _after(front, "to_anki", anki.front), _after(back, "to_anki", anki.back)
        theirs = replace(anki, front=texts[0], back=texts[1])
        self.toml_after[id_], self.anki_after[id_] = mine, theirs
        states = {part.state for part in found}
        both = mine != toml and theirs != anki and (len(states) > 1 or "merged" in states)
        return PartChange(
            "card",
            id_,
            *self._show(id_),
            "merged" if both else "to_anki" if theirs != anki else "to_toml",
            _show(mine) if mine != toml else None,
            _show(theirs) if theirs != anki else None,
            any(part.conflict for part in found),
            any(part.overwrites for part in found),
            Did.EDITED,
        )

    def _only_in_toml(
        self, id_: str, toml: CardDef, held: Optional[HeldCard]
    ) -> Optional[PartChange]:
        edited = held is None or (toml.front, toml.back) != (held.front.toml, held.back.toml)
        winner = self._choose(id_, "toml", held, edited, True)
        if winner == "toml":
            values = self.comparison.values
            for side, text in (("front", toml.front), ("back", toml.back)):
                loss = values.find_loss(text)
                if loss and not (held and not edited):
                    part = make_refused(self._key(id_), *self._show(id_), loss)
                    return replace(part, side=side)
            front, back = values.to_anki(toml.front, True), values.to_anki(toml.back, True)
            if held and not edited:
                front, back = held.front.anki, held.back.anki
            new = self.anki_after[id_] = Card(id_, front, back)
            return self._settled(id_, None, _show(new), held and (edited, True))
        if winner == "anki":
            del self.toml_after[id_]
            return self._settled(id_, "", None, held and (edited, True))
        return self._left(id_, held)

    def _only_in_anki(self, id_: str, anki: Card, held: Optional[HeldCard]) -> Optional[PartChange]:
        edited = held is None or (anki.front, anki.back) != (held.front.anki, held.back.anki)
        winner = self._choose(id_, "anki", held, True, edited)
        if winner == "anki":
            to_toml = self.comparison.values.to_toml
            front, back = to_toml(anki.front, True), to_toml(anki.back, True)
            if held and not edited:
                front, back = held.front.toml or front, held.back.toml or back
            new = self.toml_after[id_] = CardDef(id_, front, back)
            return self._settled(id_, _show(new), None, held and (True, edited))
        if winner == "toml":
            del self.anki_after[id_]
            return self._settled(id_, None, "", held and (True, edited))
        return self._left(id_, held)

    def _choose(
        self, id_: str, side: Side, held: Optional[HeldCard], in_toml: bool, in_anki: bool
    ) -> Optional[Side]:
        """The side to follow for a card that only ``side`` has.

        The card is new when the base does not have it. ``in_toml`` and ``in_anki`` say which
        sides changed it. None: both sides stay as they are.
        """
        if held:
            return self.comparison.winner(in_toml, in_anki, self._key(id_))
        return side if self.comparison.options.rule.one_way in (None, side) else None

    def _settled(
        self,
        id_: str,
        to_toml: Optional[str],
        to_anki: Optional[str],
        edited: Optional[tuple[bool, bool]],
    ) -> PartChange:
        """A card that one side gets or loses.

        ``edited`` says which sides changed it; None for a new card.
        """
        winner: Side = "anki" if to_anki is None else "toml"
        did = Did.REMOVED
        if to_toml or to_anki:
            did = Did.ADDED_AGAIN if edited else Did.ADDED
        return PartChange(
            "card",
            id_,
            *self._show(id_),
            "to_toml" if to_anki is None else "to_anki",
            to_toml,
            to_anki,
            bool(edited) and edited == (True, True),
            bool(edited) and self.comparison.overwrites(winner, *(edited or ())),
            did,
        )

    def _left(self, id_: str, held: Optional[HeldCard]) -> PartChange:
        """A card that only one side has, also after the run."""
        part = make_skipped(self._key(id_), *self._show(id_))
        if held:
            return replace(part, did=Did.REMOVED_AND_EDITED)
        return replace(part, conflict=False, did=Did.LEFT_OUT)

    def _settle_order(self) -> list[PartChange]:
        """Order the cards of both sides; returns the moves, or the change of the whole order."""
        mine, theirs = list(self.toml), list(self.anki)
        both = self.toml.keys() & self.anki.keys()
        ours, others = keep(mine, both), keep(theirs, both)
        order, part = (ours, None) if ours == others else self._merge_order(ours, others)
        in_toml = in_anki = weave(weave(order, theirs), mine)
        if part and part.state == "skipped":
            in_toml, in_anki = weave(mine, theirs), weave(theirs, mine)
        self.toml_after = {id_: self.toml_after[id_] for id_ in keep(in_toml, self.toml_after)}
        self.anki_after = {id_: self.anki_after[id_] for id_ in keep(in_anki, self.anki_after)}
        return [part] if part else self._tell_moves(mine, theirs)

    def _merge_order(
        self, ours: list[str], others: list[str]
    ) -> tuple[list[str], Optional[PartChange]]:
        """The order of the cards that both sides have, and the conflict if there is one."""
        held = keep(self.held, {*ours})
        in_toml, in_anki = (not held or keep(order, held) != held for order in (ours, others))
        key = ChoiceKey(self.note_id, "order")
        options = self.comparison.options
        if in_toml and in_anki and held and self.comparison.merges and key not in options.choices:
            merged = merge_orders(held, keep(ours, held), keep(others, held))
            if merged is not None:
                return weave(merged, ours), None
        if not (in_toml or in_anki):  # only new cards are ordered differently
            return (others if options.rule.one_way == "anki" else ours), None
        winner = self.comparison.winner(in_toml, in_anki, key)
        order = others if winner == "anki" else ours
        if not (in_toml and in_anki):
            return order, None
        toml, anki = self._list(ours), self._list(others)
        if winner is None:
            return order, make_skipped(key, toml, anki)
        made = self._list(order)
        overwrites = bool(self.held) and self.comparison.overwrites(winner, True, True)
        now, after = Both(toml, anki), Both(made, made)
        return order, make_part(key, now, after, conflict=True, overwrites=overwrites)

    def _tell_moves(self, mine: list[str], theirs: list[str]) -> list[PartChange]:
        in_toml, in_anki = list(self.toml_after), list(self.anki_after)
        moved_in_toml, moved_in_anki = find_moved(mine, in_toml), find_moved(theirs, in_anki)
        parts = []
        for id_ in keep(in_anki, moved_in_anki) + keep(in_toml, moved_in_toml - moved_in_anki):
            to_anki = id_ in moved_in_anki
            before, after = (theirs, in_anki) if to_anki else (mine, in_toml)
            parts.append(
                PartChange(
                    "card",
                    id_,
                    *self._show(id_),
                    "to_anki" if to_anki else "to_toml",
                    _show(self.toml_after[id_]) if id_ in moved_in_toml else None,
                    _show(self.anki_after[id_]) if to_anki else None,
                    did=Did.MOVED,
                    moved=(before.index(id_) + 1, after.index(id_) + 1),
                )
            )
        return parts

    def _list(self, order: Sequence[str]) -> str:
        """The cards in this order, one line for each: its id and front."""
        fronts = (plain_text(self.anki[id_].front)[:60] for id_ in order)
        return "\n".join(f"{id_}: {front}" for id_, front in zip(order, fronts))

    def _show(self, id_: str) -> tuple[Optional[str], Optional[str]]:
        """A card as a text, in the file and in Anki now; None where it is missing."""
        mine, theirs = self.toml.get(id_), self.anki.get(id_)
        return _show(mine) if mine else None, _show(theirs) if theirs else None


def _show(card: Union[CardDef, Card]) -> str:
    return show_card(card.front, card.back, HTML_RULE if isinstance(card, Card) else RULE)


def _after(part: Optional[PartChange], side: str, now: str) -> str:
    """The text of one side (``to_toml`` or ``to_anki``) after the run."""
    wanted: Optional[str] = getattr(part, side) if part else None
    return now if wanted is None else wanted
