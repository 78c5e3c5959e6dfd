"""Counts the cloze numbers that a page shows, and those that the field has."""

from __future__ import annotations

import re
from collections import Counter

from .anki_cloze import Cloze, parse_clozes
from .html_text import visible_text
from .obsidian_markdown import parser
from .vault_reader import walk_tokens

_NUMBERS = re.compile(r"(?:^|,)(?:c(\d+(?:,\d+)*)|-)(?=::|,(?:c\d|-)|$)")
_RAW = re.compile(r'data-cloze="([\d,]+)"')
_LITERAL = re.compile(r"\{\{c(\d+(?:,\d+)*)::")


def numbers_on_card(html: str) -> Counter[str]:
    """How often a field's clozes have each number, with nested ones, without image occlusion."""
    found: Counter[str] = Counter()
    todo = parse_clozes(html)
    while todo:
        part = todo.pop()
        if isinstance(part, Cloze):
            if not "".join(p for p in part.parts if isinstance(p, str)).startswith("image-occl"):
                found[part.numbers] += 1
            todo.extend(part.parts)
    return found


def numbers_on_page(managed: str) -> Counter[str]:
    """How often a page has each number: in comments, in raw HTML, and in literal clozes."""
    md = parser(raw_elements=True)
    tokens = md.parse(managed)
    found: Counter[str] = Counter()
    for token in walk_tokens(tokens):
        if token.type == "obsidian_comment":
            found.update(number for number in _NUMBERS.findall(token.content) if number)
        elif token.type in ("obsidian_raw", "html_block", "html_inline"):
            found.update(_RAW.findall(token.content))
    found.update(_LITERAL.findall(visible_text(md.renderer.render(tokens, md.options, {}))))
    return found
