"""A text of a dynamic note in an editor: its Markdown, and the HTML that it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from ...convert.edit.text_edit import TextConverter
from ...convert.segment import join_markdown
from ...convert.to_markdown.html_to_markdown import html_to_markdown

if TYPE_CHECKING:
    from ...convert.edit.refusal import Refusal


class TypedText:
    """The HTML of a text in an editor. It stays the same to the byte until the text is edited."""

    def __init__(self, html: str) -> None:
        self._html = html
        self.markdown = join_markdown(html_to_markdown(html))
        self._last: tuple[str, str, Optional[Refusal]] = (self.markdown, html, None)

    def settle(self, typed: str, html: Optional[str] = None) -> None:
        """Remember that ``typed`` stands for ``html`` (by default: the HTML that it makes)."""
        self._html = self.convert(typed) if html is None else html
        self.markdown = typed
        self._last = (typed, self._html, None)

    def convert(self, typed: str) -> str:
        """The HTML of the typed text. Parts that were not edited keep their HTML.

        The HTML of a refused text is only for a preview.
        """
        if typed != self._last[0]:
            self._last = (typed, *self._carry_over(typed))
        return self._last[1]

    def find_refusal(self, typed: str) -> Optional[Refusal]:
        """Why a text cannot be saved, with its line from 1; nothing when it can be saved."""
        self.convert(typed)
        return self._last[2]

    def _carry_over(self, typed: str) -> tuple[str, Optional[Refusal]]:
        texts = TextConverter()
        edit = texts.push(self._html, self.markdown, typed)
        return (texts.read(typed), edit.refusal) if edit.refusal else (edit.html, None)
