"""The words that a page shows in Obsidian, for each field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Optional

from markdown_it.token import Token

from .anki_cloze import reveal_clozes
from .card_words import split_words
from .html_text import visible_text
from .math_words import mark_page_math
from .obsidian_markdown import parser

_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_NUMBERED = re.compile(r"(\d+)\. ?")


class UnexpectedHeading(AssertionError):
    """A level-1 or level-2 heading on a page that is neither a field's name nor a number."""


def field_words(
    managed: str,
    fields: Sequence[str],
    cloze_field: Optional[str] = None,
    raw_elements: bool = True,
) -> dict[str, list[str]]:
    """The words under each field's heading, in a page's managed part.

    ``fields`` are the names of the note type's fields, in order. ``cloze_field`` is shown as an
    outline: its text is under numbered headings, before the heading of the first other field.
    """
    sections: dict[str, str] = {}
    current, number = cloze_field, 0
    for heading, html in _split_html(managed, raw_elements):
        if heading is None:
            if current is None:
                if _words(html):
                    raise UnexpectedHeading(f"words before the first heading: {_words(html)[:9]}")
                continue
            sections[current] = sections.get(current, "") + html
            continue
        match = _NUMBERED.match(heading)
        if cloze_field and match and int(match[1]) == number + 1:
            number += 1
            current = cloze_field
            text = re.sub(r"(<h2>)\d+\. ?", r"\1", html, count=1)
            sections[current] = sections.get(current, "") + text
            continue
        name = _field_named(heading, fields, after=current if sections.get(current or "") else None)
        if name is None:
            raise UnexpectedHeading(f"“{heading}” is no field of {list(fields)} after “{current}”")
        current = name
        sections.setdefault(name, "")
        sections[name] += html[html.index("</h2>") :]
    return {name: _words(html) for name, html in sections.items()}


def rendered_words(markdown: str, raw_elements: bool = True) -> list[str]:
    """The words that a piece of Markdown shows, with its headings."""
    return _words(parser(raw_elements).render(markdown))


def part_cjk(words: Sequence[str]) -> list[str]:
    """The words, with each Chinese or Japanese character as a word of its own.

    These scripts have no spaces between words, so an outline may break a line anywhere.
    """
    return [part for word in words for part in _CJK.sub(r" \g<0> ", word).split()]


def _field_named(heading: str, fields: Sequence[str], after: Optional[str]) -> Optional[str]:
    start = fields.index(after) + 1 if after in fields else 0
    wanted = " ".join(heading.split())
    return next((name for name in fields[start:] if " ".join(name.split()) == wanted), None)


def _split_html(managed: str, raw_elements: bool) -> list[tuple[Optional[str], str]]:
    md = parser(raw_elements)
    env: dict[str, object] = {}
    tokens = md.parse(managed, env)
    pieces: list[tuple[Optional[str], str]] = []
    run: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type == "heading_open" and token.level == 0 and token.tag in ("h1", "h2"):
            pieces.append((None, md.renderer.render(run, md.options, env)))
            run = []
            html = md.renderer.render(tokens[at : at + 3], md.options, env)
            if token.tag == "h1":
                raise UnexpectedHeading(f"a level-1 heading: {html}")
            pieces.append((" ".join(_words(html)), html))
            at += 3
            continue
        run.append(token)
        at += 1
    pieces.append((None, md.renderer.render(run, md.options, env)))
    return pieces


def _words(html: str) -> list[str]:
    return split_words(reveal_clozes(mark_page_math(visible_text(html))))


def compare_words(card: Sequence[str], page: Sequence[str]) -> str:
    """The words around each difference, for a person to read; empty when both are the same."""
    if list(card) == list(page):
        return ""
    shown = []
    for kind, a, b, c, d in SequenceMatcher(None, card, page, autojunk=False).get_opcodes():
        if kind != "equal":
            before = " ".join(card[max(0, a - 3) : a])
            shown.append(
                f"…{before} [card: {' '.join(card[a:b])!r} | page: {' '.join(page[c:d])!r}]"
            )
    return "\n    ".join(shown[:6])
