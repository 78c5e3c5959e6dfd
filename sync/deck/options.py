"""How the run of a TOML deck goes: its direction, its policy, and what a person settled."""

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
    """One conflict that a person can settle: a field, the tags, the deck, a card (``name`` is its
    id) or the order of the cards of a note; a note deleted on one side (``part`` is ``"note"``);
    or a media file (no note id)."""

    note_id: int
    part: Literal["field", "tags", "deck", "card", "order", "note", "media"]
    name: str = ""


@dataclass(frozen=True)
class DeckOptions:
    """How a run goes. ``choices`` settle conflicts one by one, before the policy is asked.

    ``remove_missing`` names the side that loses notes which the other side deleted.
    ``change_models`` lets declared models and Anki's note types change each other. Notes that only
    one side has are new: ``pull_new_notes`` and ``push_new_notes`` let them come to the other.
    ``update_tags`` lets the tags of notes on both sides change.
    """

    strategy: Strategy = "bidirectional"
    on_conflict: DeckPolicy = "skip"
    remove_missing: Literal["none", "anki", "toml"] = "none"
    change_models: bool = False
    choices: Mapping[ChoiceKey, Side] = field(default_factory=dict)
    pull_new_notes: bool = True
    push_new_notes: bool = True
    update_tags: bool = True

    @property
    def rule(self) -> Rule[Side]:
        """Who wins where the file and Anki differ."""
        return Rule("toml", "anki", self.on_conflict, _ONE_WAY.get(self.strategy))

    @property
    def pushes(self) -> bool:
        """Whether Anki may be written."""
        return self.rule.one_way != "anki"

    @property
    def pulls(self) -> bool:
        """Whether the file may be written, but for ids."""
        return self.rule.one_way != "toml"
