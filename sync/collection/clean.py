"""Texts, tags, and names of decks and note types as Anki stores them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import normalize

_DROPPED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# No level of a deck's name has even a tab in it, nor a colon at its ends.
_CONTROLS, _ENDS = re.compile(r"[\x00-\x1f\x7f]"), re.compile(r"^[\s:]+|[\s:]+$")

# Tags that Anki's reviewer adds and removes. A sync leaves them out unless the file names them.
ANKIS_TAGS = frozenset(("leech", "marked"))


def clean_text(text: str) -> str:
    """``text`` as Anki stores it in a field: NFC, without control characters."""
    if text.isascii() and not _DROPPED.search(text):
        return text
    return normalize("NFC", _DROPPED.sub("", text))


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags as Anki keeps them: words, each once whatever its case, with no empty level."""
    words = (_fill_levels(word) for tag in tags for word in clean_text(tag).split())
    return tuple({word.casefold(): word for word in reversed(list(words))}.values())[::-1]


def _fill_levels(tag: str) -> str:
    if "::" not in tag:
        return tag
    return "::".join(level or "blank" for level in tag.split("::"))


def clean_type_name(name: str) -> str:
    """The name of a note type, or of a card template, as Anki would store it."""
    return normalize("NFC", name.replace('"', ""))


def clean_deck_name(name: str) -> str:
    """A deck's name as Anki would store it."""
    return "::".join(_clean_level(level) or "blank" for level in name.split("::"))


def _clean_level(level: str) -> str:
    return _ENDS.sub("", _CONTROLS.sub("", normalize("NFC", level)))
