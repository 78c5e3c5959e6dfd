"""Writes MathML and SVG in one line of a page, as HTML that is safe and that Obsidian renders."""

from __future__ import annotations

import re
from html import unescape

from ..text.network import stay_offline
from .escape import escape_html

_UNSEEN = re.compile(
    r"<!--.*?-->|<(script|style|annotation|annotation-xml|foreignObject|title|desc|metadata)"
    r"(?=[\s/>])[^>]*?(?:/>|>.*?</\1\s*>)|<\?.*?\?>|<!\[CDATA\[|\]\]>",
    re.IGNORECASE | re.DOTALL,
)
_PIECE = re.compile(r"<[^>]*>|[^<]+|<")
_ACTS = re.compile(
    r"\s(?:on[\w-]+|(?:xlink:)?href(?=\s*=\s*[\"']?\s*(?:javascript|data):))\s*=\s*"
    r"(?:\"[^\"]*\"|'[^']*'|[^\s>]*)",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")


def print_foreign(html: str) -> str:
    """The element in one line, for a page: without invisible, active and loading parts.

    Obsidian renders it, and no word of it is Markdown.
    """
    parts: list[str] = []
    for piece in _PIECE.findall(stay_offline(_UNSEEN.sub("", html))):
        if len(piece) > 1 and piece[0] == "<":
            tag = _SPACE.sub(" ", _ACTS.sub("", piece))
            parts.append(tag.replace("|", "&#124;").replace("==", "&#61;="))
        else:
            text = _SPACE.sub(" ", unescape(piece))
            if text.strip() or (parts and parts[-1][-1:] != ">"):
                parts.append(escape_html(text, cell=True))
    return "".join(parts)
