"""Converts field HTML to segments of Obsidian Markdown, each with its slice of HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..field_style import FieldStyle
from ..html.blocks import TEXT, Block, Line, ListBlock, Run
from ..html.clozes import match_clozes
from ..html.tokens import tokenize
from ..html.tree import build_tree
from ..segment import Segment
from .block_writer import gap_before, list_marker, render_block, render_items
from .line_writer import render_runs
from .outline import outline_line
from .source_map import cut_slices

_REACTIVE = re.compile(
    r"[<&\\\[*_`$#{^\x00-\x1f\x7f\xa0\ud800-\udfff]|[=~%]{2}|  |://|^[ >+|:=-]|^\d{1,9}[.)]|[ !]$"
)
_UNUSUAL = re.compile(r"[<&\\\[*_`$#{^\x00-\x1f\x7f\xa0\ud800-\udfff=~%:]")
_UNUSUAL_START = frozenset(" >+|:=-0123456789")
_MARKUP = re.compile(
    r"[<&\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]|\\[(\[]|\[(?:sound:|latex\]|\$)|\{\{c",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")


_USUAL_STYLE = FieldStyle()


def html_to_markdown(html: str, style: FieldStyle = _USUAL_STYLE) -> tuple[Segment, ...]:
    """The segments of a field. Their HTML, joined, is always exactly ``html``.

    Each line, list item, table or other block is its own segment; slices that show nothing have no
    Markdown. Deterministic, linear in the length of ``html``, and never raises.
    """
    if _is_plain(html):
        return (Segment(html, html),) if html else ()
    if not _MARKUP.search(html):
        return (Segment(html, render_runs((Run(TEXT, html),), [])),)
    clean = _CONTROL.sub(_same_length, html) if _CONTROL.search(html) else html
    tokens = tokenize(clean, style.clozes != "none")
    has_clozes = style.clozes != "none"
    clozes = match_clozes(clean, tokens, style.cloze_lines) if has_clozes else None
    blocks = build_tree(clean, tokens, clozes, style)
    pieces = _render(blocks, style.clozes == "outline" and bool(clozes))
    return cut_slices(html, tokens, pieces)


def _is_plain(html: str) -> bool:
    """Whether the text stands on a page unchanged. The first check decides for most fields."""
    if not _UNUSUAL.search(html) and html[:1] not in _UNUSUAL_START and html[-1:] not in " !":
        return "  " not in html
    return not _REACTIVE.search(html)


def _same_length(match: re.Match[str]) -> str:
    return "\u200b" if match[0] < "\x80" else "\ufffd"


def _render(blocks: Sequence[Block], outline: bool) -> list[tuple[int, int, str, str]]:
    """First token, last token, Markdown and gap of each top-level piece."""
    pieces: list[tuple[int, int, str, str]] = []
    number = 0
    before: Block | None = None
    for block in blocks:
        gap = gap_before(block)
        if isinstance(block, ListBlock):
            items = render_items(block, list_marker(block, before))
            for item, text in zip(block.items, items):
                pieces.append((item.first, item.last, text, gap))
                gap = "\n"
            before = block
            continue
        if outline and isinstance(block, Line) and not block.level:
            text, last_number = outline_line(block.runs, number)
            if last_number > number and text.startswith("## "):
                gap = "\n\n"
            number = last_number
        else:
            text = render_block(block, before)
        if text:
            pieces.append((block.first, block.last, text, gap))
            before = block
    return pieces
