"""The plan of a vault in plain types, and as lines of text, for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..sync.reconcile.note_change import NoteChange
from ..sync.reconcile.question import Question
from ..sync.run.report import Report
from ..sync.vault.changes import QUIET, VaultPlan
from ..sync.vault.words import explain_index, explain_page


def plan_as_json(plan: VaultPlan) -> dict[str, Any]:
    """All changes and questions of a plan. ``ok``: it has no error."""
    told = Report(messages=plan.messages).as_json()
    return {
        "ok": told["ok"],
        "counts": plan.counts(),
        "large_change": plan.large_change,
        "pages": [
            {
                "change": page.kind,
                "note_id": page.note_id,
                "path": page.path,
                "old_path": page.old_path,
                "reason": explain_page(page),
            }
            for page in plan.pages
            if page.kind not in QUIET
        ],
        "indexes": [index.path for index in plan.indexes if index.writes],
        "media": [
            {"change": media.kind, "name": media.name, "path": media.path}
            for media in plan.media
            if media.kind != "adopt"
        ],
        "notes": [_note_as_json(note) for note in plan.notes],
        "questions": [_question_as_json(question) for question in plan.questions],
        "messages": told["messages"],
    }


def plan_lines(plan: VaultPlan) -> Iterator[str]:
    """The changes and questions as text, without the messages."""
    for note in plan.notes:
        yield f"{'note ' + note.kind:12} {note.path}: {note.reason}"
        for field in note.fields:
            yield f"    {field.name}: {field.after or '(empty)'}"
        for media in note.media:
            yield f"    {media.source} goes to Anki as {media.name}"
    for page in plan.pages:
        if page.kind not in QUIET:
            moved = f" (from {page.old_path})" if page.old_path else ""
            yield f"{page.kind:8} {page.path}{moved}: {explain_page(page)}"
    for index in plan.indexes:
        if index.writes:
            yield f"{'index':8} {index.path}: {explain_index(index)}"
    for copied in plan.media:
        if copied.kind != "adopt":
            yield f"{copied.kind:8} {copied.path}"
    for question in plan.open_questions:
        yield f"question {question.path}: {question.text}"
        yield f"    --answer '{question.key}={'|'.join(question.choices)}'"


def _note_as_json(note: NoteChange) -> dict[str, Any]:
    tags, deck = note.tags or ((), ()), note.deck or ("", "")
    return {
        "change": note.kind,
        "note_id": note.note_id or None,
        "path": note.path,
        "title": note.title,
        "reason": note.reason,
        "note_type": note.notetype,
        "fields": [
            {"name": field.name, "before": field.before, "after": field.after}
            for field in note.fields
        ],
        "tags": {"before": list(tags[0]), "after": list(tags[1])} if note.tags else None,
        "deck": {"before": deck[0], "after": deck[1]} if note.deck else None,
        "clozes_added": list(note.clozes_added),
        "clozes_removed": list(note.clozes_removed),
        "media": [{"path": media.source, "name": media.name} for media in note.media],
    }


def _question_as_json(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "kind": question.kind,
        "note_id": question.note_id,
        "path": question.path,
        "title": question.title,
        "text": question.text,
        "choices": list(question.choices),
        "field": question.field,
        "base": question.base,
        "anki": question.anki,
        "obsidian": question.page,
        "answer": question.answer,
    }
