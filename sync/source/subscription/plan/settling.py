"""What becomes of a merged text of a note: it is taken, kept out, refused or asked about."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Optional

from ....deck.base import HeldField, HeldNote
from ..changes import Choice, NotePlan, PartPlan, PartState, Question
from .fields import TextMerge, merge_text
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


@dataclass(frozen=True)
class FieldsMerged:
    """What becomes of the fields of a note. ``held`` is what the base remembers of them then."""

    parts: tuple[PartPlan, ...]
    questions: tuple[Question, ...]
    held: dict[str, HeldField]


def merge_fields(
    sides: Sides,
    plan: NotePlan,
    theirs: Mapping[str, str],
    now: Mapping[str, str],
    held: Optional[HeldNote],
    markdown: Container[str],
    protected: Container[str],
) -> FieldsMerged:
    """Merge the author's fields, ``theirs``, with those that Anki has ``now``, each by its name.

    Fields that Anki lacks are left out. ``markdown`` and ``protected`` are names of fields.
    """
    parts, questions = [], []
    fields = dict(held.fields) if held else {}
    for name, text in theirs.items():
        if name not in now:
            continue
        old = fields.get(name)
        if old is None and held is not None:  # a field that the base lacks was empty
            old = HeldField(None, "", name in markdown)
        merge = merge_text(sides.values, text, name in markdown, now[name], old)
        part, question = settle(merge, name, now[name], plan, old, sides, name in protected)
        parts += [part] if part else []
        questions += [question] if question else []
        takes = part is None or part.state in ("theirs", "merged", "mine")
        if takes and merge.held is not None:
            fields[name] = merge.held
    return FieldsMerged(tuple(parts), tuple(questions), fields)
