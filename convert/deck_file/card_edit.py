"""Edits, adds, removes and moves the cards of one note in the text of a TOML deck."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .definition import CardDef
from .items import Item, Layout, Place
from .new_text import card_text
from .toml_edit import Splice, as_new_lines, as_new_tables, set_values
from .toml_read import load_toml
from .toml_scan import Block, Statement, line_start, next_line, skip_own_comments
from .toml_write import write_basic


@dataclass(frozen=True)
class CardEdit:
    """New values for the card at ``position`` (0: a new card); ``None`` changes nothing."""

    position: int
    id: str | None = None
    front: str | None = None
    back: str | None = None

    @property
    def values(self) -> dict[str, str]:
        """The new values by their keys."""
        said = {"id": self.id, "front": self.front, "back": self.back}
        return {key: value for key, value in said.items() if value is not None}


class _Seat(NamedTuple):
    """A card's part of the text, with the comments directly above and below it."""

    start: int
    end: int
    blocks: tuple[Block, ...]


def edit_cards(
    layout: Layout, item: Item, cards: Sequence[CardEdit]
) -> tuple[list[Splice], list[tuple[Place, Block]]]:
    """Make ``cards`` the cards of a note, in this order; all other cards are removed.

    Returns the tables of the removed cards, which the caller takes out. A card that moves takes its
    own comments along; empty lines, and text between cards, stay where they are.
    """
    inline = _find_inline(layout, item)
    if inline is not None:
        return set_values(layout, item, "notes", _inline_values(layout, inline, cards)), []
    seats = _find_seats(layout, item)
    kept = [card for card in cards if card.position in seats]
    places = sorted(card.position for card in kept)
    new = _group_new(cards)
    splices = _insert_above(layout, item, seats[places[0]] if places else None, new[0])
    for place, card, below in zip(places, kept, new[1:]):  # in the order of the text
        inner = _change_card(layout, item, seats[card.position].blocks[0], card)
        if place == card.position:
            splices += inner
        else:
            splices.append(_move(layout.text, seats[card.position], seats[place], inner))
        if below:
            splices.append(as_new_tables(layout, seats[place].blocks[-1], below))
    gone = seats.keys() - set(places)
    removed = [part for part in item.parts if part[0][:1] == ("cards",) and part[0][1] in gone]
    return splices, removed


def _find_inline(layout: Layout, item: Item) -> Statement | None:
    """The statement ``cards = [{…}]``, when a note has its cards in one statement."""
    for place, block in item.parts:
        if not place:
            for statement in layout.statements(block):
                if statement.names == ("cards",):
                    return statement
    return None


def _inline_values(
    layout: Layout, inline: Statement, cards: Sequence[CardEdit]
) -> dict[Place, object]:
    before = load_toml(f"cards = {layout.text[inline.value : inline.value_end]}")["cards"]
    if [card.position for card in cards] == list(range(1, len(before) + 1)):
        return {
            ("cards", card.position, key): value
            for card in cards
            for key, value in card.values.items()
        }
    after: list[dict[str, Any]] = [
        {**(before[card.position - 1] if card.position else {}), **card.values} for card in cards
    ]
    return {("cards",): after}


def _find_seats(layout: Layout, item: Item) -> dict[int, _Seat]:
    blocks: dict[int, list[Block]] = {}
    for place, block in item.parts:
        if place[:1] == ("cards",) and len(place) > 1 and isinstance(place[1], int):
            blocks.setdefault(place[1], []).append(block)
    seats = {}
    for number, own in blocks.items():
        end = skip_own_comments(layout.text, layout.content_end(own[-1]), own[-1].end)
        seats[number] = _Seat(_find_lead(layout, own[0]), end, tuple(own))
    return seats


def _find_lead(layout: Layout, block: Block) -> int:
    """The start of the comments directly above a table's header."""
    before = layout.block_above(block)
    limit, start = layout.content_end(before), block.start
    while start > limit:
        above = line_start(layout.text, start - 1)
        if above < limit or not layout.text[above:start].lstrip().startswith("#"):
            break
        start = above
    return start


def _change_card(layout: Layout, item: Item, block: Block, card: CardEdit) -> list[Splice]:
    values: dict[Place, object] = {
        ("cards", card.position, key): value for key, value in card.values.items()
    }
    statements = list(layout.statements(block))
    if card.id is None or any(statement.names == ("id",) for statement in statements):
        return set_values(layout, item, "notes", values)
    del values["cards", card.position, "id"]  # a new id goes above the rest
    indent = layout.text[statements[0].start : statements[0].key] if statements else ""
    line = f"{indent}id = {write_basic(card.id)}\n"
    first = as_new_lines(layout.text, next_line(layout.text, block.body), line)
    return [first, *set_values(layout, item, "notes", values)]


def _move(text: str, card: _Seat, seat: _Seat, inner: Iterable[Splice]) -> Splice:
    """Put a card, with its own changes made, in the place of another."""
    parts: list[str] = []
    position = card.start
    for change in sorted(inner, key=lambda change: change.start):
        parts += (text[position : change.start], change.text)
        position = change.end
    parts.append(text[position : card.end])
    lines = "".join(parts).replace("\r\n", "\n").rstrip("\n")
    return Splice(seat.start, seat.end, lines + "\n" * text[: seat.end].endswith("\n"))


def _group_new(cards: Sequence[CardEdit]) -> list[list[str]]:
    """The new cards above all others, and the new cards below each other one."""
    groups: list[list[str]] = [[]]
    for card in cards:
        if card.position:
            groups.append([])
        else:
            groups[-1].append(card_text(CardDef(card.id, card.front or "", card.back or "")))
    return groups


def _insert_above(
    layout: Layout, item: Item, first: _Seat | None, tables: Sequence[str]
) -> list[Splice]:
    if not tables:
        return []
    if first:
        lines = "".join(f"{table}\n" for table in tables)
        return [Splice(first.start, first.start, lines)]
    block = max((block for place, block in item.parts if place[:1] != ("cards",)), key=_start)
    return [as_new_tables(layout, block, tables)]


def _start(block: Block) -> int:
    return block.start
