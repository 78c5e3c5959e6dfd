"""Converts field values between a TOML deck and Anki, and carries edits to the other side."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Optional

from ...convert.deck_file.definition import MediaDef
from ...convert.edit.text_edit import TextConverter, TextEdit, show_text
from ...convert.field_style import FieldStyle
from ...convert.text.media_kinds import media_by_name
from ...convert.to_markdown.converted_field import ConvertedField
from ..collection.clean import clean_text

if TYPE_CHECKING:
    from ...convert.edit.refusal import Refusal


_HIGHLIGHTED_CLOZE = re.compile(r"==%%c\d")


class Values:
    """Converts field values. Keeps the results, so that no text is converted twice."""

    def __init__(self, media: Iterable[MediaDef] = ()) -> None:
        self._media = {entry.path: entry.name for entry in media}  # Markdown may embed by path
        self._rendered: dict[str, str] = {}
        self._read: dict[str, str] = {}

    def to_anki(self, toml: str, markdown: bool) -> str:
        """The HTML that Anki stores for a new value of the file, from Markdown or HTML."""
        if not markdown:
            return clean_text(toml)
        html = self._rendered.get(toml)
        if html is None:
            html = self._rendered[toml] = clean_text(self._texts.read(toml))
        return html

    def to_toml(self, html: str, markdown: bool) -> str:
        """The file's text for Anki's HTML: Markdown, or the same HTML."""
        if not markdown:
            return html
        text = self._read.get(html)
        if text is None:
            text = self._read[html] = show_text(html)
        return text

    def show(self, html: str, markdown: bool, beside: str) -> str:
        """Anki's HTML in the form of the file, for showing both texts side by side.

        ``beside`` is the file's text. If it writes clozes as highlights, the result does so too:
        otherwise every cloze would look edited.
        """
        if not markdown or not _HIGHLIGHTED_CLOZE.search(beside):
            return self.to_toml(html, markdown)
        return ConvertedField(html, FieldStyle("inline")).markdown

    def same(self, toml: str, anki: str, markdown: bool) -> bool:
        """Whether one of the two texts, converted, is equal to the other."""
        if self.to_anki(toml, markdown) == anki:
            return True
        return markdown and self.to_toml(anki, True) == toml

    def find_loss(self, toml: str) -> Optional[Refusal]:
        """Why a new Markdown value must not be written into Anki; None when it can be."""
        return self._texts.find_loss(toml)

    def push(self, anki: str, before: Optional[str], toml: str) -> TextEdit:
        """Anki's HTML after the file's edit from ``before`` (None if unknown) to ``toml``.

        Everything outside the edit keeps Anki's own HTML with its styles.
        """
        edit = self._texts.push(anki, before, toml)
        html = clean_text(edit.html)
        return edit if html == edit.html or edit.html == anki else replace(edit, html=html)

    def pull(self, before: str, old: str, anki: str) -> str:
        """The file's Markdown after Anki's edit from ``old`` to ``anki``.

        ``before`` is the Markdown of ``old``. Its lines outside the edit stay as the user wrote
        them.
        """
        return self._texts.pull(before, old, anki)

    def respell(self, anki: str, toml: str) -> str:
        """The file's Markdown for Anki's HTML. Lines that ``toml`` has too keep its spelling."""
        return self._texts.respell(self.to_toml(anki, True), toml)

    def merge(self, before: str, old: str, toml: str, anki: str) -> Optional[tuple[str, str]]:
        """Merge both sides' edits: the Markdown and the HTML; None when they conflict."""
        merged = self._texts.merge(before, old, toml, anki)
        return (merged[0], clean_text(merged[1])) if merged else None

    @cached_property
    def _texts(self) -> TextConverter:
        return TextConverter(self._media_name)

    def _media_name(self, path: str) -> str:
        return self._media.get(path) or media_by_name(path)
