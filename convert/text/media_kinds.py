"""Tells from a media file's name what Anki does with it."""

from __future__ import annotations

import re

PLAYED, SHOWN, DOCUMENT = "played", "shown", "document"

_KINDS = {
    **dict.fromkeys(
        "3gp aac avi flac flv m4a m4v mkv mov mp2 mp3 mp4 mpeg mpg oga ogg ogv ogx opus spx swf"
        " wav webm wma".split(),
        PLAYED,
    ),
    **dict.fromkeys("apng avif bmp gif ico jfif jpeg jpg png svg tif tiff webp".split(), SHOWN),
    **dict.fromkeys(
        "csv doc docx epub odp ods odt pdf ppt pptx rtf txt xls xlsx zip".split(), DOCUMENT
    ),
}
_EXTENSION = re.compile(r"\.(\w{1,8})$")


def file_kind(name: str) -> str:
    """``PLAYED``, ``SHOWN``, or ``DOCUMENT`` that a card links to; empty for all other files."""
    extension = _EXTENSION.search(name)
    return _KINDS.get(extension[1].lower(), "") if extension else ""


def media_by_name(target: str) -> str:
    """The simplest media name for an embed's target: the last part of its path."""
    name = target.rpartition("/")[2]
    return name if file_kind(name) else ""
