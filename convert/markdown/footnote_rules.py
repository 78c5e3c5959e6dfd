"""Parser rules for footnotes: ``[^1]`` with its ``[^1]: text``, and ``^[text]``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ...vendor.lib.markdown_it.helpers import parseLinkLabel
from ...vendor.lib.markdown_it.rules_block.state_block import StateBlock
from ...vendor.lib.markdown_it.rules_inline.state_inline import StateInline
from ..text.footnote_labels import LABEL, same_label
from .inline_token import push_token
from .rules_inline.marks import FieldState
from .syntax import LIST_MARK

LABELS = "footnotes"  # key in ``env``: the known labels
_FOUND = "footnotes found"  # key in ``env``: the labels defined so far
_WITHIN = "in a footnote"  # key in ``env``: whether the parser is in a footnote
_INDENT = 4
_DEFINITION = re.compile(rf"\[\^({LABEL})\]:")
_DEFINED = re.compile(rf"^[ \t>]*(?:{LIST_MARK}[ \t]+)*\[\^({LABEL})\]:", re.MULTILINE)
_REFERENCE = re.compile(rf"\[\^({LABEL})\]")
_BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)
_CLOZE_BORDER = re.compile(r"\{\{c[\d,]+::|\}\}")


def footnote(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """Match ``[^1]: text`` and the blocks below with an indent of four, once for each label."""
    if state.is_code_block(startLine):
        return False
    start = state.bMarks[startLine] + state.tShift[startLine]
    found = _DEFINITION.match(state.src, start, state.eMarks[startLine])
    if found is None:
        return False
    label = same_label(found[1])
    if label in state.env.setdefault(_FOUND, set()):
        return False
    if silent:
        return True
    state.env[_FOUND].add(label)
    state.env.setdefault(LABELS, set()).add(label)
    token = state.push("footnote_open", "", 1)
    token.content, token.map = found[1], [startLine, startLine]
    _parse_inside(state, startLine, endLine, found.end())
    token.map = [startLine, state.line]
    state.push("footnote_close", "", -1)
    return True


def find_definitions(markdown: str) -> set[str]:
    """The labels of the notes that a text defines, as ``same_label`` gives them."""
    if "[^" not in markdown:
        return set()
    return {same_label(label) for label in _DEFINED.findall(markdown)}


def _parse_inside(state: StateBlock, first: int, end: int, begins: int) -> None:
    """Parse a note's blocks. The first begins in the line of the label."""
    before = state.bMarks[first], state.tShift[first], state.sCount[first], state.parentType
    text = state.src[begins : state.eMarks[first]]
    state.bMarks[first], state.tShift[first] = begins, len(text) - len(text.lstrip(" \t"))
    state.blkIndent += _INDENT
    state.sCount[first] = state.blkIndent
    state.parentType = "footnote"
    state.md.block.tokenize(state, first, end)
    state.blkIndent -= _INDENT
    state.bMarks[first], state.tShift[first], state.sCount[first], state.parentType = before


def reference(state: StateInline, silent: bool) -> bool:
    """Match ``[^1]`` with a known text; without one it is plain words."""
    if not state.src.startswith("[^", state.pos):
        return False
    found = _REFERENCE.match(state.src, state.pos, state.posMax)
    if found is None or same_label(found[1]) not in state.env.get(LABELS, ()):
        return False
    return push_token(state, silent, "footnote_reference", found[1], found.end())


def inline_footnote(state: StateInline, silent: bool) -> bool:
    """Match ``^[text]``; the token's children are the text. Not in another, nor across a cloze."""
    start = state.pos
    if not state.src.startswith("^[", start) or state.env.get(_WITHIN):
        return False
    assert isinstance(state, FieldState)
    if state.brackets is None:
        state.brackets = _pair_brackets(state.src)
    if start + 1 not in state.brackets:
        return False
    state.env[_WITHIN] = True
    try:
        end = parseLinkLabel(state, start + 1)
        text = state.src[start + 2 : end]
        if end < 0 or not text.strip() or not _holds_whole_clozes(text):
            return False
        if not silent:
            token = state.push("footnote_inline", "", 0)
            token.content, token.children = text, []
            state.md.inline.parse(text.strip(), state.md, state.env, token.children)
    finally:
        state.env[_WITHIN] = False
    state.pos = end + 1
    return True


def _pair_brackets(src: str) -> Mapping[int, int]:
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for found in _BRACKET.finditer(src):
        if found[0] == "[":
            opened.append(found.start())
        elif found[0] == "]" and opened:
            pairs[opened.pop()] = found.start()
    return pairs


def _holds_whole_clozes(text: str) -> bool:
    depth = 0
    for border in _CLOZE_BORDER.findall(text):
        depth += -1 if border == "}}" else 1
        if depth < 0:
            return False
    return depth == 0
