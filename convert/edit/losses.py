"""The last check before text goes into Anki: its field must have all that the text shows."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from ..html.link_titles import TITLE
from ..markdown.syntax import FENCES, GOES_ON, scan_lines
from .refusal import Refusal

Kind = Literal["cloze", "embed", "link"]

_COMMENT = re.compile(r"%%(?:(?P<names>(?:c\d|-,)[^\n]*?)|[^\n]*?)%%")
_NAMES = re.compile(r",(?=c\d|-(?:,|$))")
_NUMBERS = re.compile(rf"c([\d,]+)(?!\d|{GOES_ON}$)")
_PART = re.compile(rf"c([\d,]+)({GOES_ON}$)?")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")
_CODE = re.compile(r"(?<![\\`])(`+)(?!`)(?:[^`\n]|(?!\1(?!`))`+)*?(?<!`)\1(?!`)")
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|^[ \t]*%%[ \t]*\n.*?(?:%%|\Z)", re.DOTALL | re.MULTILINE)
_TYPED_COMMENT = re.compile(
    r"%%(?:c\d|-,)[^\n]*?%%|(?<!\\)(?P<hidden>%%(?:(?!%%).)+%%)(?!c\d[\d,]*(?:::|"
    rf"{GOES_ON}?%%))",
    re.DOTALL,
)
_HIGHLIGHT_MARK = re.compile(r"(?<!\\)==")
_BOX = re.compile(r"\\boxed\s*\{")
_FORMULA_END = re.compile(r"(\${1,2})(?:(?!\1).)*\1\Z", re.DOTALL)
_IN_ANKIS_STYLE = re.compile(r"(?<!\\)\{\{c([\d,]+)::|data-cloze=[\"']?c?([\d,]+)(?![\d,…])")
_EMBED = re.compile(
    r"(?<!\\)!\[\[[^\[\]\n]+\]\]|(?<!\\)!\[[^\[\]\n]*\]\("
    rf"(?:[^()\s]+{TITLE}|[^()\s][^()\n]*)\)"
    r"|<(?:img|audio|video)\b|(?<!\\)\[sound:[^\]\n]*[^\]\\\n]\]",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?<![\\!])\[\[[^\[\]\n]+\]\]|(?<![\\!\]])\[(?!\^)[^\[\]\n]+\]\("
    rf"(?:[^()\s]+{TITLE}|[^()\s][^()\n]*)\)"
    r"|<a\s[^<>]*\bhref\b",
    re.IGNORECASE,
)
_CODE_HTML = re.compile(r"<(pre|code)\b[^<>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_MEDIA_HTML = re.compile(
    r"<(?:img|audio|video|object|embed|iframe)\b|<a class=\"(?:in|ex)ternal-embed\""
    r"|\[sound:|!\[\[|!\[[^\[\]]*\]\(",
    re.IGNORECASE,
)
_LINK_HTML = re.compile(r"<a\b|(?<!!)\[\[|(?<!!)\[[^\[\]]+\]\(", re.IGNORECASE)
_CLOZE_HTML = re.compile(r"\{\{c([\d,]+)::")
_SAY = {
    "cloze": "this cloze is seen here, but it would be gone in Anki",
    "embed": "this picture or sound is seen here, but it would be gone in Anki",
    "link": "this link is seen here, but it would be gone in Anki",
}
_HOW = "Check its marks, and the spaces before its line and the blank line above"


class Shown(NamedTuple):
    """Something visible in a text. ``key`` has the number of a cloze. ``line`` counts from 1."""

    kind: Kind
    key: str
    line: int
    text: str


def refuse_losses(
    markdown: str, html: str, has_clozes: bool, before: tuple[str, str] = ("", "")
) -> Refusal | None:
    """Why ``html`` must not be written for ``markdown``; None when nothing is lost.

    The HTML must have as many clozes of each number, and as many pictures, sounds and links, as a
    user sees in Obsidian's editor. That includes indented lines, which CommonMark reads as code.
    Code in fences and backticks does not count. ``before`` is a text and its HTML: what was already
    lost there is not reported. ``has_clozes`` is false for a field whose note type makes no clozes.
    Never raises.
    """
    shown = find_shown(markdown, has_clozes)
    if not shown:
        return None
    missing = _count_missing(shown, html)
    if not missing:
        return None
    known = _count_missing(find_shown(before[0], has_clozes), before[1])
    missing -= known
    if not missing:
        return None
    lost = _first_lost(shown, html, missing)
    return Refusal(f"{_SAY[lost.kind]}: “{lost.text}”. {_HOW}", lost.line)


def find_shown(markdown: str, has_clozes: bool) -> list[Shown]:
    """The clozes, embeds and links that a user sees in a text, each kind in its order."""
    if not any(mark in markdown for mark in ("%%c", "%%-", "{{c", "data-cloze", "[", "<")):
        return []
    text = _without_code(markdown)
    lines = [-1, *(found.start() for found in re.finditer("\n", text))]
    places: list[tuple[Kind, str, int, str]] = []
    if has_clozes:
        places += [("cloze", *place) for place in _find_clozes(text)]
    text = _COMMENT.sub(_blank, text)
    places += [("embed", "", found.start(), found[0]) for found in _EMBED.finditer(text)]
    places += [("link", "", found.start(), found[0]) for found in _LINK.finditer(text)]
    return [
        Shown(kind, key, bisect_right(lines, at - 1), _shorten(raw))
        for kind, key, at, raw in places
    ]


def clozes_in_code(markdown: str) -> Counter[str]:
    """The numbers of the clozes in code, where a page shows them as Anki writes them."""
    if "{{c" not in markdown:
        return Counter()
    everywhere, outside = (
        Counter(found[1] for found in _CLOZE_HTML.finditer(text))
        for text in (markdown, _without_code(markdown))
    )
    return everywhere - outside


def _without_code(markdown: str) -> str:
    """The text with blanks in place of explicit code and hidden parts."""
    text = _blank_fences(markdown)
    if "`" in text:
        text = _CODE.sub(_blank, text)
    if "%%" in text:
        text = _TYPED_COMMENT.sub(_blank_hidden, text)
    return _HIDDEN.sub(_blank, text) if "<!--" in text or "%%" in text else text


def blank_blocks(markdown: str) -> str:
    """The text with blanks in place of fenced code and hidden blocks."""
    return _HIDDEN.sub(_blank, _blank_fences(markdown))


def _blank_fences(markdown: str) -> str:
    lines = markdown.replace("\r\n", "\n").split("\n")
    if any(fence in markdown for fence in FENCES):
        in_code = False
        for number, line, verbatim in scan_lines(markdown):
            fenced = line.lstrip("> \t-*+0123456789.)").startswith(FENCES)
            if verbatim and (in_code or fenced):
                in_code = True
                lines[number] = " " * len(lines[number])
            else:
                in_code = fenced
    return "\n".join(lines)


def _blank_hidden(found: re.Match[str]) -> str:
    return _blank(found) if found["hidden"] else found[0]


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _find_clozes(text: str) -> list[tuple[str, int, str]]:
    """The number, place and text of each visible cloze, also of one with a damaged mark."""
    places = [
        (found[1] or found[2], found.start(), text[found.start() : found.start() + 40])
        for found in _IN_ANKIS_STYLE.finditer(text)
    ]
    done = 0
    goes_on = ""  # the numbers of the cloze that a comment alone may end
    for found in _COMMENT.finditer(text):
        names = found["names"]
        if names is None:
            continue
        part = _PART.match(names)
        ends = bool(goes_on) and part is not None and part[1] == goes_on
        goes_on = part[1] if part and part[2] else ""
        start = done
        for end in _PARAGRAPH_END.finditer(text, done, found.start()):
            start = end.end()
        before = text[start : found.start()]
        done = found.end()
        formula = _FORMULA_END.search(before.rstrip())
        boxes = len(_BOX.findall(formula[0])) if formula else 0
        opened = _HIGHLIGHT_MARK.search(before)
        if not boxes and not opened and not ends:
            continue
        at = start + (opened.start() if opened else formula.start() if formula else 0)
        for name in _NAMES.split(names) if boxes else [names]:
            number = _NUMBERS.match(name)
            if number:
                places.append((number[1], at, text[at : found.end()]))
    return places


def _count_missing(shown: Sequence[Shown], html: str) -> Counter[tuple[Kind, str]]:
    """How many of the visible things are missing from the HTML."""
    seen = Counter((thing.kind, thing.key) for thing in shown)
    there = Counter(_CLOZE_HTML.findall(html))
    missing: Counter[tuple[Kind, str]] = Counter()
    for (kind, key), count in seen.items():
        if kind == "cloze":
            missing[kind, key] = max(count - there[key], 0)
    text = _CODE_HTML.sub(_only_tags, html)
    embeds, links = seen["embed", ""], seen["link", ""]
    media, anchors = len(_MEDIA_HTML.findall(text)), len(_LINK_HTML.findall(text))
    # An embed may become a link, for example the embed of a page.
    missing["embed", ""] = max(embeds - media - max(anchors - links, 0), 0)
    missing["link", ""] = max(links - anchors, 0)
    return +missing


def _only_tags(code: re.Match[str]) -> str:
    return "".join(re.findall(r"<(?:img|audio|video|a)\b", code[0]))


def _first_lost(shown: Sequence[Shown], html: str, missing: Counter[tuple[Kind, str]]) -> Shown:
    """The thing that is probably lost: one in code, else the first of the missing ones."""
    lost = [thing for thing in shown if missing[thing.kind, thing.key]]
    code = "\n".join(found[0] for found in _CODE_HTML.finditer(html))
    return next((thing for thing in lost if thing.text.rstrip("…")[:20] in code), lost[0])


def _shorten(text: str) -> str:
    text = text.split("\n")[0]
    return text if len(text) <= 40 else f"{text[:39]}…"
