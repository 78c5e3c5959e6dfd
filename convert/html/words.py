"""Writes words as HTML, like Anki's editor."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"[&<>\xa0]")


def escape_text(text: str) -> str:
    """Text as HTML, with a no-break space as Anki's editor writes it."""
    if not _SPECIAL.search(text):
        return text
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\xa0", "&nbsp;")


def escape_attribute(text: str) -> str:
    """Text for use between double quotes."""
    return escape_text(text).replace('"', "&quot;")
