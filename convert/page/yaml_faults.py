"""Explains broken YAML: the line that the user must correct, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_FOUND = re.compile(r"found (?:character )?'(.|\\.)'")
_MISFIT = (
    "the line does not fit those above it; begin it with as many spaces as they have, and an "
    "entry of a list with “- ”"
)
_OTHER = "the value has signs that mean something else in YAML; put it in quotes"
_WORDS = (
    (
        "could not find expected ':'",
        "this is no “name: value”; put a colon and a space behind the name, or “- ” before an "
        "entry of a list",
    ),
    (
        "mapping values are not allowed",
        "a “: ” too many, or spaces at the beginning of the line that do not fit those above; put "
        "a value that has “: ” in it in quotes",
    ),
    ("found undefined alias", "a value cannot begin with “*”; put it in quotes"),
    ("expected alphabetic or numeric", "a value cannot begin with “&” or “*”; put it in quotes"),
    ("sequence entries are not allowed", "a list begins on a line of its own"),
    ("expected chomping", "text behind “|” or “>”; begin it on the next line"),
    ("expected escape sequence", "a “\\” in double quotes; use single quotes, or write “\\\\”"),
    (
        "found unknown escape character",
        "a “\\” in double quotes; use single quotes, or write “\\\\”",
    ),
    ("expected a comment or a line break", "text behind “|” or “>”; begin it on the next line"),
    ("expected '<document start>'", _MISFIT),
)


def explain_fault(text: str, error: Any) -> tuple[int, str]:
    """The position in ``text`` that the user must look at, and why it does not parse.

    The parser often stops only on a later line: at the first thing that cannot continue a
    quotation, a list in brackets, or a name without a colon.
    """
    mark, begun = error.problem_mark or error.context_mark, error.context_mark
    if mark is None:
        return 0, "the properties cannot be read"
    context, problem = error.context or "", error.problem or error.context or ""
    at: int = min(mark.index, len(text.rstrip()))
    if "quoted scalar" in context and "unexpected end" in problem:
        return begun.index, "a quotation mark is not closed"
    opened = _find_open(text, mark.index) if "a flow" in context else None
    if opened is not None and _is_left(text, opened, mark.index):
        return opened, f"a “{text[opened]}” is not closed"
    if problem.startswith("expected ',' or"):
        return at, "a comma is missing between two entries in brackets"
    if problem.startswith("expected <block end>"):
        return _explain_rest(text, at)
    found = _FOUND.search(problem)
    if "cannot start any token" in problem or "expected the node content" in problem:
        sign = f"“{found[1]}”" if found else "this"
        return at, f"a value cannot begin with {sign}; put it in quotes"
    words = next((told for start, told in _WORDS if problem.startswith(start)), _OTHER)
    return (begun.index if "a simple key" in context else at), words


def _is_left(text: str, begun: int, at: int) -> bool:
    """Whether the text ends, or a line follows that does not continue what began at ``begun``."""
    if not text[at:].strip():
        return True
    start = text.rfind("\n", 0, at) + 1
    return start > begun and _indent(text, start) <= _indent(text, text.rfind("\n", 0, begun) + 1)


def _indent(text: str, start: int) -> int:
    rest = text[start:]
    return len(rest) - len(rest.lstrip(" \t"))


def _scan(text: str, end: int) -> Iterator[Any]:
    """The tokens that begin before a position, up to the first fault."""
    from ...vendor.lib import yaml

    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if token.start_mark.index >= end:
                return
            yield token
    except yaml.YAMLError:
        return  # only the tokens before the fault matter


def _find_open(text: str, at: int) -> int | None:
    """The last bracket before a position that is still open there."""
    opened: list[int] = []
    for token in _scan(text, at):
        if token.id in "[{":
            opened.append(token.start_mark.index)
        elif token.id in "]}" and opened:
            opened.pop()
    return opened[-1] if opened else None


def _explain_rest(text: str, at: int) -> tuple[int, str]:
    """Explain text that follows the end of a value, on its own line or behind the value."""
    last = None
    for token in _scan(text, at):
        if token.end_mark.index > token.start_mark.index:
            last = token
    if last is None or "\n" in text[last.end_mark.index : at]:
        return at, _MISFIT
    if last.id == "<scalar>" and last.style:
        if "\n" in text[last.start_mark.index : last.end_mark.index]:
            return last.start_mark.index, "a quotation mark is not closed"
        return at, "text behind the closing quotation mark; put quotes around all of the value"
    if last.id in "]}":
        return at, "text behind the closing bracket; put quotes around all of the value"
    return at, _MISFIT
