"""Puts the renderer's files where the cards find them: in the media folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import AnkivaultError

if TYPE_CHECKING:
    from anki.collection import Collection

WEB = Path(__file__).resolve().parents[2] / "model" / "web"
# Anki's media check keeps files that begin with an underscore.
FILES = {"ankivault.js": "_ankivault_0_1_0.js", "ankivault.css": "_ankivault_0_1_0.css"}


class MediaUnavailable(AnkivaultError):
    """The media folder cannot be written to."""


def install_renderer(col: Collection) -> None:
    """Write the files that are missing or differ, or raise ``MediaUnavailable``."""
    media = Path(col.media.dir())
    for source, name in FILES.items():
        wanted = (WEB / source).read_bytes()
        try:
            _put(media / name, wanted)
        except OSError as error:
            raise MediaUnavailable(
                f"Dynamic notes need the file {name} in Anki's media folder, which cannot be "
                f"written: {error.strerror}. Nothing was changed."
            ) from error


def _put(file: Path, wanted: bytes) -> None:
    if not file.is_file() or file.read_bytes() != wanted:
        # Beside the media folder: what is in it gets to other devices.
        scratch = file.parent.with_name(f"{file.parent.name}.{file.name}.tmp")
        scratch.write_bytes(wanted)
        scratch.replace(file)
