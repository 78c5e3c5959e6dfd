"""Inline rules for formulas: between dollars as in Obsidian, and in Anki's delimiters."""

from __future__ import annotations

import re

from ....vendor.lib.markdown_it.rules_block.state_block import StateBlock
from ....vendor.lib.markdown_it.rules_inline.state_inline import StateInline
from ..inline_token import push_token
from ..tex import closes_what_it_opens
from .marks import FieldState, is_space

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LIST_NUMBER = re.compile(r"\n[ \t]*\d{1,9}$")
_SOUND = re.compile(r"sound:", re.IGNORECASE)
_KINDS = {"(": "inline", "[": "display"}
_OPENED_BY = {")": "(", "]": "["}


def math(state: StateInline, silent: bool) -> bool:
    """Match ``$…$`` and ``$$…$$``.

    As in Obsidian, there is no space after a single opening dollar, no space before the closing
    one, and no digit after it. A formula never cuts a cloze in two.
    """
    src, start = state.src, state.pos
    if src[start] != "$":
        return False
    fence = "$$" if src.startswith("$$", start) else "$"
    end = _end_of_math(state, start + len(fence), fence)
    tex = src[start + len(fence) : end]
    if end < 0 or not tex.strip() or not closes_what_it_opens(tex):
        return False
    if fence == "$" and (is_space(tex[0]) or is_space(tex[-1]) or "\n" in tex):
        return False
    end += len(fence)
    if fence == "$" and src[end : end + 1].isdigit():
        return False
    return push_token(state, silent, "math", tex, end, "display" if fence == "$$" else "inline")


def _end_of_math(state: StateInline, position: int, fence: str) -> int:
    while True:
        position = state.src.find(fence, position, state.posMax)
        slashes = 0
        while position >= 0 and state.src[position - 1 - slashes] == "\\":
            slashes += 1
        if slashes % 2 == 0:
            return position
        position += 1


def anki_math(state: StateInline, silent: bool) -> bool:
    r"""Match Anki's ``\(…\)`` and ``\[…\]`` that have an end: on a card they are formulas.

    Not in the text of a link, where the same marks are escaped brackets.
    """
    src, start = state.src, state.pos
    if src[start] != "\\" or src[start + 1 : start + 2] not in _KINDS or state.linkLevel:
        return False
    assert isinstance(state, FieldState)
    if state.formulas is None:
        state.formulas = _find_formulas(src)
    end = state.formulas.get(start, -1)
    tex = src[start + 2 : end]
    if not 0 <= end <= state.posMax - 2 or not tex.strip() or not closes_what_it_opens(tex):
        return False
    return push_token(state, silent, "math", tex, end + 2, _KINDS[src[start + 1]])


def _find_formulas(src: str) -> dict[int, int]:
    """The start and end of possible formulas in Anki's delimiters.

    A formula begins at the last opening mark before its closing mark. Two marks do not count:
    ``1\\)`` at the start of a line is the escaped number of a list, ``\\[sound:…\\]`` the escaped
    name of a sound.
    """
    found: dict[int, int] = {}
    opened: dict[str, int] = {}
    for match in _ESCAPED.finditer(src):
        char = match[1]
        if char == "[" and _SOUND.match(src, match.end()):
            opened.pop(char, None)  # an escaped sound is words
        elif char in _KINDS:
            opened[char] = match.start()
        elif char in _OPENED_BY:
            start = opened.get(_OPENED_BY[char], -1)
            numbers = char == ")" and _LIST_NUMBER.search(src, match.start() - 40, match.start())
            if start >= 0 and not numbers:
                found[start] = match.start()
                del opened[_OPENED_BY[char]]
    return found


def end_of_math_block(state: StateBlock, first: int, end: int) -> int:
    """The line after a formula of several lines that begins with ``$$``, or -1.

    It contains no list, heading or rule.
    """
    start = state.bMarks[first] + state.tShift[first]
    if not state.src.startswith("$$", start):
        return -1
    if "$$" in state.src[start + 2 : state.eMarks[first]]:
        return -1
    for line in range(first + 1, end):
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            return -1
        text = state.src[state.bMarks[line] : state.eMarks[line]].rstrip()
        if "$$" in text:
            return line + 1 if text.endswith("$$") and text.count("$$") == 1 else -1
    return -1


def end_of_anki_math(state: StateBlock, first: int, end: int) -> int:
    r"""The line that closes the ``\[`` that the first line leaves open, or -1."""
    if not _leaves_open(state.src[state.bMarks[first] : state.eMarks[first]]):
        return -1
    for line in range(first + 1, end):
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            return -1
        text = state.src[state.bMarks[line] : state.eMarks[line]]
        for match in _ESCAPED.finditer(text):
            if match[1] in "[]":
                return line if match[1] == "]" else -1
    return -1


def _leaves_open(line: str) -> bool:
    if "\\[" not in line:
        return False
    marks = [match[1] for match in _ESCAPED.finditer(line) if match[1] in "[]"]
    return marks[-1:] == ["["]
