"""The plan of a subscription's update as rows, with both sides of each change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Optional

from ...convert.edit.text_edit import show_text
from ...sync.run.done import count_words
from ...sync.run.report import Message
from ...sync.source.subscription.changes import (
    DeckPlan,
    MediaPlan,
    NotePlan,
    PartPlan,
    Question,
    SubscriptionPlan,
    TypePlan,
)
from ..app.messages import capitalise
from ..runs.source_kinds import Source
from ..widgets.choice_bar import Asked
from ..widgets.side_by_side import Section, Side
from .source_rows import QUESTION, Listing, Shown, ask, sort_rows

_WORDS = {
    "mine": "Keep Mine",
    "theirs": "Take the Author's",
    "keep": "Keep as Mine",
    "delete": "Delete",
    "add": "Add",
    "leave": "Leave Out",
}
_GROUPS = {"add": "New", "update": "Changed", "delete": "Deleted"}
_ACTIONS = {"add": "added to Anki", "delete": "deleted from Anki"}
_STATES = {
    "theirs": "the author's",
    "merged": "merged with yours",
    "protected": "protected: yours stays",
    "question": "you decide: yours stays until then",
    "refused": "left as it is",
    "mine": "yours stays",
}
_ASIDE = {
    "gone": "the author took it out: it stays until you decide",
    "twice": "it is in Anki twice",
    "absent": "not in Anki: new, or you deleted it",
    "card gone": "the author took a card out: it stays until you decide",
}


def list_subscription(source: Source, plan: SubscriptionPlan) -> Listing:
    """Make the list of a plan. Slow with ten thousand notes: call it in the background."""
    rows = [*map(_show_type, plan.types)]
    rows += [_show_question(question) for question in plan.deck_questions]
    rows += [_show_note(note) for note in plan.notes if _is_shown(note)]
    rows += [_show_deck(deck) for deck in plan.decks if deck.creates or deck.description]
    rows += [_show_media(each) for each in plan.media if each.writes or each.question]
    rows += [_show_question(question, "Deleted by you") for question in plan.deleted]
    where = plan.file.name
    messages = [
        Message(problem.level, problem.message, f"{where}:{problem.line}")
        for problem in plan.problems
    ]
    messages += [Message("warning", f"{reason}.") for reason in plan.full_sync]
    deletes = plan.counts["delete"]
    return Listing(
        source,
        plan,
        None,
        sort_rows([row for row in rows if row is not None]),
        explain_plan(plan),
        _warn(plan),
        tuple(messages),
        f"This deletes {count_words(deletes, 'note')} from Anki." if deletes else "",
        plan.full_sync,
        any(each.waits or each.full_sync for each in plan.types),
        not plan.is_empty or plan.learns,
        plan.file.parent,
    )


_NOTES = {
    "add": "new",
    "update": "changed",
    "delete": "deleted",
    "media": "media",
}


def explain_plan(plan: SubscriptionPlan) -> str:
    """What an update would do, in numbers, as one or more sentences."""
    counts = plan.counts
    told = [f"{counts[kind]:,} {words}" for kind, words in _NOTES.items() if counts[kind]]
    text = f"{plan.subscription.title}:"
    if told:
        text += f" {', '.join(told)}."
    if counts["waiting"]:
        text += f" {count_words(counts['waiting'], 'question')} for you."
    if plan.is_empty:
        text += " There is nothing to write."
    return text


def _warn(plan: SubscriptionPlan) -> str:
    waits = sum(bool(each.waits) for each in plan.types)
    if not waits:
        return ""
    what = "A note type changes" if waits == 1 else f"{waits:,} note types change"
    waiting = "It waits until you tick the box below."
    return f"{what} in a way that forces a full AnkiWeb sync. {waiting}"


def _is_shown(note: NotePlan) -> bool:
    return note.writes or bool(note.questions) or bool(note.parts)


def _show_note(note: NotePlan) -> Shown:
    asked = tuple(_ask(question, note) for question in note.questions)
    is_open = any(question.is_open for question in note.questions)
    group = _GROUPS.get(note.action, "Kept")
    if is_open:
        group = "You decide"
    row = (group, note.title, note.deck, _outcome(note), QUESTION if is_open else "")
    return Shown(("note", note.guid, note.note_id), row, asked, partial(_show_sides, note))


def _outcome(note: NotePlan) -> str:
    told = [_ACTIONS[note.action]] if note.action in _ACTIONS else []
    for state in dict.fromkeys(part.state for part in note.parts):
        names = ", ".join(_name(part) for part in note.parts if part.state == state)
        told.append(f"{_STATES[state]} ({names})")
    for question in note.questions:
        if question.is_open and question.kind in _ASIDE:
            told.append(_ASIDE[question.kind])
    return "; ".join(dict.fromkeys(told)) or "left as it is"


def _name(part: PartPlan) -> str:
    return part.name if part.part == "field" else capitalise(f"{part.part} {part.name}".strip())


def _ask(question: Question, note: Optional[NotePlan] = None) -> Asked:
    answers = [(_WORDS[choice], choice) for choice in question.choices]
    return ask(question.key, _title(question, note), answers, question.answer)


def _title(question: Question, note: Optional[NotePlan]) -> str:
    if note and question.kind == "field":
        return question.key[len(f"field:{note.guid}:") :]
    return {
        "card": "Card",
        "card gone": "Card taken out",
        "gone": "Taken out",
        "twice": "This copy",
        "absent": "Not in Anki",
        "deck": "New notes",
        "type": "Note type",
        "media": "File",
    }.get(question.kind, "You decide")


def _show_sides(note: NotePlan) -> tuple[str, Sequence[Section]]:
    told = [note.deck, note.theirs.note.model if note.theirs else ""]
    told += [question.text for question in note.questions]
    return " · ".join(filter(None, told)), [*_sections(note)]


def _sections(note: NotePlan) -> Iterator[Section]:
    asked = {_title(q, note): q for q in note.questions if q.kind == "field"}
    for part in note.parts:
        question = asked.get(part.name) if part.part == "field" else None
        yield _part_section(part, question)
    for question in note.questions:
        if question.kind in ("card", "card gone"):
            yield _compare(capitalise(question.kind), question)
    if note.action == "add" and note.held:
        for name, held in note.held.fields.items():
            yield Section(name, (Side("The author's", show_text(held.anki), "new"),))
        for id_, card in note.held.cards.items():
            text = f"{show_text(card.front.anki)}\n\n{show_text(card.back.anki)}"
            yield Section(f"Card {id_}", (Side("The author's", text, "new"),))
        if note.held.tags:
            yield Section("Tags", (Side("The author's", " ".join(note.held.tags), "new"),))
    if not note.parts and note.anki and note.action != "add":
        for number, value in enumerate(note.anki.fields.split("\x1f")[:8], start=1):
            if value:
                yield Section(f"Field {number}", (Side("In Anki", show_text(value)),))


def _part_section(part: PartPlan, question: Optional[Question]) -> Section:
    is_text = part.part in ("field", "card")
    show = show_text if is_text else str
    outcome = _STATES[part.state] + (f": {part.why}" if part.why else "")
    sides = [Side("In Anki", show(part.now), "old"), Side("The author's", show(part.theirs), "new")]
    if question:
        sides = [
            Side("Before", show(question.base)),
            Side("Mine", show(part.now), "one"),
            Side("The author's", show(part.theirs), "other"),
        ]
    result = show(part.after) if part.state == "merged" and part.after is not None else None
    return Section(_name(part), tuple(sides), outcome, part.state == "question", result)


def _compare(title: str, question: Question, *, is_html: bool = True) -> Section:
    show = show_text if is_html else str
    sides = [Side("Mine", show(question.mine), "old")]
    if question.theirs:
        sides.append(Side("The author's", show(question.theirs), "new"))
    return Section(title, tuple(sides), question.text, question.is_open)


def _show_type(each: TypePlan) -> Optional[Shown]:
    if not (each.wanted or each.waits or each.questions):
        return None
    done = "changed in Anki" if each.notetype else "created in Anki"
    told = [f"{done}: {'; '.join(each.details)}" if each.details else done] if each.wanted else []
    if each.waits:
        told.append(f"waits: {'; '.join(each.waits)}")
    is_open = any(question.is_open for question in each.questions)
    if is_open:
        told.append("you decide: yours stays until then")
    asked = tuple(_ask(question) for question in each.questions)
    row = ("Note type", each.name, "", "; ".join(told), QUESTION if is_open else "")
    return Shown(("type", each.name), row, asked, partial(_show_type_sides, each))


def _show_type_sides(each: TypePlan) -> tuple[str, Sequence[Section]]:
    sections = [_compare(_name_of_type(each, q), q, is_html=False) for q in each.questions]
    changes = "\n".join((*each.details, *each.waits))
    if changes:
        sections.append(Section("What changes", (Side("The author's", changes),)))
    return f"Note type “{each.name}”", sections


def _name_of_type(each: TypePlan, question: Question) -> str:
    """Which part of a note type a question is about."""
    side, _, template = question.key[len(f"type:{each.name}:") :].partition(":")
    return f"{side.capitalize()} of “{template}”" if template else "Styling"


def _show_deck(deck: DeckPlan) -> Shown:
    done = "created in Anki" if deck.creates else "gets the author's description"
    sections = []
    if deck.description:
        sections = [Section("Description", (Side("The author's", deck.description, "new"),))]
    row = ("Deck", deck.name, deck.name, done, "")
    return Shown(("deck", deck.name), row, (), lambda: (f"Deck “{deck.name}”", sections))


def _show_media(each: MediaPlan) -> Shown:
    question = each.question
    is_open = question is not None and question.is_open
    done = "you decide: yours stays until then" if is_open else "to Anki's media folder"
    if question and question.answer == "mine":
        done = "yours stays"
    row = ("Media", each.name, "", done, QUESTION if is_open else "")
    text = question.text if question else f"The file “{each.name}” comes to Anki."
    asked = (_ask(question),) if question else ()
    return Shown(("media", each.name), row, asked, lambda: (text, ()))


def _show_question(question: Question, group: str = "You decide") -> Shown:
    """A row for a question that is about no note of Anki.

    A note that the subscriber deleted is only offered again: that waits for nobody.
    """
    is_offer = group != "You decide"
    done = question.text if question.is_open else _WORDS[question.answer or "leave"]
    mark = QUESTION if question.is_open and not is_offer else ""
    row = (group, question.title, question.deck, done, mark)
    answers = [(_WORDS[choice], choice) for choice in question.choices]
    asked = ask(question.key, _title(question, None), answers, question.answer)
    return Shown(("question", question.key), row, (asked,), lambda: (question.text, ()))
