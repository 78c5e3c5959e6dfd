"""Clozes over several lines in a text: their lines, and why they cannot be read with certainty."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from ..markdown.canonical import VERBATIM
from ..markdown.syntax import CLOZE_REST, GOES_ON
from .refusal import Refusal

_PART = re.compile(
    r"(?:(?<![=\\])==(?!=|\s)(?P<text>(?:(?!==)[^\n]|\n(?!\s*\n))+?)==[ \t]*)?"
    rf"%%c(?P<numbers>\d[\d,]*)(?=(?P<goes_on>{GOES_ON})?){CLOZE_REST}"
    r"|<mark\b[^<>]*?data-cloze=[\"']?c?(?P<numbers2>[\d,]+)(?P<goes_on2>…)?[^<>]*>"
    r"(?:(?!</?mark\b).)*</mark>"
    r"|(?<![=\\])==(?!=|\s)(?P<bare>(?:(?!==)[^\n])+?)==(?!=)|(?P<raw>(?<!\\)\{\{c\d[\d,]*::)",
    re.DOTALL,
)
_LEAST = re.compile(rf"%%c\d[\d,]*{GOES_ON}%%|data-cloze=[\"']?c?[\d,]+…")
_TAG = re.compile(r"<[^<>]*>|%%.*?%%", re.DOTALL)
_WORD = re.compile(r"[^\W_]")
_ITEM = re.compile(
    r"^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[.\][ \t])?|^[ \t>]*#+[ \t]", re.MULTILINE
)


class _Part(NamedTuple):
    """A highlight with its comment, a comment alone, or a highlight without a cloze."""

    start: int
    end: int
    numbers: str  # empty: no cloze
    goes_on: bool
    is_alone: bool


def has_cloze_lines(text: str) -> bool:
    """Whether a text may hold a cloze over several lines."""
    return _LEAST.search(text) is not None


def count_parts(text: str) -> int:
    """The number of highlights in a text behind which their cloze goes on."""
    return len(_LEAST.findall(text))


def cloze_lines(text: str) -> list[tuple[int, int]]:
    """The first and last lines, from 0, of each cloze over several lines."""
    if not has_cloze_lines(text):
        return []
    found: list[tuple[int, int]] = []
    start = end = -1
    for part in _parts(text):
        if not part.numbers:
            continue
        start, end = (part.start if start < 0 else start), part.end
        if not part.goes_on:
            found.append((start, end))
            start = -1
    if start >= 0:
        found.append((start, end))
    lines = [(text.count("\n", 0, one), text.count("\n", 0, other)) for one, other in found]
    return [(one, other) for one, other in lines if other > one]


def find_broken_cloze(text: str, before: str) -> Refusal | None:
    """Why a text is refused: it has a cloze over several lines whose lines do not fit together.

    ``before`` is the old text: what was so there is no mistake.
    """
    broken = _find_broken(text) or _find_unopened(text, before)
    if broken is None or _find_broken(before) is not None:
        return None
    return broken


def _find_unopened(text: str, before: str) -> Refusal | None:
    """Why a text is refused: a cloze that began in a line above now has nothing but its end."""
    if not has_cloze_lines(before):
        return None
    went_on = {part.numbers for part in _parts(before) if part.goes_on}
    known = Counter(part.numbers for part in _unopened_ends(before))
    for part in _unopened_ends(text):
        known[part.numbers] -= 1
        if part.numbers in went_on and known[part.numbers] < 0:
            return _refuse_unopened(text, part)
    return None


def refuse_stray(text: str, comment: str) -> Refusal:
    """Why a text is refused: ``comment`` stands in it without a highlight, and ends no cloze."""
    numbers = comment.partition("::")[0][1:]
    ends = (part for part in _unopened_ends(text) if part.numbers == numbers)
    part = next(ends, None) or _Part(0, 0, numbers, False, True)
    return _refuse_unopened(text, part)


def _refuse_unopened(text: str, end: _Part) -> Refusal:
    return Refusal(
        f"this is the end of cloze {end.numbers}, but no line above goes on with it: each "
        f"line before it needs “%%c{end.numbers}…%%”, and a cloze in one line "
        f"“==…==%%c{end.numbers}%%”",
        text.count("\n", 0, end.start) + 1,
    )


def _unopened_ends(text: str) -> Iterator[_Part]:
    """The comments alone that end no cloze of a line above."""
    opened = ""
    for part in _parts(text):
        if part.is_alone and not part.goes_on and opened != part.numbers:
            yield part
        opened = part.numbers if part.goes_on else ""


def _parts(text: str) -> Iterator[_Part]:
    text = VERBATIM.sub(lambda found: "\0" * len(found[0]), text)
    for found in _PART.finditer(text):
        numbers = found["numbers"] or found["numbers2"] or ""
        is_alone = found["numbers"] is not None and found["text"] is None
        yield _Part(*found.span(), numbers, bool(found["goes_on"] or found["goes_on2"]), is_alone)


def _find_broken(text: str) -> Refusal | None:
    if not has_cloze_lines(text):
        return None
    plain = VERBATIM.sub(lambda found: "\0" * len(found[0]), text)
    opened: _Part | None = None
    for part in _parts(text):
        if opened is not None:
            line = text.count("\n", 0, part.start) + 1
            if part.numbers != opened.numbers:
                what = f"a mark of cloze {part.numbers}" if part.numbers else "another mark"
                return Refusal(
                    f"cloze {opened.numbers} goes on here, but {what} stands in it: each line "
                    f"needs “==…==%%c{opened.numbers}…%%”, its last one "
                    f"“==…==%%c{opened.numbers}%%”",
                    line,
                )
            stray = _stray_word(plain, opened.end, part.start)
            if stray >= 0:
                return Refusal(
                    f"this text stands within cloze {opened.numbers}: mark it as "
                    f"“==…==%%c{opened.numbers}…%%”, or end the cloze before it with "
                    f"“%%c{opened.numbers}%%”",
                    text.count("\n", 0, stray) + 1,
                )
        opened = part if part.goes_on else None
    if opened is None:
        return None
    return Refusal(
        f"cloze {opened.numbers} has no end: its last line needs “%%c{opened.numbers}%%” instead "
        f"of “%%c{opened.numbers}…%%”",
        text.count("\n", 0, opened.start) + 1,
    )


def _stray_word(text: str, start: int, end: int) -> int:
    """The place of the first word between two parts of a cloze; -1: there is none."""
    between = _TAG.sub(lambda found: " " * len(found[0]), text[start:end])
    between = _ITEM.sub(lambda found: " " * len(found[0]), between)
    word = _WORD.search(between)
    return start + word.start() if word else -1
