"""What a live run did, in a few words."""

from __future__ import annotations

from ...run.done import Done
from ...run.report import Report
from ..changes import QUIET, VaultPlan
from .live_vault import page_title


def tell_run(plan: VaultPlan, report: Report) -> str:
    """``1 page → Anki: Mitosis``; empty when nothing was written that a person knows of."""
    counts = report.counts
    inward = [note.path for note in plan.notes]
    notes = sum(counts.get(d, 0) for d in (Done.NOTE_UPDATED, Done.NOTE_ADDED, Done.NOTE_RESTORED))
    if notes:
        return _tell(min(notes, len(inward)), "→ Anki", inward)
    outward = [page.path for page in plan.pages if page.kind not in QUIET]
    return _tell(len(outward), "← Anki", outward) if outward else ""


def _tell(number: int, way: str, paths: list[str]) -> str:
    if number == 1 and len(paths) == 1:
        return f"1 page {way}: {page_title(paths[0])}"
    return f"{number:,} {'page' if number == 1 else 'pages'} {way}"
