"""Explains in plain words what is wrong with broken TOML, with the line to correct."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, Optional

from .toml_read import BrokenToml

FindError = Callable[[str], Optional[BrokenToml]]
IsName = Callable[[str], bool]  # whether the deck file uses a name elsewhere
_MOST = 5  # the most faults of one item to report: more are often consequences of the first

_BARE = r"[A-Za-z0-9_-]+"
_KEY = rf"(?:{_BARE}|\"[^\"\n]*\"|'[^'\n]*')"
_BEGINS = re.compile(rf"[ \t]*(?:\[[ \t]*\[?[ \t]*{_BARE}|#|{_KEY}[ \t]*=|\r?\Z)")
_HEADER = re.compile(rf"[ \t]*\[[ \t]*\[?[ \t]*{_BARE}")
_NEXT = re.compile(rf"{_HEADER.pattern}|[ \t]*(?P<name>{_KEY})[ \t]*=")
_OPENS = re.compile(r"=[ \t]*[\[{]")
_VALUE = re.compile(r"[^=]*=[ \t]*(.*?)[ \t]*\r?\Z")
_NAMED = re.compile(r"Illegal character '\\(n|r|t|x[0-9a-f]{2})'")
_LONG_OPEN = ("Unterminated string", "Expected \"'''\"")
_OPEN_BRACE = re.compile(r"[^=]*=[ \t]*\{(?:\{|[^}]*\Z)")
_COLON = re.compile(rf"[ \t]*{_KEY}[ \t]*:")
_FORGOTTEN = re.compile(rf"{_KEY}[ \t]+(?:[\"'\[{{\d]|true\b|false\b)")
_TYPOGRAPHIC = re.compile("[\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u00ab\u00bb]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xa0\xad\u2000-\u200f\u2028-\u202f\u2060\ufeff]"
)
_NO_LINE = (
    "This line is neither “name = value” nor a header such as [[notes]]; put a # before a comment"
)
_MERGE = (
    "This is a mark of Git: both sides changed these lines. Keep those that are right, and delete "
    "the marks (<<<<<<<, =======, >>>>>>>)"
)
_MERGE_MARK = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?: |\Z)")
_BACKSLASH = (
    "A “\\” in double quotes means something else: put the text in single quotes ('…'), or write "
    "each “\\” twice"
)
_BRACES = (
    "A comma is missing between two values, or the “}” at their end; what stands in braces is all "
    "on one line"
)
_NO_END = "A text begins here with three quotes, and they do not come again to end it"
_COLON_TOLD = "Between a name and its value stands “=”, not “:”"
_NO_QUOTES = 'A text stands in quotes: name = "text"'
_REST = "Expected newline or end of document after a statement"


class Fault(NamedTuple):
    """What is wrong, and in which line, from 1."""

    message: str
    line: int


def explain_faults(
    part: str, error: BrokenToml, find_error: FindError, is_name: IsName
) -> list[Fault]:
    """All faults in a part of a file. ``error`` is the first.

    Broken statements are removed one by one, to find the faults in the rest. When a text or a brace
    has no end, the next statement is the next one with a name that ``is_name`` accepts.
    """
    lines = part.split("\n")
    found: list[Fault] = []
    left: BrokenToml | None = error
    while left is not None and len(found) < _MOST:
        fault = explain_fault(lines, left)
        if found and fault.line <= found[-1].line:
            break
        found.append(fault)
        if fault.message == _BACKSLASH:
            lines[fault.line - 1] = lines[fault.line - 1].replace("\\", "/")
        else:
            end = _find_end(lines, fault, left.line, is_name)
            lines[fault.line - 1 : end] = [""] * (end - fault.line + 1)
        left = find_error("\n".join(lines))
    return found


def _find_end(lines: list[str], fault: Fault, stopped: int, is_name: IsName) -> int:
    """The last line of a broken statement: where reading ``stopped``, or before the next one."""
    if fault.message == _NO_END:
        return _find_next(lines, fault.line, is_name)
    if fault.message == _BRACES:
        return _find_brace(lines, fault.line)
    end = stopped
    if fault.line == stopped:
        while end < len(lines) and not _BEGINS.match(lines[end]):
            end += 1
    elif _BEGINS.match(lines[end - 1]):
        end -= 1
    return end


def _find_next(lines: list[str], first: int, is_name: IsName) -> int:
    """The last line of a text without an end that begins at the line ``first``."""
    end = first
    while end < len(lines):
        begun = _NEXT.match(lines[end])
        if begun and (not begun["name"] or is_name(begun["name"].strip("\"'"))):
            break
        end += 1
    return end


def _find_brace(lines: list[str], first: int) -> int:
    """The last line of a table in braces that begins at the line ``first``."""
    if "}" in lines[first - 1]:
        return first
    end = first
    while end < len(lines) and not _HEADER.match(lines[end]):
        end += 1
        if lines[end - 1].lstrip().startswith("}"):
            return end
    end = first
    while end < len(lines) and lines[end].rstrip().endswith(","):
        end += 1
    return end


def explain_fault(lines: list[str], error: BrokenToml) -> Fault:
    """Explain one fault of the text with these lines."""
    message, number = str(error), error.line
    line = lines[number - 1].strip(" \t\r")
    if _MERGE_MARK.match(line):
        return Fault(_MERGE, number)
    if message.startswith(("Unclosed array", "Unclosed inline table")):
        return _explain_open(lines, number, "array" in message)
    if message.startswith("Invalid initial character") and _OPEN_BRACE.match(line):
        return Fault(_NO_QUOTES if "{{" in line else _BRACES, number)
    if "\r" in lines[number - 1].rstrip("\r"):
        return Fault("The lines end as on an old Mac; save the file with usual line ends", number)
    odd = _find_invisible(message, line)
    if odd:
        what = "a space that is no usual one" if odd == "\xa0" else "a sign that cannot be seen"
        return Fault(f"There is {what} on this line (U+{ord(odd):04X}); delete it", number)
    return Fault(_explain_line(message, line), number)


def _find_invisible(message: str, line: str) -> str:
    """The invisible character where reading stopped, if it is one."""
    named = _NAMED.match(message)
    if named and named[1] not in ("n", "r"):
        return chr(int(named[1][1:], 16)) if named[1][0] == "x" else "\t"
    found = None
    if message.startswith("Expected '='"):
        found = _INVISIBLE.search(line.partition("=")[0])
    elif message.startswith("Invalid"):
        value = _VALUE.match(line)
        found = _INVISIBLE.match(value[1] if value and message == "Invalid value" else line)
    return found[0] if found else ""


def _explain_open(lines: list[str], number: int, is_list: bool) -> Fault:
    """Explain a list or a table in braces that has no end or lacks a comma."""
    line = lines[number - 1]
    if is_list:
        value = _VALUE.match(line)
        if value and _TYPOGRAPHIC.match(value[1].lstrip("[ ")):
            return Fault(_explain_quotes(value[1]), number)
        told = "A comma is missing between two entries of the list, or the “]” at its end"
    else:
        told = _BRACES
    if _BEGINS.match(line) and not _OPENS.search(line):
        above = (n for n in range(number - 1, 0, -1) if _OPENS.search(lines[n - 1]))
        end = "]" if is_list else "}"
        return Fault(f"The “{end}” at the end is missing", next(above, number))
    return Fault(told, number)


def _explain_line(message: str, line: str) -> str:
    """Explain a fault in one line, from the TOML parser's message."""
    if message.startswith(("Illegal character", 'Expected "\'"')):
        return (
            "A text in quotes does not end on its line: close it with the sign it begins with; a "
            'text of several lines stands between """ and """'
        )
    if message.startswith(_LONG_OPEN):
        return _NO_END
    if message.startswith(("Unescaped", "Invalid hex", "Escaped character")):
        return _BACKSLASH
    if message == "Invalid value":
        return _explain_value(line)
    if message == _REST:
        return _explain_rest(line)
    if message.startswith(("Expected ']", "Expected ]")):
        return "The header does not end with as many “]” as it has “[”"
    if message.startswith("Expected '='"):
        return _explain_name(line)
    if message.startswith(("Invalid statement", "Invalid initial character")):
        return _NO_LINE
    if message.startswith(("Cannot overwrite", "Cannot declare", "Cannot mutate", "Cannot redef")):
        name = line.partition("=")[0].strip() if "=" in line else line.partition("#")[0].strip()
        if name.startswith("["):
            return (
                f"“{name}” is there twice for the same note, or has another number of brackets "
                "before: keep one, or begin with [[notes]] above it"
            )
        return f"“{name}” is there twice; keep one of the two"
    return message if message.startswith("Values are") else f"Not valid TOML: {message}"


def _explain_name(line: str) -> str:
    """Explain a wrong or missing name before “=”."""
    if _COLON.match(line):
        return _COLON_TOLD
    if re.match(rf"{_KEY}[ \t]*=", line):
        return _COLON_TOLD if ":" in line else _NO_LINE
    if _FORGOTTEN.match(line):
        return "A “=” is missing between the name and its value"
    if "=" not in line:
        return _NO_LINE
    name = line.partition("=")[0].strip()
    return f'A name with spaces, accents or other signs stands in quotes: "{name}" = …'


def _explain_value(line: str) -> str:
    found = _VALUE.match(line)
    value = found[1] if found else ""
    if not value:
        return 'The value behind “=” is missing; "" is an empty text'
    if value.startswith("="):
        return "One “=” stands between a name and its value, not two"
    if _TYPOGRAPHIC.match(value.lstrip("[ ")):
        return _explain_quotes(value)
    if value.casefold() in ("true", "false", "yes", "no", "none", "null"):
        return f'“{value}” is no value of TOML; as a text it stands in quotes: "{value}"'
    if value.startswith("["):
        return 'Each entry of a list stands in quotes: ["one", "two"]'
    if value.startswith("("):
        return 'A list stands in square brackets: ["one", "two"]'
    return _NO_QUOTES


def _explain_quotes(value: str) -> str:
    found = _TYPOGRAPHIC.search(value)
    sign = found[0] if found else ""
    return f'{sign} is a typographic quotation mark; use the plain one: "text"'


def _explain_rest(line: str) -> str:
    """Explain text after the end of a statement."""
    if line.startswith("["):
        return "Only a comment (#) can stand behind a header, which has as many “]” as “[”"
    if line[-1:] in ",;":
        return f"Nothing stands at the end of a line; delete the “{line[-1]}”"
    value = _VALUE.match(line)
    if value and value[1].startswith("'"):
        return (
            'An apostrophe ends a text in single quotes: put the text in double ones ("…"), or '
            "between ''' and '''"
        )
    if value and value[1][:1] not in ("", '"', "'", "[", "{"):
        return _NO_QUOTES
    return (
        "Something stands behind the end of the value. A text with double quotes in it stands in "
        "single ones ('…'), or each of them is written “\\\"”"
    )
