"""How to convert a field: the choices that come from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

Clozes = Literal["none", "inline", "outline"]


def embed_by_name(name: str) -> str:
    """The simplest embed target of a media file: its own name."""
    return name


def no_media(name: str) -> bool:
    """Say of every file that it is missing."""
    return False


@dataclass(frozen=True)
class FieldStyle:
    """The input of a conversion besides the field's HTML.

    ``clozes`` tells whether ``{{c1::…}}`` is a cloze in this field, and if so whether the text
    before each becomes a heading. ``embed_target`` maps the name of a media file (decoded, NFC) to
    the wikilink target that embeds it, for example ``Anki/assets/cat.png``. ``link_target`` maps
    the address of a link to the wikilink target that it opens, or to None when it is no page of the
    vault. ``has_media`` tells whether a media file exists, so that a name that really has a ``%``
    is not decoded. ``cloze_lines``: a cloze over several lines is highlighted line by line; without
    it, it is shown as on the pages of older versions. ``colours``: text colours and highlights are
    shown.
    """

    clozes: Clozes = "none"
    embed_target: Callable[[str], str] = embed_by_name
    link_target: Callable[[str], str | None] | None = None
    has_media: Callable[[str], bool] = no_media
    cloze_lines: bool = True
    colours: bool = False


class ClozeRule(Protocol):
    """Decides what each highlight and each cloze comment becomes, in their order.

    ``text`` is a highlight's HTML, None for a comment (``c1::hint``) without a highlight before it;
    ``comment`` is None for a highlight without one. The answer is the comment of the cloze to make,
    empty for no cloze, None to leave the comment as text.
    """

    def __call__(self, text: str | None, comment: str | None) -> str | None: ...


def as_written(text: str | None, comment: str | None) -> str | None:
    """Make a cloze of whatever has a comment."""
    return comment or ""


def no_clozes(text: str | None, comment: str | None) -> str | None:
    """Make no clozes: comments are text."""
    return "" if comment is None else None


AddressRule = Callable[[str], bool]  # whether a bare address becomes a link


def all_links(address: str) -> bool:
    """Make a link of every bare address."""
    return True
