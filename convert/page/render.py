"""Makes the managed part of a note's page, its title and its properties."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from ..field_style import Clozes
from ..html.masks import MaskedPicture, find_masks
from ..html.plain_text import plain_text
from ..segment import Segment, join_markdown
from ..text.file_names import shorten
from ..text.tex_words import typed_formulas_read
from ..to_markdown.converted_field import ConvertedField
from .cards import ConvertedCard, render_cards
from .field_headings import field_heading
from .note import NoteText, PageStyle
from .properties import OwnProperties
from .tags import to_obsidian_tags

TITLE_LENGTH = 80
_MARKER_LIKE = re.compile(r"^( *%% anki:(?:begin|end) %%[ \t]*)$", re.M)
_DISARMED = re.compile(r"^ ( *%% anki:(?:begin|end) %%[ \t]*)$", re.M)
_NUMBERED = re.compile(r"[0-9]+\. ")
_OUTLINED = re.compile(r"## [0-9]+\. ")


def note_title(note: NoteText) -> str:
    """A title for the note: one line of plain text, never empty, not yet a file name.

    It comes from the field ``Title`` of a cloze type, or ``Front`` of others, else from the sort
    field. When that field shows no words, it comes from the first card or field that does, else it
    is the name of the note's type.
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
    """A field on its page. ``heading`` is the heading's text, or nothing when it has no heading.

    ``clozes`` tells how the Markdown shows clozes: a key of ``PageStyle.field_styles``. ``masks``:
    it is a picture of masks, which no edit changes.
    """

    name: str
    heading: str
    markdown: str
    clozes: Clozes = "none"
    masks: bool = False

    def is_embedded_by(self, markdown: str) -> bool:
        """Whether this embeds the same picture of masks, from whichever folder."""
        one, other = (text.strip().rpartition("/")[2] for text in (markdown, self.markdown))
        return one.replace("![[", "") == other.replace("![[", "")

    @property
    def text(self) -> str:
        """The section's lines."""
        return f"## {self.heading}\n{self.markdown}" if self.heading else self.markdown


@dataclass(frozen=True)
class ConvertedNote:
    """A note with the Markdown for its page. Each text is converted once, on first use.

    ``done`` holds the converted texts, as in ``ConvertedField``: those of this note and of the
    notes that ``having`` makes from it.
    """

    note: NoteText
    style: PageStyle
    done: dict[tuple[str, Clozes, bool, bool], tuple[Segment, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def having(self, note: NoteText, cloze_style: str = "") -> ConvertedNote:
        """Another state of the note, or the same note with clozes shown in another way."""
        style = self.style
        if cloze_style not in ("", style.cloze_style):
            style = replace(style, cloze_style=cloze_style)  # type: ignore[arg-type]
        return ConvertedNote(note, style, self.done)

    def text(self, html: str, clozes: Clozes = "none") -> ConvertedField:
        """A field of the note, or a side of a card."""
        return ConvertedField(html, self.style.field_styles[clozes], self.done)

    # Not cached: Anki turns the garbage collector off, so there must be no reference cycle.
    @property
    def without_cards(self) -> ConvertedNote:
        """The same note without its cards."""
        return self.having(replace(self.note, cards=())) if self.note.cards else self

    @cached_property
    def managed(self) -> str:
        """The managed part of the note's page: a section for each field that shows something.

        The first cloze field that does may be an outline without a heading of its own. The cards of
        a dynamic note come last. No line of the result can be read as a marker.
        """
        texts = [section.text for section in self.sections]
        texts += render_cards(self.cards) if self.note.cards else ()
        managed = "\n\n".join(texts)
        return _MARKER_LIKE.sub(r" \1", managed) if "%% anki:" in managed else managed

    @cached_property
    def cards(self) -> tuple[ConvertedCard, ...]:
        """The cards of a dynamic note."""
        return tuple(
            ConvertedCard(card.id, self.text(card.front), self.text(card.back))
            for card in self.note.cards
        )

    @cached_property
    def masked(self) -> MaskedPicture | None:
        """The picture with masks that the page shows in place of a field that holds only masks."""
        return find_masks([html for _, html in self.note.fields], self.style.has_media)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The fields' sections, markers not yet disarmed. The cards' sections follow them."""
        outline = outlines(self.note, self.style)
        sections: list[Section] = []
        for number, (name, html) in enumerate(self.note.fields):
            if not html:
                continue
            if self.masked is not None and self.masked.field == number:
                embed = f"![[{self.style.embed_target(self.masked.name)}]]"
                sections.append(Section(name, field_heading(name), embed, "inline", True))
                continue
            clozes: Clozes = "none"
            if name in self.note.cloze_fields:
                clozes = "outline" if outline else "inline"
            markdown = join_markdown(self.text(html, clozes).segments)
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
        return tuple(sections)


def render_managed(note: NoteText, style: PageStyle) -> str:
    """The managed part of a note's page, when nothing else of the note needs conversion."""
    return ConvertedNote(note, style).managed


def outlines(note: NoteText, style: PageStyle) -> bool:
    """Whether the page may show clozes as an outline: no field has a name like its headings."""
    return style.cloze_style == "outline" and not any(
        _NUMBERED.match(name) for name, _ in note.fields
    )


def arm_markers(managed: str) -> str:
    """Turn disarmed markers back into the field's own text, in a managed part or a piece of it."""
    return _DISARMED.sub(r"\1", managed) if "%% anki:" in managed else managed


def own_properties(note: NoteText, style: PageStyle, title: str) -> OwnProperties:
    """The properties of the note's page. The title is an alias, as the file name may differ."""
    tags, anki_tags = _map_tags(note.tags) if style.include_tags else ((), None)
    aliases = (title,) if title else ()
    return OwnProperties(
        note.note_id, note.guid, note.deck, note.notetype, tags, anki_tags, aliases, note.told
    )


@lru_cache(maxsize=4096)
def _map_tags(tags: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    mapped, lossy = to_obsidian_tags(tags)
    return tuple(mapped), tags if lossy else None
