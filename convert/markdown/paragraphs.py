"""Parser rules for paragraphs whose formulas and comments continue over several lines."""

from __future__ import annotations

import re

from ...vendor.lib.markdown_it.rules_block.state_block import StateBlock
from .comments import end_of_open_comment, is_comment_only
from .list_rules import is_item_elsewhere
from .rules_inline.math import end_of_anki_math, end_of_math_block

_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*")


def paragraph(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """Match CommonMark's paragraph; a formula or comment that it opens belongs to it to its end.

    An item of a list ends it, at any indent.
    """
    parent, state.parentType = state.parentType, "paragraph"
    end, _ = _find_end(state, startLine, state.lineMax, False)
    push_paragraph(state, startLine, end)
    state.parentType = parent
    return True


def underlined_heading(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """Match CommonMark's underlined heading, but not inside an open formula or comment."""
    if state.is_code_block(startLine) or _begins_hidden(state, startLine, endLine):
        return False
    parent, state.parentType = state.parentType, "paragraph"
    end, marker = _find_end(state, startLine, endLine, True)
    state.parentType = parent
    if not marker:
        return False
    name = "h1" if marker == "=" else "h2"
    state.line = end + 1
    opening = state.push("heading_open", name, 1)
    opening.markup, opening.map = marker, [startLine, state.line]
    _push_text(state, startLine, end)
    state.push("heading_close", name, -1).markup = marker
    return True


def _begins_hidden(state: StateBlock, line: int, end: int) -> bool:
    """Whether a line is only comments, or begins with an open one: then it is no heading."""
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
    if not text.startswith(("%%", "<!--")):
        return False
    return is_comment_only(text) or _end_of_span(state, line, end) > line + 1


def _find_end(state: StateBlock, first: int, end: int, underlined: bool) -> tuple[int, str]:
    """The line after a paragraph, or the underline that makes it a heading, with its mark."""
    rules = state.md.block.ruler.getRules("paragraph")
    line = _end_of_span(state, first, end)
    while line < end and not state.isEmpty(line) and not is_item_elsewhere(state, line):
        if state.sCount[line] - state.blkIndent <= 3:
            if underlined and state.sCount[line] >= state.blkIndent:
                text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
                if _UNDERLINE.fullmatch(text):
                    return line, text[0]
            if state.sCount[line] >= 0 and any(rule(state, line, end, True) for rule in rules):
                break
        line = _end_of_span(state, line, end)
    return line, ""


def _end_of_span(state: StateBlock, line: int, end: int) -> int:
    """The line after a line and after the formulas and comments that it leaves open."""
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
    _push_text(state, first, end)
    state.push("paragraph_close", "p", -1)


def _push_text(state: StateBlock, first: int, end: int) -> None:
    inline = state.push("inline", "", 0)
    inline.content = state.getLines(first, end, state.blkIndent, False).strip()
    inline.map = [first, end]
    inline.children = []
