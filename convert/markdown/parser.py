"""Parses the Markdown of fields: CommonMark, tables, and what Obsidian and Anki add."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from ...vendor.lib.markdown_it import MarkdownIt
from ...vendor.lib.markdown_it.rules_block import fence, html_block
from ...vendor.lib.markdown_it.rules_block.state_block import StateBlock
from ...vendor.lib.markdown_it.rules_core import StateCore, block, normalize
from ...vendor.lib.markdown_it.token import Token
from ..text.addresses import is_harmless
from ..text.white_space import STAND_INS, WHITE_SPACE
from . import footnote_rules
from .comments import HEADINGS, comment, comment_below
from .furigana import furigana
from .linear_rules import (
    html_inline,
    join_texts,
    quick_image,
    quick_link,
    short_reference,
)
from .list_rules import indented_list
from .paragraphs import paragraph, push_paragraph, underlined_heading
from .rules_inline import links as link_rules
from .rules_inline import marks as inline_rules
from .rules_inline.math import anki_math, end_of_math_block, math

_DEEPEST = 40  # deeper quotes and lists become plain lines
_TO_STAND_INS = {
    **dict(zip(map(ord, WHITE_SPACE), STAND_INS)),
    **dict.fromkeys([0x0B, 0x0C, *range(0x1C, 0x20), 0x85], " "),
    **dict.fromkeys(map(ord, STAND_INS), "\ufffd"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}
_TO_PROTECT = re.compile(r"[^\t\n\r -~\xa1-\u167f\u3001-\ud7ff]")
_FROM_STAND_INS = dict(zip(map(ord, STAND_INS), WHITE_SPACE))


def parse_markdown(
    text: str, wikilinks: bool = False, footnotes: set[str] | None = None
) -> list[Token]:
    """The tokens of a text. ``restore_spaces`` puts the white space back into their text.

    ``wikilinks``: the text may have wikilinks, as on a page of a vault, and must not lose a word.
    ``footnotes``: the known labels; those that the text defines are added.
    """
    known = set() if footnotes is None else footnotes
    env = {link_rules.WIKILINKS: wikilinks, footnote_rules.LABELS: known}
    return _parser().parse(_protect(text), env)


def parse_blocks(text: str) -> list[Token]:
    """The block tokens of a text, without the content of lines. No ``%%`` hides a heading."""
    env = {link_rules.WIKILINKS: False, HEADINGS: True, footnote_rules.LABELS: set()}
    state = StateCore(_protect(text), _parser(), env)
    normalize(state)
    block(state)
    return state.tokens


def parse_line(text: str, wikilinks: bool = False, footnotes: Collection[str] = ()) -> list[Token]:
    """The tokens of a text that is known to be a single paragraph."""
    parser = _parser()
    tokens: list[Token] = []
    env = {link_rules.WIKILINKS: wikilinks, footnote_rules.LABELS: footnotes}
    parser.inline.parse(_protect(text).strip(), parser, env, tokens)
    return tokens


def restore_spaces(text: str) -> str:
    """``text`` with the white space that was hidden from the parser."""
    return text if text.isascii() else text.translate(_FROM_STAND_INS)


def _protect(text: str) -> str:
    return text.translate(_TO_STAND_INS) if _TO_PROTECT.search(text) else text


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST + 10})
    parser.inline = inline_rules.FieldInline()
    parser.configure("commonmark", {"maxNesting": _DEEPEST + 10})
    parser.enable(["table", "strikethrough"])
    parser.disable("text_join")
    parser.normalizeLink = str  # type: ignore[method-assign,assignment]
    parser.normalizeLinkText = str  # type: ignore[method-assign,assignment]
    parser.validateLink = is_harmless  # type: ignore[method-assign,assignment]
    inline = parser.inline.ruler
    for name, rule in (
        ("math", math),
        ("anki_math", anki_math),
        ("anki_tag", inline_rules.anki_tag),
        ("foreign", inline_rules.foreign),
        ("embed", link_rules.embed),
        ("wikilink", link_rules.wikilink),
        ("cloze_comment", inline_rules.cloze_comment),
        ("comment", comment),
        ("furigana", furigana),
        ("footnote", footnote_rules.reference),
        ("inline_footnote", footnote_rules.inline_footnote),
        ("bracketed_text", link_rules.bracketed_text),
        ("highlight", inline_rules.highlight),
    ):
        inline.before("escape", name, rule)
    inline.at("text", link_rules.text)
    inline.before("text", "address", link_rules.address)
    for name, rule in (("link", quick_link), ("image", quick_image), ("html_inline", html_inline)):
        inline.at(name, rule)
    parser.inline.ruler2.at("fragments_join", join_texts)
    parser.inline.ruler2.after("balance_pairs", "highlight", inline_rules.pair_highlights)
    blocks = parser.block.ruler
    blocks.at("reference", _reference)
    blocks.at("fence", _fence, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    blocks.before("table", "deep", _keep_deep)
    blocks.before("table", "math_block", _math_block)
    blocks.before("table", "comment", comment_below, {"alt": ["paragraph", "blockquote"]})
    blocks.before("code", "indented_list", indented_list)
    blocks.at("lheading", underlined_heading)
    blocks.at("paragraph", paragraph)
    blocks.at("html_block", _html_block, {"alt": ["paragraph", "reference", "blockquote"]})
    ends = ["paragraph", "reference", "blockquote", "list"]
    blocks.before("reference", "footnote", footnote_rules.footnote, {"alt": ends})
    blocks.before("table", "cloze_end", _cloze_end, {"alt": ends})
    return parser


def _keep_deep(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """Make a paragraph of the rest where nesting is too deep; the parser would drop it."""
    if silent or state.level < _DEEPEST:
        return False
    push_paragraph(state, startLine, endLine)
    return True


def _fence(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """Match a fence; in a list also one whose lines are indented as far as its closing line."""
    if not fence(state, startLine, endLine, silent):
        return False
    if not silent:
        token = state.tokens[-1]
        last = state.line - 1
        further = state.sCount[last] - state.sCount[startLine]
        margin = " " * further
        lines = token.content.split("\n")
        ended = state.src.startswith(token.markup, state.bMarks[last] + state.tShift[last])
        if margin and ended and all(line.startswith(margin) or not line.strip() for line in lines):
            token.content = "\n".join(line[further:] for line in lines)
    return True


def _reference(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """Match the address of a reference link; on a page of a vault it stays text.

    A line that begins with ``[^`` is no address either.
    """
    start = state.bMarks[startLine] + state.tShift[startLine]
    if state.env.get(link_rules.WIKILINKS) or state.src.startswith("[^", start):
        return False
    return short_reference(state, startLine, endLine, silent)


def _math_block(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """Match a formula of several lines. It contains no list, heading or rule."""
    end = -1 if silent else end_of_math_block(state, startLine, endLine)
    if end < 0:
        return False
    push_paragraph(state, startLine, end)
    return True


def _html_block(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """Match HTML at the start of a line. A comment is part of a paragraph, as within a line."""
    start = state.bMarks[startLine] + state.tShift[startLine]
    if state.src.startswith("<!--", start):
        return False
    return html_block(state, startLine, endLine, silent)


def _cloze_end(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """Match ``}}`` at the start of a line: it ends a list or a table inside the cloze."""
    start = state.bMarks[startLine] + state.tShift[startLine]
    return silent and state.src.startswith("}}", start)
