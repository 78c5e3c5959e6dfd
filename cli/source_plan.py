"""A preview and a plan of a subscription in plain types, and as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from ..sync.run.done import count_words
from ..sync.source.subscription.changes import NotePlan, Question, SubscriptionPlan
from ..sync.source.subscription.preview import Preview


def preview_as_json(preview: Preview) -> dict[str, Any]:
    """What a deck brings."""
    return asdict(preview)


def explain_preview(preview: Preview) -> Iterator[str]:
    """What a deck brings, and who says so."""
    package = preview.package
    yield f"{package.name}{f' {package.version}' if package.version else ''}"
    for words in (package.author and f"by {package.author}", package.homepage, package.description):
        if words:
            yield f"    {words}"
    size = f"{preview.bytes / 1_000_000:.1f} MB"
    media = count_words(preview.media, "media file")
    if preview.media and preview.media_bytes is not None:
        media += f" ({preview.media_bytes / 1_000_000:.1f} MB)"
    yield f"    {count_words(preview.notes, 'note')} ({size}), {media}"
    yield f"    note types: {', '.join(preview.models) or 'none'}"
    for deck in preview.decks:
        yield f"    {deck.name}: {count_words(deck.notes, 'note')}"
    for tag, count in preview.optional_tags:
        yield f"    on request: the tag {tag} ({count_words(count, 'note')})"
    scripts = preview.scripts
    if scripts.total:
        yield (
            f"    It brings program code: {scripts.templates} in templates, {scripts.fields} in "
            f"fields, {count_words(scripts.files, 'file')}. Anki runs it on its cards."
        )
        for place in scripts.places:
            yield f"        {place}"


def plan_as_json(plan: SubscriptionPlan) -> dict[str, Any]:
    """All that an update does, and all that it asks."""
    return {
        **plan.counts,
        "notes": [_note(note) for note in plan.notes if note.action != "leave"],
        "types": [
            {"name": each.name, "details": each.details, "waits": each.waits}
            for each in plan.types
            if each.details or each.waits
        ],
        "decks": [deck.name for deck in plan.decks if deck.creates],
        "questions": [_question(each) for each in plan.questions],
        "deleted": [_question(each) for each in plan.deleted],
        "full_sync": plan.full_sync,
        "problems": [
            {"level": p.level, "line": p.line, "note": p.note, "message": p.message}
            for p in plan.problems
        ],
    }


def _note(note: NotePlan) -> dict[str, Any]:
    return {
        "action": note.action,
        "guid": note.guid,
        "note_id": note.note_id or None,
        "title": note.title,
        "deck": note.deck,
        "parts": [asdict(part) for part in note.parts],
    }


def _question(question: Question) -> dict[str, Any]:
    return asdict(question)


def plan_lines(plan: SubscriptionPlan) -> Iterator[str]:
    """What an update does, and what it asks, as text."""
    for each in plan.types:
        for detail in each.details:
            yield f"note type “{each.name}”: {detail}"
        for detail in each.waits:
            yield f"note type “{each.name}”: {detail} waits: it forces a full sync (--change-types)"
    for note in plan.notes:
        if note.writes:
            yield f"{note.action:7} {note.title}"
            for part in note.parts:
                yield f"    {part.part} {part.name} ({part.state})".rstrip()
    for question in plan.questions:
        yield f"? {question.title}: {question.text}"
        yield f"    --answer “{question.key}={'|'.join(question.choices)}”"
        for side in ("base", "mine", "theirs"):
            text = getattr(question, side)
            if text:
                yield f"    {side}: {text}"
    for question in plan.deleted:
        yield f"{question.title}: {question.text} (--answer “{question.key}=add” adds it again)"
    for problem in plan.problems:
        yield f"line {problem.line}: {problem.message}"
    counts = ", ".join(f"{n:,} {name}" for name, n in plan.counts.items() if n)
    yield counts or "nothing to do"
