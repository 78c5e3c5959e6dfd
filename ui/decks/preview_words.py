"""A deck's plan in a sentence, and what is wrong with its file."""

from __future__ import annotations

from ...sync.deck.changes import DeckPlan
from ...sync.report import Message


def explain_plan(plan: DeckPlan) -> str:
    """What a run would do, in numbers."""
    counts = plan.counts
    told = [
        f"{counts['only_in_toml']:,} only in TOML",
        f"{counts['only_in_anki']:,} only in Anki",
        f"{counts['modified']:,} modified",
        f"{counts['unchanged']:,} unchanged",
    ]
    text = f"{plan.file.name}: {', '.join(told)}."
    conflicts = counts["conflicts"]
    if conflicts:
        text += f" {conflicts:,} {'conflict' if conflicts == 1 else 'conflicts'} to settle."
    if plan.is_empty and not plan.refusal:
        text += " There is nothing to write."
    return text


def list_problems(plan: DeckPlan) -> list[Message]:
    """What a person must know about the file, or agree to, with its lines."""
    told = []
    for problem in plan.problems:
        note = f"Note {problem.note}: " if problem.note else ""
        where = f"{plan.file.name}:{problem.line}"
        told.append(Message(problem.level, note + problem.message, where))
    return told + [Message("warning", f"{reason}.", plan.file.name) for reason in plan.full_sync]
