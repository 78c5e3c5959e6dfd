"""Finds half marks of a cloze: they have lost their other half and cannot be plain text."""

from __future__ import annotations

import re
from collections import Counter

from ..markdown.canonical import VERBATIM
from ..markdown.syntax import CLOZE_COMMENT, CLOZE_REST
from .cloze_numbers import tidy_highlights
from .refusal import Refusal

COMMENT = re.compile(rf"{CLOZE_COMMENT}|%%-,[^\n]*?%%")  # of a cloze, or of a formula's
_TORN_BRACES = re.compile(
    r"(?<!\{)\{c(\d+)[\d,]*::|\{\{c(\d+)[\d,]*(?![\d,]|::)|\{\{[ \t]+c(\d+)[\d,]*::"
)
# A hidden comment that looks like a cloze's mark, with a number or a letter missing or added.
_MISSPELLED = re.compile(
    rf"(?<!%)%%%[cC]\d[^%\n]*%%|(?:(?<!\\)==|\0)[ \t*_~]*%%(?!-,|c\d[\d,]*{CLOZE_REST})"
    r"(?:[ \t]*[cC]?[\s\d,.]*(?:::?[^%\n]*)?|[ \t]*[cC][ \t]*\d[^%\n]*)%%"
)
_HIDDEN = re.compile(r"%%(?:(?!%%)[^\n\x01])+%%")
_HIGHLIGHT = re.compile(r"(?<![=\\])==(?!\s)(?:(?!==)[^\n])+?(?<![\s\\])==(?!=)")
_SPELLED_OUT = re.compile(r"(?:==[ \t]*[%％]{0,4}|[%％]{2,})[ \t]*[cC][ \t]*\d")
_LEFT_OVER = re.compile(r"(?<!\\)(?:(?<!\s)[=＝]{2,}|[=＝]{2,}(?!\s)|=(?=\x01)|[%％]{2,})")
_UP_TO_CLOZE = re.compile(r"[^\n\x01]{0,1000}\x01")
_CLOZE_END, _HIGHLIGHT_END = "\x01", "\x02"


def find_left_over(text: str, before: str) -> Refusal | None:
    """Why a text is refused for marks that are neither a cloze's nor text; None: there are none.

    These marks are refused where a cloze was lost, and directly beside a cloze. ``before`` is the
    old text.
    """
    if "{c" in text or "{ " in text:
        torn = _TORN_BRACES.search(VERBATIM.sub(_as_blank, text))
        if torn and not _TORN_BRACES.search(VERBATIM.sub(_as_blank, before)):
            number = torn[1] or torn[2] or torn[3]
            reason = f"the marks of cloze {number} are not whole: write “{{{{c{number}::…}}}}”"
            return Refusal(reason, line_at(text, torn.start()))
    if "%%" not in before and "%%" not in text:
        return None
    now, was = (VERBATIM.sub(_as_blank, tidy_highlights(each)) for each in (text, before))
    wrong = _MISSPELLED.search(now)
    if wrong and len(_MISSPELLED.findall(now)) > len(_MISSPELLED.findall(was)):
        comment = wrong[0][wrong[0].index("%") :]
        reason = f"“{comment}” is not the mark of a cloze: write it as “%%c1%%” or “%%c1::hint%%”"
        return Refusal(reason, line_at(now, wrong.start()))
    gone = Counter(COMMENT.findall(was)) - Counter(COMMENT.findall(now))
    ours, theirs = _left_over(now, bool(gone)), _left_over(was, bool(gone))
    if len(ours) <= len(theirs):
        return None
    known = {mark for mark, _ in theirs}
    mark, line = next((found for found in ours if found[0] not in known), ours[-1])
    return Refusal(f"“{mark}” stands there alone: please check the marks of the clozes here", line)


def line_at(text: str, place: int) -> int:
    """The line of a place in a text, from 1."""
    return text.count("\n", 0, place) + 1


def _as_blank(found: re.Match[str]) -> str:
    return "\0" * len(found[0])


def _left_over(text: str, anywhere: bool) -> list[tuple[str, int]]:
    """The marks without a highlight or a comment: all of them, or only those beside a cloze."""
    text = COMMENT.sub(_CLOZE_END, text)
    found = [
        (each[0].strip(), line_at(text, each.start()))
        for each in _SPELLED_OUT.finditer(text)
        if anywhere
    ]
    text = _HIDDEN.sub("\x03", text)
    text = _HIGHLIGHT.sub(lambda each: f"{_HIGHLIGHT_END}{each[0][2:-2]}{_HIGHLIGHT_END}", text)
    beside = (_CLOZE_END, _HIGHLIGHT_END)
    for mark in _LEFT_OVER.finditer(text):
        around = text[max(mark.start() - 1, 0) : mark.start()], text[mark.end() : mark.end() + 1]
        is_half = mark[0] == "==" and (
            bool(around[0].strip()) != bool(around[1].strip())
            or _UP_TO_CLOZE.match(text, mark.end()) is not None
        )
        if anywhere or is_half or any(each in beside for each in around if each):
            found.append((mark[0], line_at(text, mark.start())))
    return found
