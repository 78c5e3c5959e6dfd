"""Comments in Markdown: Obsidian's between ``%%``, and those of HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...vendor.lib.markdown_it.rules_block.state_block import StateBlock
from ...vendor.lib.markdown_it.rules_inline.state_inline import StateInline
from ...vendor.lib.markdown_it.token import Token
from .inline_token import push_token
from .look_ahead import find_ahead
from .syntax import GOES_ON

HEADINGS = "headings"  # key in ``env``: a heading ends whatever an open %% might hide
CLOZE_COMMENT = re.compile(rf"%%(c[\d,]+(?:(?=::|,|%%)[^\n]*?|{GOES_ON}(?=%%))|-,[^\n]*?)%%")
_ENDS = {"%%": "%%", "<!--": "-->"}
# The parts of a line in which the marks of comments have no meaning, and these marks.
_PIECE = re.compile(
    rf"\\.|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|{CLOZE_COMMENT.pattern}"
    r"|(?P<mark>%%|<!--)"
)
_ONLY = re.compile(r"(?:\s*(?:%%(?:(?!%%).)+%%|<!--(?:(?!-->).)+-->))+\s*")
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")


def comment(state: StateInline, silent: bool) -> bool:
    """Match ``%%…%%`` and ``<!--…-->`` that have an end. A comment never hides a cloze."""
    end = _end_of_comment(state)
    if not 0 <= end <= state.posMax:
        return False
    return push_token(state, silent, "comment", state.src[state.pos : end], end)


def _end_of_comment(state: StateInline) -> int:
    src, start = state.src, state.pos
    mark = "%%" if src[start] == "%" else "<!--"
    if not src.startswith(mark, start) or src.startswith(("<!-->", "<!--->"), start):
        return -1
    end = find_ahead(state, _ENDS[mark], start + len(mark))
    if end < 0 or not src[start + len(mark) : end].strip():
        return -1
    if mark == "%%" and CLOZE_COMMENT.match(src, end):
        return -1
    return end + len(_ENDS[mark])


def end_of_open_comment(state: StateBlock, first: int, end: int) -> int:
    """The line with the end of a comment that the first line leaves open, or -1."""
    text = state.src[state.bMarks[first] + state.tShift[first] : state.eMarks[first]]
    mark = _open_mark(text) if "%%" in text or "<!--" in text else ""
    if not mark:
        return -1
    endless = f"{mark} {end}"
    if state.env.get(endless, first) < first:
        return -1
    margin = min(state.blkIndent, state.sCount[first])
    for line in range(first + 1, end):
        if state.sCount[line] < margin and not state.isEmpty(line):
            return -1
        text = state.src[state.bMarks[line] : state.eMarks[line]]
        if mark == "%%" and state.env.get(HEADINGS) and _HEADING.match(text):
            return -1
        at = text.find(_ENDS[mark])
        if at >= 0:
            return -1 if mark == "%%" and CLOZE_COMMENT.match(text, at) else line
    state.env[endless] = first  # a comment that begins further down has no end either
    return -1


def _open_mark(line: str) -> str:
    """The mark of the comment that a line leaves open; empty when there is none."""
    position = 0
    while True:
        piece = _PIECE.search(line, position)
        if piece is None:
            return ""
        position = piece.end()
        mark = piece["mark"]
        if mark:
            end = line.find(_ENDS[mark], position)
            if end < 0:
                return mark
            position = end + len(_ENDS[mark])


def comment_below(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """Match a comment of several lines below a list or a quote: it ends them."""
    if not silent or not state.src.startswith(
        tuple(_ENDS), state.bMarks[startLine] + state.tShift[startLine]
    ):
        return False
    outside = state.parentType == "blockquote" or state.sCount[startLine] < state.blkIndent
    return outside and end_of_open_comment(state, startLine, endLine) >= 0


def is_comment_only(line: str) -> bool:
    """Whether a line of a text contains only comments."""
    return _ONLY.fullmatch(line) is not None


def find_unended(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """The lines, from 0, of the texts with a ``%%`` that begins no comment."""
    for token in tokens:
        if token.map and any(c.type == "text" and "%%" in c.content for c in token.children or ()):
            yield token.map[0], token.map[1]
