"""Which side wins a conflict: one table of policies, for every target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, Literal, Optional, TypeVar, Union, get_args

VaultPolicy = Literal["ask", "prefer_anki", "prefer_obsidian"]
DeckPolicy = Literal["prefer_toml", "prefer_anki", "skip", "fail"]
Policy = Union[VaultPolicy, DeckPolicy]
VAULT_POLICIES: tuple[VaultPolicy, ...] = get_args(VaultPolicy)
DECK_POLICIES: tuple[DeckPolicy, ...] = get_args(DeckPolicy)
S = TypeVar("S", bound=str)

# The side that a policy prefers. None: both stay as they are until a person decides.
_TAKES: Mapping[Policy, Optional[str]] = {
    "ask": None,
    "skip": None,
    "fail": None,
    "prefer_anki": "anki",
    "prefer_obsidian": "obsidian",
    "prefer_toml": "toml",
}
_STOPS: tuple[Policy, ...] = ("fail",)  # nothing at all is written while a conflict is open


@dataclass(frozen=True)
class Rule(Generic[S]):
    """Decides between Anki and the other side. A person's answer comes before the policy.

    ``one_way``: the side that always wins, in a run that works in one direction only.
    """

    other: S
    anki: S
    policy: Policy
    one_way: Optional[S] = None

    @property
    def preferred(self) -> Optional[S]:
        """The side that wins a conflict without an answer."""
        taken = _TAKES.get(self.policy)
        return next((side for side in (self.other, self.anki) if side == taken), None)

    @property
    def stops(self) -> bool:
        """Whether nothing at all is written while a conflict is open."""
        return self.policy in _STOPS

    def settle(self, answer: Optional[S] = None) -> Optional[S]:
        """The winner of a conflict; nothing when both sides stay as they are."""
        return answer or self.preferred

    def winner(self, in_other: bool, in_anki: bool, answer: Optional[S] = None) -> Optional[S]:
        """The side to take, from which sides changed; nothing when both stay as they are."""
        if self.one_way:
            return self.one_way
        if in_other != in_anki:
            return self.other if in_other else self.anki
        return self.settle(answer)
