"""Finds Anki's clozes among tokens: those that a page can show as highlights."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import NamedTuple

from .blocks import Mark
from .comments import read_comment
from .tokens import (
    CLOZE_CLOSE,
    CLOZE_OPEN,
    END,
    FOREIGN,
    HIDDEN,
    LATEX,
    MATH,
    SOUND,
    START,
    TEXT,
    Token,
)

_LINE_TAGS = frozenset("div p br".split())
_SHOWN_TAGS = frozenset("img audio video object embed hr".split())
_BREAKING_TAGS = frozenset(
    "ul ol li dl dt dd menu table tbody thead tfoot tr td th caption pre blockquote hr"
    " h1 h2 h3 h4 h5 h6 details summary".split()
)
_CODE_TAGS = frozenset("code tt samp pre".split())
_MASK = "image-occlusion:"
_TAG = re.compile(r"<[^>]*>")
_LINE_TAG = re.compile(r"</?(?:br|div|p)\b[^>]*>", re.IGNORECASE)
_CODE_LINE = re.compile(r"\s*<pre\b[^>]*>(?:(?!</?pre\b|<br\b|<div\b)[^\n])*</pre>\s*")


class Cloze(NamedTuple):
    """A cloze whose delimiters are the tokens ``first`` and ``last``.

    The hint starts at offset ``hint_from`` of the HTML, in the token ``hint_token``. An ``unseen``
    cloze shows nothing: it is an image's mask, or empty. ``code_line``: it holds one line of code.
    """

    mark: Mark
    first: int
    last: int
    hint_token: int
    hint_from: int
    unseen: bool
    code_line: bool


def match_clozes(html: str, tokens: Sequence[Token], lines: bool = True) -> dict[int, Cloze]:
    """The clozes that can be shown, by the index of their first and of their last token.

    Left out, so that they stay literal text: clozes that nest, or cross the border of code; without
    ``lines`` also those that contain blocks other than one line of code. Follows
    ``parse_text_with_clozes`` of Anki's ``cloze.rs``: a closing mark belongs to the cloze opened
    last, and the first ``::`` of the text starts the hint.
    """
    pairs = _pair_borders(tokens)
    found: dict[int, Cloze] = {}
    outer_end = -1
    for number, (first, last) in enumerate(pairs):
        nests = number + 1 < len(pairs) and pairs[number + 1][0] < last
        if last > outer_end and not nests:
            cloze = _read_cloze(html, tokens, first, last)
            if cloze is not None and (lines or cloze.code_line or not _holds_blocks(tokens, cloze)):
                found[first] = found[last] = cloze
        outer_end = max(outer_end, last)
    return found


def open_clozes(html: str, tokens: Sequence[Token]) -> list[Token]:
    """The tokens with every cloze revealed, as on the back of a card: no borders, no hints."""
    borders = {index for pair in _pair_borders(tokens) for index in pair}
    kept: list[Token] = []
    hides: list[bool] = []  # for each open cloze: whether its hint or its mask has begun
    for index, token in enumerate(tokens):
        if index in borders:
            if token.kind == CLOZE_OPEN:
                hides.append(html.startswith(_MASK, token.end))
            else:
                hides.pop()
        elif token.kind != TEXT or not hides:
            kept.append(token)
        elif not hides[-1]:
            at = html.find("::", token.start, token.end)
            hides[-1] = at >= 0
            kept.append(token if at < 0 else token._replace(end=at))
    return kept


def _pair_borders(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """The first and last tokens of every cloze, in the order in which they begin."""
    pairs: list[tuple[int, int]] = []
    opened: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind == CLOZE_OPEN:
            opened.append(index)
        elif token.kind == CLOZE_CLOSE and opened:
            pairs.append((opened.pop(), index))
    return sorted(pairs)


def _holds_blocks(tokens: Sequence[Token], cloze: Cloze) -> bool:
    return any(
        token.kind == LATEX or (token.kind in (START, END) and token.name in _BREAKING_TAGS)
        for token in tokens[cloze.first + 1 : cloze.last]
    )


def _read_cloze(html: str, tokens: Sequence[Token], first: int, last: int) -> Cloze | None:
    hint_token, hint_from = last, tokens[last].start
    code = 0
    shows_something = False
    is_mask = False
    has_marks = False
    is_code_line = _CODE_LINE.fullmatch(html, tokens[first].end, tokens[last].start) is not None
    for index in range(first + 1, last):
        token = tokens[index]
        if token.kind == START or token.kind == END:
            if token.name in _CODE_TAGS:
                code += 1 if token.kind == START else -1
                if code < 0:
                    return None
            shows_something = shows_something or token.name in _SHOWN_TAGS
        elif token.kind == TEXT and hint_token == last:
            text = html[token.start : token.end]
            at = text.find("::")
            if at >= 0:
                hint_token, hint_from = index, token.start + at
                text = text[:at]
            if text.lstrip().startswith(_MASK) and not shows_something:
                is_mask = True
            shows_something = shows_something or bool(unescape(text).strip())
            has_marks = has_marks or (code > 0 and ("==" in text or "%%" in text))
        elif token.kind in (MATH, SOUND, LATEX, FOREIGN) or _is_comment(html, token):
            shows_something = True
    if code:
        return None
    numbers = "c" + tokens[first].name
    hint = _hint_text(html[hint_from + 2 : tokens[last].start]) if hint_token != last else ""
    comment = f"{numbers}::{hint}" if hint_token != last else numbers
    in_html = has_marks or "%%" in hint or hint.endswith("%")
    mark = Mark("cloze", first, "", "" if is_mask else comment, in_html)
    unseen = is_mask or not shows_something
    return Cloze(mark, first, last, hint_token, hint_from, unseen, is_code_line)


def _is_comment(html: str, token: Token) -> bool:
    """Whether a token is a user's comment, which a page shows."""
    if token.kind != HIDDEN or token.name != "!":
        return False
    return read_comment(html[token.start : token.end]) is not None


def _hint_text(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", _LINE_TAG.sub(" ", html))).split())
