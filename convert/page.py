"""A note ↔ a page's text: properties, the managed part, and the part that is the user's."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Literal, Optional

from .canonical import canonical
from .card_page import CardText, render_cards
from .html_to_markdown import html_to_markdown
from .media_refs import no_media
from .names import shorten
from .plain_text import plain_text
from .properties import (
    OwnProperties,
    PropertiesError,
    edit_properties,
    fold_tag,
    read_own,
    write_new,
)
from .segment import join_markdown
from .style import Clozes, FieldStyle, embed_by_name
from .tags import to_obsidian_tags
from .tex_words import typed_formulas_read

__all__ = [
    "BEGIN",
    "END",
    "CardText",
    "DamagedPage",
    "NoteText",
    "OwnProperties",
    "PageParts",
    "PageStyle",
    "PropertiesError",
    "Section",
    "arm_markers",
    "canonical",
    "field_heading",
    "holds_user_words",
    "new_index_page",
    "new_page",
    "note_title",
    "outlines",
    "own_properties",
    "render_managed",
    "render_sections",
    "replace_managed",
    "split_page",
    "update_page",
]

BEGIN, END = "%% anki:begin %%", "%% anki:end %%"
TITLE_LENGTH = 80

_FRONT_MATTER = re.compile(r"(\ufeff?---[ \t]*\r?\n)(.*?)(^---[ \t]*(?:\r?\n|\Z))", re.M | re.S)
_MARKER = re.compile(r"^%% anki:(begin|end) %%[ \t]*\r?$", re.M)
# Formatters take the line below a list, quote or table for a part of it.
_DRAWN_IN_END = re.compile(
    r"^(?:[ \t]{2,}|\t|(?:[ \t]*>)+[ \t]*|\|[ \t]*)%% anki:(end) %%(?:[ \t]*\|)*[ \t]*\r?$", re.M
)
_MARKER_LIKE = re.compile(r"^( *%% anki:(?:begin|end) %%[ \t]*)$", re.M)
_DISARMED = re.compile(r"^ ( *%% anki:(?:begin|end) %%[ \t]*)$", re.M)
_NUMBERED = re.compile(r"[0-9]+\. ")
_OUTLINED = re.compile(r"## [0-9]+\. ")
_HEADING_SYNTAX = re.compile(
    r"[\\`*\[\]<$]|~(?=~)|=(?==)|%(?=%)|(?<!\w)_|_(?!\w)|(?<!\S)#(?=\S)|#+\Z|\^(?=[\w-]+\Z)|&(?=#?\w+;)"
)


class DamagedPage(ValueError):
    """The markers of the managed part are doubled, reversed, or one is missing."""


@dataclass(frozen=True)
class NoteText:
    """What a note says.

    ``cloze_fields``: the fields that its cards show through ``{{cloze:…}}``; none for other types.
    ``title_field``: the name of its sort field. ``cards``: of a dynamic note, in their order.
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


@dataclass(frozen=True)
class PageStyle:
    """The choices that all pages share."""

    cloze_style: Literal["outline", "inline"] = "outline"
    embed_target: Callable[[str], str] = embed_by_name
    include_tags: bool = True
    link_target: Optional[Callable[[str], Optional[str]]] = None  # see ``FieldStyle``
    has_media: Callable[[str], bool] = no_media

    @cached_property
    def field_styles(self) -> dict[Clozes, FieldStyle]:
        """The same choices as conversion takes them."""
        kinds: tuple[Clozes, ...] = ("none", "inline", "outline")
        return {
            each: FieldStyle(each, self.embed_target, self.link_target, self.has_media)
            for each in kinds
        }


@dataclass(frozen=True)
class PageParts:
    """A page's text in pieces that, joined in this order, are the text.

    ``front_matter`` are the lines between the fences, nothing when there are no fences.
    ``managed`` is what stands between the markers, nothing when they are missing or ``damaged``;
    then all of the body is ``head``.
    """

    opening: str
    front_matter: Optional[str]
    closing: str
    head: str
    begin: str
    managed: Optional[str]
    end: str
    tail: str
    damaged: bool = False
    newline: str = "\n"

    @property
    def text(self) -> str:
        """The whole page."""
        return "".join(
            (
                self.opening,
                self.front_matter or "",
                self.closing,
                self.head,
                self.begin,
                self.managed or "",
                self.end,
                self.tail,
            )
        )


def note_title(note: NoteText) -> str:
    """What a person would call the note: one line of plain text, never empty, not yet a file name.

    The field ``Title`` of a cloze type, ``Front`` of others, else the sort field; when that shows
    no words, the first card or field that does; else the name of the note's type.
    """
    named = "Title" if note.cloze_fields else "Front"
    wanted = {named: 0, note.title_field: 1, "": 2}
    fields = [*(("", card.front) for card in note.cards), *note.fields]
    for _, html in sorted(fields, key=lambda field: wanted.get(field[0], 3)):
        title = typed_formulas_read(plain_text(html)) if html else ""
        if title:
            return shorten(title, TITLE_LENGTH)
    return note.notetype


@dataclass(frozen=True)
class Section:
    """A field as its page shows it. ``heading`` is the heading's text; nothing: it has none.

    ``clozes`` is how the Markdown shows clozes, as ``PageStyle.field_styles`` has it.
    """

    name: str
    heading: str
    markdown: str
    clozes: Clozes = "none"

    @property
    def text(self) -> str:
        """The section's lines."""
        return f"## {self.heading}\n{self.markdown}" if self.heading else self.markdown


def render_managed(note: NoteText, style: PageStyle) -> str:
    """The managed part of the note's page: a section for each field that shows something.

    The first cloze field that does may stand as an outline without a heading of its own. The
    cards of a dynamic note come last. No line of the result can be taken for a marker.
    """
    texts = [section.text for section in render_sections(note, style)]
    texts += render_cards(note.cards, style.field_styles["none"])
    managed = "\n\n".join(texts)
    return _MARKER_LIKE.sub(r" \1", managed) if "%% anki:" in managed else managed


def render_sections(note: NoteText, style: PageStyle) -> list[Section]:
    """The sections of the fields, markers not yet disarmed; those of the cards follow them."""
    outline = outlines(note, style)
    sections: list[Section] = []
    for name, html in note.fields:
        if not html:
            continue
        clozes: Clozes = "none"
        if name in note.cloze_fields:
            clozes = "outline" if outline else "inline"
        markdown = join_markdown(html_to_markdown(html, style.field_styles[clozes]))
        if not markdown:
            continue
        if "\r" in markdown:
            markdown = markdown.replace("\r\n", "\n").replace("\r", "\n")
        heading = field_heading(name)
        if clozes == "outline":
            outline = False
            if not sections or _OUTLINED.match(markdown):
                heading = ""
        sections.append(Section(name, heading, markdown, clozes))
    return sections


def outlines(note: NoteText, style: PageStyle) -> bool:
    """Whether the page may show clozes as an outline: no field has a name like its headings."""
    return style.cloze_style == "outline" and not any(
        _NUMBERED.match(name) for name, _ in note.fields
    )


def arm_markers(managed: str) -> str:
    """A managed part, or a piece of it, with lines that say a marker as the field says them."""
    return _DISARMED.sub(r"\1", managed) if "%% anki:" in managed else managed


@lru_cache(maxsize=4096)
def field_heading(name: str) -> str:
    """A field's name as the text of a heading."""
    return _HEADING_SYNTAX.sub(lambda found: "\\" + found.group(), name)


def own_properties(note: NoteText, style: PageStyle, title: str) -> OwnProperties:
    """The properties of the note's page. The title is an alias: the file's name may not show it."""
    tags, anki_tags = _map_tags(note.tags) if style.include_tags else ((), None)
    aliases = (title,) if title else ()
    return OwnProperties(
        note.note_id, note.guid, note.deck, note.notetype, tags, anki_tags, aliases
    )


@lru_cache(maxsize=4096)
def _map_tags(tags: tuple[str, ...]) -> tuple[tuple[str, ...], Optional[tuple[str, ...]]]:
    mapped, lossy = to_obsidian_tags(tags)
    return tuple(mapped), tags if lossy else None


def new_page(own: OwnProperties, managed: str) -> str:
    """The text of a page that did not exist."""
    return f"---\n{write_new(own)}---\n{_managed_lines(managed)}"


def new_index_page(managed: str) -> str:
    """The text of a page without properties that did not exist."""
    return _managed_lines(managed)


def split_page(text: str) -> PageParts:
    """The page's pieces. Never fails; what is not there is empty."""
    opening = closing = ""
    front_matter: Optional[str] = None
    found = _FRONT_MATTER.match(text)
    if found:
        opening, front_matter, closing = found.groups()
    elif text.startswith("\ufeff"):
        opening = "\ufeff"
    start = found.end() if found else len(opening)
    first = text.find("\n")
    newline = "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"
    markers = list(_MARKER.finditer(text, start))
    kinds = [marker.group(1) for marker in markers]
    if kinds == ["begin"]:
        markers += _DRAWN_IN_END.finditer(text, markers[0].end())
        kinds = [marker.group(1) for marker in markers]
    if kinds != ["begin", "end"]:
        return PageParts(
            opening, front_matter, closing, text[start:], "", None, "", "", bool(kinds), newline
        )
    inside = markers[0].end() + 1
    outside = markers[1].start()
    after = min(markers[1].end() + 1, len(text))
    last = outside
    if last > inside:
        last -= 2 if text[last - 2 : last] == "\r\n" and last - 2 >= inside else 1
    return PageParts(
        opening,
        front_matter,
        closing,
        head=text[start : markers[0].start()],
        begin=text[markers[0].start() : inside],
        managed=text[inside:last],
        end=text[last:after],
        tail=text[after:],
        newline=newline,
    )


def update_page(text: str, own: OwnProperties, previous: OwnProperties | None, managed: str) -> str:
    """The page with our properties and the managed part as given; all else byte for byte.

    A page that says so already stays as it is, in every byte. Missing markers are put back right
    after the properties, above what is there. Raises ``DamagedPage`` when the markers cannot be
    trusted, ``PropertiesError`` when the properties cannot.
    """
    parts = _replace_managed(split_page(text), managed)
    newline = parts.newline
    front_matter = edit_properties(parts.front_matter or "", own, previous, newline)
    if parts.front_matter is None:
        fences = (f"{parts.opening}---{newline}", f"---{newline}")
        return replace(parts, opening=fences[0], front_matter=front_matter, closing=fences[1]).text
    return replace(parts, front_matter=front_matter).text


def replace_managed(text: str, managed: str) -> str:
    """The page with the managed part as given; all else, properties included, byte for byte.

    Missing markers are put back. Raises ``DamagedPage`` when they cannot be trusted.
    """
    return _replace_managed(split_page(text), managed).text


def _replace_managed(parts: PageParts, managed: str) -> PageParts:
    if parts.damaged:
        raise DamagedPage(
            f"the lines “{BEGIN}” and “{END}” must stand there once each, in this order"
        )
    newline = parts.newline
    managed = managed.replace("\r\n", "\n")
    if parts.managed is None:
        written = _managed_lines(managed).replace("\n", newline)
        blank = newline if parts.head.strip() and not parts.head.startswith(newline) else ""
        closing = parts.closing
        if closing and not closing.endswith("\n"):
            closing += newline
        return replace(parts, closing=closing, head=written, tail=blank + parts.head)
    if parts.managed.replace("\r\n", "\n") == managed:
        return parts
    end = parts.end.lstrip("\r\n")
    if not end.startswith(END):
        end = END + end[len(end.rstrip("\r\n")) :]
    written = managed.replace("\n", newline)
    return replace(parts, managed=written, end=newline + end if managed else end)


def holds_user_words(text: str, own: OwnProperties | None) -> bool:
    """Whether a person wrote anything here outside the managed part and our properties.

    ``own``: what we wrote; without it, every tag and alias counts. What cannot be read counts.
    """
    parts = split_page(text)
    if parts.head.strip() or parts.tail.strip():
        return True
    front_matter = (parts.front_matter or "").replace("\r\n", "\n")
    if not front_matter.strip() or (own is not None and front_matter == write_new(own)):
        return False
    try:
        found = read_own(front_matter)
    except PropertiesError:
        return True
    tags = {fold_tag(tag) for tag in own.tags} if own else set()
    aliases = set(own.aliases) if own else set()
    return (
        bool(found.other_keys)
        or not {fold_tag(tag) for tag in found.tags} <= tags
        or not set(found.aliases) <= aliases
        or re.search(r"(?:^|\s)#", front_matter) is not None
    )


def _managed_lines(managed: str) -> str:
    return f"{BEGIN}\n{managed}\n{END}\n" if managed else f"{BEGIN}\n{END}\n"
