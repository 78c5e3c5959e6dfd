"""Both sides of a change in a TOML deck's plan, as sections to show side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Optional

from ...convert.deck_file.definition import DYNAMIC_FIELDS, DYNAMIC_MODELS, NoteDef
from ...convert.shown.page import Form
from ...sync.deck.changes import (
    DeckChange,
    DeckNote,
    DeckPlan,
    ModelChange,
    PartChange,
)
from ...sync.deck.plan.card_compare import show_card
from ...sync.deck.values import Values
from ...sync.deck.words import explain_note
from ..widgets.side_by_side import Look, Section, Side
from .deck_rows import Change, say_state, title_of


def list_sections(
    plan: DeckPlan, change: Change, values: Values, fields_of: Callable[[int], Sequence[str]]
) -> tuple[str, list[Section]]:
    """A line about a change, and its two sides. ``fields_of``: note type id → its field names."""
    if isinstance(change, DeckNote):
        return _about_note(change), _note_sections(plan, change, values, fields_of)
    if isinstance(change, ModelChange):
        warning = ""
        if change.full_sync:
            warning = " Changing it in Anki forces a full AnkiWeb sync."
        ours = "\n".join(change.details)
        if change.to_anki and not change.notetype:
            return f"Anki gets the note type “{change.name}”.", []
        return f"The note type “{change.name}” differs.{warning}", [
            _both("What differs", ours, None)
        ]
    if isinstance(change, DeckChange):
        told = change.description or ""
        to_anki = change.action in ("create", "describe_anki")
        section = _both("Description", told if to_anki else None, None if to_anki else told)
        return f"Deck “{change.name}”", [section] if told else []
    return f"“{change.name}” is {change.path}", []


def _both(
    title: str,
    toml: Optional[str],
    anki: Optional[str],
    outcome: str = "",
    conflict: bool = False,
    result: Optional[str] = None,
    form: Form = "plain",
) -> Section:
    mine: Look = "one" if conflict else "new"
    theirs: Look = "other" if conflict else "old"
    sides = (Side("TOML", toml, mine), Side("Anki", anki, theirs))
    return Section(title, sides, outcome, conflict, result, form)


def _about_note(change: DeckNote) -> str:
    where = [change.deck, change.model]
    if change.position:
        where.append(f"note {change.position:,} of the file")
    if change.note_id:
        where.append(f"id {change.note_id}")
    reason = explain_note(change)
    return " · ".join((*where, reason) if reason else where)


def _note_sections(
    plan: DeckPlan, change: DeckNote, values: Values, fields_of: Callable[[int], Sequence[str]]
) -> list[Section]:
    """The parts of a note that differ; the whole note if it has no such parts."""
    markdown = _markdown_fields(plan, change.model)
    if change.parts:
        return [_part_section(part, markdown, values) for part in change.parts]
    if change.toml is not None:
        return _sections_of_file(change.toml, markdown, is_on_both=change.group == "unchanged")
    assert change.anki is not None
    names = fields_of(change.anki.notetype)
    texts = change.anki.fields.split("\x1f")[: len(DYNAMIC_FIELDS) if change.cards else None]
    sections = [
        _both(
            names[number] if number < len(names) else f"Field {number + 1}",
            None,
            values.to_toml(text, number < len(names) and names[number] in markdown),
            form="markdown" if number < len(names) and names[number] in markdown else "html",
        )
        for number, text in enumerate(texts)
        if text
    ]
    sections += [
        _both(f"Card {card.id}", None, show_card(card.front, card.back), form="markdown")
        for card in change.cards
    ]
    tags = change.anki.tags.strip()
    return [*sections, _both("Tags", None, tags)] if tags else sections


def _sections_of_file(note: NoteDef, markdown: frozenset[str], is_on_both: bool) -> list[Section]:
    texts: list[tuple[str, str, Form]] = [
        (name, text, "markdown" if name in markdown else "html")
        for name, text in note.fields.items()
    ]
    texts += [
        (f"Card {card.id or number}", show_card(card.front, card.back), "markdown")
        for number, card in enumerate(note.cards, 1)
    ]
    if note.tags:
        texts.append(("Tags", " ".join(note.tags), "plain"))
    return [
        _both(title, text, text if is_on_both else None, form=form) for title, text, form in texts
    ]


def _part_section(part: PartChange, markdown: frozenset[str], values: Values) -> Section:
    reads_markdown = part.part == "card" or (part.part == "field" and part.name in markdown)
    outcome = say_state(part)
    if part.conflict and part.state != "skipped":
        outcome = f"conflict, settled: {outcome}"
    if part.overwrites:
        outcome += ", an edit there is overwritten"
    if reads_markdown:
        outcome += " (Anki's side is shown as Markdown)"
    return _both(
        title_of(part),
        part.toml,
        None if part.anki is None else values.show(part.anki, reads_markdown, part.toml or ""),
        outcome,
        part.conflict and part.state == "skipped",
        part.to_toml if part.state == "merged" else None,
        "markdown" if reads_markdown else "html" if part.part == "field" else "plain",
    )


def _markdown_fields(plan: DeckPlan, model: str) -> frozenset[str]:
    if model in DYNAMIC_MODELS:
        return frozenset(DYNAMIC_FIELDS)
    models = plan.definition.models if plan.definition else ()
    return frozenset(name for m in models if m.name == model for name in m.markdown_fields)
