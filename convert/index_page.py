"""The text of an index page: a managed part without properties, and the user's part around it."""

from __future__ import annotations

from dataclasses import replace

from .page import BEGIN, END, split_page


def new_index_page(managed: str) -> str:
    """The text of an index page that did not exist."""
    return f"{BEGIN}\n{managed}\n{END}\n"


def replace_managed(text: str, managed: str) -> str:
    """The page with this managed part, and everything else byte for byte.

    Missing marks are put back below the properties, if there are any, and above the rest.
    """
    parts = split_page(text)
    newline = parts.newline
    if parts.managed is None:
        above = parts.opening + (parts.front_matter or "") + parts.closing
        below = newline + parts.head if parts.head else ""
        return above + new_index_page(managed).replace("\n", newline) + below
    if parts.managed.replace("\r\n", "\n") == managed:
        return text
    return replace(parts, managed=managed.replace("\n", newline)).text
