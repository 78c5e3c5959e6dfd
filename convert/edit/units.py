"""Cuts new Markdown into the pieces of HTML that a field can take: lines, items, blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ..markdown.syntax import is_item, is_numbered
from ..to_html.line_writer import BLOCK_ELEMENTS
from ..to_markdown.converted_field import ConvertedField

Kind = Literal["line", "item", "block"]

_ITEM_LIST = re.compile(r"<([uo]l)\b[^<>]*>(<li\b.*</li>)</\1>(?:<br>)?", re.DOTALL | re.IGNORECASE)
_LAST_BREAK = re.compile(r"<br\b[^<>]*>\s*$", re.IGNORECASE)
_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)")
_START = re.compile(r"<ol\b[^<>]*>")


@dataclass(frozen=True)
class Unit:
    """A piece of new text: ``html`` without the line break after it, and its Markdown.

    ``gap`` separates it from the text before it, as in ``Segment``. An item is its ``<li>``;
    ``list_tag`` opens the list around it.
    """

    kind: Kind
    html: str
    markdown: str
    gap: str
    list_tag: str = ""


def cut_units(field: ConvertedField) -> list[Unit]:
    """The units of HTML that this add-on wrote."""
    units: list[Unit] = []
    opened = ""
    segments = field.segments
    gaps = [segment.gap for segment in segments]
    if field.style.clozes == "outline":  # a heading stands apart; its line need not
        inline = field.inline.segments
        if [segment.html for segment in inline] == [segment.html for segment in segments]:
            gaps = [segment.gap for segment in inline]
    for segment, gap in zip(segments, gaps):
        if not segment.markdown:
            found = _START.search(segment.html)
            opened = found[0] if found else opened
            continue
        units.append(cut_unit(segment.html, segment.markdown, gap, opened))
        opened = ""
    return units


def cut_unit(html: str, markdown: str, gap: str, opened: str = "") -> Unit:
    """A slice of HTML as a unit that shows ``markdown``."""
    wrapped = _ITEM_LIST.fullmatch(html)
    numbered = is_numbered(markdown)
    if is_item(markdown) and (wrapped or html.startswith("<li")):
        start = _START.match(html)
        tag = (start[0] if start else opened or "<ol>") if numbered else "<ul>"
        inner = wrapped[2] if wrapped else _without_breaks(html)
        return Unit("item", inner, markdown, gap, tag)
    html = _without_breaks(html)
    tag_found = _TAG.match(html)
    is_block = tag_found is not None and tag_found[1].lower() in BLOCK_ELEMENTS
    return Unit("block" if is_block else "line", html, markdown, gap)


def _without_breaks(html: str) -> str:
    """HTML without the line breaks at its end."""
    while True:
        found = _LAST_BREAK.search(html[-300:])
        if found is None:
            return html
        html = html[: -len(found[0])]
