"""A vault's plan as rows of a list, and the names of its questions and answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

from ...sync.reconcile.note_change import NoteChange
from ...sync.reconcile.question import Choice, Question
from ...sync.vault.answering import AskedPlan
from ...sync.vault.changes import QUIET, IndexChange, PageChange, VaultPlan
from ...sync.vault.words import explain_index, explain_page
from ..app.messages import capitalise
from ..widgets.change_list import Filter
from ..widgets.grouped_rows import Grouping
from .vault_groups import Change, group_changes

TO_DECIDE, DECIDED, INTO_ANKI, INTO_VAULT = "You decide", "Decided", "Into Anki", "Into the vault"
Row = tuple[str, str, str, str]
_QUESTIONS = {
    "field": "conflict",
    "deck": "two decks",
    "page deleted": "page deleted",
    "note deleted": "note deleted",
    "cards gone": "cards gone",
    "copy": "copied page",
}
_NOTES = {
    "edit": "edit note",
    "create": "new note",
    "restore": "restore note",
    "delete": "delete note",
}
_MEDIA = {
    "copy": "Used by a page",
    "replace": "Changed in Anki",
    "remove": "No longer used",
    "adopt": "As it should be",
}
_ANSWERS: dict[str, dict[Choice, str]] = {
    "field": {"anki": "Anki's version", "obsidian": "Obsidian's version", "both": "Both"},
    "deck": {"anki": "Anki's deck", "obsidian": "Obsidian's deck"},
    "page deleted": {"keep": "Bring the page back", "delete": "Delete the note"},
    "note deleted": {"keep": "Bring the note back", "delete": "Delete the page too"},
    "cards gone": {"keep": "Bring the cards back", "delete": "Delete the cards"},
    "copy": {"create": "Make it a new note", "leave": "Leave it as a page of mine"},
}


@dataclass(frozen=True)
class Listing:
    """A plan with the rows of its list: questions first, then changes of notes, then of pages."""

    plan: VaultPlan
    changes: tuple[Change, ...]
    rows: tuple[Row, ...]
    filters: tuple[Filter, ...]
    grouping: Grouping = field(default_factory=Grouping)
    asked: Optional[AskedPlan] = None  # the plan, with what answers need


def list_plan(plan: VaultPlan, asked: Optional[AskedPlan] = None) -> Listing:
    """Make the list of a plan. Slow with a hundred thousand pages: call it in the background."""
    changes: tuple[Change, ...] = (
        *plan.questions,
        *plan.notes,
        *(page for page in plan.pages if page.kind not in QUIET),
        *(index for index in plan.indexes if index.writes),
        *(media for media in plan.media if media.kind != "adopt"),
    )
    rows = tuple(map(make_row, changes))
    all_wheres = (TO_DECIDE, DECIDED, INTO_ANKI, INTO_VAULT)
    wheres = all_wheres if plan.settings.two_way or plan.questions else ()
    filters = [(where, 0, where) for where in wheres]
    kinds = dict.fromkeys(row[1] for row in rows)
    filters += [(kind[:1].upper() + kind[1:], 1, kind) for kind in kinds]
    return Listing(plan, changes, rows, tuple(filters), group_changes(plan, changes), asked)


def make_row(change: Change) -> Row:
    """The row of a change: direction, kind of change, page, reason."""
    if isinstance(change, Question):
        said = "" if change.is_open else f"{name_answer(change, change.answer)}. "
        where = TO_DECIDE if change.is_open else DECIDED
        return where, _QUESTIONS[change.kind], change.path, said + change.text
    if isinstance(change, NoteChange):
        return INTO_ANKI, _NOTES[change.kind], change.path, capitalise(change.reason)
    if isinstance(change, PageChange):
        moved = change.old_path and change.old_path != change.path
        path = f"{change.old_path} → {change.path}" if moved else change.path
        return INTO_VAULT, change.kind, path, capitalise(explain_page(change))
    if isinstance(change, IndexChange):
        return INTO_VAULT, "index", change.path, capitalise(explain_index(change))
    is_yours = change.kind == "replace" and change.trash
    why = "Changed in the vault: goes to the trash" if is_yours else _MEDIA[change.kind]
    return INTO_VAULT, "media", change.path, why


def name_answer(question: Question, choice: object) -> str:
    """The name of an answer to a question."""
    names = _ANSWERS[question.kind]
    return next((name for answer, name in names.items() if answer == choice), "Decide later")


def find_file(plan: VaultPlan, change: Change) -> Optional[Path]:
    """The file that a change is about, at its path now; ``None`` if it does not exist."""
    path = getattr(change, "old_path", None) or change.path
    file = plan.folder / path
    return file if file.is_file() else None
