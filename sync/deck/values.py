"""What a TOML field says in Anki and the other way round, and how an edit crosses over."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import normalize

from ...convert.deck_definition import MediaDef
from ...convert.html_to_markdown import html_to_markdown
from ...convert.segment import join_markdown
from ..merge import merge_lines, merge_words

_DROPPED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# Tags that Anki's reviewer gives and takes: a sync does not carry them unless the file names them.
ANKIS_TAGS = frozenset(("leech", "marked"))


def clean_text(text: str) -> str:
    """``text`` as Anki stores it in a field: NFC, without control characters."""
    if text.isascii() and not _DROPPED.search(text):
        return text
    return normalize("NFC", _DROPPED.sub("", text))


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags as Anki keeps them: words, each once whatever its case."""
    words = (word for tag in tags for word in clean_text(tag).split())
    return tuple({word.casefold(): word for word in reversed(list(words))}.values())[::-1]


def clean_deck_name(name: str) -> str:
    """A deck's name as Anki would store it."""
    parts = [clean_text(part).strip() or "blank" for part in name.split("::")]
    return "::".join(parts)


class Values:
    """Converts field values. Remembers what it converted while a plan is made."""

    def __init__(self, media: Iterable[MediaDef] = ()) -> None:
        self._media = {entry.path: entry.name for entry in media}  # Markdown may embed by path
        self._rendered: dict[str, str] = {}
        self._read: dict[str, str] = {}

    def to_anki(self, toml: str, markdown: bool) -> str:
        """The HTML that Anki stores for a value of the file."""
        if not markdown:
            return clean_text(toml)
        html = self._rendered.get(toml)
        if html is None:
            # Its parser is loaded here: Anki's start-up is not to wait for it.
            from ...convert.markdown_to_html import markdown_to_html

            html = clean_text(markdown_to_html(toml, self._media_name))
            self._rendered[toml] = html
        return html

    def to_toml(self, html: str, markdown: bool) -> str:
        """How the file says what Anki stores."""
        if not markdown:
            return html
        text = self._read.get(html)
        if text is None:
            text = self._read[html] = join_markdown(html_to_markdown(html))
        return text

    def same(self, toml: str, anki: str, markdown: bool) -> bool:
        """Whether both say the same."""
        if self.to_anki(toml, markdown) == anki:
            return True
        return markdown and self.to_toml(anki, True) == toml

    def push(self, old_toml: str, old_anki: str, toml: str, markdown: bool) -> str:
        """Anki's value after the file's edit from ``old_toml``.

        In Markdown, what the edit did not touch keeps Anki's own HTML, style and all.
        """
        wanted = self.to_anki(toml, markdown)
        if not markdown:
            return wanted
        before = self.to_anki(old_toml, True)
        if before == old_anki:
            return wanted
        if before == wanted:
            return old_anki
        merged = merge_words(before, old_anki, wanted)
        if merged is not None and self.to_toml(merged, True) == self.to_toml(wanted, True):
            return merged
        return wanted

    def pull(self, old_toml: str, old_anki: str, anki: str, markdown: bool) -> str:
        """The file's value after Anki's edit from ``old_anki``.

        In Markdown, lines that the edit did not touch stay as the user wrote them.
        """
        if not markdown:
            return anki
        if self.to_anki(old_toml, True) == anki:
            return old_toml
        before, wanted = self.to_toml(old_anki, True), self.to_toml(anki, True)
        if before == wanted:
            return old_toml
        merged = merge_lines(before, old_toml, wanted)
        if merged is not None and self._reads_as(merged, wanted):
            return merged
        return wanted

    def merge(self, old_toml: str, old_anki: str, toml: str, anki: str) -> tuple[str, str] | None:
        """Both sides' edits of a Markdown field, for the file and for Anki, or nothing."""
        theirs = self.pull(old_toml, old_anki, anki, True)
        merged = merge_lines(old_toml, toml, theirs)
        if merged is None:
            return None
        return merged, self.push(theirs, anki, merged, True)

    def _reads_as(self, toml: str, wanted: str) -> bool:
        return self.to_toml(self.to_anki(toml, True), True) == self.to_toml(
            self.to_anki(wanted, True), True
        )

    def _media_name(self, path: str) -> str:
        return self._media.get(path) or path.rpartition("/")[2]
