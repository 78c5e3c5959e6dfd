"""The grammar of a page's lines: marks of blocks, and the ends of code and formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# Marks that begin a block, as parts of patterns. Parsers accept only these digits.
BULLET = r"[-*+]"
NUMBER = r"[0-9]{1,9}[.)]"
LIST_MARK = rf"(?:{BULLET}|{NUMBER})"
FENCE = r"(?:`{3,}|~{3,})"
RULE = r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})"
HEADING_MARK = r"#{1,6}"
FOOTNOTE_MARK = r"\[\^[^\[\]\s]+\]:"
FENCES = ("```", "~~~")
BEGINS_CODE = re.compile(r"`{3,}(?=[^`]*$)|~{3,}")
# Marks within a line.
CLOZE_COMMENT = r"%%c\d[^\n]*?%%"
GOES_ON = r"(?:…|\.{3})"  # in a cloze's comment: the cloze goes on behind the next highlight
CLOZE_REST = rf"(?:{GOES_ON}|::[^\n]*?)?%%"  # of a cloze's comment, behind its numbers
WIKILINK = r"\[\[[^\[\]\n]*\]\]"
BLOCK_NAME = r"\^[0-9A-Za-z-]+[ \t]*"  # https://help.obsidian.md/links, "Link to a block"

_ITEM = re.compile(rf"{LIST_MARK}(?:\s|$)")
_NUMBERED = re.compile(rf"{NUMBER}(?:\s|$)")
_PREFIX = rf"(?:[ \t]*(?:>|{LIST_MARK}(?=[ \t])))*[ \t]*"
_FENCE = re.compile(rf"({_PREFIX})({FENCE})")
_CONTAINER = re.compile(rf"[ \t]*(?:(>)|{LIST_MARK}(?=[ \t]))")
_QUOTE = re.compile(r"[ \t]*>")


def is_item(markdown: str) -> bool:
    """Whether a text begins like an item of a list."""
    return _ITEM.match(markdown) is not None


def is_numbered(markdown: str) -> bool:
    """Whether a text begins like an item of a numbered list."""
    return _NUMBERED.match(markdown) is not None


class _Fence(NamedTuple):
    """An open fence: its end mark, and the prefix of its line and of the lines after it."""

    mark: str
    prefix: str
    quotes: int
    column: int  # of an item's text, after its quotes; 0: no item begins in the fence's line


def scan_lines(markdown: str) -> Iterator[tuple[int, str, bool]]:
    """The lines that are not blank, with their numbers, and whether they are code or maths.

    Lines of code and maths, blank ones too, come without their common prefix. A fence may begin
    after the marks of lists and quotes: that line is no code, and the fence ends with its item or
    its quote (https://spec.commonmark.org/0.31.2/#fenced-code-blocks).
    """
    lines = markdown.replace("\r\n", "\n").split("\n")
    fence: _Fence | None = None
    margin = ""
    for number, raw in enumerate(lines):
        line = raw.rstrip()
        if fence is not None and _is_inside(line, fence):
            kept = line[len(margin) :] if line.startswith(margin) else line
            yield number, kept, True
            if _closes(kept.strip(), fence.mark):
                fence = None
            continue
        fence = None
        if not line:
            continue
        fence = _opened(line)
        if fence is None:
            yield number, line, False
            continue
        margin = _margin(lines, number, fence) if fence.column else fence.prefix
        yield number, line if fence.column else line[len(fence.prefix) :], not fence.column


def _opened(line: str) -> _Fence | None:
    """The fence or the formula that a line opens and does not close."""
    found = _FENCE.match(line)
    if found and "`" not in line[found.end() :]:
        prefix = found[1]
        return _Fence(found[2], prefix, prefix.count(">"), _text_column(prefix))
    if line.count("$$") % 2:
        prefix = line[: len(line) - len(line.lstrip("> \t"))]
        return _Fence("$$", prefix, prefix.count(">"), 0)
    return None


def _text_column(prefix: str) -> int:
    """The column, from the last quote, where the text of a prefix's items begins."""
    item = False
    at = start = 0
    while True:
        found = _CONTAINER.match(prefix, at)
        if found is None:
            break
        at = found.end()
        item = found[1] is None
        start = start if item else at
    return _columns(prefix[start:]) if item else 0


def _margin(lines: list[str], number: int, fence: _Fence) -> str:
    """The prefix of each line of an item's code: the same as before its last line."""
    for raw in lines[number + 1 :]:
        line = raw.rstrip()
        if not _is_inside(line, fence):
            break
        text = line.lstrip(" \t>")
        if _closes(text, fence.mark):
            return line[: len(line) - len(text)]
    return ""


def _is_inside(line: str, fence: _Fence) -> bool:
    """Whether a line still belongs to the quotes and the item around a fence."""
    if fence.mark == "$$":
        return True
    at = 0
    for _ in range(fence.quotes):
        quote = _QUOTE.match(line, at)
        if quote is None:
            return False
        at = quote.end()
    text = line[at:].lstrip(" \t")
    return not text or _columns(line[at : len(line) - len(text)]) >= fence.column


def _columns(space: str) -> int:
    return len(space.expandtabs(4))


def _closes(line: str, opening: str) -> bool:
    if opening == "$$":
        return line.count("$$") % 2 == 1
    return line.startswith(opening) and not line.strip(opening[0])
