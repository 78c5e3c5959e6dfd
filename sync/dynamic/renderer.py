"""Puts the renderer's files where the cards find them: in the media folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anki.collection import Collection

WEB = Path(__file__).resolve().parents[2] / "model" / "web"
# Anki's media check keeps files that begin with an underscore.
FILES = {"ankivault.js": "_ankivault_0_1_0.js", "ankivault.css": "_ankivault_0_1_0.css"}


def install_renderer(col: Collection) -> None:
    """Write the files that are missing or differ. Older ones of the same name are replaced."""
    media = Path(col.media.dir())
    for source, name in FILES.items():
        wanted = (WEB / source).read_bytes()
        target = media / name
        if not target.is_file() or target.read_bytes() != wanted:
            scratch = media.with_name(f"{media.name}.{name}.tmp")
            scratch.write_bytes(wanted)
            scratch.replace(target)
