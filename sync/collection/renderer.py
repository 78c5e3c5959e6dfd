"""Installs the renderer's files in the media folder, where the cards load them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..run.errors import AnkivaultError

if TYPE_CHECKING:
    from anki.collection import Collection

_ROOT = Path(__file__).resolve().parents[2]
WEB = _ROOT / "model" / "web"
_INCLUDED = {
    "clean.js": WEB / "clean.js",
    "dompurify": _ROOT / "vendor" / "lib" / "dompurify" / "purify.min.js",
}
# Anki's media check keeps files that begin with an underscore.
FILES = {"ankivault.js": "_ankivault_0_1_0.js", "ankivault.css": "_ankivault_0_1_0.css"}
_INCLUDE = re.compile(r"^ *// @include (\S+)\n", re.MULTILINE)
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*\n?", re.MULTILINE)
_REVISION = re.compile(rb"\A(?://|/\*) Ankivault's renderer, revision (\d{1,9})(?!\d)")


class MediaUnavailable(AnkivaultError):
    """The media folder cannot be written to."""


@cache
def read_source(source: str) -> bytes:
    """Read a file as the cards load it. The script is complete and uses no network.

    The library that cleans a card's HTML is in the add-on's package. Without it, no script is
    made: the card's HTML would be shown without cleaning, and scripts in it would run.
    """
    text = (WEB / source).read_text(encoding="utf-8")
    while _INCLUDE.search(text):
        text = _INCLUDE.sub(lambda match: _read_included(match[1]), text)
    return text.encode("utf-8")


def _read_included(name: str) -> str:
    try:
        text = _INCLUDED[name].read_text(encoding="utf-8")
    except OSError as error:
        raise MediaUnavailable(
            f"Ankivault is not complete: {_INCLUDED[name].name} is missing. Install the add-on "
            "again. Nothing was changed."
        ) from error
    return _SOURCE_MAP.sub("", text).rstrip("\n") + "\n"


def install_renderer(col: Collection) -> None:
    """Write the files that are missing, older or damaged, or raise ``MediaUnavailable``.

    A newer revision stays: it comes from a device with a newer Ankivault. Otherwise both devices
    would replace each other's files at every sync.
    """
    media = Path(col.media.dir())
    for source, name in FILES.items():
        wanted = read_source(source)
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
        # Beside the media folder: files in the folder are synced to other devices.
        scratch = file.parent.with_name(f"{file.parent.name}.{file.name}.tmp")
        scratch.write_bytes(wanted)
        scratch.replace(file)


def _read_revision(content: bytes) -> int:
    found = _REVISION.match(content)
    return int(found[1]) if found else 0
