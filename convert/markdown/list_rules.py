"""Parser rules for lists as in Obsidian's editor: a list mark makes an item at any indent."""

from __future__ import annotations

import re

from ...vendor.lib.markdown_it.rules_block import list_block
from ...vendor.lib.markdown_it.rules_block.state_block import StateBlock
from .syntax import BULLET, LIST_MARK

_ITEM = re.compile(rf"(?:{BULLET}|1[.)])[ \t]+\S")  # other numbers do not end a paragraph
_ANY_ITEM = re.compile(rf"{LIST_MARK}[ \t]+\S")
_RULE = re.compile(r"(?:\*[ \t]*){3,}$|(?:-[ \t]*){3,}$")


def indented_list(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """Match a list with four extra columns of indent, which CommonMark reads as code.

    Inside it, columns count from its own marks.
    """
    further_in = state.sCount[startLine] - state.blkIndent
    if silent or further_in < 4 or not _begins(state, startLine, _ANY_ITEM):
        return False
    state.blkIndent += further_in
    found: bool = list_block(state, startLine, endLine, False)
    state.blkIndent -= further_in
    return found


def is_item_elsewhere(state: StateBlock, line: int) -> bool:
    """Whether a line of a paragraph is an item that CommonMark reads as the paragraph's text.

    Its indent is too large, or smaller than that of the item around the paragraph.
    """
    further_in = state.sCount[line] - state.blkIndent
    if state.sCount[line] < 0 or 0 <= further_in < 4:
        return False
    return _begins(state, line, _ITEM)


def _begins(state: StateBlock, line: int, item: re.Pattern[str]) -> bool:
    start = state.bMarks[line] + state.tShift[line]
    text = state.src[start : state.eMarks[line]]
    return item.match(text) is not None and _RULE.match(text) is None
