"""Decides which highlights of an edited text are clozes, and numbers the new ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Optional

from ..field_style import ClozeRule
from ..markdown.syntax import CLOZE_REST, GOES_ON

Mark = tuple[Optional[str], Optional[str]]  # text and comment, as in ClozeRule
_LOOSE = re.compile(
    r"==([^\S\n]*)(?!\s)((?:(?!==)[^\n]|\n(?!\s))+?)(\s*)==([^\S\n]*)(%%c\d[\d,]*"
    rf"{CLOZE_REST})"
)
_CLOZE_NUMBERS = re.compile(rf"(c[\d,]+)({GOES_ON}$)?")
_TWICE = re.compile(r"%%(c\d(?:(?!%%)[^\n])*)%%(?=%%\1%%)")
_MOST = 500  # the highest number for which Anki makes cards
_NUMBERS = re.compile(r"\{\{c([\d,]+)::|%%c([\d,]+)|data-cloze=\"([\d,]+)…?\"")


def tidy_highlights(markdown: str) -> str:
    """Move the spaces at both ends of a cloze's highlight out of it."""
    return _LOOSE.sub(_tidy, markdown) if "%%c" in markdown else markdown


def _tidy(found: re.Match[str]) -> str:
    """Put the spaces outside where none stands yet: the card would show only one of two."""
    before, text, after, gap, comment = found.groups()
    if found.start() == 0 or found.string[found.start() - 1].isspace():
        before = ""
    if not after.strip(" \t") and found.string[found.end() : found.end() + 1] in ("", " ", "\n"):
        after = ""
    return f"{before}=={text}=={comment}{after}{gap}"


def next_number(numbers: Iterable[int]) -> int:
    """The number for a new cloze beside these: above all of which each makes a card of its own."""
    return max((number for number in numbers if number < _MOST), default=0) + 1


def highest_number(*texts: str) -> int:
    """The highest number of a cloze in HTML or Markdown, of those that make a card."""
    numbers = [0]
    for text in texts:
        for groups in _NUMBERS.findall(text):
            numbers += [int(n) for n in "".join(groups).split(",") if n and len(n) < 4]
    return next_number(numbers) - 1


def collect_marks(write: Callable[[ClozeRule], str]) -> tuple[list[Mark], str]:
    """The highlights and comments for which ``write`` asks a rule, and the text that it writes.

    The answers are those of ``as_written``.
    """
    marks: list[Mark] = []

    def collect(text: str | None, comment: str | None) -> str | None:
        marks.append((text, comment))
        return comment or ""

    html = write(collect)
    return marks, html


def replay(decisions: Sequence[str]) -> ClozeRule:
    """A rule that gives these answers, one after the other."""
    answers = iter(decisions)

    def rule(text: str | None, comment: str | None) -> str | None:
        return next(answers, comment or "")

    return rule


def decide(before: Sequence[Mark], after: Sequence[Mark], next_number: int) -> list[str]:
    """Decide what each mark of an edited text becomes.

    A cloze whose comment was lost stays a cloze. As many highlights stay without a cloze as there
    were before; all others are new clozes, numbered from ``next_number`` on. A comment whose
    highlight was lost is removed.
    """
    comments = Counter(comment for _, comment in after if comment)
    lost = [(text, comment) for text, comment in before if comment and text is not None]
    for position in range(len(lost) - 1, -1, -1):
        comment = lost[position][1]
        if comment and comments[comment] > 0:
            comments[comment] -= 1
            del lost[position]
    bare = [number for number, (_, comment) in enumerate(after) if comment is None]
    answers = [comment or "" for _, comment in after]
    plain = Counter(text for text, comment in before if comment is None)
    open_bare: list[int] = []
    for number in bare:
        text = after[number][0]
        match = next((mark for mark in lost if mark[0] == text), None)
        if match is not None:
            answers[number] = match[1] or ""
            lost.remove(match)
        elif plain[text] > 0:
            plain[text] -= 1
        else:
            open_bare.append(number)
    open_bare = _without_edited(before, after, open_bare, sum(plain.values()))
    for number in open_bare:
        if lost and len(lost) == len(open_bare):
            answers[number] = lost[open_bare.index(number)][1] or ""
        else:
            answers[number] = f"c{next_number}"
            next_number += 1
    _drop_orphans(before, after, answers)
    return answers


def _without_edited(
    before: Sequence[Mark], after: Sequence[Mark], bare: Sequence[int], edited: int
) -> list[int]:
    """Leave out the edited ones among the highlights that were no clozes before."""
    if len(before) == len(after):
        stay = [number for number in bare if before[number][1] is None][:edited]
    else:
        stay = list(bare[:edited])
    return [number for number in bare if number not in stay]


def _drop_orphans(before: Sequence[Mark], after: Sequence[Mark], answers: list[str]) -> None:
    alone = Counter(before[at][1] for at in _orphans(before))
    for at in _orphans(after):
        comment = after[at][1]
        if alone[comment] > 0:
            alone[comment] -= 1
        else:
            answers[at] = ""


def _orphans(marks: Sequence[Mark]) -> Iterator[int]:
    """The comments alone that end no cloze of a mark before, by their places."""
    opened = ""  # the cloze that goes on, in which a comment alone is a part without text
    for at, (text, comment) in enumerate(marks):
        numbers = _CLOZE_NUMBERS.match(comment or "")
        within = bool(opened) and numbers is not None and numbers[1] == opened
        opened = numbers[1] if numbers and numbers[2] else ""
        if text is None and not opened and not within:
            yield at


def _goes_on(comment: str | None) -> bool:
    numbers = _CLOZE_NUMBERS.match(comment or "")
    return numbers is not None and bool(numbers[2])


def find_stray(
    markdown: str, before: Sequence[Mark], after: Sequence[Mark], answers: Sequence[str]
) -> str:
    """The first comment that is removed, though no highlight of its own was lost; empty: none.

    Such a comment was typed, or it was the end of a cloze that began in a line above. Where clozes
    go on over lines, each comment alone may be one. A comment that ``markdown`` has twice in a row
    says nothing new.
    """
    lost: Counter[str | None] = Counter()
    if not any(_goes_on(comment) for _, comment in (*before, *after)):
        lost += Counter(comment for text, comment in before if text is not None)
        lost -= Counter(comment for text, comment in after if text is not None)
    lost += Counter(found[1] for found in _TWICE.finditer(markdown))
    for (text, comment), answer in zip(after, answers):
        if text is None and comment and not answer:
            if not lost[comment]:
                return comment
            lost[comment] -= 1
    return ""
