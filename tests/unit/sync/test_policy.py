"""Who wins a conflict: the same for every target, whatever its policies are called."""

from __future__ import annotations

from itertools import product
from typing import Optional

import pytest

from ankivault.sync.reconcile.policy import DECK_POLICIES, VAULT_POLICIES, Policy, Rule

TARGETS: tuple[tuple[str, tuple[Policy, ...]], ...] = (
    ("obsidian", VAULT_POLICIES),
    ("toml", DECK_POLICIES),
)
CASES = [(other, policy) for other, policies in TARGETS for policy in policies]
BOTH = (True, False)


@pytest.mark.parametrize(("other", "policy"), CASES)
def test_direction_comes_before_edits_edits_before_answers_answers_before_policy(
    other: str, policy: Policy
) -> None:
    sides: tuple[Optional[str], ...] = (None, other, "anki")
    preferred = policy[len("prefer_") :] if policy.startswith("prefer_") else None
    assert preferred in sides
    for one_way, answer, in_other, in_anki in product(sides, sides, BOTH, BOTH):
        rule = Rule(other, "anki", policy, one_way)
        edited = None if in_other == in_anki else other if in_other else "anki"
        expected = one_way or edited or answer or preferred
        assert rule.winner(in_other, in_anki, answer) == expected
        assert rule.settle(answer) == (answer or preferred)
        assert rule.stops == (policy == "fail")
