"""Refuses typing mistakes in the marks of a cloze, instead of guessing their meaning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from html import unescape

from ..markdown.parser import parse_markdown
from ..markdown.syntax import GOES_ON
from .cloze_lines import find_broken_cloze
from .left_over_marks import COMMENT, find_left_over, line_at
from .losses import blank_blocks, clozes_in_code, find_shown
from .refusal import Refusal

_EMPTY = re.compile(r"(?<![=\\])==[ \t]*==[ \t]*%%c(\d+)")
_TORN = re.compile(
    r"%c(\d+)(?:,\d+)*(?:::[^%\n]*)?%|%%c(\d+)(?:,\d+)*(?=::|$|\s)|\bc(\d+)[\d,]*(?:::[^%\n]*)?%%"
)
_EMPTIED = re.compile(
    rf"(?<![\\=])==%%(?!c\d[\d,]*(?:::|{GOES_ON}?%%))[ \t]*[cC]?[ \t]*[\d,]*(?:::[^%\n]*)?[ \t]*%%"
)
_LONG = re.compile(r"(?<![\\=])===(?:==)*(?!=)")
_FORMULA = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]|<(pre|code)\b.*?</\1>", re.DOTALL)
_MARK_TAG = re.compile(r"<(?:(/)mark\s*|mark\b(?:[^<>]*?data-cloze=[\"']?c?([\d,]+))?[^<>]*)>")
_NEVER = 10**9  # higher than the number of any cloze
_BORDER = re.compile(r"\{\{c([\d,]+)::|\}\}")


def find_slip(text: str, before: str) -> Refusal | None:
    """Why a text's clozes are not certain, with the line; None when they are.

    ``before`` is the old text: what it already had is no mistake.
    """
    swallowed = _find_swallowed(text, before)
    if swallowed:
        return swallowed
    text, before = blank_blocks(text), blank_blocks(before)
    empty = _EMPTY.search(text)
    if empty and not _EMPTY.search(before):
        reason = f"the highlight of cloze {empty[1]} is empty, or its marks stand there twice"
        return Refusal(reason, _line_of(empty))
    torn = _TORN.search(COMMENT.sub("", text))
    if torn and not _TORN.search(COMMENT.sub("", before)):
        number = torn[1] or torn[2] or torn[3]
        return Refusal(
            f"the mark of cloze {number} is not whole: write “%%c{number}%%” behind its highlight",
            _line_of(torn),
        )
    emptied = _EMPTIED.search(text)
    if emptied and not _EMPTIED.search(before):
        reason = "the mark behind this highlight has no number: write one, as in “%%c1%%”"
        return Refusal(reason, _line_of(emptied))
    line = _find_long_mark(text) if _LONG.search(text) else 0
    if line and not (_LONG.search(before) and _find_long_mark(before)):
        reason = "there is a “=” beside the marks of a highlight: write “\\=” if it is text"
        return Refusal(reason, line)
    return find_broken_cloze(text, before) or find_left_over(text, before)


def _find_swallowed(text: str, before: str) -> Refusal | None:
    """Why a text is refused: the mark of a cloze has come to stand in a block of code."""
    seen, seen_before = (Counter(COMMENT.findall(blank_blocks(each))) for each in (text, before))
    if not seen_before - seen:
        return None
    held, held_before = (Counter(COMMENT.findall(each)) for each in (text, before))
    came = (held - seen) - (held_before - seen_before)
    for comment in (seen_before - seen) & came:
        line = line_at(text, text.index(comment))
        return Refusal(f"“{comment}” stands in code now, where it is text and no cloze", line)
    return None


def _find_long_mark(text: str) -> int:
    """The line of the first highlight with a ``=`` directly behind its marks; 0: there is none."""
    for block in parse_markdown(text):
        line = block.map[0] + 1 if block.map else 1
        children = block.children or []
        for token, after in zip(children, children[1:]):
            line += token.type in ("softbreak", "hardbreak")
            marks = token.type in ("mark_open", "mark_close")
            if marks and after.type == "text" and after.content.startswith("="):
                return line
    return 0


def _line_of(found: re.Match[str]) -> int:
    return line_at(found.string, found.start())


def stray_comment(comments: Sequence[str], new_clozes: int) -> str:
    """Why the text is refused: it has comments without a highlight, and new highlights too."""
    if not comments or not new_clozes:
        return ""
    number = comments[0].partition("::")[0][1:]
    return f"“%%c{number}%%” does not stand right behind the highlight of cloze {number}"


def refuse_slips(html: str, edited: str, before: str, text: str) -> Refusal | None:
    """For a text where no highlight becomes a cloze by itself: why it is refused, or None."""
    marked = any(mark in text + before for mark in ("%%", "{c"))
    slip = find_slip(text, before) if marked else None
    if slip:
        return slip
    shown = Counter(COMMENT.findall(_FORMULA.sub("", edited)))
    for comment in shown - Counter(COMMENT.findall(_FORMULA.sub("", html))):
        if comment in text:
            reason = f"“{unescape(comment)}” does not stand right behind a highlight"
            return Refusal(reason, line_at(text, text.index(comment)))
    return refuse_corrupted(html, edited, before, text, _NEVER)


def refuse_corrupted(
    html: str, edited: str, before: str, markdown: str, next_number: int
) -> Refusal | None:
    """Why an edit that nests, invents or loses clozes, or leaves a brace, is refused.

    None when it does none of this. ``before`` and ``markdown`` are the old and the new text of the
    page. New highlights have the numbers from ``next_number`` on.
    """
    typed = markdown.count("}") > before.count("}")
    if edited.count("&#125;") > html.count("&#125;") and not typed:
        return _refuse("a brace of a cloze would be left over", before, markdown)
    (nests, opens), (nested, opened) = _count_amiss(edited), _count_amiss(html)
    said, was = (_count_amiss(_in_ankis_style(each))[0] for each in (markdown, before))
    if nests - nested > max(said - was, 0):
        return _refuse("a cloze would stand in another", before, markdown)
    if opens > opened:
        return _refuse("a cloze would have no end", before, markdown)
    had, has = Counter(_numbers(html)), Counter(_numbers(edited))
    pairs = ((markdown, before), (edited, html))
    if had - has and all(_count_ends(now) > _count_ends(was) for now, was in pairs):
        return _refuse("the end of a cloze would be left over", before, markdown)
    in_code = clozes_in_code(markdown)
    told = _count_shown(markdown) + in_code
    seen = _count_shown(before) + clozes_in_code(before)
    for number, count in had.items():
        if in_code[number] and has[number] < min(count, told[number]):
            return _refuse(f"a cloze {number} in code would be gone", before, markdown)
        unseen = count - seen[number]
        if unseen > 0 and has[number] - told[number] < unseen:
            return _refuse(
                f"a cloze {number} that the page does not show would be gone", before, markdown
            )
    for number, count in has.items():
        new = number.isdecimal() and len(number) < 10 and int(number) >= next_number
        if count > max(had[number], told[number]) and not new:
            return _refuse(f"a cloze {number} would come that is not there", before, markdown)
    return None


def _count_shown(markdown: str) -> Counter[str]:
    return Counter(thing.key for thing in find_shown(markdown, True) if thing.kind == "cloze")


def _numbers(html: str) -> list[str]:
    return [found[1] for found in _BORDER.finditer(html) if found[1]]


def _in_ankis_style(markdown: str) -> str:
    """The text with ``{{c1::…}}`` for each cloze that is written as an element."""
    opened: list[bool] = []

    def spell(tag: re.Match[str]) -> str:
        if tag[1]:
            return "}}" if opened and opened.pop() else tag[0]
        opened.append(tag[2] is not None)
        return f"{{{{c{tag[2]}::" if tag[2] else tag[0]

    return _MARK_TAG.sub(spell, markdown) if "data-cloze" in markdown else markdown


def _count_amiss(html: str) -> tuple[int, int]:
    """The number of clozes inside other clozes, and the number of clozes without an end."""
    depth = nested = 0
    for found in _BORDER.finditer(html):
        if found[1]:
            nested += depth > 0
            depth += 1
        else:
            depth = max(depth - 1, 0)
    return nested, depth


def _count_ends(html: str) -> int:
    """The number of ``}}`` that end no cloze, outside of formulas and code."""
    depth = ends = 0
    for found in _BORDER.finditer(_FORMULA.sub("", html)):
        ends += not found[1] and not depth
        depth = depth + 1 if found[1] else max(depth - 1, 0)
    return ends


def _refuse(reason: str, before: str, markdown: str) -> Refusal:
    reason += " in Anki; please check the marks of the clozes in this line"
    return Refusal(reason, _first_edited(before, markdown))


def _first_edited(before: str, markdown: str) -> int:
    old, new = before.split("\n"), markdown.split("\n")
    if not before:
        marked = (at for at, line in enumerate(new, 1) if "{{c" in line or "data-cloze" in line)
        return next(marked, 1)
    line = next((at for at, (a, b) in enumerate(zip(old, new)) if a != b), min(len(old), len(new)))
    return min(line + 1, len(new))
