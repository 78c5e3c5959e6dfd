"""Finds the tables, statements and values in a TOML text.

For text that a TOML parser accepts. In any other text it finds something, without an error. The
grammar is that of TOML 1.0 (https://toml.io/en/v1.0.0).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from .toml_read import BrokenToml, load_toml

_STRING = (
    r'"""[^"\\]*(?:(?:\\.|"{1,2}(?!"))[^"\\]*)*"{3,5}'
    r"|'''[^']*(?:'{1,2}(?!')[^']*)*'{3,5}"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    r"|'[^'\n]*'"
)
STRING = re.compile(_STRING, re.S)
# Each branch begins with its own letter, so that `re` can jump from one letter to the next.
_TOKEN = re.compile(_STRING + r"|#[^\n]*|\[|\]|\{|\}", re.S)
_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_ONE_KEY = re.compile(_KEY)
_STATEMENT = re.compile(rf"({_KEY}(?:[ \t]*\.[ \t]*{_KEY})*)[ \t]*=[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BLANK_LINES = re.compile(r"(?:[ \t]*\r?\n)*(?:[ \t]+\Z)?")
_COMMENT_LINES = re.compile(r"(?:[ \t]*#[^\n]*(?:\n|\Z))*")
_SCALAR = re.compile(r"(?:[^#\r\n]*[^#\s])?")


class Block(NamedTuple):
    """A table: its header and its content. The part before the first header has no names."""

    names: tuple[str, ...]
    is_array: bool
    start: int
    body: int
    end: int


class Statement(NamedTuple):
    """``names = value``. ``start`` and ``end`` are those of its whole lines."""

    names: tuple[str, ...]
    start: int
    key: int
    value: int
    value_end: int
    end: int


def find_blocks(text: str, start: int = 0) -> list[Block]:
    """All tables of ``text`` from ``start`` on, in order. Together they cover the whole text."""
    headers: list[tuple[int, int, int]] = []
    depth = opened = 0
    in_header = False
    for match in _TOKEN.finditer(text, start):
        position = match.start()
        letter = text[position]
        if letter in "[{":
            if not depth:
                opened = position
                in_header = letter == "[" and is_line_start(text, position)
            depth += 1
        elif letter in "]}" and depth:
            depth -= 1
            if in_header and not depth:
                headers.append((line_start(text, opened), opened, position + 1))
    blocks = []
    names: tuple[str, ...] = ()
    is_array, begin, body = False, start, start
    for line, opened, closed in headers:
        blocks.append(Block(names, is_array, begin, body, line))
        names, is_array = _read_header(text[opened:closed])
        begin, body = line, closed
    blocks.append(Block(names, is_array, begin, body, len(text)))
    return blocks


def find_statements(text: str, block: Block) -> Iterator[Statement]:
    """The statements of one table, in order."""
    position = block.body
    while True:
        position = _GAP.match(text, position).end()  # type: ignore[union-attr]
        match = _STATEMENT.match(text, position, block.end)
        if match is None:
            return
        value = match.end()
        value_end = _find_value_end(text, value)
        end = next_line(text, value_end)
        yield Statement(
            read_key(match[1]), line_start(text, position), position, value, value_end, end
        )
        position = end


@lru_cache(maxsize=1024)
def read_key(text: str) -> tuple[str, ...]:
    """The names of a dotted key."""
    return tuple(_read_name(match[0]) for match in _ONE_KEY.finditer(text))


def line_start(text: str, position: int) -> int:
    """The start of the line with ``position``."""
    return text.rfind("\n", 0, position) + 1


def next_line(text: str, position: int) -> int:
    """The start of the line after the one with ``position``, or the end of the text."""
    return text.find("\n", position) + 1 or len(text)


def skip_blank_lines(text: str, position: int, end: int) -> int:
    """The start of the first line from ``position`` on that is not blank, or ``end``."""
    return _BLANK_LINES.match(text, position, end).end()  # type: ignore[union-attr]


def skip_own_comments(text: str, position: int, end: int) -> int:
    """The end of the comments from ``position`` on that belong to the text above them.

    Comments directly above a header belong to it; comments after an empty line belong to the
    following text.
    """
    after = _COMMENT_LINES.match(text, position, end).end()  # type: ignore[union-attr]
    return after if after == len(text) or text[after] in "\r\n" else position


def is_line_start(text: str, position: int) -> bool:
    """Whether only blanks stand before ``position`` on its line."""
    return not text[line_start(text, position) : position].strip(" \t\ufeff")


def _find_value_end(text: str, start: int) -> int:
    letter = text[start : start + 1]
    if letter and letter in "\"'":
        match = STRING.match(text, start)
        return match.end() if match else next_line(text, start)
    if letter and letter in "[{":
        depth = 0
        for match in _TOKEN.finditer(text, start):
            letter = text[match.start()]
            depth += (letter in "[{") - (letter in "]}")
            if not depth:
                return match.end()
        return len(text)
    return _SCALAR.match(text, start).end()  # type: ignore[union-attr]


@lru_cache(maxsize=1024)
def _read_header(text: str) -> tuple[tuple[str, ...], bool]:
    return read_key(text), text.startswith("[[")


def _read_name(key: str) -> str:
    if key[0] not in "\"'":
        return key
    if key[0] == "'" or "\\" not in key:
        return key[1:-1]
    try:
        return str(load_toml(f"key = {key}")["key"])
    except BrokenToml:
        return key
