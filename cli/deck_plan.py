"""The plan of a TOML deck in plain types, and as lines of text, for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..sync.deck.changes import DeckNote, DeckPlan, PartChange
from ..sync.deck.words import (
    explain_note,
    explain_part,
    explain_refusal,
    list_other_changes,
    tell_part,
)


def has_failed(plan: DeckPlan) -> bool:
    """Whether the plan has an error, or is refused as a whole."""
    return bool(plan.refusal) or any(p.level == "error" for p in plan.problems)


def plan_as_json(plan: DeckPlan) -> dict[str, Any]:
    """All changes and problems of a plan."""
    return {
        **plan.counts,
        "ok": not has_failed(plan),
        "refusal": explain_refusal(plan),
        "notes": [_note_as_json(note) for note in plan.notes if note.group != "unchanged"],
        "other": list(list_other_changes(plan)),
        "full_sync": list(plan.full_sync),
        "problems": [
            {"level": p.level, "line": p.line, "note": p.note, "message": p.message}
            for p in plan.problems
        ],
    }


def plan_lines(plan: DeckPlan) -> Iterator[str]:
    """The changes as text, without the problems."""
    for note in plan.notes:
        if note.group != "unchanged":
            yield f"{note.group:13} {note.action:16} {note.title}: {explain_note(note)}"
            for part in note.parts:
                yield from _part_lines(part)
    yield from list_other_changes(plan)


def _part_lines(part: PartChange) -> Iterator[str]:
    yield f"    {tell_part(part)} ({part.state})"
    for side, now, then in (
        ("TOML", part.toml, part.to_toml),
        ("Anki", part.anki, part.to_anki),
    ):
        yield f"        {side}: {(now if then is None else then) or ''}"


def _note_as_json(note: DeckNote) -> dict[str, Any]:
    return {
        "group": note.group,
        "action": note.action,
        "note_id": note.note_id or None,
        "position": note.position or None,
        "title": note.title,
        "reason": explain_note(note),
        "conflict": note.conflict,
        "parts": [_part_as_json(part) for part in note.parts],
    }


def _part_as_json(part: PartChange) -> dict[str, Any]:
    words = explain_part(part)
    return {
        "part": part.part,
        "name": part.name,
        "state": part.state,
        "toml": part.toml,
        "anki": part.anki,
        "to_toml": part.to_toml,
        "to_anki": part.to_anki,
        **({"words": words} if words else {}),
    }
