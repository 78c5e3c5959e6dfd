"""Parser rules that take linear time, in place of slower ones."""

from __future__ import annotations

import re

from ...vendor.lib.markdown_it.common.html_re import attribute, close_tag
from ...vendor.lib.markdown_it.rules_block import reference
from ...vendor.lib.markdown_it.rules_block.state_block import StateBlock
from ...vendor.lib.markdown_it.rules_inline import image, link
from ...vendor.lib.markdown_it.rules_inline.state_inline import StateInline
from .look_ahead import find_ahead

_TAG = re.compile(rf"<[A-Za-z][A-Za-z0-9\-]*{attribute}*\s*/?>|{close_tag}|<![A-Z]+\s+[^<>]*>")
_ENDS = {"<?": "?>", "<![CDATA[": "]]>", "<!--": "-->"}
_LONGEST_REFERENCE = 8  # lines


def html_inline(state: StateInline, silent: bool) -> bool:
    """Match a tag, a declaration, a processing instruction or a comment."""
    src, start = state.src, state.pos
    if src[start] != "<":
        return False
    end = -1
    mark = next((mark for mark in _ENDS if src.startswith(mark, start)), "")
    match = None if mark else _TAG.match(src, start, state.posMax)
    if match is not None:
        end = match.end()
    elif mark:
        found = find_ahead(state, _ENDS[mark], start + len(mark))
        end = found + len(_ENDS[mark]) if found >= 0 else -1
    if not 0 <= end <= state.posMax:
        return False
    if not silent:
        token = state.push("html_inline", "", 0)
        token.content = src[start:end]
        name = token.content[1:3].lower()
        state.linkLevel += (name in ("a ", "a>")) - (name == "/a")
    state.pos = end
    return True


def quick_link(state: StateInline, silent: bool) -> bool:
    """Match a link, after a quick check that one is possible."""
    return _may_be_link(state, "[") and link(state, silent)


def quick_image(state: StateInline, silent: bool) -> bool:
    """Match an image, after a quick check that one is possible."""
    return _may_be_link(state, "!") and image(state, silent)


def _may_be_link(state: StateInline, mark: str) -> bool:
    if state.src[state.pos] != mark:
        return False
    return "references" in state.env or find_ahead(state, "](", state.pos) >= 0


def short_reference(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """Match the address of a reference link, within a limited number of lines."""
    last = state.lineMax
    state.lineMax = min(last, startLine + _LONGEST_REFERENCE)
    try:
        return reference(state, startLine, endLine, silent)
    finally:
        state.lineMax = last


def join_texts(state: StateInline) -> None:
    """Join consecutive texts, and count levels anew."""
    level = 0
    joined = []
    words: list[str] = []
    for index, token in enumerate(state.tokens):
        level -= token.nesting < 0
        token.level = level
        level += token.nesting > 0
        following = state.tokens[index + 1] if index + 1 < len(state.tokens) else None
        if token.type != "text":
            joined.append(token)
            continue
        words.append(token.content)
        if following is None or following.type != "text":
            token.content = "".join(words)
            words = []
            joined.append(token)
    state.tokens[:] = joined
