"""Finds headers of a deck file with a wrong name, wrong brackets, or in a wrong place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple

from .toml_scan import STRING

Names = tuple[str, ...]
_HEADERS: dict[Names, str] = {
    ("package",): "[package]",
    ("models",): "[[models]]",
    ("models", "templates"): "[[models.templates]]",
    ("decks",): "[[decks]]",
    ("notes",): "[[notes]]",
    ("notes", "fields"): "[notes.fields]",
    ("notes", "cards"): "[[notes.cards]]",
    ("media",): "[[media]]",
}
_ONCE = ("[package]", "[notes.fields]")
_ALONE: dict[Names, Names] = {
    ("fields",): ("notes", "fields"),
    ("templates",): ("models", "templates"),
}
MISPLACED = "ankivault-misplaced"  # replaces a header that occurs too often
_NAME = r"""(?:[^\W\d][\w-]*|"[^"\\\n]*"|'[^'\n]*')"""
_TOKEN = re.compile(
    STRING.pattern
    + r"|#[^\n]*"
    + r"|^[ \t\f\xa0\u200b\ufeff]*(?P<header>[\[(]{1,2}[ \t]*"
    + rf"(?P<names>{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*)"
    + r"[ \t]*[\])]{0,2})(?P<tail>[^#\n,]*)(?=#|$)",
    re.S | re.M,
)


class WrongHeader(NamedTuple):
    """What is wrong with a header, and in which line."""

    message: str
    line: int
    note: int | None  # the note around it, when its place is wrong


def mend_headers(text: str) -> tuple[str, list[WrongHeader]]:
    """``text`` with correct headers and the same lines, and what was wrong.

    Used to find the other problems of the file: the mended text is never read as a deck.
    """
    parts: list[str] = []
    wrong: list[WrongHeader] = []
    above: dict[str, int] = {}  # the headers since the last item began, and their lines
    packages: dict[str, int] = {}
    done, line, counted, notes = 0, 1, 0, 0
    for match in _TOKEN.finditer(text):
        header = match["header"]
        names = _known(_read(match["names"])) if header else None
        if names is None:
            continue
        line += text.count("\n", counted, match.start("header"))
        counted = match.start("header")
        right = _HEADERS[names]
        seen = packages if names == ("package",) else above
        if len(names) == 1 and names != ("package",):
            above = {right: line}
            seen = {}
        notes += names == ("notes",)
        misplaced = _misplaced(names, right, seen)
        told = misplaced or _compare(header, right, match["tail"])
        seen.setdefault(right, line)
        if told:
            wrong.append(WrongHeader(told, line, notes or None if misplaced else None))
            right = f"[{MISPLACED}.line-{line}]" if misplaced else right
            parts += (text[done : match.start("header")], right)
            done = match.end("tail")
    return "".join(parts) + text[done:], wrong


def _read(names: str) -> Names:
    return tuple(name.strip(" \t\"'") for name in names.split("."))


def _known(names: Sequence[str]) -> Names | None:
    """The right names of a header that resembles one of a deck file."""
    if tuple(names) in _HEADERS:
        return tuple(names)
    if len(names) == 1:
        alone = _nearest(names[0], [each[0] for each in _ALONE])
        first = _nearest(names[0], [each[0] for each in _HEADERS if len(each) == 1])
        return (first,) if first else _ALONE[alone,] if alone else None
    first = _nearest(names[0], [each[0] for each in _HEADERS if len(each) > 1])
    below = [each[1] for each in _HEADERS if len(each) > 1 and each[0] == first]
    second = _nearest(names[1], below) if len(names) == 2 else ""
    return (first, second) if first and second else None


def _nearest(name: str, known: Sequence[str]) -> str:
    return next(iter(get_close_matches(name.casefold(), known, 1, 0.8)), "")


def _compare(header: str, right: str, tail: str) -> str:
    plain = re.sub(r"[ \t\"']", "", header)
    if plain != right:
        told = f"The header “{header}” should be {right}"
        if plain.strip("[]()") == right.strip("[]"):
            told += f", in {'double' if right.startswith('[[') else 'single'} square brackets"
        return told
    return "Only a comment (#) can stand behind a header" if tail.strip() else ""


def _misplaced(names: Names, right: str, seen: dict[str, int]) -> str:
    if len(names) > 1 and _HEADERS[names[:1]] not in seen:
        return f"{right} must stand below the {_HEADERS[names[:1]]} that it belongs to"
    if right in _ONCE and right in seen:
        where = " in one note" if len(names) > 1 else ""
        end = "; each note begins with a line [[notes]]" if where else "; make one of the two"
        return f"{right} is there twice{where} (also on line {seen[right]}){end}"
    return ""
