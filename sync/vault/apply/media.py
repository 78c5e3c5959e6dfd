"""Puts a file of the Obsidian vault into Anki's media folder."""

from __future__ import annotations

from hashlib import sha1
from pathlib import Path
from typing import TYPE_CHECKING

from ...collection.media import find_media
from ...reconcile.note_change import MediaIn
from ...run.disk import replace_file
from ...run.regular import read_regular
from ..read.files import VaultFiles

if TYPE_CHECKING:
    from anki.collection import Collection


def bring_media(col: Collection, root: Path, media: MediaIn) -> bool:
    """Put a file into Anki's media folder; false when it is not as planned any more.

    Raises ``OSError``. What is in Anki's folder is never overwritten. The name stays as it is,
    which ``col.media.write_data`` would write in lower case.
    """
    data = VaultFiles(root, root).read(media.source)
    if data is None or sha1(data).digest() != media.digest:
        return False
    present = find_media(col.media.dir(), media.name)
    if present is not None:
        return read_regular(present) == data
    replace_file(Path(col.media.dir()) / media.name, data)
    return True
