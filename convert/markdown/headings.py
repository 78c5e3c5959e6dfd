"""Finds the headings of a Markdown text, as Obsidian sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .parser import parse_blocks, restore_spaces

if TYPE_CHECKING:
    from ...vendor.lib.markdown_it.token import Token


@dataclass(frozen=True)
class Heading:
    """A heading in the text itself, not in a list, a quote, code, maths or HTML.

    ``line`` is its first line and ``end`` the line after it, from 0. ``text`` is as typed, without
    the marks around it. ``underlined``: a line of ``-`` or ``=`` below makes it a heading.
    ``hidden``: it stands in a comment of several lines.
    """

    line: int
    end: int
    level: int
    text: str
    underlined: bool = False
    hidden: bool = False


def find_headings(text: str) -> tuple[Heading, ...]:
    """The headings of a text whose lines end in ``\\n``, in order."""
    tokens = parse_blocks(text)
    hidden = _hidden_lines(text, tokens) if "%%" in text else frozenset()
    found: list[Heading] = []
    for opening, content in zip(tokens, tokens[1:]):
        if opening.type != "heading_open" or opening.level or not opening.map:
            continue
        first, end = opening.map
        found.append(
            Heading(
                first,
                end,
                int(opening.tag[1:]),
                restore_spaces(content.content),
                opening.markup[0] in "-=",
                first in hidden,
            )
        )
    return tuple(found)


def _hidden_lines(text: str, tokens: list[Token]) -> frozenset[int]:
    """The lines inside comments of several lines. Without an end, one goes on to the text's end."""
    verbatim: set[int] = set()
    for token in tokens:
        if token.type in ("fence", "code_block") and token.map:
            verbatim.update(range(*token.map))
    hidden: list[int] = []
    inside = False
    for number, line in enumerate(text.split("\n")):
        if inside:
            hidden.append(number)
        odd = number not in verbatim and line.count("%%") % 2 == 1
        if odd and (inside or line.lstrip().startswith("%%")):
            inside = not inside
    return frozenset(hidden)
