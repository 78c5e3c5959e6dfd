"""What a live run did, in a few words."""

from __future__ import annotations

from ...run.done import Done
from ...run.report import Report
from ..changes import QUIET, VaultPlan
from .live_vault import shorten


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
