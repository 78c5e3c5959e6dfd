"""Explains to the user why an edit cannot be carried over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from ..html.link_titles import TITLE
from ..markdown.furigana import spread_furigana
from ..markdown.syntax import BEGINS_CODE, CLOZE_COMMENT, FENCE, LIST_MARK, WIKILINK
from ..to_html.embeds import page_target
from ..vault_names import no_link

_WORD = re.compile(r"[^\W_]+")
_BOXED = re.compile(r"\$([^$\n]+)\$%%((?:c\d|-,)[^\n]*?)%%")
_BOX = re.compile(r"\\boxed\s*\{")
_NAMES = re.compile(r",(?=c\d|-(?:,|$))")
_RELATIVE_LINK = re.compile(
    r"(?<![!\\])\[[^\[\]\n]{0,300}\]\(<?(?![a-zA-Z][\w+.-]*:|[#/?])([^()<>\n]+?)>?"
    rf"{TITLE}?\)"
)
_CLOZE_COMMENT = re.compile(CLOZE_COMMENT)
_NOT_SHOWN = re.compile(
    r"%%[^\n]*?%%"
    r"|\{\{c[\d,]+::"
    rf"|!?{WIKILINK}"
    r"|(?<!\\)\[sound:[^\]\n]+\]"
    rf"|\]\([^()\s]{{0,500}}{TITLE}[ \t]*\)"
    r"|\]\([^)\n]{0,500}\)"
    r"|<[a-zA-Z/!?][^<>]*>"
    r"|&#?\w+;"
    rf"|^[ \t>]*{FENCE}[^\n]*"
    rf"|^[ \t>]*(?:{LIST_MARK}[ \t]+)+(?:\[.\])?"
    r"|^## \d+\.",
    re.MULTILINE,
)


def lost_words(markdown: str, read: str) -> list[str]:
    """The words of a text that are missing from what it reads back as, in order."""
    markdown = _CLOZE_COMMENT.sub("", markdown)
    words = _WORD.findall(_NOT_SHOWN.sub(" ", spread_furigana(markdown)))
    shown = _NOT_SHOWN.sub(" ", _CLOZE_COMMENT.sub("", read))
    if "".join(words) == "".join(_WORD.findall(shown)):
        return []  # words of scripts without spaces may have been joined
    there = Counter(_WORD.findall(read))
    lost = []
    for word in words:
        if there[word] < 1:
            lost.append(word)
        there[word] -= 1
    return lost


def torn_formula(markdown: str, before: str) -> bool:
    """Whether the boxes and clozes of a formula differ in number, so that they cannot be paired.

    A formula without any box is not torn: its clozes were removed. ``before`` is the old text,
    whose torn formulas do not count.
    """
    torn = [tex for tex, boxes, names in _boxed_formulas(markdown) if boxes and boxes != names]
    known = {tex for tex, _, _ in _boxed_formulas(before)}
    return any(tex not in known for tex in torn)


def _boxed_formulas(markdown: str) -> Iterator[tuple[str, int, int]]:
    for found in _BOXED.finditer(markdown):
        yield found[0], len(_BOX.findall(found[1])), len(_NAMES.split(found[2]))


def unknown_page(markdown: str, link: Callable[[str], str]) -> str:
    """The address of a link that leads neither to the web nor to a page; else empty.

    Outside of a vault there are no pages.
    """
    if link is no_link:
        return ""
    for found in _RELATIVE_LINK.finditer(markdown):
        if not link(page_target(found[1])):
            return found[1]
    return ""


def _open_fence(markdown: str) -> str:
    """The fence of a code block that has no end, or nothing."""
    fence = ""
    for line in markdown.split("\n"):
        words = line.strip(" \t")
        found = BEGINS_CODE.match(words)
        if not fence:
            fence = found[0] if found else ""
        elif found and found[0].startswith(fence) and found[0] == words:
            fence = ""
    return fence


def explain(markdown: str, before: Sequence[str]) -> str:
    """Why a text cannot be carried over. ``before``: the segments that it replaces."""
    text = "\n".join([*before, markdown])
    if "<table" in text:
        return "this table is written in HTML that Markdown cannot say; please edit it in Anki"
    fence = _open_fence(markdown)
    if fence:
        return f"this code has no end; write a line “{fence}” below it"
    if re.search(rf"^{FENCE}", text, re.MULTILINE):
        return "this code holds what Markdown cannot show in it; please edit it in Anki"
    if "{{c" in text or "data-cloze" in text:
        return "this cloze is nested or reaches over several blocks; please edit it in Anki"
    if "$" in text:
        return "this formula would not read the same again; please edit it in Anki"
    if re.search(r"<[a-zA-Z]", text):
        return "this HTML would not read the same again; please edit it in Anki"
    return "in Anki this would not read the same again; please edit it there"
