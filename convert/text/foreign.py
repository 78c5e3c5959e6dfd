"""Finds MathML and SVG in HTML: their end, and the TeX that MathML names."""

from __future__ import annotations

import re
from typing import NamedTuple

FOREIGN_ELEMENTS = ("svg", "math")
# The most characters of one drawing, so that the search for a missing end stays fast.
_LONGEST = 200_000
_BORDER = {
    name: re.compile(rf"<(/?){name}(?=[\s/>])[^>]*>", re.IGNORECASE)
    for name in (*FOREIGN_ELEMENTS, "span")
}
# KaTeX writes a formula twice: as MathML, and as a pile of spans.
_START = re.compile(
    r"<(?:(svg|math)(?=[\s/>])|(span)\s+class=[\"']?katex(?:-display)?[\"']?\s*>)", re.IGNORECASE
)
_ANNOTATION = re.compile(
    r"<annotation\b[^>]*?encoding\s*=\s*[\"']?(?:application/x-)?(?:la)?tex[\"'][^>]*>"
    r"(?:\s*<!\[CDATA\[)?(.*?)(?:\]\]>\s*)?</annotation\s*>",
    re.IGNORECASE | re.DOTALL,
)
_DISPLAY = re.compile(r"<math\b[^>]*?\sdisplay\s*=\s*[\"']?block", re.IGNORECASE)


class Tex(NamedTuple):
    """The TeX source of MathML, and whether it stands on a line of its own."""

    tex: str
    display: bool


def find_end(text: str, start: int) -> int:
    """The end of the drawing or formula at ``start``; -1: none begins there, or it has no end."""
    found = _START.match(text, start)
    if found is None:
        return -1
    depth = 0
    for border in _BORDER[(found[1] or found[2]).lower()].finditer(text, start, start + _LONGEST):
        if border[1]:
            depth -= 1
        elif not border[0].endswith("/>"):
            depth += 1
        if depth <= 0:
            end = border.end()
            return end if found[1] or read_annotation(text[start:end]) else -1
    return -1


def read_annotation(html: str) -> Tex | None:
    """The TeX source in MathML, as KaTeX, MathJax, Pandoc and Wikipedia write it."""
    found = _ANNOTATION.search(html)
    if found is None or not found[1].strip():
        return None
    return Tex(found[1], _DISPLAY.search(html, 0, found.start()) is not None)
