"""Finds what a page must not have: needless HTML, Anki's syntax, unescaped characters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markdown_it.token import Token

from .anki_cloze import find_unsayable_clozes
from .card_words import card_words
from .html_text import parse_html, unprotect, visible_text
from .math_words import MATH_BEGIN, MATH_END
from .obsidian_markdown import parser

_SAYABLE = frozenset(
    "b strong i em s del strike code tt pre a ul ol li p div span font h1 h2 h3 h4 h5 h6 img "
    "blockquote hr table mark center big".split()
)
_MARKERS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~"}
_MARKER_TAGS = {"**": "strong", "*": "em", "~~": "s"}
_ANKI_SYNTAX = re.compile(r"\{\{c\d+(?:,\d+)*::|\\\(|\\\[|\[latex\]|\[\$\$?\]|\[sound:", re.I)
_TAG = re.compile(
    r"(?:^|(?<=\s))#([^\u2000-\u206F\u2E00-\u2E7F'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\\s]+)"
)
_BLOCK_ID = re.compile(r"(?:^|\s)\^[A-Za-z0-9-]+$")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]|\^\[[^\]]+\]")
_WHOLE_ADDRESS = re.compile(r"(?:[a-z][a-z\d+.-]*:|//)", re.I)
_TASK = re.compile(r"^\[.\] ")
_CALLOUT = re.compile(r"^\[![^\]]+\]")


@dataclass(frozen=True)
class Leftover:
    """One thing that must not be on the page: its kind, and the text around it."""

    kind: str
    excerpt: str


def find_leftovers(managed: str, fields_html: str = "") -> list[Leftover]:
    """Everything that a page's managed part must not have.

    ``fields_html`` is all HTML of the note. What its card shows as text (an unclosed ``\\(``, a
    cloze that Markdown cannot express) may be on the page too.
    """
    tokens = parser(raw_elements=True, keep_escapes=True).parse(managed)
    return [
        *_raw_html(tokens),
        *_accidents(tokens),
        *_anki_syntax(managed, fields_html),
    ]


def _anki_syntax(managed: str, fields_html: str) -> Iterator[Leftover]:
    on_card = Counter(_ANKI_SYNTAX.findall(" ".join(card_words(fields_html))))
    for cloze in find_unsayable_clozes(fields_html):
        on_card["{{c" + cloze.numbers + "::"] += 1
    shown = visible_text(parser(raw_elements=True).render(managed))
    for math in re.findall(f"{MATH_BEGIN}(.*?){MATH_END}", shown, flags=re.S):
        if _ANKI_SYNTAX.search(math):
            yield Leftover("Anki's syntax in a formula", math)
    shown = re.sub(f"{MATH_BEGIN}.*?{MATH_END}", " ", shown, flags=re.S)
    for match in _ANKI_SYNTAX.finditer(shown):
        if on_card[match[0]] > 0:
            on_card[match[0]] -= 1
            continue
        around = shown[max(0, match.start() - 30) : match.end() + 40]
        yield Leftover(f"visible {match[0]}", " ".join(unprotect(around).split()))


def _raw_html(tokens: list[Token]) -> Iterator[Leftover]:
    opened: list[str] = []
    for token in tokens:
        if token.nesting:
            opened = [*opened, token.tag] if token.nesting > 0 else opened[:-1]
        if token.type == "html_block":
            yield from _judge_html(token.content, "", "")
        cell = "cell" if {"td", "th", "h1", "h2", "h3", "h4", "h5", "h6"} & set(opened) else ""
        highlights = 0
        for child in token.children or ():
            highlights += child.nesting if child.tag == "mark" else 0
            if child.type in ("obsidian_raw", "html_inline"):
                place = "highlight" if highlights else cell
                yield from _judge_html(child.content, token.content, place)
            elif child.type == "text_special" and child.info == "entity":
                yield Leftover(f"entity {child.markup}", token.content[:80])


def _judge_html(html: str, line: str, place: str) -> Iterator[Leftover]:
    if html.startswith("</"):
        yield Leftover("stray closing tag", html)
        return
    for element in parse_html(html):
        tag = element.tag if isinstance(element.tag, str) else "comment"
        if not _may_stand(element, tag, html, line, place):
            yield Leftover(f"<{tag}>", html[:160])


def _may_stand(element: Any, tag: str, html: str, line: str, place: str) -> bool:
    """Whether Markdown cannot express this element at this place."""
    if tag == "br":
        return place != ""
    if tag == "mark":
        beside_another = f"=={html}" in line or f"{html}==" in line
        return "data-cloze" in element.attrib or place == "highlight" or beside_another
    if tag == "table":
        return not _is_simple_table(element)
    if {"dir", "lang"} & set(element.attrib):
        return True
    if tag == "a" and not _WHOLE_ADDRESS.match(element.get("href", "")):
        return True  # a relative link: Markdown's would lead into the vault
    if tag in _MARKERS and line:
        return not _markers_work(line, html, tag)
    return tag not in _SAYABLE and tag != "comment"


def _is_simple_table(table: Any) -> bool:
    inner = list(table.iter())[1:]
    if any(e.tag in ("ul", "ol", "table", "pre", "blockquote", "hr") for e in inner):
        return False
    if any({"colspan", "rowspan", "dir"} & set(e.attrib) for e in inner):
        return False
    blocks = [
        sum(c.tag in ("div", "p", "br") for c in e.iter()) for e in inner if e.tag in ("td", "th")
    ]
    return not any(count > 1 for count in blocks)


def _markers_work(line: str, raw: str, tag: str) -> bool:
    marker = _MARKERS[tag]
    inner = re.sub(r"^<[^>]*>|</[^>]*>$", "", raw)
    if not inner.strip() or "<" in inner:
        return False
    tokens = parser(raw_elements=True).parseInline(line.replace(raw, f"{marker}{inner}{marker}", 1))
    before = parser(raw_elements=True).parseInline(line)
    wanted = _MARKER_TAGS[marker]
    return _count(tokens, wanted) > _count(before, wanted)


def _count(tokens: list[Token], tag: str) -> int:
    return sum(c.tag == tag and c.nesting == 1 for t in tokens for c in t.children or ())


def _accidents(tokens: list[Token]) -> Iterator[Leftover]:
    """Tags, footnotes, tasks, callouts and block ids, which only an unescaped character makes."""
    opened: list[str] = []
    for token in tokens:
        if token.nesting:
            opened = [*opened, token.type] if token.nesting > 0 else opened[:-1]
        if token.type == "inline" and token.children:
            yield from _accidents_in_line(token.children)
            first = token.children[0].content if token.children[0].type == "text" else ""
            if "list_item_open" in opened[-2:] and _TASK.match(first):
                yield Leftover("a task from plain text", first[:80])
            if "blockquote_open" in opened[-2:] and _CALLOUT.match(first):
                yield Leftover("a callout from plain text", first[:80])


def _accidents_in_line(children: list[Token]) -> Iterator[Leftover]:
    before = "softbreak"
    for child in children:
        if child.type == "text":
            at_start = before in ("softbreak", "hardbreak")
            for match in _TAG.finditer(child.content):
                if (match.start() or at_start) and not match[1].isdigit():
                    yield Leftover("a tag from plain text", child.content[:80])
            if _FOOTNOTE.search(child.content):
                yield Leftover("a footnote from plain text", child.content[:80])
            block_id = _BLOCK_ID.search(child.content) if child is children[-1] else None
            if block_id and (block_id.start() or at_start):
                yield Leftover("a block id from plain text", child.content[-80:])
        before = child.type
