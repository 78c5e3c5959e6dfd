"""Plans the drawings of masks on the pictures of image occlusion notes."""

from __future__ import annotations

import os
from typing import Optional

from ....convert.html.mask_drawing import is_drawing, is_drawing_of, why_undrawn
from ....convert.html.masks import picture_of
from ...run.regular import read_regular
from ...run.report import Message
from ..changes import MediaChange
from ..read.files import PageTexts
from ..rows import MediaRow


def plan_drawing(
    name: str,
    note_id: int,
    path: str,
    row: Optional[MediaRow],
    picture: Optional[str],
    files: PageTexts,
    page: Optional[str],
) -> tuple[Optional[MediaChange], list[Message]]:
    """Plan to make a drawing, or to make it anew where its ``picture`` is another file by now.

    The row of a drawing has the size and date of the picture: 0 while there is none. The messages
    say why a picture cannot be in its drawing; a missing one is told of by itself. Raises
    ``OSError``.
    """
    try:
        copy: Optional[tuple[int, int]] = files.stat(path)
    except FileNotFoundError:
        copy = None
    kept = row is not None and copy == (row.copy_size, row.copy_mtime) and row.path == path
    found = os.stat(picture) if picture else None
    date = (found.st_size, found.st_mtime_ns) if found else (0, 0)
    if row is not None and kept and date == (row.size, row.mtime):
        return None, []
    data = read_regular(picture) if picture else None
    told = _tell_undrawn(name, data, note_id, page) if picture else []
    if copy is None:
        return MediaChange("copy", name, path, note_id), told
    present = files.read(path) or b""
    if is_drawing_of(present, data):
        return MediaChange("adopt", name, path, note_id, copy=copy), told
    trash = not kept and not is_drawing(present)
    return MediaChange("replace", name, path, note_id, trash, copy), told


def _tell_undrawn(
    name: str, picture: Optional[bytes], note_id: int, page: Optional[str]
) -> list[Message]:
    why = why_undrawn(picture)
    if not why:
        return []
    text = f"The picture “{picture_of(name)}” is {why}. The page shows it without them."
    return [Message("warning", text, page, note_id)]
