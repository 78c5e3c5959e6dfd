"""Does what a plan says, in an order that is safe to interrupt, checking again before each write.

Media come first, so that no page ever embeds what is not there; then pages, index pages, and
last what goes away. The base learns of each batch after the batch is on disk: a run that is
killed leaves whole files, and the next one finds them as they should be and goes on.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Optional, TypeVar

from ...convert.media_refs import inline_media
from ..base import Base, FolderRow, Held, IndexRow, MediaRow, PageRow, unpack
from ..collection import note_digest, read_notes
from ..errors import Cancelled
from ..progress import Progress
from ..report import Level, Message, Report
from .changes import NOTE_GONE, IndexChange, MediaChange, PageChange, VaultPlan
from .files import VaultFiles, explain
from .finding import digest_of, encode_page
from .media import find_media
from .note_fields import stored_texts
from .scan import find_obsidian_root

if TYPE_CHECKING:
    from anki.collection import Collection

BATCH = 1000  # what a killed run may have to look at again
DONE = {
    "create": "page created",
    "restore": "page restored",
    "update": "page updated",
    "move": "page moved",
    "rewrite": "page rewritten",
    "delete": "page deleted",
}
T = TypeVar("T")


@dataclass
class _Work:
    col: Collection
    base: Base
    files: VaultFiles
    media_folder: Path
    progress: Progress
    total: int
    done: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    messages: list[Message] = field(default_factory=list)

    def advance(self, label: str) -> None:
        """One more change begins; the user may stop before it."""
        if self.done % 20 == 0:
            self.progress(label, self.done, self.total)
        self.done += 1

    def fail(self, text: str, path: Optional[str], note_id: Optional[int] = None) -> None:
        self.messages.append(Message("error", text, path, note_id))


def apply(col: Collection, plan: VaultPlan, base: Base, progress: Progress) -> Report:
    """Do the plan. What cannot be done is told, and the rest goes on."""
    work = _Work(
        col,
        base,
        VaultFiles(plan.folder, find_obsidian_root(plan.folder)),
        Path(col.media.dir()),
        progress,
        total=len(plan.pages) + len(plan.indexes) + len(plan.media),
    )
    cancelled = False
    try:
        _apply_all(work, plan)
    except Cancelled:
        cancelled = True
    shown = {name: work.counts[name] for name in (*DONE.values(), "index updated", "media copied")}
    shown["media removed"] = work.counts["media removed"]
    shown["page unchanged"] = plan.unchanged + work.counts["page unchanged"]
    return Report(shown, tuple(_shorten((*plan.messages, *work.messages))), cancelled)


def _apply_all(work: _Work, plan: VaultPlan) -> None:
    for path in plan.leftovers:
        try:
            work.files.remove(path)
        except OSError as error:
            work.fail(f"A temporary file of ours cannot be deleted: {explain(error)}.", path)
    work.base.doubt_indexes(plan.stale_indexes)
    if plan.folders:
        work.base.replace_folders(FolderRow(*item) for item in plan.folders.items())
    for media in _batches([m for m in plan.media if m.kind != "remove"]):
        _copy_media(work, media)
    for pages in _batches([p for p in plan.pages if p.row is not None]):
        _write_pages(work, pages)
    for indexes in _batches(plan.indexes):
        _write_indexes(work, indexes)
    for pages in _batches([p for p in plan.pages if p.row is None]):
        _remove_pages(work, pages)
    for media in _batches([m for m in plan.media if m.kind == "remove"]):
        _remove_media(work, media)
    if plan.strangers is not None:
        work.base.replace_strangers(plan.strangers)
    for key, value in plan.links.items():
        work.base.set_meta(key, value)


def _write_pages(work: _Work, changes: Sequence[PageChange]) -> None:
    notes = {row.id: note_digest(row) for row in read_notes(work.col, [c.note_id for c in changes])}
    learned: list[tuple[PageRow, Held]] = []
    try:
        for change in changes:
            work.advance("Writing pages")
            if notes.get(change.note_id) != change.note_digest:
                _postpone(work, change.path, change.note_id, "The note")
                continue
            try:
                row = _write_page(work, change)
            except OSError as error:
                work.fail(
                    f"The page was not written: {explain(error)}.", change.path, change.note_id
                )
                continue
            if row is not None and change.held is not None:
                learned.append((row, change.held))
    finally:
        work.base.save_pages(learned)


def _write_page(work: _Work, change: PageChange) -> Optional[PageRow]:
    """Bring one page to where and what it should be; nothing when it is not as planned."""
    files, present = work.files, change.old_path or change.path
    if not _is_as_planned(work, present, change.file_digest, change.note_id):
        return None
    if change.trash:
        kept = files.put_in_trash(present, keep=True, name=change.trash_name)
        work.messages.append(
            Message(
                "warning",
                "The text between the marks was edited by hand. The page shows the note again; "
                f"your version is in the trash as “{kept}”.",
                change.path,
                change.note_id,
            )
        )
    if change.old_path is not None:
        files.move(change.old_path, change.path)
        files.remove_empty_folders(change.old_path)
    if change.text is not None:
        size, mtime = files.write(change.path, unpack(change.text))
    else:
        size, mtime = files.stat(change.path)
    work.counts[DONE.get(change.kind, "page unchanged")] += 1
    assert change.row is not None
    return change.row._replace(size=size, mtime=mtime)


def _is_as_planned(work: _Work, path: str, digest: bytes, note_id: Optional[int] = None) -> bool:
    data = work.files.read(path) if digest else None
    if digest and data is not None and digest_of(data) == digest:
        return True
    if not digest and not work.files.exists(path):
        return True
    _postpone(work, path, note_id, "The file")
    return False


def _postpone(work: _Work, path: str, note_id: Optional[int], what: str) -> None:
    work.messages.append(
        Message(
            "warning",
            f"{what} was changed while this run was going on, so it was left for the next.",
            path,
            note_id,
        )
    )


def _remove_pages(work: _Work, changes: Sequence[PageChange]) -> None:
    gone: list[int] = []
    deleted = [change.note_id for change in changes if change.reason == NOTE_GONE]
    back = {row.id for row in read_notes(work.col, deleted)}
    try:
        for change in changes:
            work.advance("Removing pages")
            if change.note_id in back:
                _postpone(work, change.path, change.note_id, "The note")
                continue
            if change.kind == "adopt":  # it went by itself
                gone.append(change.note_id)
                continue
            try:
                if not _is_as_planned(work, change.path, change.file_digest, change.note_id):
                    continue
                if change.trash:
                    kept = work.files.put_in_trash(change.path, keep=False, name=change.trash_name)
                    work.messages.append(
                        Message(
                            "info",
                            f"The page went ({change.reason}), but held words of your own: it is "
                            f"in the trash as “{kept}”.",
                            change.path,
                            change.note_id,
                        )
                    )
                else:
                    work.files.remove(change.path)
            except OSError as error:
                work.fail(
                    f"The page was not deleted: {explain(error)}.", change.path, change.note_id
                )
                continue
            work.files.remove_empty_folders(change.path)
            work.counts["page deleted"] += 1
            gone.append(change.note_id)
    finally:
        work.base.forget_pages(gone)


def _write_indexes(work: _Work, changes: Sequence[IndexChange]) -> None:
    learned: list[IndexRow] = []
    gone: list[str] = []
    try:
        for change in changes:
            work.advance("Writing index pages")
            present = change.old_path or change.path
            try:
                if change.writes and not _is_as_planned(work, present, change.file_digest):
                    continue
                row = _write_index(work, change)
                work.counts["index updated"] += change.writes
            except OSError as error:
                work.fail(f"The index page was not written: {explain(error)}.", change.path)
                continue
            if row is not None:
                learned.append(row)
            if row is None or change.old_path:
                gone.append(present)
    finally:
        work.base.save_indexes(learned, gone)


def _write_index(work: _Work, change: IndexChange) -> Optional[IndexRow]:
    """Bring one index page to what it should be; nothing when it is to go."""
    files = work.files
    if change.text is None and not change.writes:
        return None
    if change.trash:
        present = change.old_path or change.path
        kept = files.put_in_trash(present, keep=change.text is not None)
        text = f"This index page held words of yours; they are in the trash as “{kept}”."
        work.messages.append(Message("warning", text, change.path))
    if change.old_path is not None:
        files.move(change.old_path, change.path)
        files.remove_empty_folders(change.old_path)
    if change.text is None:
        files.remove(change.path)
        files.remove_empty_folders(change.path)
        return None
    data = encode_page(change.text)
    size, mtime = files.write(change.path, data) if change.writes else files.stat(change.path)
    return IndexRow(change.path, change.deck, change.deck_id, size, mtime, change.managed_digest)


def _copy_media(work: _Work, changes: Sequence[MediaChange]) -> None:
    learned: list[MediaRow] = []
    try:
        for change in changes:
            work.advance("Copying media")
            try:
                row = _copy_one(work, change)
            except OSError as error:
                work.fail(f"“{change.name}” was not copied: {explain(error)}.", change.path)
                continue
            if row is not None:
                learned.append(row)
    finally:
        work.base.save_media(learned)


def _copy_one(work: _Work, change: MediaChange) -> Optional[MediaRow]:
    files = work.files
    original = find_media(work.media_folder, change.name)
    present = files.stat(change.path) if files.exists(change.path) else None
    if present != change.copy:
        _postpone(work, change.path, change.note_id or None, "The file")
        return None
    if change.trash and present is not None:
        kept = files.put_in_trash(change.path, keep=True)
        work.messages.append(
            Message(
                "warning",
                "This media file was not Anki's. Anki's is there now; the other is in the trash "
                f"as “{kept}”.",
                change.path,
            )
        )
    if original is not None:
        found = os.stat(original)
        if change.kind == "adopt":
            copied = files.stat(change.path)
        else:
            copied = files.copy_in(original, change.path)
            work.counts["media copied"] += 1
        date = found.st_size, found.st_mtime_ns
        return MediaRow(change.name, change.path, *date, *copied, change.target)
    if change.kind == "adopt":
        return MediaRow(change.name, change.path, 0, 0, *files.stat(change.path), change.target)
    data = _find_inline(work, change)
    if data is None:
        return None
    work.counts["media copied"] += 1
    written = files.write(change.path, data)
    return MediaRow(change.name, change.path, len(data), 0, *written, change.target)


def _find_inline(work: _Work, change: MediaChange) -> Optional[bytes]:
    for row in read_notes(work.col, [change.note_id]):
        return inline_media(stored_texts(row.fields)).get(change.name)
    return None


def _remove_media(work: _Work, changes: Sequence[MediaChange]) -> None:
    gone: list[str] = []
    try:
        for change in changes:
            work.advance("Removing media")
            try:
                if work.files.exists(change.path):
                    work.files.put_in_trash(change.path, keep=False)
                    work.files.remove_empty_folders(change.path)
                    work.counts["media removed"] += 1
            except OSError as error:
                work.fail(f"The file was not removed: {explain(error)}.", change.path)
                continue
            gone.append(change.path)
    finally:
        work.base.forget_media(gone)


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


def _shorten(messages: Sequence[Message], most: int = 50) -> Iterator[Message]:
    """At most so many messages of the same words: a full disk fails every page alike."""
    told: Counter[tuple[Level, str]] = Counter()
    for message in messages:
        told[message.level, message.text] += 1
        if told[message.level, message.text] <= most:
            yield message
    for (level, text), times in told.items():
        if times > most:
            yield Message(level, f"{text} The same happened {times - most:,} times more.")
