"""The title of a link or a picture: what a pointer that rests on it shows."""

from __future__ import annotations

import re

# The pattern of a title between an address and the parenthesis that ends it, as in CommonMark.
TITLE = r"(?:[ \t]+(?:\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|\((?:\\.|[^()\\\n])*\)))"
_MARKUP = re.compile(r"[\"\\|=%$`<>\[\]{}\n]|&(?=#?\w+;)")


def write_title(title: str) -> str:
    """A title behind an address, in which nothing is markup; nothing when there is none."""
    if not title.strip():
        return ""
    text = title.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return f' "{_MARKUP.sub(_escape, text)}"'


def title_attribute(title: str) -> str:
    """The same as an attribute in HTML that stands on a page."""
    if not title.strip():
        return ""
    text = _MARKUP.sub(lambda found: f"&#{ord(found[0])};", title.replace("\0", "\ufffd"))
    return f' title="{text}"'


def _escape(found: re.Match[str]) -> str:
    return {'"': '\\"', "\\": "\\\\"}.get(found[0]) or f"&#{ord(found[0])};"
