"""How a field is to be written: the choices that conversion takes from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Optional

from .media_refs import no_media

Clozes = Literal["none", "inline", "outline"]


def embed_by_name(name: str) -> str:
    """The simplest embed target of a media file: its own name."""
    return name


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
    link_target: Optional[Callable[[str], Optional[str]]] = None
    has_media: Callable[[str], bool] = no_media
