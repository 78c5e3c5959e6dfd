"""Turns a page into a note's page: adds the note's guid, and marks around its fields."""

from __future__ import annotations

import re
from dataclasses import replace

from .page_text import BEGIN, END, split_page
from .properties import claim_guid

# A template's line of instructions. It is removed when the page becomes a note's.
_HINT = re.compile(r"^[ \t]*%% anki:template\b[^\n]*%%[ \t]*\r?(?=\n|\Z)", re.M)
_HINT_LINE = re.compile(_HINT.pattern + r"\n?", re.M)
# The placeholders of Obsidian's own plugin (https://help.obsidian.md/plugins/templates) and
# Templater.
_PLACEHOLDER = re.compile(r"\{\{(?:title|date|time)(?::[^{}]*)?\}\}|<%.*?%>", re.I | re.S)


def is_template(text: str) -> bool:
    """Whether a page has placeholders that are filled in when a new page is made from it."""
    return _PLACEHOLDER.search(text) is not None


def drop_hints(text: str) -> str:
    """Replace a template's lines of instructions by empty lines."""
    return _HINT.sub("", text)


def claim_page(text: str, guid: str, above: str, managed: str) -> str:
    """The page as the page of a note with this guid, which has no id yet.

    ``managed`` goes between the marks; a template's instructions are removed. When there are no
    marks, the page's body becomes ``above`` and the managed part; otherwise all else stays byte for
    byte. Raises ``PropertiesError`` when the properties cannot be read or changed safely.
    """
    parts = split_page(_HINT_LINE.sub("", text))
    newline = parts.newline
    closing = parts.closing
    if parts.managed is None:
        head = above if not above or above.endswith("\n") else above + "\n"
        closing += newline if closing and not closing.endswith("\n") else ""
        parts = replace(parts, closing=closing, head=head.replace("\n", newline), tail="")
    begin = parts.begin or f"{BEGIN}{newline}"
    end = parts.end.lstrip("\r\n") or f"{END}{newline}"
    return replace(
        parts,
        front_matter=claim_guid(parts.front_matter or "", guid, newline),
        begin=begin,
        managed=managed.replace("\n", newline),
        end=(newline if managed else "") + end,
    ).text
