"""Checks links with obsidiantools, an independent reader of vaults."""

from __future__ import annotations

import posixpath
from pathlib import Path

from obsidiantools._constants import (
    AUDIO_EXT_SET,
    IMG_EXT_SET,
    PDF_EXT_SET,
    VIDEO_EXT_SET,
)
from obsidiantools.api import Vault

_KNOWN_MEDIA = IMG_EXT_SET | AUDIO_EXT_SET | VIDEO_EXT_SET | PDF_EXT_SET


def missing_targets(root: Path) -> list[str]:
    """Link and embed targets that obsidiantools cannot find in the vault.

    It only knows some media types. Targets of other types are left out here.
    """
    vault = Vault(root).connect(attachments=True)
    media = [
        name
        for name in vault.nonexistent_media_files
        if posixpath.splitext(name)[1] in _KNOWN_MEDIA
    ]
    return sorted(map(str, [*vault.nonexistent_notes, *media]))
