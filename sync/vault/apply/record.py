"""Records what becomes of pages and other files of the vault."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from ...activity.entry import Entry
from ...run.done import Done
from ..changes import PageChange
from .context import Work

DONE = {
    "create": Done.PAGE_CREATED,
    "restore": Done.PAGE_RESTORED,
    "update": Done.PAGE_UPDATED,
    "move": Done.PAGE_MOVED,
    "rewrite": Done.PAGE_REWRITTEN,
    "delete": Done.PAGE_DELETED,
}


def record_page(
    work: Work, change: PageChange, title: str, trash: str, before: bytes, after: Optional[bytes]
) -> None:
    """Record a page that was written, moved or removed. A new page needs no words."""
    replaced = bool(before) and after is not None and before != after
    work.recorder.record(
        Entry(
            "page",
            DONE[change.kind],
            change.note_id,
            title,
            change.path,
            change.deck,
            change.old_path or "",
            trash,
            before if replaced else b"",
            after or b"" if replaced else b"",
        )
    )


def record_trash(work: Work, done: Done, path: str, kept: str) -> None:
    """Record a file that is no page, of which a version is in the trash now."""
    work.recorder.record(Entry("page", done, 0, Path(path).name, path, trash=kept))
