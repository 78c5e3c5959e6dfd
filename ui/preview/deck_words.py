"""Texts about a TOML deck's plan: its numbers, what it deletes, problems in the file."""

from __future__ import annotations

from ...sync.deck.changes import DeckPlan
from ...sync.run.done import count_words
from ...sync.run.report import Message


def explain_plan(plan: DeckPlan) -> str:
    """What a run would do, in numbers, as one or more sentences."""
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
        text += f" {count_words(conflicts, 'conflict')} to settle."
    if plan.is_empty and not plan.refusal:
        text += " There is nothing to write."
    return text


def explain_losses(plan: DeckPlan) -> str:
    """What a run would delete, as a sentence; empty if it deletes nothing."""
    doomed = [
        (sum(note.action == action for note in plan.notes), where)
        for action, where in (("remove_from_anki", "Anki"), ("remove_from_toml", "the file"))
    ]
    losses = [f"{count_words(n, 'note')} from {side}" for n, side in doomed if n]
    return f"This deletes {' and '.join(losses)}." if losses else ""


def list_problems(plan: DeckPlan) -> list[Message]:
    """The problems in the file with their lines, and the reasons for a full sync, as messages."""
    told = []
    for problem in plan.problems:
        note = f"Note {problem.note}: " if problem.note else ""
        where = f"{plan.file.name}:{problem.line}"
        told.append(Message(problem.level, note + problem.message, where))
    return told + [Message("warning", f"{reason}.", plan.file.name) for reason in plan.full_sync]
