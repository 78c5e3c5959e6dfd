"""A plan as rows of a list, each with both its sides, and with what a person can settle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Optional, Union

from ...convert.deck_file.definition import DYNAMIC_FIELDS, DYNAMIC_MODELS
from ...sync.collection.card_effects import explain_clozes
from ...sync.deck.changes import (
    DeckChange,
    DeckNote,
    DeckPlan,
    MediaChange,
    ModelChange,
    PartChange,
)
from ...sync.deck.options import ChoiceKey
from ...sync.deck.plan.card_compare import show_card
from ...sync.deck.values import Values
from ...sync.deck.words import explain_note, tell_part
from ..widgets.choice_bar import Asked
from ..widgets.side_by_side import Section, Side

GROUPS = {
    "only_in_toml": "Only in TOML",
    "only_in_anki": "Only in Anki",
    "modified": "Modified",
    "unchanged": "Unchanged",
}
CONFLICT = "Conflict"
Change = Union[DeckNote, ModelChange, DeckChange, MediaChange]
_ACTIONS = {
    "add_to_anki": "→ added to Anki",
    "add_to_toml": "← written to the file",
    "remove_from_anki": "→ deleted from Anki",
    "remove_from_toml": "← deleted from the file",
    "adopt": "",
    "none": "left as it is",
}
_STATES = {
    "to_anki": "→ to Anki",
    "to_toml": "← to the file",
    "merged": "merged",
    "skipped": "conflict: left on both sides",
}
_DECKS = {
    "create": "→ created in Anki",
    "describe_anki": "→ description to Anki",
    "describe_toml": "← description to the file",
    "declare": "← added to the file's [[decks]]",
}
_MEDIA = {"to_anki": "→ to Anki", "to_toml": "← to the file's folder", "none": "left as it is"}


@dataclass(frozen=True)
class Listing:
    """A plan with what its list shows: conflicts first, unchanged notes last."""

    plan: DeckPlan
    changes: tuple[Change, ...]
    rows: tuple[tuple[str, ...], ...]


def list_plan(plan: DeckPlan) -> Listing:
    """Make a plan's list. Slow with ten thousand notes: call it in the background."""
    changes: list[Change] = [note for note in plan.notes if note.group != "unchanged"]
    changes += plan.models
    changes += plan.decks
    changes += [media for media in plan.media if media.action != "adopt"]
    changes.sort(key=lambda change: not is_conflict(change))
    changes += plan.group("unchanged")
    return Listing(plan, tuple(changes), tuple(map(make_row, changes)))


def make_row(change: Change) -> tuple[str, ...]:
    """A change's line: group, title, deck, what happens, and, not shown, if it is a conflict."""
    return (*_describe(change), CONFLICT if is_conflict(change) else "")


def _describe(change: Change) -> tuple[str, str, str, str]:
    if isinstance(change, DeckNote):
        return GROUPS[change.group], change.title, change.deck, _outcome(change)
    if isinstance(change, ModelChange):
        done = "→ changed in Anki" if change.notetype else "→ created in Anki"
        done = done if change.to_anki else "← written to the file" if change.to_toml else "left"
        return "Note type", change.name, "", f"{done}: {'; '.join(change.details)}"
    if isinstance(change, DeckChange):
        return "Deck", change.name, change.name, _DECKS[change.action]
    conflict = "conflict: " if change.conflict and change.action == "none" else ""
    return "Media", change.name, "", conflict + _MEDIA[change.action]


def is_conflict(change: Change) -> bool:
    """Whether nobody has settled it yet."""
    if isinstance(change, DeckNote):
        return change.conflict
    return isinstance(change, MediaChange) and change.conflict and change.action == "none"


def is_open(change: Change) -> bool:
    """Whether a person can settle something of it. Fast, because each row of a list asks."""
    if isinstance(change, DeckNote):
        return bool(change.conflict or change.deleted_in)
    return isinstance(change, MediaChange) and change.conflict


def list_questions(plan: DeckPlan, change: Change) -> list[Asked]:
    """What a person can settle of a change, settled already or not."""
    if plan.options.rule.one_way:
        return []
    otherwise = "As the policy says" if plan.options.rule.preferred else "Leave"

    def ask(
        key: ChoiceKey,
        title: str,
        toml: str = "Use TOML",
        anki: str = "Use Anki",
        otherwise: str = otherwise,
    ) -> Asked:
        answers = ((toml, "toml"), (anki, "anki"), (otherwise, None))
        return Asked(key, title, answers, plan.options.choices.get(key))

    if isinstance(change, MediaChange):
        key = ChoiceKey(0, "media", change.name)
        return [ask(key, change.name)] if change.conflict else []
    if not isinstance(change, DeckNote):
        return []
    if change.deleted_in:
        id_ = change.note_id or (change.toml.note_id if change.toml else 0) or 0
        key = ChoiceKey(id_, "note")
        if change.deleted_in == "anki":
            words = "Deleted in Anki", "Add to Anki Again", "Delete from the File"
        else:
            words = "Deleted in the file", "Delete from Anki", "Write to the File"
        return [ask(key, *words, "Leave")]
    return [
        ask(ChoiceKey(change.note_id, part.part, part.name), title_of(part), *_answers(part))
        for part in change.parts
        if part.conflict
    ]


def _answers(part: PartChange) -> tuple[str, ...]:
    """What the answers are called where one side removed a card that the other edited."""
    if part.part != "card" or (part.toml is not None and part.anki is not None):
        return ()
    if part.toml is None:
        return "Remove It from Anki", "Write It to the File"
    return "Add It to Anki Again", "Remove It from the File"


def list_sections(
    plan: DeckPlan, change: Change, values: Values, fields_of: Callable[[int], Sequence[str]]
) -> tuple[str, list[Section]]:
    """A line about a change, and both its sides. ``fields_of`` names a note type's fields."""
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
) -> Section:
    sides = (Side("TOML", toml, "new"), Side("Anki", anki, "old"))
    return Section(title, sides, outcome, conflict, result)


def title_of(part: PartChange) -> str:
    """What a part is called."""
    return part.name if part.part == "field" else _capitalise(tell_part(part))


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _about_note(change: DeckNote) -> str:
    where = [change.deck, change.model]
    if change.position:
        where.append(f"note {change.position:,} of the file")
    if change.note_id:
        where.append(f"id {change.note_id}")
    reason = explain_note(change)
    return " · ".join((*where, reason) if reason else where)


def _outcome(change: DeckNote) -> str:
    if change.action == "update":
        told = ", ".join(dict.fromkeys(map(_say_state, change.parts)))
        told = f"{told} ({', '.join(title_of(part) for part in change.parts)})"
        lost = change.lost_clozes
        return "; ".join((told, *explain_clozes((), lost.numbers, lost.reviews))) if lost else told
    told, reason = _ACTIONS[change.action], explain_note(change)
    if change.group == "unchanged":
        return reason or ("gets its id" if change.writes_id else "")
    return f"{told}: {reason}" if reason and told else reason or told


def _say_state(part: PartChange) -> str:
    left = part.state == "skipped" and not part.conflict
    return "left as it is" if left else _STATES[part.state]


def _note_sections(
    plan: DeckPlan, change: DeckNote, values: Values, fields_of: Callable[[int], Sequence[str]]
) -> list[Section]:
    markdown = _markdown_fields(plan, change.model)
    if change.parts:
        return [_part_section(part, markdown, values) for part in change.parts]
    if change.toml is not None:
        tags = change.toml.tags
        both = change.group == "unchanged"
        sections = [
            _both(name, text, text if both else None) for name, text in change.toml.fields.items()
        ]
        sections += [
            _both(f"Card {card.id or number}", text, text if both else None)
            for number, card in enumerate(change.toml.cards, 1)
            for text in (show_card(card.front, card.back),)
        ]
        if tags:
            told = " ".join(tags)
            sections.append(_both("Tags", told, told if both else None))
        return sections
    assert change.anki is not None
    names = fields_of(change.anki.notetype)
    texts = change.anki.fields.split("\x1f")[: len(DYNAMIC_FIELDS) if change.cards else None]
    sections = [
        _both(
            names[number] if number < len(names) else f"Field {number + 1}",
            None,
            values.to_toml(text, number < len(names) and names[number] in markdown),
        )
        for number, text in enumerate(texts)
        if text
    ]
    sections += [
        _both(f"Card {card.id}", None, show_card(card.front, card.back)) for card in change.cards
    ]
    tags_now = change.anki.tags.strip()
    return [*sections, _both("Tags", None, tags_now)] if tags_now else sections


def _part_section(part: PartChange, markdown: frozenset[str], values: Values) -> Section:
    reads_markdown = part.part == "card" or (part.part == "field" and part.name in markdown)
    outcome = _say_state(part)
    if part.conflict and part.state != "skipped":
        outcome = f"conflict, settled: {outcome}"
    if part.overwrites:
        outcome += ", an edit there is overwritten"
    if reads_markdown:
        outcome += " (Anki's side is shown as Markdown)"
    return _both(
        title_of(part),
        part.toml,
        None if part.anki is None else values.to_toml(part.anki, reads_markdown),
        outcome,
        part.conflict and part.state == "skipped",
        part.to_toml if part.state == "merged" else None,
    )


def _markdown_fields(plan: DeckPlan, model: str) -> frozenset[str]:
    if model in DYNAMIC_MODELS:
        return frozenset(DYNAMIC_FIELDS)
    models = plan.definition.models if plan.definition else ()
    return frozenset(name for m in models if m.name == model for name in m.markdown_fields)
