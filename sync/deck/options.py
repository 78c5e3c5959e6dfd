"""The options of a TOML deck's run: its direction, its policy, and a person's choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ..reconcile.policy import DeckPolicy, Rule

Strategy = Literal["push_only", "pull_only", "bidirectional"]
Side = Literal["toml", "anki"]
STRATEGIES: tuple[Strategy, ...] = ("push_only", "pull_only", "bidirectional")
_ONE_WAY: Mapping[Strategy, Side] = {"push_only": "toml", "pull_only": "anki"}


class ChoiceKey(NamedTuple):
    """The key of a conflict that a person can settle.

    It is about a part of a note (``name`` is the field's name or the card's id), about a note
    that one side deleted (``part`` is ``"note"``), or about a media file (``note_id`` is 0).
    """

    note_id: int
    part: Literal["field", "tags", "deck", "card", "order", "note", "media"]
    name: str = ""


@dataclass(frozen=True)
class DeckOptions:
    """The options of a run. ``choices`` settle single conflicts; they come before the policy.

    ``remove_missing`` is the side where notes are deleted that the other side deleted.
    ``change_models`` lets a run change declared models and Anki's note types.
    ``pull_new_notes`` and ``push_new_notes`` let it add notes that only one side has to the
    other. ``update_tags`` lets it change tags of notes that are on both sides. ``both``: fields in
    conflict of which each side gets both texts, the file's first.
    """

    strategy: Strategy = "bidirectional"
    on_conflict: DeckPolicy = "skip"
    remove_missing: Literal["none", "anki", "toml"] = "none"
    change_models: bool = False
    choices: Mapping[ChoiceKey, Side] = field(default_factory=dict)
    pull_new_notes: bool = True
    push_new_notes: bool = True
    update_tags: bool = True
    both: frozenset[ChoiceKey] = frozenset()

    @property
    def rule(self) -> Rule[Side]:
        """The rule that decides between the file and Anki."""
        return Rule("toml", "anki", self.on_conflict, _ONE_WAY.get(self.strategy))

    @property
    def pushes(self) -> bool:
        """Whether the run may write Anki."""
        return self.rule.one_way != "anki"

    @property
    def pulls(self) -> bool:
        """Whether the run may write more into the file than ids."""
        return self.rule.one_way != "toml"
