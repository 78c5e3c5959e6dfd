"""A page that is about to become a note's: it gets the note's guid, and marks around its fields."""

from __future__ import annotations

import re
from dataclasses import replace

from .page import BEGIN, END, PageParts, split_page
from .properties import claim_guid

# The line of a template that says what to do; it goes when the page becomes a note's.
HINT = re.compile(r"^[ \t]*%% anki:template\b[^\n]*(?:\n[ \t]*(?=\n|\Z))*\n?", re.M)


def claim_page(text: str, guid: str) -> str:
    """The page as that of a note with this guid, whose id nobody knows yet; all else as it was.

    Without marks, the whole body becomes the managed part. Raises ``PropertiesError`` when the
    properties cannot be read or changed safely.
    """
    parts = split_page(text)
    front_matter = claim_guid(parts.front_matter or "", guid, parts.newline)
    parts = replace(parts, front_matter=front_matter)
    if parts.managed is not None:
        managed = _drop_hints(parts.managed)
        return parts.text if managed == parts.managed else _with_managed(parts, managed).text
    body = _drop_hints(parts.head).strip("\r\n")
    return _with_managed(replace(parts, head="", tail=""), body).text


def drop_hints(text: str) -> str:
    """The text of a page without a template's hints, whose lines are empty now."""
    return HINT.sub(lambda found: "\n" * found.group().count("\n"), text)


def _drop_hints(text: str) -> str:
    return HINT.sub("", text)


def _with_managed(parts: PageParts, managed: str) -> PageParts:
    newline = parts.newline
    begin = parts.begin or f"{BEGIN}{newline}"
    end = parts.end.lstrip("\r\n") or f"{END}{newline}"
    between = newline if managed else ""
    closing = parts.closing
    if closing and not closing.endswith("\n"):
        closing += newline
    return replace(parts, closing=closing, begin=begin, managed=managed, end=between + end)
