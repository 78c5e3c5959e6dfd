"""Plans a run: what becomes of everything that was pulled, and of what waits. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Optional

from ...collection.decks import find_guids
from ...collection.dynamic_cards import find_cards, find_unsettled
from ...collection.reads import read_usn
from ...dynamic.notes import find_linked, read_dynamic_notes
from ...run.done import count_words
from ...run.errors import AnkivaultError
from ...run.faults import tell_fault
from ...run.progress import Progress, no_progress
from ...run.report import Message
from .base import RemberBase, RembRow
from .case import Case, Sides, wait
from .changes import (
    LARGE,
    MANY,
    NO_ANSWERS,
    STRANGERS,
    Action,
    Answers,
    Pulled,
    RembChange,
    RemberPlan,
    RemberQuestion,
)
from .content import digest
from .copies import pick_notes, plan_copies, plan_repairs
from .service import Service

if TYPE_CHECKING:
    from anki.collection import Collection

_FEW = 20  # so many deletions need no person's word, as long as they are few among the notes
_TOLD = 5  # so many rembs of a kind are told one by one
_OF_ALL = 5  # the part of all notes that is many


class PulledElsewhere(AnkivaultError):
    """What was pulled does not follow what the base holds by now."""

    def __init__(self) -> None:
        super().__init__("Rember was pulled by another run meanwhile. Pull once more.")


def make_plan(
    col: Collection,
    service: Service,
    base: RemberBase,
    account: str,
    pulled: Optional[Pulled],
    answers: Answers = NO_ANSWERS,
    progress: Progress = no_progress,
) -> RemberPlan:
    """What becomes of what was pulled, and of what waits from before.

    Raises ``PulledElsewhere`` when ``pulled`` does not follow the base.
    """
    if pulled and (pulled.account, pulled.run) != (account, base.runs):
        raise PulledElsewhere
    says = _gather(col, service, base, pulled)
    sides = _read_sides(col, service, base, [*says], answers, pulled is not None and pulled.anew)
    changes: list[RembChange] = []
    questions: list[RemberQuestion] = []
    messages: list[Message] = []
    told: list[Case] = []
    waits = 0
    for number, (id_, said) in enumerate(says.items()):
        progress("Comparing with Rember", number, len(says))
        row = sides.rows.get(id_, RembRow(id_))
        try:
            case = Case(sides, row, said)
            change = case.decide()
            questions += case.questions
            waits += case.waits
            told += [case] if case.told else []
        except Exception as error:  # a fault of our own costs only this one
            messages.append(tell_fault(error, f"the remb {id_}"))
            change = wait(row, said)
        changes += [change] if change else []
    for question in _ask_about_several(changes, base.count_held()):
        question = replace(question, answer=answers.get(question.key))
        questions.append(question)
        changes = _hold_back(changes, question)
    copies, about_copies = plan_copies(col, base, answers)
    changes += copies
    changes += plan_repairs(col, base, {change.note_id for change in changes})
    questions += about_copies
    messages += _tell(told)
    messages += map(_tell_unusual, pulled.patch.unusual if pulled else ())
    return RemberPlan(
        account,
        base.runs,
        pulled,
        pulled.patch.cookie if pulled else base.cookie,
        read_usn(col),
        tuple(changes),
        tuple(questions),
        tuple(messages),
        waits,
    )


def _gather(
    col: Collection, service: Service, base: RemberBase, pulled: Optional[Pulled]
) -> dict[str, Optional[str]]:
    """Remb id → what Rember says (None: it is gone), for all that may have to be done."""
    waiting = base.waiting()
    says = {id_: row.waiting or None for id_, row in waiting.items()}
    if pulled is None:
        return says
    patch = pulled.patch
    if patch.clears:
        known = base.ids()
        linked = [] if known else find_linked(col, service.remb)
        ours = (guid for guid, link in linked if link == service.link(guid))
        says = dict.fromkeys((*known, *base.writing(), *ours))
    rows = base.find(patch.says)
    for id_, said in patch.says.items():
        row = rows.get(id_)
        if said and row and row.waiting is None and row.said == digest(said) and not pulled.anew:
            says.pop(id_, None)  # Anki knows it
        else:
            says[id_] = said
    return says


def _read_sides(
    col: Collection,
    service: Service,
    base: RemberBase,
    ids: Sequence[str],
    answers: Answers,
    anew: bool,
) -> Sides:
    guids = find_guids(col, ids)
    note_ids = [note_id for found in guids.values() for note_id in found]
    return Sides(
        service,
        base.find(ids),
        base.writing(),
        guids,
        pick_notes(col, read_dynamic_notes(col, note_ids)),
        find_cards(col, note_ids),
        find_unsettled(col, note_ids),
        answers,
        anew,
    )


def _ask_about_several(changes: Sequence[RembChange], held: int) -> list[RemberQuestion]:
    """The questions about several notes at once. ``held`` is how many came from Rember so far."""
    gone, strangers, changed = (
        sum(_belongs(change, key) for change in changes) for key in (MANY, STRANGERS, LARGE)
    )
    asked: list[RemberQuestion] = []
    if gone > _FEW or (gone > 1 and gone * _OF_ALL > held):
        text = (
            f"{gone:,} notes are gone in Rember. Delete them in Anki too, with their reviews, or "
            "keep them as notes of your own?"
        )
        asked.append(RemberQuestion(MANY, "many", _count(gone), text, ("delete", "keep")))
    if strangers:
        it = "it" if strangers == 1 else "them"
        text = (
            f"{_count(strangers)} came from Rember once, but this account does not have {it}. "
            "Delete or keep?"
        )
        asked.append(
            RemberQuestion(STRANGERS, "strangers", _count(strangers), text, ("delete", "keep"))
        )
    if changed > _FEW and changed * _OF_ALL > held:
        text = f"Rember changes {changed:,} of {held:,} notes. Look at them, then let them come."
        asked.append(RemberQuestion(LARGE, "large", _count(changed), text, ("rember",)))
    return asked


def _count(notes: int) -> str:
    return count_words(notes, "note")


def _belongs(change: RembChange, key: str) -> bool:
    """Whether a change is part of the question with this key."""
    if change.chosen or change.aside:
        return False
    if key == LARGE:
        return change.action == "update"
    return change.action == "delete" and change.stranger == (key == STRANGERS)


def _hold_back(changes: Sequence[RembChange], question: RemberQuestion) -> list[RembChange]:
    """The changes as the answer to a question about several notes wants them."""
    if question.answer in ("delete", "rember"):
        return [*changes]
    action: Action = "forget" if question.answer == "keep" else "wait"
    return [
        replace(each, action=action, row=each.kept if action == "wait" else None, writing=None)
        if _belongs(each, question.key)
        else each
        for each in changes
    ]


def _tell(cases: Sequence[Case]) -> Iterator[Message]:
    """A warning for each remb that has one; only one for many of a kind."""
    alike: dict[str, list[Case]] = {}
    for case in cases:
        alike.setdefault(case.told, []).append(case)
    for told, same in alike.items():
        if len(same) > _TOLD:
            text = f"{len(same):,} rembs: each {told}. One of them is “{same[0].title}”."
            yield Message("warning", text)
            continue
        for case in same:
            text = f"The remb “{case.title}” {told}."
            yield Message("warning", text, None, case.note_id or None)


def _tell_unusual(id_: str) -> Message:
    return Message("warning", f"The remb “{id_}” has an id that no note can have. It is left out.")
