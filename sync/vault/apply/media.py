"""Copies a file of the Obsidian vault into Anki's media folder."""

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
    """Copy a file into Anki's media folder. Returns whether Anki has this file now.

    False: the file has changed since the plan, or Anki has another file of this name, which is
    never overwritten. Raises ``OSError``. ``col.media.write_data`` is not used, because it changes
    the name to lower case.
    """
    data = VaultFiles(root, root).read(media.source)
    if data is None or sha1(data).digest() != media.digest:
        return False
    present = find_media(col.media.dir(), media.name)
    if present is not None:
        return read_regular(present) == data
    replace_file(Path(col.media.dir()) / media.name, data)
    return True
