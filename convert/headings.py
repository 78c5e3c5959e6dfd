"""The headings of a Markdown text, as Obsidian sees them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from .markdown_parser import parse_markdown, restore_spaces
from .page import field_heading

if TYPE_CHECKING:
    from ..vendor.lib.markdown_it.token import Token

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_DRESSED = re.compile(r"(\*{1,3}|_{1,3}|~~|==|`+)(?=\S)(.+?)(?<=\S)\1")
_HTML_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_COMMENT = re.compile(r"%%[^%\n]*%%")


@dataclass(frozen=True)
class Heading:
    """A heading that stands in the text itself, not in a list, a quote, code, maths or HTML.

    ``line`` is its first line and ``end`` the line after it, from 0. ``text`` is as typed, without
    the marks around it. ``underlined``: it is one because of the line of ``-`` or ``=`` below it.
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
    tokens = parse_markdown(text, headings=True)
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
    """The lines inside comments of several lines; one that is not closed goes on to the end."""
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


def fold_heading(text: str) -> str:
    """Equal for words that differ in case, spaces, or how their characters are composed."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def match_heading(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """The fields that a heading, as typed, may mean: one, when it is clear.

    The nearest spelling counts: that of the page itself, the plain name, another case, and last
    the name in some dress: emphasis, a link's brackets, a colon at its end.
    """
    exact = tuple(name for name in names if field_heading(name).strip() == text)
    if exact:
        return exact
    plain = unescape(_ESCAPED.sub(r"\1", text))
    exact = tuple(name for name in names if name.strip() == plain)
    if exact:
        return exact
    for words in (plain, _undress(text)):
        folded = fold_heading(words)
        found = tuple(name for name in names if folded and fold_heading(name) == folded)
        if found:
            return found
    return ()


def _undress(text: str) -> str:
    text = _HTML_TAG.sub("", _COMMENT.sub("", text)).strip()
    before = ""
    while before != text:
        before = text
        whole = _DRESSED.fullmatch(text)
        if whole:
            text = whole.group(2)
        elif text.startswith("[[") and text.endswith("]]"):
            text = text[2:-2]
        text = text.rstrip(": ")
    return unescape(_ESCAPED.sub(r"\1", text))
