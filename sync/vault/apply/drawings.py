"""Draws the masks of an image occlusion note on its picture, into the assets folder."""

from __future__ import annotations

import os
from typing import Optional

from ....convert.html.mask_drawing import draw_masks
from ....convert.html.masks import find_masks
from ...collection.media import find_media
from ...collection.reads import read_notes
from ...run.done import Done
from ...run.regular import read_regular
from ..changes import MediaChange
from ..rows import MediaRow
from .context import Work


def draw(work: Work, change: MediaChange, picture: Optional[str]) -> Optional[MediaRow]:
    """Make or adopt a drawing. ``picture`` is the path of its picture, if that exists.

    None: the note's masks are others since the plan. Raises ``OSError``.
    """
    found = os.stat(picture) if picture else None
    date = (found.st_size, found.st_mtime_ns) if found else (0, 0)
    if change.kind == "adopt":
        written = work.files.stat(change.path)
        return MediaRow(change.name, change.path, *date, *written, change.target)

    def exists(name: str) -> bool:
        return find_media(work.media_folder, name) is not None

    for row in read_notes(work.col, [change.note_id]):
        masked = find_masks(row.fields.split("\x1f"), exists)
        if masked is not None and masked.name == change.name:
            data = draw_masks(masked, read_regular(picture) if picture else None)
            work.counts[Done.MEDIA_COPIED] += 1
            written = work.files.write(change.path, data)
            return MediaRow(change.name, change.path, *date, *written, change.target)
    return None
