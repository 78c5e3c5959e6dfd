"""MathML and SVG, which HTML only borrows: where they end, and the TeX that they name."""

from __future__ import annotations

import re
from typing import NamedTuple

FOREIGN_ELEMENTS = ("svg", "math")
# How much of a page or a field one drawing may be, so that a missing end costs little to look for.
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
    """The TeX that MathML says it was made from, and whether it stands in a line of its own."""

    tex: str
    display: bool


def find_end(text: str, start: int) -> int:
    """Where the drawing or formula ends that begins at ``start``; -1: nothing such, or no end."""
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
    """The TeX of MathML that names it, as KaTeX, MathJax, Pandoc and Wikipedia do."""
    found = _ANNOTATION.search(html)
    if found is None or not found[1].strip():
        return None
    return Tex(found[1], _DISPLAY.search(html, 0, found.start()) is not None)
