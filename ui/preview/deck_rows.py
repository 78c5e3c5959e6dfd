"""A TOML deck's plan as rows of a list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Union

from ...sync.deck.changes import (
    DeckChange,
    DeckNote,
    DeckPlan,
    MediaChange,
    ModelChange,
    PartChange,
)
from ...sync.deck.words import explain_note, list_losses, tell_part
from ..app.messages import capitalise
from ..widgets.grouped_rows import Grouping, GroupPath, group_rows

GROUPS = {
    "only_in_toml": "Only in TOML",
    "only_in_anki": "Only in Anki",
    "modified": "Modified",
    "unchanged": "Unchanged",
}
CONFLICT = "Conflict"
CHANGED = "≠"
Change = Union[DeckNote, ModelChange, DeckChange, MediaChange]
_ORDER = {kind: number for number, kind in enumerate(GROUPS.values())}
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
    """A plan with the rows of its list: conflicts first, unchanged notes last."""

    plan: DeckPlan
    changes: tuple[Change, ...]
    rows: tuple[tuple[str, ...], ...]
    grouping: Grouping = field(default_factory=Grouping)


def list_plan(plan: DeckPlan) -> Listing:
    """Make the list of a plan. Slow with ten thousand notes: call it in the background."""
    changes: list[Change] = [note for note in plan.notes if note.group != "unchanged"]
    changes += plan.models
    changes += plan.decks
    changes += [media for media in plan.media if media.action != "adopt"]
    changes.sort(key=lambda change: not is_conflict(change))
    changes += plan.group("unchanged")
    rows = tuple(map(make_row, changes))
    return Listing(plan, tuple(changes), rows, group_rows(list(map(_find_group, rows))))


def _find_group(row: tuple[str, ...]) -> GroupPath:
    """Conflicts first, then by deck and kind, then what is in no deck, and what stays."""
    kind, deck = row[0], row[2]
    if row[4] == CONFLICT:
        return ((0, "Conflicts"),)
    if row[5] != CHANGED:
        return ((90, kind),)
    if kind not in _ORDER or not deck:
        return ((80, kind),)
    return (*((50, part) for part in deck.split("::")), (_ORDER[kind], kind))


def make_row(change: Change) -> tuple[str, ...]:
    """The row of a change: group, title, deck, what happens, and two for filters, not shown.

    They are ``CONFLICT`` and ``CHANGED``, or nothing.
    """
    is_same = isinstance(change, DeckNote) and change.group == "unchanged"
    conflict = CONFLICT if is_conflict(change) else ""
    return (*_describe(change), conflict, "" if is_same else CHANGED)


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
    """Whether a change is a conflict that is not settled yet."""
    if isinstance(change, DeckNote):
        return change.conflict
    return isinstance(change, MediaChange) and change.conflict and change.action == "none"


def is_open(change: Change) -> bool:
    """Whether a change may have questions, settled or not. Fast: it is called for every row."""
    if isinstance(change, DeckNote):
        return bool(change.conflict or change.deleted_in)
    return isinstance(change, MediaChange) and change.conflict


def title_of(part: PartChange) -> str:
    """The name of a part as users see it."""
    return part.name if part.part == "field" else capitalise(tell_part(part))


def _outcome(change: DeckNote) -> str:
    if change.action == "update":
        told = ", ".join(dict.fromkeys(map(say_state, change.parts)))
        told = f"{told} ({', '.join(title_of(part) for part in change.parts)})"
        return "; ".join((told, *list_losses(change)))
    told, reason = _ACTIONS[change.action], explain_note(change)
    if change.group == "unchanged":
        return reason or ("gets its id" if change.writes_id else "")
    return f"{told}: {reason}" if reason and told else reason or told


def say_state(part: PartChange) -> str:
    left = part.state == "skipped" and not part.conflict
    return "left as it is" if left else _STATES[part.state]
