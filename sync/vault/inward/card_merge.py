"""Merges the page of a dynamic note into it: its text like a field, its cards one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Optional

from ....convert.page.card_reading import CardSection, read_cards
from ....convert.page.cards import ConvertedCard
from ....convert.page.field_reading import FieldSection
from ....convert.page.note import CardText, PageProblem
from ....convert.page.render import ConvertedNote
from ....convert.vault_names import VaultNames
from ....model.card_order import keep, merge_orders, weave
from ....model.note import Card, DynamicNote, is_card_id, new_card_id, read_note, write_fields
from ....model.slots import CardError
from ...reconcile.note_change import FieldChange
from ...reconcile.question import Choice
from .field_merge import FieldMerger, FieldsMerged, Side
from .page_cards import NO_FRONT, SIDES, convert_card, name_side, say_side, tell_card


@dataclass(frozen=True)
class CardMerger:
    """Merges one page into its dynamic note, as ``FieldMerger`` does for other notes.

    ``values`` are the note's fields as Anki stores them. ``remove`` is the answer to whether cards
    that were deleted from the page are deleted from the note.
    """

    before: Optional[ConvertedNote]
    now: ConvertedNote
    values: Sequence[str]
    names: VaultNames
    choose: Callable[[str], Optional[Side]]
    remove: Optional[Choice]

    def merge(self, managed: str, first_line: int) -> FieldsMerged:
        """Merge a managed part into the fields. It begins on line ``first_line`` of its page."""
        shown = self.before or self.now
        above = shown.without_cards.managed
        reading = read_cards(managed, first_line, shown.cards, above)
        if reading.problems:
            return FieldsMerged(problems=list(reading.problems))
        merged = self._merge_text(reading.above, first_line)
        work = _Cards(self, merged)
        for section in reading.cards:
            work.take(section)
        work.find_gone()
        if not merged.problems and not merged.is_open:
            self._write(work, first_line)
        return merged

    def _merge_text(self, managed: str, first_line: int) -> FieldsMerged:
        before = self.before and self.before.without_cards
        now = self.now.without_cards
        merger = FieldMerger(before, now, self.names, self.choose, may_be_empty=True)
        return merger.merge(managed, first_line)

    def _write(self, work: _Cards, first_line: int) -> None:
        merged = work.merged
        text = {**dict(self.now.note.fields), **{each.name: each.after for each in merged.changes}}
        content = DynamicNote(text["Note"], work.put_in_order(text), text["Link"])
        try:
            values = write_fields(self.values, content)
        except CardError as error:
            merged.problems.append(PageProblem(first_line, str(error)))
            return
        if values == tuple(self.values):
            return
        merged.values = values
        merged.changes += work.tell_cards()
        if not merged.changes and not merged.reasons:
            merged.reasons.append("reorders its cards")


@dataclass
class _Cards:
    """The cards of one merge.

    ``order`` are the ids of the cards on the page, ``added`` the cards that are new in Anki, and
    ``gone`` the ids of those that are deleted.
    """

    merger: CardMerger
    merged: FieldsMerged
    order: list[str] = field(default_factory=list)
    added: dict[str, CardText] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)

    @cached_property
    def base(self) -> Mapping[str, CardText]:
        """The cards as the page last showed them."""
        shown = self.merger.before or self.merger.now
        return {card.id: card for card in shown.note.cards}

    @cached_property
    def now(self) -> Mapping[str, CardText]:
        """The cards as Anki has them."""
        return {card.id: card for card in self.merger.now.note.cards}

    @cached_property
    def _sides(self) -> FieldMerger:
        """Merges the sides of the cards that were on the page before and are in Anki now."""
        return self._compare(self.merger.before, self.base.keys() & self.now.keys())

    def _compare(self, before: Optional[ConvertedNote], ids: Set[str]) -> FieldMerger:
        merger = self.merger
        known = before and _flatten(before, self.base, ids)
        now = _flatten(merger.now, self.now, ids)
        return FieldMerger(known, now, merger.names, merger.choose)

    def take(self, section: CardSection) -> None:
        """Merge one card of the page."""
        if not section.has_comment:
            self.merged.lacks_ids = True
        if section.id and not is_card_id(section.id):
            self._refuse(section.front_line, f"“{section.id}” cannot be the id of a card.")
        elif section.id in self.base and section.id in self.now:
            self._merge_sides(self._sides, section)
            self.order.append(section.id)
        elif section.id in self.base:
            self._take_deleted(section)
        elif section.id in self.now:
            self._merge_sides(self._compare(None, {section.id}), section)
            self.order.append(section.id)
        else:
            self._take_new(section)

    def _merge_sides(self, merger: FieldMerger, section: CardSection) -> None:
        shown = self.base.get(section.id) or self.now[section.id]
        for side in SIDES:
            markdown, line = say_side(section, side)
            if markdown != self.merger.now.text(getattr(shown, side)).markdown:
                if side == "front" and not markdown:
                    self._refuse(line, NO_FRONT)
                    continue
                name = name_side(section.id, side)
                merger.merge_section(FieldSection(name, markdown, line, "none"), self.merged)

    def _take_deleted(self, section: CardSection) -> None:
        """Merge a card that was deleted in Anki: it comes back if it was edited on the page."""
        card = self._convert(section, self.base[section.id])
        if card is not None and card != self.base[section.id]:
            self.added[section.id] = card
            self.order.append(section.id)

    def _take_new(self, section: CardSection) -> None:
        card = self._convert(section, CardText(section.id, "", ""))
        if card is None:
            return
        if not card.front:
            self._refuse(section.front_line, NO_FRONT)
            return
        taken = {*self.base, *self.now, *self.order, *self._past}
        # A run that was killed may have added the card, and not yet written its id on the page.
        same = [
            id_
            for id_, each in self.now.items()
            if id_ not in self.base and (each.front, each.back) == (card.front, card.back)
        ]
        id_ = section.id or next((i for i in same if i not in self.order), "")
        id_ = id_ or new_card_id(taken, f"{section.front}\x1f{section.back}")
        if id_ not in self.now:
            self.added[id_] = replace(card, id=id_)
        self.order.append(id_)

    def _convert(self, section: CardSection, shown: CardText) -> Optional[CardText]:
        problems: list[PageProblem] = []
        text = self.merger.now.text
        known = ConvertedCard(shown.id, text(shown.front), text(shown.back))
        card = convert_card(section, known, self.merger.names, problems)
        self.merged.problems += problems
        return None if problems else card

    def find_gone(self) -> None:
        """Find cards that were deleted from the page, and take or ask for the answer about them.

        Without a base, it is not known whether a card was on the page, so none is deleted.
        """
        gone = [id_ for id_ in self.base if id_ in self.now and id_ not in self.order]
        self.merged.cards_gone = tuple(gone)
        if self.merger.before is None:
            return
        if self.merger.remove == "delete":
            self.gone = gone
        elif gone and self.merger.remove != "keep":
            self.merged.asks_cards = True

    def put_in_order(self, text: Mapping[str, str]) -> tuple[Card, ...]:
        """The cards of the note after the merge, in an order that has the moves of both sides.

        ``text`` is the merged HTML of the note's fields and card sides, by name.
        """
        cards = {}
        for id_, card in {**self.now, **self.added}.items():
            if id_ in self.added or id_ not in self.gone:
                sides = [text.get(name_side(id_, side), getattr(card, side)) for side in SIDES]
                cards[id_] = Card(id_, *sides)
        before, now = list(self.base), list(self.now)
        shared = {*before} & {*now} & {*self.order} & {*cards}
        page, anki = keep(self.order, shared), keep(now, shared)
        order = merge_orders(keep(before, shared), page, anki) or page
        order = weave(weave(order, keep(self.order, cards)), keep(now, cards))
        return tuple(cards[id_] for id_ in order)

    def tell_cards(self) -> list[FieldChange]:
        """A field change for each side of an added or deleted card. Also notes the reasons."""
        changes: list[FieldChange] = []
        for card in self.added.values():
            changes += tell_card(card, added=True)
        for id_ in self.gone:
            changes += tell_card(self.now[id_], added=False)
        if self.added:
            self.merged.reasons.append(_count(len(self.added), "adds"))
        if self.gone:
            self.merged.reasons.append(_count(len(self.gone), "removes"))
        return changes

    @cached_property
    def _past(self) -> Mapping[str, int]:
        return read_note(self.merger.values).retired

    def _refuse(self, line: int, text: str) -> None:
        self.merged.problems.append(PageProblem(line, text))


def _flatten(note: ConvertedNote, cards: Mapping[str, CardText], ids: Set[str]) -> ConvertedNote:
    """A note whose fields are the sides of these cards."""
    sides = [
        (name_side(id_, side), getattr(card, side))
        for id_, card in cards.items()
        if id_ in ids
        for side in SIDES
    ]
    return note.having(replace(note.note, fields=tuple(sides), cards=()))


def _count(number: int, what: str) -> str:
    return f"{what} {'a card' if number == 1 else f'{number} cards'}"
