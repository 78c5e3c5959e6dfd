"""Reads and writes the YAML of a page's properties.

Strings are written so that every parser reads them in the same way. A mapping knows the place of
each part in the text, so that one part can change and the rest stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .yaml_faults import explain_fault

# Strings in YAML 1.1 and in 1.2, also within a list in brackets (except for the comma).
_PLAIN = re.compile(r"[^\W\d_][\w./()+&'!?;=-]*(?:(?: |, |::?)[\w./()+&'!?;=-]+)*")
_WORDS = frozenset("y n yes no on off true false null".split())
_ESCAPED = re.compile(
    r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]'
)
_UNPRINTABLE = re.compile(_ESCAPED.pattern.replace('"\\\\', "", 1))
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_QUESTION_MARK = "\ue03f"  # replaces a ``?`` that the parser would take for a mark
# Line breaks in YAML 1.1, plain characters in 1.2: replaced by any single character.
_NOT_BREAKS = {0x85: "·", 0x2028: "·", 0x2029: "·"}


class PropertiesError(ValueError):
    """A page's properties cannot be read or changed safely: what is wrong, and in which line.

    ``line`` counts from the page's first line, which is the ``---``.
    """

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.message = message


def write_string(text: str, in_brackets: bool = False) -> str:
    """``text`` as a YAML scalar on one line, in quotes unless every parser reads it as itself.

    In single quotes when there are backslashes, because these need no escape there.
    """
    if (
        _PLAIN.fullmatch(text)
        and not (in_brackets and "," in text)
        and not (len(text) < 6 and text.lower() in _WORDS)
    ):
        return text
    if "\\" in text and not _UNPRINTABLE.search(text):
        return "'" + text.replace("'", "''") + "'"
    return write_quoted(text)


def write_quoted(text: str) -> str:
    """``text`` as a YAML scalar in double quotes, on one line."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    char = found.group()
    return _SHORT_ESCAPES.get(char) or (
        f"\\x{ord(char):02x}" if char < "\x80" else f"\\u{ord(char):04x}"
    )


@dataclass(frozen=True)
class Span:
    """A value at ``text[start:end]``.

    ``text`` is the value of a scalar (nothing for null), ``items`` the entries of a list. A value
    that is neither, or that stands elsewhere (a YAML alias), has neither.
    """

    start: int
    end: int
    text: str | None = None
    items: tuple[Span, ...] | None = None
    brackets: bool = False
    is_null: bool = False


@dataclass(frozen=True)
class Entry:
    """One key of a mapping and its value."""

    key: str
    start: int
    key_end: int
    value: Span


@dataclass(frozen=True)
class Mapping:
    """The entries of a block mapping in order, and its indentation."""

    entries: tuple[Entry, ...] = ()
    indent: int = 0

    def find(self, key: str) -> Entry | None:
        """The entry of that key, if there is one."""
        return next((entry for entry in self.entries if entry.key == key), None)


def read_mapping(text: str) -> Mapping:
    """Read ``text`` as a mapping; an empty text is an empty mapping.

    Raises ``PropertiesError`` when it does not parse, is no block mapping, or has a key twice.
    """
    from ...vendor.lib import yaml

    root = _compose(text.translate(_NOT_BREAKS))
    if root is None:
        return Mapping()
    line = root.start_mark.line + 2
    if not isinstance(root, yaml.MappingNode):
        raise PropertiesError(line, "the properties are not a list of “name: value” lines")
    if root.flow_style:
        raise PropertiesError(line, "the properties stand in braces, not one to a line")
    entries: list[Entry] = []
    seen: set[str] = set()
    for key, value in root.value:
        name = _value_of(key, text) if isinstance(key, yaml.ScalarNode) else ""
        if name and name in seen:
            raise PropertiesError(key.start_mark.line + 2, f"“{name}” is there twice")
        seen.add(name)
        start, end = key.start_mark.index, key.end_mark.index
        entries.append(Entry(name, start, end, _read_span(value, end, text)))
    return Mapping(tuple(entries), root.start_mark.column)


def _compose(text: str) -> Any:
    from ...vendor.lib import yaml

    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 2
        raise PropertiesError(line, "a character that YAML does not allow") from error
    except yaml.MarkedYAMLError as error:
        if "\t" in text:  # YAML 1.2 allows tabs between tokens
            return _compose(text.replace("\t", " "))
        if "?" in text and _QUESTION_MARK not in text:  # also allowed in words in brackets
            return _compose(text.replace("?", _QUESTION_MARK))
        at, problem = explain_fault(text, error)
        raise PropertiesError(text.count("\n", 0, at) + 2, problem) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise PropertiesError(2, "the properties cannot be read") from error


def _value_of(node: Any, text: str) -> str:
    value: str = node.value
    return value if _QUESTION_MARK in text else value.replace(_QUESTION_MARK, "?")


def _read_span(node: Any, after: int, text: str) -> Span:
    """The place of a value that follows position ``after``."""
    start = node.start_mark.index
    if start < after:
        return Span(after, _line_end(text, after))
    end = _end_of(node, text)
    if node.id == "scalar":
        null = node.tag == "tag:yaml.org,2002:null"
        return Span(start, end, text="" if null else _value_of(node, text), is_null=null)
    if node.id == "sequence":
        items: list[Span] = []
        for item in node.value:
            items.append(_read_span(item, items[-1].end if items else start, text))
        return Span(start, end, items=tuple(items), brackets=bool(node.flow_style))
    return Span(start, end)


def _end_of(node: Any, text: str) -> int:
    """The end of a value's last character, without white space and comments after it."""
    floor = node.start_mark.index
    while node.id != "scalar" and not node.flow_style and node.value:
        last = node.value[-1]
        if node.id == "mapping":
            floor, last = last[0].end_mark.index, last[1]
        if last.start_mark.index < floor:
            return _line_end(text, floor)
        node, floor = last, last.start_mark.index
    start: int = node.start_mark.index
    return start + len(text[start : node.end_mark.index].rstrip())


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end - (text[end - 1 : end] == "\r")


def line_start(text: str, at: int) -> int:
    """The start of the line with position ``at``."""
    return text.rfind("\n", 0, at) + 1


def next_line(text: str, at: int) -> int:
    """The start of the line after position ``at``, or the text's end."""
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def comment_after(text: str, at: int) -> str:
    """The comment between position ``at`` and the end of its line, if there is one."""
    rest = text[at : _line_end(text, at)].lstrip(" \t,")
    return rest if rest.startswith("#") else ""


def walk_spans(entry: Entry) -> Iterator[Span]:
    """The key and the leaves of an entry, in order."""
    yield Span(entry.start, entry.key_end)
    if entry.value.items is None:
        yield entry.value
    else:
        yield from entry.value.items
