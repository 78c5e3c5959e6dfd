"""Inline rules for clozes, highlights, and Anki's tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from unicodedata import category

from ....vendor.lib.markdown_it.parser_inline import ParserInline
from ....vendor.lib.markdown_it.rules_inline.state_inline import Delimiter, Scanned, StateInline
from ....vendor.lib.markdown_it.token import Token
from ...text.addresses import find_starts
from ...text.foreign import find_end
from ...text.white_space import STAND_INS
from ..comments import CLOZE_COMMENT
from ..inline_token import push_token
from ..look_ahead import find_ahead, search_ahead
from .links import AddressState

_CLOZE_STARTS, _TEXT_STARTS, _TEXT_ENDS, _CLOZE_ENDS = "{{", "{{c1::", "}", "}}"
_CLOZE_BORDER = re.compile(r"\{\{c[\d,]+::|\}\}")
_TAG_STARTS = re.compile(r"\[(?:(?P<sound>sound:)|(?P<tex>latex|\${1,2})\])", re.IGNORECASE)
_TAG_ENDS = {
    name: re.compile(re.escape(f"[/{name}]"), re.IGNORECASE) for name in ("latex", "$", "$$")
}
_MATHJAX_STARTS = re.compile(r"<anki-mathjax\b", re.IGNORECASE)
_MATHJAX_ENDS = re.compile(r"</anki-mathjax\s*>", re.IGNORECASE)


class FieldInline(ParserInline):
    """The inline parser, with delimiters that know clozes."""

    def parse(self, src: str, md: Any, env: Any, tokens: list[Token]) -> list[Token]:
        state = FieldState(src, md, env, tokens)
        if "}}" in src:
            state.borders = _cloze_borders(src)
            state.has_clozes = bool(state.borders)
        state.starts = find_starts(src)
        state.order = list(state.starts)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class FieldState(AddressState):
    borders: Mapping[int, str] = {}  # the border of a cloze at a position
    formulas: Mapping[int, int] | None = None  # start → end of formulas in Anki's delimiters
    brackets: Mapping[int, int] | None = None  # start → end of closed brackets
    hints: Mapping[int, bool] | None = None  # the opening braces in a cloze's hint

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        """Apply CommonMark's rules for flanking; a cloze's text starts and ends like a line.

        ``**`` may also open directly before a cloze and close directly after one, even inside a
        word.
        """
        src, marker, borders = self.src, self.src[start], self.borders
        stop = start
        while stop < self.posMax and src[stop] == marker:
            stop += 1
        starts_text = start == 0 or borders.get(start) == _TEXT_STARTS
        ends_text = stop >= self.posMax or borders.get(stop) == _TEXT_ENDS
        return _flanking(
            " " if starts_text else src[start - 1],
            " " if ends_text else src[stop],
            canSplitWord,
            stop - start,
            borders.get(stop) == _CLOZE_STARTS,
            borders.get(start) == _CLOZE_ENDS,
        )


def _cloze_borders(src: str) -> dict[int, str]:
    """The positions in ``src`` where clozes and their texts begin and end."""
    borders: dict[int, str] = {}
    opened: list[re.Match[str]] = []
    for border in _CLOZE_BORDER.finditer(src):
        if border[0] != "}}":
            opened.append(border)
        elif opened:
            start = opened.pop()
            borders[start.start()], borders[start.end()] = _CLOZE_STARTS, _TEXT_STARTS
            borders[border.start()], borders[border.end()] = _TEXT_ENDS, _CLOZE_ENDS
    return borders


def _flanking(
    last: str, following: str, splits_words: bool, length: int, opens: bool, closes: bool
) -> Scanned:
    space_before, space_after = is_space(last), is_space(following)
    mark_before, mark_after = _is_punctuation(last), _is_punctuation(following)
    left = not space_after and (not mark_after or space_before or mark_before)
    right = not space_before and (not mark_before or space_after or mark_after)
    if splits_words:
        return Scanned(left or opens, right or closes, length)
    return Scanned(left and (not right or mark_before), right and (not left or mark_after), length)


def is_space(char: str) -> bool:
    """Whether a character in the parser's text is white space."""
    return char.isspace() or char in STAND_INS


def _is_punctuation(char: str) -> bool:
    return category(char)[0] in "PS"


def anki_tag(state: StateInline, silent: bool) -> bool:
    """Match ``[sound:…]``, ``[latex]…[/latex]`` and formulas in Anki's notations, as a whole."""
    first = state.src[state.pos]
    if first not in "[<":
        return False
    end = _end_of_tag(state) if first == "[" else _end_of_mathjax(state)
    if not 0 <= end <= state.posMax:
        return False
    kind = "anki_tag" if first == "[" else "html_inline"
    return push_token(state, silent, kind, state.src[state.pos : end], end)


def _end_of_tag(state: StateInline) -> int:
    match = _TAG_STARTS.match(state.src, state.pos)
    if match is None:
        return -1
    if match["tex"]:
        ending = search_ahead(state, _TAG_ENDS[match["tex"].lower()], match.end())
        return ending.end() if ending else -1
    end = find_ahead(state, "]", match.end())
    if end <= match.end() or "\n" in state.src[match.end() : end] or state.src[end - 1] == "\\":
        return -1  # no file name has a backslash: the bracket belongs to a word
    return end + 1


def _end_of_mathjax(state: StateInline) -> int:
    match = _MATHJAX_STARTS.match(state.src, state.pos)
    start = find_ahead(state, ">", match.end()) if match else -1
    ending = search_ahead(state, _MATHJAX_ENDS, start) if start >= 0 else None
    return ending.end() if ending else -1


def foreign(state: StateInline, silent: bool) -> bool:
    """Match a drawing or MathML as a whole; with a cloze in it, it is tags and words."""
    if state.src[state.pos] != "<":
        return False
    end = find_end(state.src, state.pos)
    content = state.src[state.pos : end]
    if end < 0 or "{{c" in content:
        return False
    return push_token(state, silent, "html_inline", content, end)


def cloze_comment(state: StateInline, silent: bool) -> bool:
    """Match ``%%c1::hint%%``, which makes the highlight or the formula before it a cloze."""
    if state.src[state.pos] != "%":
        return False
    match = CLOZE_COMMENT.match(state.src, state.pos)
    if match is None:
        return False
    return push_token(state, silent, "cloze_comment", match[1], match.end())


def highlight(state: StateInline, silent: bool) -> bool:
    """Match ``==``: as in Obsidian it opens before a non-space and closes after a non-space."""
    src, start = state.src, state.pos
    if silent or not src.startswith("==", start):
        return False
    stop = start
    while stop < state.posMax and src[stop] == "=":
        stop += 1
    opens = stop < state.posMax and src[stop] not in " \t\n"
    closes = start > 0 and src[start - 1] not in " \t\n"
    for _ in range((stop - start) // 2):
        token = state.push("text", "", 0)
        token.content = "=="
        last = len(state.tokens) - 1
        state.delimiters.append(Delimiter(ord("="), 0, last, -1, opens, closes))
    state.pending += "=" * ((stop - start) % 2)
    state.pos = stop
    return True


def pair_highlights(state: StateInline) -> None:
    """Turn the pairs of ``==`` into tokens that open and close a highlight."""
    lists = [state.delimiters]
    lists += [meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta]
    for delimiters in lists:
        for delimiter in delimiters:
            if delimiter.marker == ord("=") and delimiter.end >= 0:
                pair = ((delimiter, "mark_open"), (delimiters[delimiter.end], "mark_close"))
                for end, kind in pair:
                    token = state.tokens[end.token]
                    token.type, token.content = kind, ""
