"""What becomes of a merged text of a note: it is taken, kept out, refused or asked about."""

from __future__ import annotations

from typing import Optional

from ....deck.base import HeldField
from ..changes import Choice, NotePlan, PartPlan, PartState, Question
from .fields import TextMerge
from .sides import Sides

_SIDES: tuple[Choice, ...] = ("mine", "theirs")


def settle(
    merge: TextMerge,
    name: str,
    now: str,
    plan: NotePlan,
    old: Optional[HeldField],
    sides: Sides,
    is_protected: bool,
) -> tuple[Optional[PartPlan], Optional[Question]]:
    """What becomes of a field, which is ``now`` in Anki, and the question that is asked of it."""
    key = f"field:{plan.guid}:{name}"
    if merge.state in ("same", "mine"):
        return None, None
    if is_protected:
        return PartPlan("field", name, "protected", now, merge.theirs), None
    if merge.state == "refused":
        return PartPlan("field", name, "refused", now, merge.theirs, why=merge.why), None
    if merge.state != "conflict":
        state: PartState = "merged" if merge.state == "merged" else "theirs"
        return PartPlan("field", name, state, now, merge.theirs, merge.html), None
    answer = sides.answers.get(key)
    answer = answer if answer in _SIDES else None
    question = Question(
        key,
        "field",
        plan.title,
        f"You and the author both changed “{name}”.",
        _SIDES,
        plan.deck,
        plan.note_id,
        old.anki if old else "",
        now,
        merge.theirs,
        answer,
    )
    if answer == "theirs":
        return PartPlan("field", name, "theirs", now, merge.theirs, merge.theirs), question
    state = "mine" if answer == "mine" else "question"
    return PartPlan("field", name, state, now, merge.theirs), question
