"""Reads the size of a picture from its first bytes, without decoding it."""

from __future__ import annotations

import re
from struct import error, unpack_from

_SVG = re.compile(rb"<svg\b[^>]*>", re.IGNORECASE)
_LENGTH = rb"""\b%s\s*=\s*["']\s*([\d.]+)\s*(?:px)?\s*["']"""
_VIEW = re.compile(rb"""\bviewBox\s*=\s*["']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)""")
_TURNED = (5, 6, 7, 8)  # values of EXIF's orientation that exchange width and height


def read_picture(data: bytes) -> tuple[str, float, float] | None:
    """The media type of a picture, its width and its height as it is shown; None if not known."""
    for read in (_read_png, _read_gif, _read_webp, _read_jpeg, _read_svg):
        try:
            found = read(data)
        except (error, IndexError, ValueError):
            continue
        if found is not None and found[1] > 0 and found[2] > 0:
            return found
    return None


def _read_png(data: bytes) -> tuple[str, float, float] | None:
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return None
    width, height = unpack_from(">II", data, 16)
    return "image/png", width, height


def _read_gif(data: bytes) -> tuple[str, float, float] | None:
    if data[:6] not in (b"GIF87a", b"GIF89a"):
        return None
    width, height = unpack_from("<HH", data, 6)
    return "image/gif", width, height


def _read_webp(data: bytes) -> tuple[str, float, float] | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    kind, width, height = data[12:16], 0, 0
    if kind == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
    elif kind == b"VP8L":
        bits = unpack_from("<I", data, 21)[0]
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 ":
        width, height = (each & 0x3FFF for each in unpack_from("<HH", data, 26))
    return "image/webp", width, height


def _read_jpeg(data: bytes) -> tuple[str, float, float] | None:
    if data[:2] != b"\xff\xd8":
        return None
    at, turned = 2, False
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        length = unpack_from(">H", data, at + 2)[0]
        if marker == 0xE1 and data[at + 4 : at + 10] == b"Exif\0\0":
            turned = _read_orientation(data[at + 10 : at + 2 + length]) in _TURNED
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = unpack_from(">HH", data, at + 5)
            return ("image/jpeg", height, width) if turned else ("image/jpeg", width, height)
        at += 2 + length
    return None


def _read_orientation(exif: bytes) -> int:
    order = "<" if exif[:2] == b"II" else ">"
    try:
        at = unpack_from(f"{order}I", exif, 4)[0]
        for number in range(unpack_from(f"{order}H", exif, at)[0]):
            tag, _, _, value = unpack_from(f"{order}HHIH", exif, at + 2 + 12 * number)
            if tag == 0x0112:
                return int(value)
    except error:
        pass
    return 1


def _read_svg(data: bytes) -> tuple[str, float, float] | None:
    start = _SVG.search(data[:20000])
    if start is None:
        return None
    tag = start.group()
    width, height = (re.search(_LENGTH % name, tag) for name in (b"width", b"height"))
    if width and height:
        return "image/svg+xml", float(width.group(1)), float(height.group(1))
    view = _VIEW.search(tag)
    return ("image/svg+xml", float(view.group(1)), float(view.group(2))) if view else None
