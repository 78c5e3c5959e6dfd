"""How a field is to be written: the choices that conversion takes from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

Clozes = Literal["none", "inline", "outline"]


def embed_by_name(name: str) -> str:
    """The simplest embed target of a media file: its own name."""
    return name


def no_media(name: str) -> bool:
    """No file is known to be there."""
    return False


@dataclass(frozen=True)
class FieldStyle:
    """What a conversion needs to know besides the field's HTML.

    ``clozes`` says whether ``{{c1::…}}`` means a cloze in this field, and if so whether the text
    before each becomes a heading. ``embed_target`` maps the name of a media file (decoded, NFC)
    to the wikilink target that embeds it, such as ``Anki/assets/cat.png``. ``link_target`` maps
    the address of a link to the wikilink target that it opens, None when that is no page of the
    vault. ``has_media`` says whether a media file is there, so that a name with a ``%`` is not
    decoded where it stands for itself.
    """

    clozes: Clozes = "none"
    embed_target: Callable[[str], str] = embed_by_name
    link_target: Callable[[str], str | None] | None = None
    has_media: Callable[[str], bool] = no_media


class ClozeRule(Protocol):
    """Decides what each highlight and each comment of a cloze becomes, in their order.

    ``text`` is a highlight's HTML, None for a comment (``c1::hint``) without a highlight before
    it; ``comment`` is None for a highlight without one. The answer is the comment of the cloze to
    make, nothing for no cloze, None to leave the comment as text.
    """

    def __call__(self, text: str | None, comment: str | None) -> str | None: ...


def as_written(text: str | None, comment: str | None) -> str | None:
    """A cloze is what has a comment."""
    return comment or ""


def no_clozes(text: str | None, comment: str | None) -> str | None:
    """Nothing is a cloze: comments are text."""
    return "" if comment is None else None


AddressRule = Callable[[str], bool]  # whether a bare address becomes a link


def all_links(address: str) -> bool:
    """Every bare address is a link."""
    return True
