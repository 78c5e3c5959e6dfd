"""Finds the notes whose pages are in the folder now, wherever the base has them."""

from __future__ import annotations

from pathlib import Path

from ....convert.page.properties import find_note_id
from ...run.encodings import decode_any
from ..base import Base
from ..read.files import VaultFiles
from ..read.scan import scan_vault
from ..rows import THEIRS


def find_carried(folder: Path, files: VaultFiles, base: Base) -> frozenset[int]:
    """The ids on the pages that are not as the base says. Raises ``OSError``.

    The folder is walked over. Only files are opened that are new or changed since the last run. A
    copy that was left to its owner is no page of the note.
    """
    pages = {row.path: (row.size, row.mtime) for row in base.pages().values()}
    strangers = base.strangers()
    carried: set[int | None] = set()
    for path, stamp in scan_vault(folder, None).pages.items():
        if pages.get(path) == stamp:
            continue
        known = strangers.get(path)
        if known is not None and (known.size, known.mtime) == stamp:
            note_id = known.note_id
        else:
            note_id = find_note_id(decode_any(files.read(path) or b""))
        if known is None or (known.note_id, known.stance) != (note_id, THEIRS):
            carried.add(note_id)
    return frozenset(note_id for note_id in carried if note_id is not None)
