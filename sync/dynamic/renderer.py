"""Puts the renderer's files where the cards find them: in the media folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import AnkivaultError

if TYPE_CHECKING:
    from anki.collection import Collection

WEB = Path(__file__).resolve().parents[2] / "model" / "web"
# Anki's media check keeps files that begin with an underscore.
FILES = {"ankivault.js": "_ankivault_0_1_0.js", "ankivault.css": "_ankivault_0_1_0.css"}
_REVISION = re.compile(rb"\A(?://|/\*) Ankivault's renderer, revision (\d+)")


class MediaUnavailable(AnkivaultError):
    """The media folder cannot be written to."""


def install_renderer(col: Collection) -> None:
    """Write the files that are missing, older or damaged, or raise ``MediaUnavailable``.

    A newer revision stays: it comes from a device with a newer Ankivault, and goes to and fro if
    each device writes its own.
    """
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
    held = file.read_bytes() if file.is_file() else b""
    if held != wanted and _read_revision(held) <= _read_revision(wanted):
        # Beside the media folder: what is in it gets to other devices.
        scratch = file.parent.with_name(f"{file.parent.name}.{file.name}.tmp")
        scratch.write_bytes(wanted)
        scratch.replace(file)


def _read_revision(content: bytes) -> int:
    found = _REVISION.match(content)
    return int(found[1]) if found else 0
