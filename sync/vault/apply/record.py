"""Records what becomes of pages and other files of the vault."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Optional, cast

from ...activity.entry import Entry, NoteWords
from ...collection.reads import NoteRow
from ...run.done import Done
from ..changes import PageChange, Why
from ..rows import unpack_fields
from .context import Work

if TYPE_CHECKING:
    from anki.models import NotetypeId

DONE = {
    "create": Done.PAGE_CREATED,
    "restore": Done.PAGE_RESTORED,
    "update": Done.PAGE_UPDATED,
    "move": Done.PAGE_MOVED,
    "rewrite": Done.PAGE_REWRITTEN,
    "delete": Done.PAGE_DELETED,
}


def find_words(
    work: Work, changes: Sequence[PageChange], rows: Mapping[int, NoteRow], ours: Container[int]
) -> dict[int, bytes]:
    """What the notes of these pages held when the pages were last written, for ``record_page``.

    Only the fields that were edited in Anki since then. ``ours``: notes that this run has edited,
    whose words are recorded already.
    """
    if not work.recorder.is_on:
        return {}
    updates = [c.note_id for c in changes if c.kind in ("update", "rewrite") and c.text is not None]
    found = {}
    for note_id, held in work.base.held([id_ for id_ in updates if id_ not in ours]).items():
        row = rows.get(note_id)
        old = unpack_fields(held.fields).split("\x1f")
        if row is None or row.fields.split("\x1f") == old:
            continue
        names = _names_of(work, row.notetype)
        if len(names) == len(old):
            both = zip(names, old, row.fields.split("\x1f"))
            words = NoteWords({name: before for name, before, now in both if before != now})
            found[note_id] = words.pack()
    return found


def _names_of(work: Work, notetype: int) -> tuple[str, ...]:
    if notetype not in work.field_names:
        data = work.col.models.get(cast("NotetypeId", notetype))
        work.field_names[notetype] = tuple(f["name"] for f in data["flds"]) if data else ()
    return work.field_names[notetype]


def record_page(
    work: Work,
    change: PageChange,
    title: str,
    trash: str,
    before: bytes,
    after: Optional[bytes],
    note: bytes = b"",
) -> None:
    """Record a page that was written, moved or removed. A new page needs no words.

    Nor does one that only tells of reviews: no words of anybody's are replaced, and there are many.
    ``note`` is what ``find_words`` found.
    """
    replaced = bool(before) and after is not None and before != after
    replaced = replaced and change.why != (Why.STUDY,)
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
            note,
        )
    )


def record_trash(work: Work, done: Done, path: str, kept: str) -> None:
    """Record a file that is no page, of which a version is in the trash now."""
    work.recorder.record(Entry("page", done, 0, Path(path).name, path, trash=kept))
