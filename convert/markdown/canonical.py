"""Tells edits of the managed part from mere reformatting."""

from __future__ import annotations

import re

from ..text.addresses import reads_bare
from .syntax import BLOCK_NAME, BULLET, NUMBER, RULE, WIKILINK, scan_lines

_ITEM = re.compile(rf"(?:{BULLET}|({NUMBER}))(?:[ \t]+|$)")
_RULE = re.compile(RULE)
_QUOTE = re.compile(r"(?:>[ \t]*)+")
_DELIMITER_CELL = re.compile(r"(:?)-+(:?)")
VERBATIM = re.compile(
    r"(?<!\\)(?:(`+)(?!`).*?(?<!`)\1(?!`)|\$\$.*?\$\$|\$.*?\$"
    r"|\\\((?:(?!\\[()]).)*\\\)|\\\[(?:(?!\\[\[\]]).)*\\\]|" + WIKILINK + r"|\]\([^)\n]*\)"
    r"|<[^<>\n]*>|https?://\S+)"
)
_UNDERSCORES = re.compile(r"(?<![\w\\])_+(?=[^\s_])|(?<=[^\s_\\])_+(?!\w)")
_BLOCK_NAME = re.compile(rf"(?:(?<=\S)[ \t]+|^){BLOCK_NAME}\r?$", re.M)  # a field's own is escaped
_WORD_END = re.compile(r"\S*")
_LONGEST_WORD = 200
_CELL_EDGE = re.compile(r"(?<!\\)\|")


def canonical(managed: str) -> str:
    """The same for managed parts that differ only by reformatting.

    Reformatting means: line ends, trailing spaces, blank lines, list markers, numbering and
    indentation, padding of tables, ``_`` or ``*`` for emphasis, and the names that Obsidian gives
    to linked blocks. Code and maths must be equal, except for trailing spaces.
    """
    return "\n".join(line for _, line in canonical_lines(managed))


def canonical_lines(managed: str) -> list[tuple[int, str]]:
    """The lines of the canonical form, each with the number (from 0) of its line in the text."""
    depths: list[int] = []
    lines: list[tuple[int, str]] = []
    for number, line, verbatim in scan_lines(managed):
        if not verbatim:
            line = _BLOCK_NAME.sub("", line)
            line = _normalise_line(line, depths) if line else ""
        if line or verbatim:
            lines.append((number, line))
    return lines


def drop_block_names(markdown: str) -> str:
    """The text without the names (`` ^a1b2c3``) that Obsidian gives to linked blocks.

    They have no meaning in Anki. The number of lines stays the same.
    """
    if not _BLOCK_NAME.search(markdown):
        return markdown
    lines = markdown.replace("\r\n", "\n").split("\n")
    for number, _, verbatim in scan_lines(markdown):
        if not verbatim:
            lines[number] = _BLOCK_NAME.sub("", lines[number])
    return "\n".join(lines)


def _normalise_line(line: str, depths: list[int]) -> str:
    quote = ""
    found = _QUOTE.match(line)
    if found:
        quote = ">" * found.group().count(">") + " "
        line = line[found.end() :]
    text = line.lstrip(" \t")
    indent = len(line[: len(line) - len(text)].expandtabs(4))
    if _RULE.fullmatch(text):
        return quote + "---"
    marks = ""
    item = _ITEM.match(text)
    if not item and not indent:
        depths.clear()
    while item:
        while depths and depths[-1] >= indent:
            depths.pop()
        marks += f"{'  ' * len(depths)}{'1.' if item.group(1) else '-'} "
        depths.append(indent)
        indent += item.end()
        text = text[item.end() :]
        item = _ITEM.match(text)
    if text.startswith("|"):
        text = _normalise_row(text)
    return quote + marks + _normalise_emphasis(_free_addresses(text))


def _normalise_row(row: str) -> str:
    cells = [cell.strip() for cell in _CELL_EDGE.split(row)]
    if all(_DELIMITER_CELL.fullmatch(cell) for cell in cells if cell):
        cells = [_DELIMITER_CELL.sub(r"\1-\2", cell) for cell in cells]
    return "|".join(cells)


def _free_addresses(text: str) -> str:
    """Addresses without the brackets around them, where brackets make no difference."""
    if "<" not in text:
        return text
    parts: list[str] = []
    done = 0
    for found in VERBATIM.finditer(text):
        inner, before = found[0][1:-1], text[max(found.start() - 1, 0) : found.start()]
        if found[0][0] == "<" and not before.isalnum() and before not in ("+", "-", "_", "."):
            after = _WORD_END.match(text, found.end(), found.end() + _LONGEST_WORD)
            if reads_bare(inner, after[0] if after else ""):
                parts += (text[done : found.start()], inner)
                done = found.end()
    return "".join(parts) + text[done:]


def _normalise_emphasis(text: str) -> str:
    if "_" not in text:
        return text
    parts: list[str] = []
    done = 0
    for found in VERBATIM.finditer(text):
        parts += (_stars(text[done : found.start()]), found.group())
        done = found.end()
    return "".join(parts) + _stars(text[done:])


def _stars(text: str) -> str:
    return _UNDERSCORES.sub(lambda found: "*" * len(found.group()), text)
