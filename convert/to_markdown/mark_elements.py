"""Writes a mark as an HTML element, where Markdown has no syntax for it."""

from __future__ import annotations

from ..html.blocks import RELATIVE, Mark
from ..html.colours import COLOUR, HIGHLIGHT
from ..html.link_titles import title_attribute
from ..markdown.escape import escape_html

_TAGS = {"b": "b", "i": "i", "s": "s", "m": "mark", "code": "code", RELATIVE: "a"}
_TAGS.update({COLOUR: "span", HIGHLIGHT: "mark"})


def print_element(mark: Mark) -> tuple[str, str]:
    """The name and the printed attributes of the element for a mark."""
    if mark.kind == "cloze":
        numbers, separator, hint = mark.comment.partition("::")
        attributes = f' data-cloze="{numbers[1:]}"'
        if separator:
            attributes += f' data-hint="{escape_html(hint).replace(chr(34), "&quot;")}"'
        return "mark", attributes
    if mark.kind == "a":
        href = mark.attributes.replace("&", "&amp;")
        return "a", f' href="{href}"{title_attribute(mark.title)}'
    return _TAGS.get(mark.kind, mark.kind), mark.attributes
