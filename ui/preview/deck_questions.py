"""The questions that the user can answer about a change in a TOML deck's plan."""

from __future__ import annotations

from ...sync.deck.changes import (
    DeckNote,
    DeckPlan,
    MediaChange,
    PartChange,
)
from ...sync.deck.options import ChoiceKey
from ..widgets.choice_bar import Asked
from .deck_rows import Change, title_of


def list_questions(plan: DeckPlan, change: Change) -> list[Asked]:
    """The questions about a change, with or without an answer. Empty in a one-way run."""
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
    """The names of the answers if one side removed a card that the other edited; else empty."""
    if part.part != "card" or (part.toml is not None and part.anki is not None):
        return ()
    if part.toml is None:
        return "Remove It from Anki", "Write It to the File"
    return "Add It to Anki Again", "Remove It from the File"
