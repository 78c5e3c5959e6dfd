"""Texts about a vault's plan: its numbers, and what it deletes."""

from __future__ import annotations

from ...sync.run.done import count_words
from ...sync.vault.changes import VaultPlan

_PAGES = {
    "create": "to create",
    "restore": "to bring back",
    "update": "to update",
    "move": "to move",
    "rewrite": "to rewrite (edited by hand)",
    "delete": "to delete",
}
_NOTES = {
    "note edit": "to edit",
    "note create": "to add",
    "note restore": "to bring back",
    "note delete": "to delete",
}


def explain_plan(plan: VaultPlan) -> str:
    """What a run would do, in numbers, as one or more sentences."""
    if plan.emptied:
        return f"Pages: {plan.emptied:,} to write again, after you confirm."
    counts = plan.counts()
    asked = counts.get("questions", 0)
    parts = []
    if asked:
        parts.append(f"{count_words(asked, 'question')} for you to decide.")
    notes = [f"{counts[kind]:,} {words}" for kind, words in _NOTES.items() if counts.get(kind)]
    if notes:
        parts.append(f"Notes in Anki: {', '.join(notes)}.")
    pages = [f"{counts[kind]:,} {words}" for kind, words in _PAGES.items() if counts.get(kind)]
    if counts["unchanged"] or not pages:
        pages.append(f"{counts['unchanged']:,} unchanged")
    parts.append(f"Pages: {', '.join(pages)}.")
    gone = sum(index.text is None for index in plan.indexes if index.writes)
    told = ((counts["index pages"] - gone, "to write"), (gone, "to remove"))
    indexes = [f"{number:,} {words}" for number, words in told if number]
    if indexes:
        parts.append(f"Index pages: {', '.join(indexes)}.")
    if counts["media"]:
        parts.append(f"Media: {count_words(counts['media'], 'file')}.")
    wrong = sum(message.level == "error" for message in plan.messages)
    if wrong:
        parts.append(f"{count_words(wrong, 'thing is', 'things are')} wrong: see Messages.")
    elif plan.is_empty and len(plan.questions) > asked:
        given = count_words(len(plan.questions) - asked, "answer")
        parts.append(f"Sync Now keeps your {given}.")
    elif plan.is_empty and not asked:
        parts.append("There is nothing to do: every page is as it should be.")
    return " ".join(parts)


def explain_losses(plan: VaultPlan) -> str:
    """What a run deletes from Anki by the user's choice, as a sentence; empty if nothing."""
    notes = sum(note.kind == "delete" for note in plan.notes)
    cards = sum(q.kind == "cards gone" and q.answer == "delete" for q in plan.questions)
    lost = []
    if notes:
        lost.append("1 note with its cards" if notes == 1 else f"{notes:,} notes with their cards")
    if cards:
        lost.append("cards of 1 note" if cards == 1 else f"cards of {cards:,} notes")
    if not lost:
        return ""
    return f"This deletes {' and '.join(lost)} from Anki, which makes a backup first."
