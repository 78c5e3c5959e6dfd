"""Copies media of Anki into the vault, and removes copies that no page shows any more."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Optional

from ....convert.html.masks import picture_of
from ....convert.html.media_names import inline_media
from ...collection.media import find_media
from ...collection.reads import read_notes
from ...run.disk import explain
from ...run.done import Done
from ...run.report import Message
from ..changes import MediaChange
from ..read.files import VaultFiles
from ..read.note_fields import stored_texts
from ..rows import MediaRow
from .context import Work
from .drawings import draw
from .record import record_trash

COPYING, REMOVING_MEDIA = "Copying media", "Removing media"


def copy_media(work: Work, changes: Sequence[MediaChange]) -> None:
    """Copy these files into the vault. One that has changed there since the plan waits."""
    learned: list[MediaRow] = []
    try:
        for change in changes:
            work.advance(COPYING)
            try:
                row = _copy_one(work, change)
            except OSError as error:
                text = f"“{change.name}” was not copied: {explain(error)}."
                work.fail(text, change.path, change.note_id or None)
                continue
            if row is not None:
                learned.append(row)
    finally:
        work.base.save_media(learned)


def _copy_one(work: Work, change: MediaChange) -> Optional[MediaRow]:
    files = work.files
    original, picture = find_media(work.media_folder, change.name), picture_of(change.name)
    present = _stat_if_there(files, change.path)
    if present != change.copy:
        work.postpone(change.path, change.note_id or None, "The file")
        return None
    if change.trash and present is not None:
        kept = files.put_in_trash(change.path, keep=True)
        record_trash(work, Done.MEDIA_COPIED, change.path, kept)
        work.messages.append(
            Message(
                "warning",
                "This media file was not Anki's. Anki's is there now; the other is in the trash "
                f"as “{kept}”.",
                change.path,
            )
        )
    if picture and original is None:
        return draw(work, change, find_media(work.media_folder, picture))
    if original is not None:
        found = os.stat(original)
        if change.kind == "adopt":
            copied = files.stat(change.path)
        else:
            copied = files.copy_in(original, change.path)
            work.counts[Done.MEDIA_COPIED] += 1
        date = found.st_size, found.st_mtime_ns
        return MediaRow(change.name, change.path, *date, *copied, change.target)
    if change.kind == "adopt":
        return MediaRow(change.name, change.path, 0, 0, *files.stat(change.path), change.target)
    data = _find_inline(work, change)
    if data is None:
        return None
    work.counts[Done.MEDIA_COPIED] += 1
    written = files.write(change.path, data)
    return MediaRow(change.name, change.path, len(data), 0, *written, change.target)


def _stat_if_there(files: VaultFiles, path: str) -> Optional[tuple[int, int]]:
    try:
        return files.stat(path)
    except FileNotFoundError:
        return None


def _find_inline(work: Work, change: MediaChange) -> Optional[bytes]:
    for row in read_notes(work.col, [change.note_id]):
        return inline_media(stored_texts(row.fields)).get(change.name)
    return None


def remove_media(work: Work, changes: Sequence[MediaChange]) -> None:
    """Put the copies of these files, which no page shows any more, into the trash."""
    gone: list[str] = []
    try:
        for change in changes:
            work.advance(REMOVING_MEDIA)
            try:
                if work.files.exists(change.path):
                    kept = work.files.put_in_trash(change.path, keep=False)
                    record_trash(work, Done.MEDIA_REMOVED, change.path, kept)
                    work.files.remove_empty_folders(change.path)
                    work.counts[Done.MEDIA_REMOVED] += 1
            except OSError as error:
                work.fail(f"The file was not removed: {explain(error)}.", change.path)
                continue
            gone.append(change.path)
    finally:
        work.base.forget_media(gone)
