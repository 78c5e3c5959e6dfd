"""Reads the cards of a dynamic note from its page, as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Optional

from ....convert.edit.field_edit import FieldEdit, edit_field
from ....convert.page.card_reading import CardSection, read_cards
from ....convert.page.cards import ConvertedCard
from ....convert.page.field_reading import read_managed
from ....convert.page.note import CardText, NoteText, PageProblem
from ....convert.page.render import ConvertedNote
from ....convert.to_markdown.converted_field import ConvertedField
from ....convert.vault_names import VaultNames
from ....model.note import Card, DynamicNote, is_card_id, new_card_id, write_fields
from ....model.slots import CardError
from ...collection.clean import clean_text
from ...reconcile.note_change import FieldChange

SIDES = ("front", "back")
NO_FRONT = "This card has no front: write it behind “###”."


def name_side(card_id: str, side: str) -> str:
    """The name of a side of a card, used like the name of a field."""
    return f"{side} of card {card_id}"


def say_side(section: CardSection, side: str) -> tuple[str, int]:
    """The Markdown of a side, and the line of the page where it begins."""
    if side == "front":
        return section.front, section.front_line
    return section.back, section.back_line


def tell_card(card: CardText, *, added: bool) -> Iterator[FieldChange]:
    """A field change for each side of a card that is added or deleted; an empty side has none."""
    for side in SIDES:
        html = getattr(card, side)
        if html:
            name = name_side(card.id, side)
            yield FieldChange(name, "", html) if added else FieldChange(name, html, "")


def convert_card(
    section: CardSection,
    shown: ConvertedCard,
    names: VaultNames,
    problems: list[PageProblem],
) -> CardText:
    """The card of a section on the page. A side that was not edited keeps the HTML of ``shown``.

    Edits that are refused are added to ``problems``.
    """
    sides = []
    for side in SIDES:
        before: ConvertedField = getattr(shown, side)
        markdown, line = say_side(section, side)
        edit = edit_field(before, markdown, names)
        problems += _tell_refusals(edit, line)
        sides.append(before.html if edit.html == before.html else clean_text(edit.html))
    return CardText(shown.id, *sides)


def read_card_page(
    managed: str, first_line: int, shown: ConvertedNote, names: VaultNames
) -> tuple[NoteText, list[PageProblem]]:
    """Read a dynamic note from its page. Returns the problems too.

    ``shown`` is the note as the page last showed it; it may have no cards.
    """
    plain, note = shown.without_cards, shown.note
    reading = read_cards(managed, first_line, shown.cards, plain.managed)
    if reading.problems:
        return note, list(reading.problems)
    text = read_managed(reading.above, first_line, plain)
    problems = list(text.problems)
    fields = {name: "" if name in text.emptied else html for name, html in note.fields}
    for section in text.sections:
        edit = edit_field(shown.text(fields[section.name]), section.markdown, names)
        problems += [
            PageProblem(section.line + max(r.line, 1) - 1, r.sentence) for r in edit.refusals
        ]
        fields[section.name] = clean_text(edit.html)
    cards = tuple(_read_cards(reading.cards, shown, names, problems))
    return replace(note, fields=tuple(fields.items()), cards=cards), problems


def _read_cards(
    sections: tuple[CardSection, ...],
    note: ConvertedNote,
    names: VaultNames,
    problems: list[PageProblem],
) -> Iterator[CardText]:
    known = {card.id: card for card in note.cards}
    taken = {section.id for section in sections}
    for section in sections:
        id_ = section.id or new_card_id(taken, f"{section.front}\x1f{section.back}")
        taken.add(id_)
        if not is_card_id(id_):
            problems.append(PageProblem(section.front_line, f"“{id_}” cannot be a card's id."))
        shown = known.get(id_) or ConvertedCard(id_, note.text(""), note.text(""))
        card = convert_card(section, shown, names, problems)
        if not card.front and not shown.front.html:
            problems.append(PageProblem(section.front_line, NO_FRONT))
        yield card


def make_values(
    note: NoteText, line: int, problems: list[PageProblem]
) -> Optional[tuple[str, ...]]:
    """All fields of a new dynamic note, as Anki stores them.

    None when they cannot hold it: then a problem for ``line`` is added.
    """
    text = dict(note.fields)
    cards = tuple(Card(card.id, card.front, card.back) for card in note.cards)
    try:
        return write_fields((), DynamicNote(text["Note"], cards, text["Link"]))
    except CardError as error:
        problems.append(PageProblem(line, str(error)))
        return None


def _tell_refusals(edit: FieldEdit, line: int) -> Iterator[PageProblem]:
    return (PageProblem(line + max(each.line, 1) - 1, each.sentence) for each in edit.refusals)
