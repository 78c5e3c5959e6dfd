"""Applies a plan in an order that is safe to interrupt. Checks again before each write.

Notes are written first. Then come media, so that no page embeds a missing file, then pages, then
index pages, and deletions last. A batch is saved in the base after its files are on disk: when a
run is killed, the next one finds whole files and goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from ...activity.recorder import IDLE, Recorder
from ...collection.decks import iterate_notes
from ...collection.reads import home_decks, note_digest, read_deck_names, read_notes
from ...run.base_file import DAMAGED, is_damage
from ...run.disk import explain
from ...run.done import Done
from ...run.encodings import encode_page
from ...run.errors import Cancelled
from ...run.progress import Progress
from ...run.report import Level, Message, Report
from ...run.scope import EVERYTHING, Scope
from ...run.shell import BaseLost
from ..base import VAULT_NAME, Base
from ..changes import (
    IndexChange,
    PageChange,
    StrangerChanges,
    VaultPlan,
    Why,
)
from ..deck_choice import find_hidden
from ..read.files import VaultFiles
from ..read.obsidian import find_obsidian_root
from ..rows import FolderRow, Held, IndexRow, PageRow, unpack
from ..settings import Settings
from ..words import explain_losing, explain_trashed
from .context import Work, batches
from .manner import AT_ONCE, Manner
from .notes import NOTES_DONE, NoteWriter
from .record import DONE, find_words, record_page, record_trash
from .vault_media import COPYING, REMOVING_MEDIA, copy_media, remove_media

if TYPE_CHECKING:
    from anki.collection import Collection


_BESIDE = (Done.INDEX_UPDATED, Done.INDEX_REMOVED, Done.MEDIA_COPIED)  # what goes with pages
_GONE = {Why.NOTE_GONE, Why.NOTE_LOST}
_WRITING, _REMOVING, _INDEXING = "Writing pages", "Removing pages", "Writing index pages"


def apply(
    col: Collection,
    plan: VaultPlan,
    base: Base,
    progress: Progress,
    manner: Manner = AT_ONCE,
    recorder: Recorder = IDLE,
) -> tuple[Report, Optional[Scope]]:
    """Do the plan. What cannot be done is told, and the rest goes on. ``recorder`` keeps it.

    With the report comes what another plan has to complete: new notes, whose pages lack their ids.
    """
    root = find_obsidian_root(plan.folder)
    work = Work(
        col,
        base,
        plan.folder,
        VaultFiles(plan.folder, root),
        root or plan.folder,
        Path(col.media.dir()),
        progress,
        late_level=manner.late_level,
        recorder=recorder,
        totals=_count_stages(plan),
    )
    writer = NoteWriter(work, manner)
    cancelled = lost = False
    try:
        if plan.notes:
            manner.write_notes(lambda: writer.write(plan.notes))
        _apply_all(work, plan, writer)
    except Cancelled:
        cancelled = True
    except DAMAGED as error:
        if not is_damage(error):
            raise
        lost = True
    shown = {name: work.counts[name] for name in NOTES_DONE if name in work.counts}
    shown.update((name, work.counts[name]) for name in DONE.values())
    shown.update((name, work.counts[name]) for name in _BESIDE)
    shown[Done.MEDIA_REMOVED] = work.counts[Done.MEDIA_REMOVED]
    shown[Done.PAGE_UNCHANGED] = plan.unchanged + work.counts[Done.PAGE_UNCHANGED]
    report = Report(
        shown,
        tuple(_shorten((*plan.messages, *work.messages))),
        cancelled,
        questions=len(plan.open_questions),
        told_before=plan.told_before,
        undone=work.undone,
        pages=tuple(work.pages),
        changes=writer.changes,
    )
    if lost:
        raise BaseLost(report)
    return report, _find_unfinished(plan, writer) if writer.made else None


def _find_unfinished(plan: VaultPlan, writer: NoteWriter) -> Scope:
    """What has to be planned again, now that new notes have their ids, and new decks folders."""
    if plan.scope.note_ids is None or plan.scope.paths is None:
        return EVERYTHING
    ids = plan.scope.note_ids | {*writer.added_ids}
    return Scope(ids, plan.scope.paths | {change.path for change in plan.notes})


def _count_stages(plan: VaultPlan) -> Mapping[str, int]:
    """How many changes each stage has, by its label."""
    removed = sum(media.kind == "remove" for media in plan.media)
    gone = sum(page.row is None for page in plan.pages)
    return {
        COPYING: len(plan.media) - removed,
        _WRITING: len(plan.pages) - gone,
        _INDEXING: len(plan.indexes),
        _REMOVING: gone,
        REMOVING_MEDIA: removed,
    }


def _apply_all(work: Work, plan: VaultPlan, writer: NoteWriter) -> None:
    for path in plan.leftovers:
        try:
            work.files.remove(path)
        except OSError as error:
            work.fail(f"A temporary file of ours cannot be deleted: {explain(error)}.", path)
    work.base.doubt_indexes(plan.stale_indexes)
    if plan.folders:
        work.base.replace_folders(FolderRow(*item) for item in plan.folders.items())
    for media in batches([m for m in plan.media if m.kind != "remove"]):
        copy_media(work, media)
    left = writer.find_left(plan.notes)
    for pages in batches([p for p in plan.pages if p.row is not None]):
        _write_pages(work, pages, writer.after, left)
    for indexes in batches(() if writer.made else plan.indexes):  # the next plan has new notes too
        _write_indexes(work, indexes)
    for pages in batches([p for p in plan.pages if p.row is None]):
        _remove_pages(work, pages, plan.settings, left)
    for media in batches([m for m in plan.media if m.kind == "remove"]):
        remove_media(work, media)
    if plan.strangers != StrangerChanges():
        work.base.save_strangers(plan.strangers.learned, plan.strangers.gone)
    for key, value in plan.links.items():
        if key != VAULT_NAME or not left:  # links of these may have a former name
            work.base.set_meta(key, value)


def _write_pages(
    work: Work,
    changes: Sequence[PageChange],
    written: Mapping[int, bytes],
    left: Container[int],
) -> None:
    """Write pages. ``written``: note id → digest of each note that this run has edited.

    ``left`` are the notes that it was to edit and could not, and has told of: their pages stay too.
    """
    rows = {row.id: row for row in read_notes(work.col, [c.note_id for c in changes])}
    notes = {row.id: note_digest(row) for row in rows.values()}
    words = find_words(work, changes, rows, written)
    learned: list[tuple[PageRow, Held]] = []
    try:
        for change in changes:
            work.advance(_WRITING)
            if change.note_id in left:
                work.leave_undone(change.path, change.note_id)
                continue
            if notes.get(change.note_id) != written.get(change.note_id, change.note_digest):
                work.postpone(change.path, change.note_id, "The note")
                learned += _agreed(change, written)
                continue
            try:
                row = _write_page(work, change, words.get(change.note_id, b""))
            except OSError as error:
                work.fail(
                    f"The page was not written: {explain(error)}.", change.path, change.note_id
                )
                continue
            if row is not None and change.held is not None:
                learned.append((row, change.held))
            elif row is None:
                learned += _agreed(change, written)
    finally:
        work.base.save_pages(learned)


def _agreed(change: PageChange, written: Mapping[int, bytes]) -> list[tuple[PageRow, Held]]:
    """What both sides said for a moment, when an edit went into Anki and one side has gone on.

    Then the next edit is compared with this one, and not with what was before both. The page is
    looked at again: its size and date are not known.
    """
    if change.note_id not in written or change.row is None or change.held is None:
        return []
    path = change.old_path or change.path
    return [(change.row._replace(path=path, size=0, mtime=-1), change.held)]


def _write_page(work: Work, change: PageChange, words: bytes) -> Optional[PageRow]:
    """Write and move one page. Returns its row for the base, None when it is not as planned."""
    files, present = work.files, change.old_path or change.path
    if not work.is_as_planned(present, change.file_digest, change.note_id):
        return None
    kept, before = "", work.present
    if change.trash:
        kept = files.put_in_trash(present, keep=True, name=change.trash_name)
        shown = "The page shows the note again; your version is in the trash"
        told = f"{explain_losing(change)} {shown} as “{kept}”."
        work.messages.append(Message("warning", told, change.path, change.note_id))
    if change.old_path is not None:
        files.move(change.old_path, change.path)
        files.remove_empty_folders(change.old_path)
    text = None if change.text is None else unpack(change.text)
    if text is not None:
        size, mtime = files.write(change.path, text)
    else:
        size, mtime = files.stat(change.path)
    work.count_page(DONE.get(change.kind, Done.PAGE_UNCHANGED), change.path)
    assert change.row is not None
    if change.kind in DONE:
        record_page(work, change, change.row.title, kept, before, text, words)
    return change.row._replace(size=size, mtime=mtime)


def _find_back(work: Work, changes: Sequence[PageChange], settings: Settings) -> set[int]:
    """The notes whose pages are to go, and that are there again, or in a deck with pages again."""
    deleted = [change.note_id for change in changes if not _GONE.isdisjoint(change.why)]
    back = {row.id for row in read_notes(work.col, deleted)}
    left_out = sorted(change.note_id for change in changes if Why.DECK_HIDDEN in change.why)
    if left_out:
        decks = read_deck_names(work.col)
        shown = decks.keys() - find_hidden(decks, settings.deck_choice)
        rows = iterate_notes(work.col, left_out)
        back |= {row.id for row in rows if not shown.isdisjoint(home_decks(row.decks))}
    return back


def _remove_pages(
    work: Work, changes: Sequence[PageChange], settings: Settings, left: Container[int]
) -> None:
    """Remove pages. ``left``: as in ``_write_pages``, also the notes that were to be deleted."""
    gone: list[int] = []
    back = _find_back(work, changes, settings)
    try:
        for change in changes:
            work.advance(_REMOVING)
            if change.note_id in left:
                work.leave_undone(change.path, change.note_id)
                continue
            if change.note_id in back:
                work.postpone(change.path, change.note_id, "The note")
                continue
            if change.kind == "forget":  # there is no file to delete
                gone.append(change.note_id)
                continue
            kept = ""
            try:
                if not work.is_as_planned(change.path, change.file_digest, change.note_id):
                    continue
                if change.trash:
                    kept = work.files.put_in_trash(change.path, keep=False, name=change.trash_name)
                    told = explain_trashed(change, kept)
                    level: Level = "warning" if Why.NOTE_LOST in change.why else "info"
                    work.messages.append(Message(level, told, change.path, change.note_id))
                else:
                    work.files.remove(change.path)
            except OSError as error:
                work.fail(
                    f"The page was not deleted: {explain(error)}.", change.path, change.note_id
                )
                continue
            work.files.remove_empty_folders(change.path)
            work.count_page(Done.PAGE_DELETED, change.path)
            record_page(work, change, Path(change.path).stem, kept, work.present, b"")
            gone.append(change.note_id)
    finally:
        work.base.forget_pages(gone)


def _write_indexes(work: Work, changes: Sequence[IndexChange]) -> None:
    learned: list[IndexRow] = []
    gone: list[str] = []
    try:
        for change in changes:
            work.advance(_INDEXING)
            present = change.old_path or change.path
            try:
                if change.writes and not work.is_as_planned(present, change.file_digest):
                    continue
                row = _write_index(work, change)
                removes = change.text is None
                what = Done.INDEX_REMOVED if removes else Done.INDEX_UPDATED
                work.counts[what] += change.writes
            except OSError as error:
                work.fail(f"The index page was not written: {explain(error)}.", change.path)
                continue
            if row is not None:
                learned.append(row)
            if row is None or change.old_path:
                gone.append(present)
    finally:
        work.base.save_indexes(learned, gone)


def _write_index(work: Work, change: IndexChange) -> Optional[IndexRow]:
    """Write, move or remove one index page. Returns its row for the base, None if removed."""
    files = work.files
    if change.text is None and not change.writes:
        return None
    if change.trash:
        present = change.old_path or change.path
        kept = files.put_in_trash(present, keep=change.text is not None)
        record_trash(work, Done.INDEX_UPDATED, change.path, kept)
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


def _shorten(messages: Sequence[Message], most: int = 50) -> Iterator[Message]:
    """At most ``most`` messages with the same text, because a full disk gives one for each page."""
    told: Counter[tuple[Level, str]] = Counter()
    for message in messages:
        told[message.level, message.text] += 1
        if told[message.level, message.text] <= most:
            yield message
    for (level, text), times in told.items():
        if times > most:
            yield Message(level, f"{text} The same happened {times - most:,} times more.")
