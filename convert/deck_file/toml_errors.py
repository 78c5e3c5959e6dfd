"""Finds every broken item of a deck file that is not valid TOML."""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from .check import KEYS
from .toml_faults import explain_faults
from .toml_read import BrokenToml, load_toml
from .toml_scan import STRING

_ITEM = re.compile(
    r"^[ \t]*(?:\[\[[ \t]*(models|decks|notes|media)[ \t]*\]\]|\[[ \t]*(package)[ \t]*\])", re.M
)
_OPENING = re.compile(r"#[^\n]*|\"\"\"|'''|\"|'")
# A line in a long string may look like a header: this many following items are tried as the
# string's rest.
_REST = 3


class BrokenItem(NamedTuple):
    """An item that cannot be read: the n-th of its kind; the top of the file has no kind."""

    kind: str
    number: int
    message: str
    line: int


def set_aside_broken(text: str) -> tuple[str, list[BrokenItem]]:
    """``text`` with only the headers of broken items, the same lines, and the broken items.

    Finds nothing when each item alone can be read, but not all of them together.
    """
    headers = list(_ITEM.finditer(text))
    bounds = [0, *(header.start() for header in headers), len(text)]
    kept: list[str] = []
    broken: list[BrokenItem] = []
    counts: dict[str, int] = {}
    line, index = 1, 0
    while index + 1 < len(bounds):
        header = headers[index - 1] if index else None
        kind = (header[1] or header[2]) if header else ""
        counts[kind] = counts.get(kind, 0) + 1
        after, error = _find_end(text, bounds, index)
        part = text[bounds[index] : bounds[after]]
        if error is None:
            kept.append(part)
        else:
            is_name = partial(_has_name, text, bounds[index], bounds[after])
            for fault in explain_faults(part, error, _find_error, is_name):
                found = BrokenItem(kind, counts[kind], fault.message, line + fault.line - 1)
                broken.append(found)
            kept.append((header[0] if header else "") + "\n" * part.count("\n"))
        line += part.count("\n")
        index = after
    return "".join(kept), broken


def _has_name(text: str, start: int, end: int, name: str) -> bool:
    """Whether a name is a key of deck files, or occurs before ``start`` or after ``end``."""
    rest = text[:start] + text[end:]
    quoted = re.escape(name)
    used = rf"^[ \t]*[\"']?{quoted}[\"']?[ \t]*=|\"{quoted}\"|'{quoted}'"
    return name in KEYS or re.search(used, rest, re.M) is not None


def _find_end(text: str, bounds: list[int], index: int) -> tuple[int, BrokenToml | None]:
    """The bound where the item at ``index`` ends, and its error.

    A header inside a string is no bound: the item continues when that gives fewer errors.
    """
    part = text[bounds[index] : bounds[index + 1]]
    error = _find_error(part)
    if error is None or not _find_open_string(part):
        return index + 1, error
    errors = 1
    for after in range(index + 2, min(index + 2 + _REST, len(bounds))):
        joined = text[bounds[index] : bounds[after]]
        errors += _find_error(text[bounds[after - 1] : bounds[after]]) is not None
        joined_error = _find_error(joined)
        if joined_error is None or (errors > 1 and not _find_open_string(joined)):
            return after, joined_error
    return index + 1, error


def _find_error(part: str) -> BrokenToml | None:
    try:
        load_toml(part)
    except BrokenToml as error:
        opened = _find_open_string(part, 1) if error.at_end else 0
        return BrokenToml(str(error), opened or error.line)
    return None


def _find_open_string(part: str, quotes: int = 3) -> int:
    """The line of the first string that has no end and at least this many opening quotes; or 0."""
    position = 0
    while True:
        match = _OPENING.search(part, position)
        if match is None:
            return 0
        string = STRING.match(part, match.start())
        ends = string is not None and len(string[0]) >= 2 * len(match[0])
        if match[0][0] != "#" and not ends and len(match[0]) >= quotes:
            return part.count("\n", 0, match.start()) + 1
        position = string.end() if string else match.end()
