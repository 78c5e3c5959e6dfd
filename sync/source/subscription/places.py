"""Addresses of media beside a deck; in Anki's media folder, names that may go there, and files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Optional
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from ...collection.media import find_media, keeps_name
from ...deck.publish import describe_file

_SEPARATOR = re.compile(r"[/\\]")
_RESERVED = re.compile(r"_ankivault", re.IGNORECASE)  # the renderer of dynamic notes


def find_media_address(address: str, path: str) -> Optional[str]:
    """The address of a media file beside a deck; None when its path leads anywhere else."""
    parts = _SEPARATOR.split(path)
    if not all(map(_is_safe, parts)) or ":" in parts[0]:
        return None
    scheme, host, own, _, _ = urlsplit(address)
    folder = own[: own.rfind("/") + 1] or "/"
    return urlunsplit((scheme, host, folder + "/".join(map(quote, parts)), "", ""))


def _is_safe(part: str) -> bool:
    plain = unquote(part)
    odd = any(ord(sign) < 32 for sign in plain)
    return bool(part) and not odd and plain not in (".", "..") and not _SEPARATOR.search(plain)


def refuse_name(name: str) -> Optional[str]:
    """Why a file of this name does not go into Anki's media folder; None when it may."""
    if not keeps_name(name):
        return "Anki takes no media file of this name"
    if _RESERVED.match(name):
        return "a name of Ankivault's own files"
    return None


def digest_media(folder: Path, name: str) -> Optional[str]:
    """The SHA-256 of a file in Anki's folder; None when there is none, empty when unreadable."""
    file = find_media(folder, name)
    try:
        return describe_file(Path(file))[0] if file else None
    except OSError:
        return ""
