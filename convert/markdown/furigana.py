"""Furigana as Obsidian's plugins write it: ``{漢字|かんじ}``, or one reading per character."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ...vendor.lib.markdown_it.rules_inline.state_inline import StateInline
from .inline_token import push_token
from .rules_inline.marks import FieldState

_CHAR = (
    "[\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\ua4cf\uac00-\ud7a3"
    "\uf900-\ufaff\uff10-\uff5a\uff66-\uff9f\U00020000-\U0003fffd][\ufe00-\ufe0f\U000e0100-\U000e01ef]?"
)
_NO_READING = r"\x00-\x1f!-&()*+,/:-@\[-`{-~"  # marks of Markdown, HTML and clozes
_READING = rf"[^ {_NO_READING}](?:[^{_NO_READING}]*[^ {_NO_READING}])?"
FURIGANA = rf"\{{(?:{_CHAR}){{1,200}}(?:\\?\|(?:{_READING})?)+\}}"
_FURIGANA = re.compile(FURIGANA)
_BASE = re.compile(_CHAR)
_TAG = re.compile(r"<[^>]*>")
_HINT_BORDER = re.compile(r"\{\{c[\d,]+::|\}\}|::")


def furigana(state: StateInline, silent: bool) -> bool:
    """Match ``{漢字|かんじ}``; the token has the words and the readings, between bars.

    Not in a cloze's hint, which Anki shows as text.
    """
    src, start = state.src, state.pos
    if src[start] != "{" or (start and src[start - 1] == "{"):
        return False
    match = _FURIGANA.match(src, start, state.posMax)
    if match is None or not ruby_pairs(match[0][1:-1]):
        return False
    assert isinstance(state, FieldState)
    if state.hints is None:
        state.hints = _find_hints(src)
    if start in state.hints:
        return False
    return push_token(state, silent, "furigana", match[0][1:-1], match.end())


def ruby_pairs(content: str) -> list[tuple[str, str]]:
    """Pairs of words and readings from the text in the braces; empty when they do not match."""
    base, *readings = content.replace("\\|", "|").split("|")
    if not any(readings):
        return []
    if len(readings) == 1:
        return [(base, readings[0])]
    chars = _BASE.findall(base)
    return list(zip(chars, readings)) if len(chars) == len(readings) else []


def ruby_html(content: str) -> str:
    """The HTML for the text in the braces. A word without a reading needs no element."""
    html = ""
    for base, reading in ruby_pairs(content):
        html += f"<ruby>{base}<rt>{reading}</rt></ruby>" if reading else base
    return html.replace("</ruby><ruby>", "")


def spread_furigana(markdown: str) -> str:
    """Markdown with its furigana as words beside their readings, as on a card."""
    if "|" not in markdown:
        return markdown
    return _FURIGANA.sub(_spread, markdown)


def _spread(match: re.Match[str]) -> str:
    return _TAG.sub(" ", ruby_html(match[0][1:-1])) or match[0]


def _find_hints(src: str) -> Mapping[int, bool]:
    """The positions of opening braces in hints of clozes."""
    hints: dict[int, bool] = {}
    opened: list[int] = []  # for each open cloze, where its hint begins; -1: not yet
    for border in _HINT_BORDER.finditer(src):
        if border[0] == "::":
            if opened and opened[-1] < 0:
                opened[-1] = border.end()
        elif border[0] != "}}":
            opened.append(-1)
        elif opened:
            start = opened.pop()
            for brace in re.finditer(r"\{", src[start : border.end()]) if start >= 0 else ():
                hints[start + brace.start()] = True
    return hints
