"""What is on the clipboard as HTML, read as Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Optional

from ...convert.field_style import FieldStyle
from ...convert.html.media_names import inline_media
from ...convert.segment import join_markdown
from ...convert.to_html.markdown_to_html import markdown_to_html
from ...convert.to_markdown.html_to_markdown import html_to_markdown
from .clipboard_html import tidy
from .clipboard_pictures import ReadPicture, read_temporary_picture

# Tags with a meaning that plain text would lose. The colours of a code editor have none.
_FORMATTED = re.compile(
    r"<(?:a|anki-mathjax|b|blockquote|code|del|details|dl|em|h[1-6]|hr|i|img|input|kbd|li|mark|math"
    r"|pre|ruby|s|strong|sub|sup|table|u)\b"
)
_ONLY_MARKDOWN = re.compile(r"!?\[\[[^\]\n]+\]\]|^> \[![a-z]+\]|%%c\d+%%|^(?:```|~~~)", re.M | re.I)
_BLOCK = re.compile(r"(?:#{1,6} |[-*+] |\d+[.)] |> |```|~~~|\||\$\$)")


@dataclass(frozen=True)
class Pasted:
    """Formatted text from the clipboard, as tidy HTML.

    ``missing`` is the number of its pictures that could not be brought along.
    """

    html: str
    missing: int = 0

    @cached_property
    def pictures(self) -> Mapping[str, bytes]:
        """The pictures within it, by the names that ``write`` asks for."""
        return inline_media(self.html)

    def write(self, names: Mapping[str, str], before: str = "") -> str:
        """The Markdown. ``names`` are those of the pictures in Anki.

        ``before`` is the text before it on its line: a list, a table or a heading begins a line.
        """
        style = FieldStyle(embed_target=lambda name: names.get(name, name))
        text = join_markdown(html_to_markdown(self.html, style))
        return f"\n\n{text}" if before.strip() and _BLOCK.match(text) else text


def read_html(
    html: str, plain: str, read: ReadPicture = read_temporary_picture
) -> Optional[Pasted]:
    """What is on the clipboard as ``html``; None when its ``plain`` text says as much.

    It does when nothing is formatted, or when it is the Markdown of the same, as editors of
    Markdown copy it. ``read`` gives the pictures that are named by a file's address.
    """
    if _ONLY_MARKDOWN.search(plain):
        return None
    pasted = Pasted(*tidy(html, read))
    if not _FORMATTED.search(pasted.html) and not pasted.missing:
        return None
    if plain.strip() and not pasted.pictures and not pasted.missing:
        said = join_markdown(html_to_markdown(markdown_to_html(plain.replace("\r\n", "\n"))))
        if said == pasted.write({}):
            return None
    return pasted
