"""The plan of a TOML deck in plain types, for the command line."""

from __future__ import annotations

from typing import Any

from .changes import DeckNote, DeckPlan, PartChange
from .words import explain_note, explain_part, list_other_changes


def plan_as_json(plan: DeckPlan) -> dict[str, Any]:
    """All that a plan would change, and what is wrong with its file."""
    return {
        "notes": [_note_as_json(note) for note in plan.notes if note.group != "unchanged"],
        "other": list(list_other_changes(plan)),
        "full_sync": list(plan.full_sync),
        "problems": [
            {"level": p.level, "line": p.line, "note": p.note, "message": p.message}
            for p in plan.problems
        ],
    }


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
