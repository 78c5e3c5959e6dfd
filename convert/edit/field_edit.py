"""Applies an edited section of a page to its field; changes only the HTML of edited text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..field_style import FieldStyle
from ..html.footnotes import number_footnotes
from ..to_markdown.converted_field import ConvertedField
from ..vault_names import VaultNames
from .attempts import carry_over
from .cloze_slips import refuse_corrupted
from .edited_field import FieldText
from .escaped_embeds import refuse_escaped
from .losses import refuse_losses
from .older_pages import as_page_shows, respell_older
from .refusal import Refusal

_CLOZE = re.compile(r"\{\{c([\d,]+)::")


@dataclass(frozen=True)
class FieldEdit:
    """A field after an edit.

    ``clozes_added`` and ``clozes_removed`` are the numbers that only the new or only the old field
    has: the cards that are added and removed. With ``refusals``, ``html`` is the old field, and
    nothing may be written.
    """

    html: str
    clozes_added: tuple[int, ...] = ()
    clozes_removed: tuple[int, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def edit_field(
    field: ConvertedField, markdown: str, names: VaultNames, first_free: int = 1
) -> FieldEdit:
    """The field with only those segments changed whose Markdown was edited.

    ``field`` is the field as the page showed it, ``markdown`` its section on the page now.
    Reformatting is no edit. Every byte that the edit does not touch stays. Where clozes have a
    meaning, a new highlight without a number becomes a cloze with the next number, from
    ``first_free`` and above the field's own. Never raises.
    """
    markdown = markdown.replace("\r\n", "\n").replace("\r", "\n")
    html = field.html
    field = as_page_shows(field, markdown)
    markdown, places = respell_older(field, markdown)
    text = FieldText(field, markdown, names, first_free)
    edited: str | Refusal = html
    if text.regions:
        edited = refuse_escaped(markdown, field.markdown) or carry_over(text)
    if edited != html and not isinstance(edited, Refusal):
        edited = number_footnotes(edited)
        edited = _refuse(text, edited, markdown) or edited
    if isinstance(edited, Refusal):
        line = places[min(max(edited.line, 1), len(places)) - 1]
        return FieldEdit(html, refusals=(Refusal(edited.reason, line),))
    return _report(html, edited, field.style)


def _refuse(text: FieldText, edited: str, markdown: str) -> Refusal | None:
    html, before = text.field.html, text.field.markdown
    lost = refuse_losses(markdown, edited, text.has_clozes, (before, html))
    if lost is not None or not text.has_clozes:
        return lost
    return refuse_corrupted(html, edited, before, markdown, text.first_new)


def _report(before: str, after: str, style: FieldStyle) -> FieldEdit:
    if style.clozes == "none":
        return FieldEdit(after)
    had, has = cloze_numbers(before), cloze_numbers(after)
    return FieldEdit(after, tuple(sorted(has - had)), tuple(sorted(had - has)))


def cloze_numbers(html: str) -> set[int]:
    """The numbers of the clozes in a field."""
    return {
        int(number)
        for numbers in _CLOZE.findall(html)
        for number in numbers.split(",")
        if number and len(number) < 10  # Anki makes no card of a larger one
    }
