"""Plans dynamic notes of an update: card by card, as the deck's comparison does it.

Cards that the subscriber added or deleted stay as they are. A card that the author took out is
asked about: it may have reviews.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Optional

from .....convert.deck_file.definition import DYNAMIC_FIELDS, CardDef, NoteDef
from .....convert.html.plain_text import plain_text
from .....model.card_order import keep, merge_orders, weave
from .....model.note import Card, DynamicNote, write_fields
from .....model.notetype import NAME
from .....model.slots import CardError
from ....collection.dynamic_cards import find_cards, guard_slots
from ....collection.dynamic_type import ForeignNotetype
from ....collection.reads import NoteRow
from ....deck.base import HeldCard, HeldField, HeldNote
from ....deck.dynamic import hold_cards, name_cards, push_cards, read_row
from ..changes import Choice, NotePlan, PartPlan, Question
from .fields import TextMerge, merge_text
from .settling import merge_fields
from .sides import Sides

_CARDS: tuple[Choice, ...] = ("keep", "delete")
_SIDES: tuple[Choice, ...] = ("mine", "theirs")


@dataclass(frozen=True)
class DynamicPlanner:
    """Plans the cards and the two texts of a dynamic note."""

    sides: Sides

    def plan_new(self, plan: NotePlan, note: NoteDef, held: HeldNote) -> NotePlan:
        """Plan a note that is added. Raises ``CardError`` or ``ForeignNotetype``."""
        if not self.sides.dynamic and self.sides.col.models.by_name(NAME):
            raise ForeignNotetype
        values = self.sides.values
        cards = name_cards(note.cards, (), {}, (), values)
        link, text = (values.to_anki(note.fields.get(name, ""), True) for name in DYNAMIC_FIELDS)
        in_anki = push_cards(cards, values)
        fields = write_fields((), DynamicNote(text, in_anki, link))
        held = replace(held, cards=hold_cards(cards, in_anki, {}, ()))
        return replace(plan, values=fields, held=held)

    def compare(
        self,
        plan: NotePlan,
        note: NoteDef,
        row: NoteRow,
        held: Optional[HeldNote],
        protected: frozenset[str],
    ) -> NotePlan:
        """Plan a note that is on both sides."""
        sides = self.sides
        read = read_row(row)
        if read.problems:
            raise CardError(f"In Anki this note is damaged. {' '.join(read.problems)}")
        now = dict(zip(DYNAMIC_FIELDS, (read.content.link, read.content.note)))
        theirs = {name: note.fields[name] for name in DYNAMIC_FIELDS if name in note.fields}
        merged = merge_fields(sides, plan, theirs, now, held, DYNAMIC_FIELDS, protected)
        edits = {part.name: part.after for part in merged.parts if part.after is not None}
        texts = {**now, **edits}
        cards = _Cards(sides, plan, read.content.cards, dict(held.cards) if held else {})
        if "*" in protected:
            after = read.content.cards
            cards.held = dict(held.cards) if held else {}
        else:
            after = cards.merge(note.cards, {*read.slots, *read.retired})
        content = DynamicNote(texts["Note"], after, texts["Link"])
        values: tuple[str, ...] = ()
        if content != read.content:
            stored = row.fields.split("\x1f")
            guarded = guard_slots(find_cards(sides.col, [row.id])[row.id], stored)
            values = write_fields(guarded, content)
        return replace(
            plan,
            parts=(*merged.parts, *cards.parts),
            questions=(*merged.questions, *cards.questions),
            values=values,
            held=HeldNote(note.model, note.deck, None, merged.held, cards.held),
        )


class _Cards:
    """Merges the cards of one note. ``held`` is what the base has, and then remembers."""

    def __init__(
        self, sides: Sides, plan: NotePlan, anki: Sequence[Card], held: dict[str, HeldCard]
    ) -> None:
        self.sides, self.plan = sides, plan
        self.anki = {card.id: card for card in anki}
        self.old, self.held = dict(held), dict(held)
        self.parts: list[PartPlan] = []
        self.questions: list[Question] = []

    def merge(self, theirs: Sequence[CardDef], taken: set[str]) -> tuple[Card, ...]:
        """The cards in Anki after the run, in order."""
        values = self.sides.values
        taken = {*taken, *self.old}
        named = name_cards(theirs, [*self.anki.values()], self.old, taken, values)
        author = {card.id or "": card for card in named}
        after: dict[str, Card] = {}
        for id_ in weave(list(author), list(self.anki)):
            card = self._merge_card(id_, author.get(id_), self.anki.get(id_))
            if card is not None:
                after[id_] = card
        for id_ in [id_ for id_ in self.held if id_ not in author and id_ not in self.anki]:
            del self.held[id_]
        if not after:  # the author took all out that the subscriber has left
            return tuple(self.anki.values())
        order = self._order(list(author), list(self.anki))
        after = {id_: after[id_] for id_ in keep(order, after)}
        known = keep(list(author), self.held)
        self.held = {**{id_: self.held[id_] for id_ in known}, **self.held}
        return tuple(after.values())

    def _order(self, theirs: list[str], mine: list[str]) -> list[str]:
        """The author's order where the subscriber kept it, merged where both changed it."""
        both = {*theirs} & {*mine}
        ours, others = keep(mine, both), keep(theirs, both)
        old = keep(list(self.old), both)
        merged: Optional[list[str]] = ours
        if others != ours and old:
            merged = merge_orders(old, keep(others, {*old}), keep(ours, {*old}))
            merged = ours if merged is None else weave(merged, ours)
        return weave(weave(merged or ours, mine), theirs)

    def _merge_card(
        self, id_: str, theirs: Optional[CardDef], mine: Optional[Card]
    ) -> Optional[Card]:
        if theirs is None:
            return self._only_mine(id_, mine) if mine else None
        if mine is None:
            return self._only_theirs(id_, theirs)
        old = self.old.get(id_)
        merges = [
            merge_text(self.sides.values, text, True, now, held)
            for text, now, held in (
                (theirs.front, mine.front, old.front if old else None),
                (theirs.back, mine.back, old.back if old else None),
            )
        ]
        if any(merge.state == "refused" for merge in merges):
            why = next(merge.why for merge in merges if merge.state == "refused")
            self._part(id_, "refused", mine, merges, why=why)
            return mine
        takes = {}
        if any(merge.state == "conflict" for merge in merges):
            answer = self._ask(id_, old, mine, merges)
            if answer is None:
                self._part(id_, "question", mine, merges)
                return mine
            takes = {"mine": mine} if answer == "mine" else {"theirs": mine}
        texts = [
            merge.theirs
            if "theirs" in takes and merge.state == "conflict"
            else (now if merge.html is None else merge.html)
            for merge, now in zip(merges, (mine.front, mine.back))
        ]
        front, back = (merge.held for merge in merges)
        if front is not None and back is not None:
            self.held[id_] = HeldCard(front, back)
        card = replace(mine, front=texts[0], back=texts[1])
        if card != mine:
            state = "merged" if any(m.state == "merged" for m in merges) else "theirs"
            self._part(id_, state, mine, merges, _show(card))
        return card

    def _only_mine(self, id_: str, mine: Card) -> Optional[Card]:
        """A card of the subscriber's own, or one that the author took out."""
        old = self.old.get(id_)
        if old is None:
            return mine
        key = f"card gone:{self.plan.guid}:{id_}"
        answer = self.sides.answers.get(key)
        answer = answer if answer in _CARDS else None
        self.questions.append(
            Question(
                key,
                "card gone",
                self.plan.title,
                f"The author took out the card “{plain_text(mine.front)[:60]}”.",
                _CARDS,
                self.plan.deck,
                self.plan.note_id,
                mine=_show(mine),
                answer=answer,
            )
        )
        if answer is None:
            return mine
        del self.held[id_]
        return mine if answer == "keep" else None

    def _only_theirs(self, id_: str, theirs: CardDef) -> Optional[Card]:
        """A new card, or one that the subscriber deleted, which stays deleted."""
        values = self.sides.values
        front, back = values.to_anki(theirs.front, True), values.to_anki(theirs.back, True)
        held = HeldCard(HeldField(theirs.front, front, True), HeldField(theirs.back, back, True))
        card = Card(id_, front, back)
        if id_ in self.old:
            self.held[id_] = held
            return None
        loss = values.find_loss(theirs.front) or values.find_loss(theirs.back)
        if loss:
            self.parts.append(PartPlan("card", id_, "refused", "", _show(card), why=loss.sentence))
            return None
        self.held[id_] = held
        self.parts.append(PartPlan("card", id_, "theirs", "", _show(card), _show(card)))
        return card

    def _ask(
        self, id_: str, old: Optional[HeldCard], mine: Card, merges: Sequence[TextMerge]
    ) -> Optional[str]:
        key = f"card:{self.plan.guid}:{id_}"
        answer = self.sides.answers.get(key)
        answer = answer if answer in _SIDES else None
        theirs = _join(merges[0].theirs, merges[1].theirs)
        base = _join(old.front.anki, old.back.anki) if old else ""
        text = f"You and the author both changed the card “{plain_text(mine.front)[:60]}”."
        plan = self.plan
        self.questions.append(
            Question(
                key,
                "card",
                plan.title,
                text,
                _SIDES,
                plan.deck,
                plan.note_id,
                base,
                _show(mine),
                theirs,
                answer,
            )
        )
        return answer

    def _part(
        self,
        id_: str,
        state: str,
        mine: Card,
        merges: Sequence[TextMerge],
        after: Optional[str] = None,
        why: str = "",
    ) -> None:
        theirs = _join(merges[0].theirs, merges[1].theirs)
        part = PartPlan("card", id_, state, _show(mine), theirs, after, why)  # type: ignore[arg-type]
        self.parts.append(part)


def _show(card: Card) -> str:
    return _join(card.front, card.back)


def _join(front: str, back: str) -> str:
    return f"{front}<hr>{back}" if back else front
