"""The input and choices for a page: a note's text, the style, and a problem found on a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ..field_style import Clozes, FieldStyle, embed_by_name, no_media


@dataclass(frozen=True)
class CardText:
    """A card of a dynamic note: its stable id, and its front and back as HTML."""

    id: str
    front: str
    back: str


@dataclass(frozen=True)
class PageProblem:
    """Something that cannot be read with certainty: the line of the page, and what to do."""

    line: int
    text: str


@dataclass(frozen=True)
class NoteText:
    """The text of a note.

    ``cloze_fields`` are the fields that the cards show through ``{{cloze:…}}``; empty for other
    types. ``title_field`` is the name of the sort field. ``cards`` are those of a dynamic note, in
    order. ``told`` are the properties of its page that only tell something.
    """

    note_id: int
    guid: str
    deck: str
    notetype: str
    fields: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    cloze_fields: tuple[str, ...] = ()
    title_field: str = ""
    cards: tuple[CardText, ...] = ()
    told: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PageStyle:
    """The choices that all pages share."""

    cloze_style: Literal["outline", "inline"] = "outline"
    embed_target: Callable[[str], str] = embed_by_name
    include_tags: bool = True
    link_target: Callable[[str], str | None] | None = None  # see ``FieldStyle``
    has_media: Callable[[str], bool] = no_media
    colours: bool = False

    @cached_property
    def field_styles(self) -> dict[Clozes, FieldStyle]:
        """The same choices in the form that conversion takes."""
        kinds: tuple[Clozes, ...] = ("none", "inline", "outline")
        return {
            each: FieldStyle(
                each, self.embed_target, self.link_target, self.has_media, colours=self.colours
            )
            for each in kinds
        }
