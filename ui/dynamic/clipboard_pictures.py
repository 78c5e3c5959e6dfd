"""The pictures of what another program copied: those that came along, as their bytes."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional
from urllib.parse import unquote, urlsplit

from ...convert.html.media_names import inline_media

ReadPicture = Callable[[str], Optional[bytes]]
_STARTS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpeg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp"),
    (re.compile(rb"....ftyp(?:avif|avis)", re.DOTALL), "avif"),
    (re.compile(rb"BM.{12}\x28\0\0\0", re.DOTALL), "bmp"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml|<!--|<!DOCTYPE svg|<svg)", re.I), "svg+xml"),
)
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_LEAST = 20  # bytes; no picture is smaller
_MOST = 30_000_000  # bytes of one picture
# Word and LibreOffice put the pictures of what was copied into such a folder for a while.
_TEMPORARY = re.compile(r"msohtmlclip\d*|lu\w+\.tmp", re.IGNORECASE)
_DRIVE = re.compile(r"/[a-zA-Z]:[\\/]")


def picture_kind(data: bytes) -> str:
    """The picture's type by its first bytes, as behind ``image/``. Empty: it is none."""
    if len(data) < _LEAST:
        return ""
    kind = next((kind for start, kind in _STARTS if start.match(data)), "")
    return "" if kind == "svg+xml" and not _SVG.search(data) else kind


def read_temporary_picture(address: str) -> Optional[bytes]:
    """The picture that Word or LibreOffice left on this computer for who pastes what they copied.

    ``address`` is a ``file:`` URL. None: it leads to another computer or another folder, where
    nobody asked for it, or there is no picture.
    """
    path = _local_path(address)
    if path is None or not path.is_absolute():
        return None
    if not any(_TEMPORARY.fullmatch(part) for part in path.parts):
        return None  # and no other folder is touched: it may be one of the network
    try:
        real = path.resolve()
        if not any(_TEMPORARY.fullmatch(folder.name) for folder in real.parents):
            return None
        if not real.is_file() or real.stat().st_size > _MOST:
            return None
        data = real.read_bytes()
    except (OSError, ValueError, RuntimeError):
        return None
    return data if picture_kind(data) else None


def _local_path(address: str) -> Optional[Path]:
    try:
        parts = urlsplit(address.replace("\\", "/"))
    except ValueError:
        return None
    path = unquote(parts.path)
    if parts.scheme.lower() != "file" or parts.netloc not in ("", "localhost"):
        return None
    if path.startswith(("//", "/\\", "\\")) or "\0" in path:
        return None  # a share of another computer
    return Path(path[1:] if _DRIVE.match(path) else path)


def bring_pictures(soup: Any, read: ReadPicture) -> int:
    """Put each picture that came along into its element, as a ``data:`` address.

    Returns how many did not: those with damaged data, or in a file that ``read`` does not give.
    Words that the picture has for who cannot see it stand in their place.
    """
    missing = 0
    for picture in soup.find_all("img"):
        source = str(picture.get("src") or "").strip()
        scheme = source[:5].lower()
        if scheme == "file:":
            data = read(source) or b""
        elif scheme == "data:":
            picture["src"] = source
            data = next(iter(inline_media(str(picture)).values()), b"")
        else:
            continue
        kind = picture_kind(data)
        if kind:
            picture["src"] = f"data:image/{kind};base64,{b64encode(data).decode()}"
        else:
            missing += 1
            picture.replace_with(str(picture.get("alt") or ""))
    return missing
