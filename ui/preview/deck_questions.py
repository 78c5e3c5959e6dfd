"""The questions that the user can answer about a change in a TOML deck's plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from ...sync.deck.changes import (
    DeckNote,
    DeckPlan,
    MediaChange,
    PartChange,
)
from ...sync.deck.options import ChoiceKey, DeckOptions, Side
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
        *,
        can_be_both: bool = False,
    ) -> Asked:
        sides = [(toml, "toml"), (anki, "anki"), *([("Both", "both")] if can_be_both else [])]
        answers = (*sides, (otherwise, None))
        chosen = "both" if key in plan.options.both else plan.options.choices.get(key)
        return Asked(key, title, answers, chosen)

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
        ask(
            ChoiceKey(change.note_id, part.part, part.name),
            title_of(part),
            *_answers(part),
            can_be_both=part.part == "field",
        )
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


def answers_of(options: DeckOptions) -> dict[ChoiceKey, str]:
    """All answers that options hold, by the keys of their questions."""
    return {**options.choices, **dict.fromkeys(options.both, "both")}


def with_answers(options: DeckOptions, answers: Mapping[ChoiceKey, str]) -> DeckOptions:
    """The options with these answers, and no others."""
    sides = {key: cast(Side, answer) for key, answer in answers.items() if answer != "both"}
    both = frozenset(key for key, answer in answers.items() if answer == "both")
    return replace(options, choices=sides, both=both)
