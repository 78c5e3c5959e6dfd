"""The plan of a pull from Rember as rows, with both sides of each change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Optional

from ...convert.edit.text_edit import show_text
from ...model.note import DynamicNote
from ...sync.run.done import count_words
from ...sync.source.rember.changes import RembChange, RemberPlan, RemberQuestion
from ..runs.source_kinds import Source
from ..widgets.side_by_side import Section, Side
from .source_rows import QUESTION, Listing, Shown, ask, sort_rows

_GROUPS = {"add": "New", "update": "Changed", "delete": "Deleted"}
_ACTIONS = {
    "add": "added to Anki",
    "update": "changed in Anki",
    "delete": "deleted from Anki: it is gone in Rember",
}
_WORDS = {
    "rember": "Take Rember's",
    "mine": "Keep Mine",
    "delete": "Delete",
    "keep": "Keep as Mine",
}
_TITLES = {
    "edited": "Both changed it",
    "unlike": "They differ",
    "unwanted": "You deleted it",
    "twice": "There twice",
    "large": "Many changes",
}


def list_rember(source: Source, plan: RemberPlan) -> Listing:
    """Make the list of a plan. Slow with thousands of rembs: call it in the background."""
    rows = [_show_question(question) for question in plan.questions]
    rows += [_show_change(change) for change in plan.pick("add", "update", "delete")]
    deletes = len(plan.pick("delete"))
    learns = bool(plan.changes) or plan.pulled is not None
    return Listing(
        source,
        plan,
        None,
        sort_rows(rows),
        explain_plan(plan),
        "",
        plan.messages,
        f"This deletes {count_words(deletes, 'note')} from Anki." if deletes else "",
        can_run=learns,
    )


def explain_plan(plan: RemberPlan) -> str:
    """What a run would do, in numbers, as one or more sentences."""
    counts = (("add", "new"), ("update", "changed"), ("delete", "deleted"))
    told = ", ".join(f"{len(plan.pick(action)):,} {word}" for action, word in counts)  # type: ignore[arg-type]
    text = f"Rember: {told}."
    if plan.open_questions:
        text += f" {count_words(plan.open_questions, 'question')} for you."
    if plan.waits:
        text += f" {count_words(plan.waits, 'remb')} cannot be read yet."
    if not plan.writes_anki:
        text += " There is nothing to write."
    return text


def _show_question(question: RemberQuestion) -> Shown:
    answer = None if question.is_open else question.answer
    answers = [(_WORDS[choice], choice) for choice in question.choices if choice in _WORDS]
    title = _TITLES.get(question.kind, "Gone in Rember")
    told = "stays as it is until you decide" if answer is None else _WORDS.get(answer, "")
    row = ("You decide", question.title, "", told, "" if answer else QUESTION)
    asked = ask(question.key, title, answers, answer)
    sections = [
        Section(each.name, (Side("Mine", each.mine, "one"), Side("Rember's", each.theirs, "other")))
        for each in question.passages
    ]
    return Shown(("question", question.key), row, (asked,), lambda: (question.text, sections))


def _show_change(change: RembChange) -> Shown:
    row = (_GROUPS[change.action], change.title, "", _ACTIONS[change.action], "")
    return Shown(("remb", f"{change.id}:{change.note_id}"), row, (), partial(_show_sides, change))


def _show_sides(change: RembChange) -> tuple[str, Sequence[Section]]:
    return f"Remb {change.id}", [*_sections(change.before, change.after)]


def _sections(before: Optional[DynamicNote], after: Optional[DynamicNote]) -> Iterator[Section]:
    old, new = _texts(before), _texts(after)
    for name in dict.fromkeys((*old, *new)):
        mine, theirs = old.get(name), new.get(name)
        if mine == theirs:
            continue
        sides = [] if before is None else [Side("In Anki", mine, "old")]
        sides += [] if after is None else [Side("After the update", theirs, "new")]
        yield Section(name, tuple(sides))


def _texts(note: Optional[DynamicNote]) -> dict[str, str]:
    """The texts of a note by their names, as Markdown."""
    if note is None:
        return {}
    texts = {"Note": show_text(note.note), "Source": note.link}
    for card in note.cards:
        texts[f"Card {card.id}"] = f"{show_text(card.front)}\n\n{show_text(card.back)}"
    return {name: text for name, text in texts.items() if text}
