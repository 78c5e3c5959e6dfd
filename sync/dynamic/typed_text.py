"""A text of a dynamic note as one types it: Markdown, and the HTML that it came from."""

from __future__ import annotations

import re
from typing import Optional

from ...convert.html_to_markdown import html_to_markdown
from ...convert.reading import Reading
from ...convert.segment import join_markdown
from ...convert.style import FieldStyle

_BLOCK_NAME = re.compile(r"(?<=\s)\^(?=[a-zA-Z0-9-]+[ \t]*$)", re.MULTILINE)


class TypedText:
    """Where a text in an editor came from. Its HTML stays to the byte until it is edited."""

    def __init__(self, html: str) -> None:
        self._html = html
        self.markdown = _read(html)
        self._last = (self.markdown, html)

    def settle(self, typed: str, html: Optional[str] = None) -> None:
        """From now on, ``typed`` is what ``html`` reads as (by default: what it makes now)."""
        self._html = self.convert(typed) if html is None else html
        self.markdown = typed
        self._last = (typed, self._html)

    def convert(self, typed: str) -> str:
        """The HTML of what was typed. What the edit did not touch keeps its own, where it can."""
        if typed != self._last[0]:
            self._last = (typed, self._carry_over(typed))
        return self._last[1]

    def _carry_over(self, typed: str) -> str:
        # Its parser is loaded here: Anki's start-up is not to wait for it.
        from ...convert.field_edit import edit_field
        from ...convert.markdown_to_html import markdown_to_html, media_by_name

        wanted = markdown_to_html(typed)
        reading = Reading(media=media_by_name, link=lambda _: "")
        # On a page, a name at a line's end is Obsidian's own; here it is text like any other.
        text = _BLOCK_NAME.sub(r"\\^", typed)
        edit = edit_field(self._html, text, FieldStyle(), reading)
        if not edit.refusals and _read(edit.html) == _read(wanted):
            return edit.html
        return wanted


def _read(html: str) -> str:
    return join_markdown(html_to_markdown(html))
