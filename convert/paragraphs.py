"""Paragraphs whose formulas and comments go on over lines that would be blocks elsewhere."""

from __future__ import annotations

from ..vendor.lib.markdown_it.rules_block import lheading
from ..vendor.lib.markdown_it.rules_block.state_block import StateBlock
from .comments import end_of_open_comment, is_comment_only
from .math_rules import end_of_anki_math, end_of_math_block


def paragraph(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """CommonMark's paragraph; what a line of it leaves open is part of it to its end."""
    rules = state.md.block.ruler.getRules("paragraph")
    end = state.lineMax
    parent, state.parentType = state.parentType, "paragraph"
    line = _end_of_span(state, startLine, end)
    while line < end and not state.isEmpty(line):
        lazy = state.sCount[line] - state.blkIndent > 3 or state.sCount[line] < 0
        if not lazy and any(rule(state, line, end, True) for rule in rules):
            break
        line = _end_of_span(state, line, end)
    push_paragraph(state, startLine, line)
    state.parentType = parent
    return True


def underlined_heading(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """CommonMark's heading with a line below; none in what a line of it leaves open."""
    line = startLine
    start = state.bMarks[line] + state.tShift[line]
    if is_comment_only(state.src[start : state.eMarks[line]]):
        return False
    while line < endLine and not state.isEmpty(line):
        if _end_of_span(state, line, endLine) > line + 1:
            endLine = line + 1
        line += 1
    return lheading(state, startLine, endLine, silent)


def _end_of_span(state: StateBlock, line: int, end: int) -> int:
    """The line after a line and after what it leaves open."""
    while True:
        last = max(
            end_of_anki_math(state, line, end),
            end_of_math_block(state, line, end) - 1,
            end_of_open_comment(state, line, end),
        )
        if last < 0:
            return line + 1
        line = last


def push_paragraph(state: StateBlock, first: int, end: int) -> None:
    """Make a range of lines a paragraph."""
    state.line = end
    state.push("paragraph_open", "p", 1).map = [first, end]
    inline = state.push("inline", "", 0)
    inline.content = state.getLines(first, end, state.blkIndent, False).strip()
    inline.map = [first, end]
    inline.children = []
    state.push("paragraph_close", "p", -1)
