"""Writes values as TOML, in the most readable way or in the style of the old value.

Lines end with ``\\n``, which may later become ``\\r\\n``: in a value both mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
# Not allowed unescaped in any TOML string: controls other than tab and newline, quotes and
# backslashes.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPED = re.compile(r'[\x00-\x1f\x7f"\\]')
_ESCAPED_IN_LINES = re.compile(r'[\x00-\x08\x0b-\x1f\x7f\\]|"(?=""|\Z)')
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
LITERAL_LINES, BASIC_LINES, LITERAL, BASIC = "'''", '"""', "'", '"'
_LINE_LENGTH = 100


def write_string(value: str, like: str = "") -> str:
    """``value`` as a TOML string: on several lines when it has several, with few backslashes.

    ``like`` is the old string: its kind of quotes is kept where ``value`` allows it.
    """
    quotes = _choose_quotes(value, like)
    if quotes == LITERAL:
        return f"'{value}'"
    if quotes == BASIC:
        return write_basic(value)
    opening = "" if like.startswith(quotes) and not _opens_line(like) else "\n"
    if value.startswith("\n"):
        opening = "\n"
    lines = value if quotes == LITERAL_LINES else _ESCAPED_IN_LINES.sub(_escape, value)
    return f"{quotes}{opening}{lines}{quotes}"


def write_basic(value: str) -> str:
    """``value`` in double quotes, on one line."""
    return f'"{_ESCAPED.sub(_escape, value)}"'


def write_strings(values: Sequence[str]) -> str:
    """A list of strings: on one line, or with one string per line when that would be long."""
    items = [write_basic(value) for value in values]
    line = f"[{', '.join(items)}]"
    if len(line) <= _LINE_LENGTH:
        return line
    return "[\n" + "".join(f"    {item},\n" for item in items) + "]"


def write_inline(value: object) -> str:
    """A plain value on one line, also tables and lists; strings may still have several lines."""
    if isinstance(value, Mapping):
        pairs = (f"{write_key(key)} = {write_inline(item)}" for key, item in value.items())
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(write_inline, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return write_string(value) if isinstance(value, str) else str(value)


def write_key(name: str) -> str:
    """One part of a key, in quotes only where TOML needs them."""
    return name if _BARE_KEY.fullmatch(name) else write_basic(name)


def _choose_quotes(value: str, like: str) -> str:
    fits = {
        LITERAL: "'" not in value and "\n" not in value and not _CONTROL.search(value),
        LITERAL_LINES: "''" not in value and value[-1:] != "'" and not _CONTROL.search(value),
        BASIC_LINES: True,
        BASIC: "\n" not in value or "\\n" in like,
    }
    for quotes in (LITERAL_LINES, BASIC_LINES, LITERAL, BASIC):
        if like.startswith(quotes):
            if fits[quotes]:
                return quotes
            break
    if "\n" in value:
        return LITERAL_LINES if fits[LITERAL_LINES] and "\\" in value else BASIC_LINES
    return LITERAL if fits[LITERAL] and ('"' in value or "\\" in value) else BASIC


def _opens_line(string: str) -> bool:
    return string[3:5].startswith(("\n", "\r\n"))


def _escape(match: re.Match[str]) -> str:
    letter = match[0]
    return _SHORT.get(letter) or f"\\u{ord(letter):04x}"
