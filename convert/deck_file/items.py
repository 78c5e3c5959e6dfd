"""Finds the items in the text of a TOML deck: the tables of its n-th note, model or deck."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Union

from .toml_scan import Block, Statement, find_blocks, find_statements, is_line_start, next_line

KINDS = ("models", "decks", "notes", "media")

_LONG_STRING = re.compile(
    r"""[^\n=]*=[ \t]*(\"{3}|'{3})(?P<below>\r?\n)?(?:[^\\]|\\.)*?\1""", re.DOTALL
)

# The place of a value: ("notes", 3, "fields", "Front"). Lists in the file count from 1.
Place = tuple[Union[str, int], ...]


@dataclass
class Item:
    """The tables of one item, each with its place within the item."""

    parts: list[tuple[Place, Block]] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.parts[0][1].start


class Layout:
    """The place of everything in ``text``, found on demand."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def blocks(self) -> list[Block]:
        return find_blocks(self.text)

    @cached_property
    def items(self) -> dict[str, list[Item]]:
        """The items of each kind, and ``package``, in order."""
        items: dict[str, list[Item]] = {kind: [] for kind in ("package", *KINDS)}
        counts: dict[tuple[str, ...], int] = {}
        for block in self.blocks:
            kind = block.names[0] if block.names else ""
            if kind not in items:
                continue
            if len(block.names) == 1 and (block.is_array or not items[kind]):
                items[kind].append(Item())
                counts = {}
            if items[kind]:
                place = _place_within(block, counts)
                items[kind][-1].parts.append((place, block))
        return items

    def block_above(self, block: Block) -> Block:
        """The table before one that has a header."""
        return self.blocks[bisect_right(self._block_starts, block.start) - 2]

    @cached_property
    def _block_starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    def statements(self, block: Block) -> Iterator[Statement]:
        return find_statements(self.text, block)

    def content_end(self, block: Block) -> int:
        """The start of the line after a table's last statement."""
        end = next_line(self.text, block.body)
        for statement in self.statements(block):
            end = statement.end
        return end

    def line_at(self, position: int) -> int:
        """The number of the line with ``position``, from 1."""
        return bisect_right(self._line_starts, position) + 1

    @cached_property
    def _line_starts(self) -> list[int]:
        return [match.end() for match in re.finditer("\n", self.text)]

    def find_line(self, place: Place) -> int:
        """The line of the key at ``place``, or of the nearest thing around it, or 1."""
        if not place:
            return 1
        kind, rest = str(place[0]), place[1:]
        number = rest[0] if rest and isinstance(rest[0], int) and kind in KINDS else 0
        items = self.items.get(kind, [])
        if kind in KINDS and number:
            rest = rest[1:]
            if number <= len(items):
                return self.line_at(self._find_within(items[number - 1], rest))
        elif items:
            return self.line_at(self._find_within(items[0], rest))
        return self._find_in_root(kind, place)

    def find_text_line(self, place: Place, line: int) -> int:
        """The line of the file for a line (from 1) of the string at ``place``."""
        first = self.find_line(place)
        at = self._line_starts[first - 2] if first > 1 else 0
        value = _LONG_STRING.match(self.text, at)
        if value is None:
            return first
        last = first + self.text.count("\n", at, value.end())
        return min(first + bool(value["below"]) + line - 1, last)

    def _find_within(self, item: Item, place: Place) -> int:
        best, found = 0, item.parts[0][1].body
        for prefix, block in item.parts:
            if place[: len(prefix)] != prefix:
                continue
            if len(prefix) > best:
                best, found = len(prefix), block.body
            for statement in self.statements(block):
                there = prefix + statement.names
                shared = min(len(there), len(place))
                if there[:shared] == place[:shared] and shared > best:
                    best, found = shared, statement.key
        return found

    def _find_in_root(self, kind: str, place: Place) -> int:
        for statement in self.statements(self.blocks[0]):
            if statement.names[0] == kind:
                return self.line_at(statement.key)
        for block in self.blocks:
            if block.names[:1] == (kind,):
                return self.line_at(block.body)
        return 1


def find_item_lines(text: str, kind: str, count: int) -> list[int]:
    """The lines of the headers of all ``count`` items of a kind; fewer when some are no tables.

    Fast when the headers have their usual form: it searches for the headers alone.
    """
    header = re.compile(rf"\[\[[ \t]*(?:{kind}|\"{kind}\"|'{kind}')[ \t]*\]\]")
    lines, line, before = [], 1, 0
    position = text.find("[[")
    while position >= 0:
        if header.match(text, position) and is_line_start(text, position):
            line += text.count("\n", before, position)
            before = position
            lines.append(line)
        position = text.find("[[", position + 2)
    if len(lines) == count:
        return lines
    layout = Layout(text)
    lines = []
    line, before = 1, 0
    for item in layout.items[kind]:
        body = item.parts[0][1].body
        line += text.count("\n", before, body)
        before = body
        lines.append(line)
    return lines


def _place_within(block: Block, counts: dict[tuple[str, ...], int]) -> Place:
    """The place of a table in its item. Each list of tables in an item counts from 1."""
    place: list[str | int] = []
    names = block.names
    for depth in range(2, len(names) + 1):
        path = names[:depth]
        if block.is_array and depth == len(names):
            counts[path] = counts.get(path, 0) + 1
        place.append(names[depth - 1])
        if path in counts:
            place.append(counts[path])
    return tuple(place)
