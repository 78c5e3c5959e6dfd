"""What a live run did or found, in a few words."""

from __future__ import annotations

from ...run.done import Done
from ...run.report import Message, Report
from ..changes import QUIET, VaultPlan


def tell_run(plan: VaultPlan, report: Report) -> str:
    """``1 page → Anki: Mitosis``; empty when nothing was written that a person knows of."""
    counts = report.counts
    inward = [note.title for note in plan.notes]
    notes = sum(counts.get(d, 0) for d in (Done.NOTE_UPDATED, Done.NOTE_ADDED, Done.NOTE_RESTORED))
    if notes:
        return _tell(min(notes, len(inward)), "→ Anki", inward)
    outward = [p.row.title if p.row else "" for p in plan.pages if p.kind not in QUIET]
    return _tell(len(outward), "← Anki", outward) if outward else ""


def _tell(number: int, way: str, titles: list[str]) -> str:
    if number == 1 and len(titles) == 1:
        return f"1 page {way}: {shorten(titles[0])}"
    return f"{number:,} {'page' if number == 1 else 'pages'} {way}"


def tell_message(message: Message) -> str:
    """A message with the page that it is about: ``“Mitosis”: The properties cannot be read …``"""
    if not message.path:
        return message.text
    return f"“{name_page(message.path, message.note_id or 0)}”: {message.text}"


def name_page(path: str, note_id: int) -> str:
    """A page's name as Obsidian shows it, without the id of its note, and not too long."""
    name = path.rpartition("/")[2]
    for ending in (".md", ".MD", f"_{note_id}"):
        name = name[: -len(ending)] if name.endswith(ending) else name
    return shorten(name)


def shorten(title: str) -> str:
    """A page's title in one line, and not too long for a menu."""
    line = " ".join(title.split())
    return line if len(line) <= 40 else f"{line[:39]}…"
