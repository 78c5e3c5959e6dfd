"""Titles of links and pictures: the tooltip that appears under the pointer."""

from __future__ import annotations

import re

# The pattern of a title between an address and the closing parenthesis, as in CommonMark.
TITLE = r"(?:[ \t]+(?:\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|\((?:\\.|[^()\\\n])*\)))"
_MARKUP = re.compile(r"[\"\\|=%$`<>\[\]{}\n]|&(?=#?\w+;)")


def write_title(title: str) -> str:
    """A title for use behind an address, with all markup escaped; empty when there is none."""
    if not title.strip():
        return ""
    text = title.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return f' "{_MARKUP.sub(_escape, text)}"'


def title_attribute(title: str) -> str:
    """A title as an attribute, in HTML that stands on a page."""
    if not title.strip():
        return ""
    text = _MARKUP.sub(lambda found: f"&#{ord(found[0])};", title.replace("\0", "\ufffd"))
    return f' title="{text}"'


def _escape(found: re.Match[str]) -> str:
    return {'"': '\\"', "\\": "\\\\"}.get(found[0]) or f"&#{ord(found[0])};"
