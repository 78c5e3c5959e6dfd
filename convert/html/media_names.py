"""Finds the media files that a field names."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha1
from html import unescape
from unicodedata import normalize
from urllib.parse import unquote, unquote_to_bytes

from ..field_style import no_media
from .tokens import SOUND, START, Token, parse_attributes, tokenize

SOURCE_ATTRIBUTES: Mapping[str, str] = {
    "img": "src",
    "audio": "src",
    "video": "src",
    "source": "src",
    "embed": "src",
    "object": "data",
}
_MAY_NAME_MEDIA = re.compile(r"\[sound:|<(?:img|audio|video|source|embed|object)\b", re.IGNORECASE)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:|//")
_DATA_URL = re.compile(r"data:([^,;]*)((?:;[^,]*)?),", re.IGNORECASE)
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}")
_EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
    "image/bmp": "bmp",
    "image/avif": "avif",
    "image/x-icon": "ico",
    "image/tiff": "tiff",
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/webm": "webm",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/ogg": "ogv",
    "application/pdf": "pdf",
}

# URLs drop these: https://url.spec.whatwg.org/#url-parsing
_LINE_BREAKS = str.maketrans("", "", "\t\r\n")


def media_names(html: str, exists: Callable[[str], bool] = no_media) -> tuple[str, ...]:
    """Names of the local media files that ``html`` uses: in order, each once.

    Names are decoded (entities; percent signs once, except in ``[sound:]``) and in NFC. When a file
    with the undecoded name ``exists``, it is that file, as in Anki's media check. Remote addresses
    are left out; data URLs have the names of ``inline_media``.
    """
    if not _MAY_NAME_MEDIA.search(html):
        return ()
    names = (media_name(source, decode, exists) for source, decode in _sources(html))
    return tuple(dict.fromkeys(name for name in names if name))


def inline_media(html: str) -> dict[str, bytes]:
    """The files in data URLs in ``html``, under names made from their content."""
    if "data:" not in html and "DATA:" not in html.upper():
        return {}
    files: dict[str, bytes] = {}
    for source, _ in _sources(html):
        read = _read_data_url(source)
        if read:
            files[read[0]] = read[1]
    return files


def inline_sources(html: str) -> dict[str, str]:
    """The names of ``inline_media``, each with its data URL, entities decoded."""
    if "data:" not in html and "DATA:" not in html.upper():
        return {}
    found: dict[str, str] = {}
    for token in tokenize(html, clozes=False):
        if token.kind == START and token.name in SOURCE_ATTRIBUTES:
            source = source_of(html, token)
            read = _read_data_url(source)
            if read:
                found[read[0]] = source
    return found


def media_name(source: str, decode: bool = True, exists: Callable[[str], bool] = no_media) -> str:
    """The local file at an address, or ``""`` when it is not one."""
    source = source.translate(_LINE_BREAKS).strip()
    if source[:5].lower() == "data:":
        read = _read_data_url(source)
        return read[0] if read else ""
    if not source or _SCHEME.match(source):
        return ""
    known = decode and "%" in source and exists(normalize("NFC", source))
    if decode and not known and _PERCENT.search(source):
        source = unquote(source)
    return normalize("NFC", source)


def source_of(html: str, token: Token) -> str:
    """The address in a media tag, as written, entities decoded."""
    attribute = SOURCE_ATTRIBUTES[token.name]
    return parse_attributes(html[slice(*token.inner)]).get(attribute, "").strip()


def sound_name(html: str, token: Token) -> str:
    """The file of a ``[sound:…]`` tag."""
    name = unescape(html[slice(*token.inner)]).translate(_LINE_BREAKS)
    return normalize("NFC", name.strip())


def _sources(html: str) -> Iterator[tuple[str, bool]]:
    for token in tokenize(html, clozes=False):
        if token.kind == SOUND:
            yield sound_name(html, token), False
        elif token.kind == START and token.name in SOURCE_ATTRIBUTES:
            yield source_of(html, token), True


def _read_data_url(source: str) -> tuple[str, bytes] | None:
    match = _DATA_URL.match(source)
    if match is None:
        return None
    body = source[match.end() :]
    try:
        if "base64" in match[2].lower():
            packed = "".join(unquote(body).split()).rstrip("=")
            data = b64decode(packed + "=" * (-len(packed) % 4))
        else:
            data = unquote_to_bytes(body)
    except (ValueError, UnicodeError):
        return None
    kind = match[1].strip().lower()
    extension = _EXTENSIONS.get(kind) or re.sub(r"\W+", "", kind.rpartition("/")[2])[:8] or "bin"
    return f"data-{sha1(data).hexdigest()[:12]}.{extension}", data
