"""Decodes a file, and tells what to do when it is not UTF-8."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode_page(data: bytes) -> str:
    """A page's text; bytes that are not UTF-8 survive until ``encode_page``."""
    return data.decode("utf-8", "surrogateescape")


def encode_page(text: str) -> bytes:
    """The bytes of a page's text: undoes ``decode_page``."""
    return text.encode("utf-8", "surrogateescape")


def decode_any(data: bytes) -> str:
    """A page's text, also from UTF-16 or UTF-32: only to find its note, not to write it."""
    encoding = _other_encoding(data)
    return data.decode(encoding, "replace") if encoding else decode_page(data)


def _other_encoding(data: bytes) -> str:
    """The encoding of a page with two or four bytes per character, or nothing."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    head = data[:400]
    if b"\0" not in head or _holds_nothing(head, 4):
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) * 4 > len(head) // 2:
        return "utf-32-le" if head[:1] != b"\0" else "utf-32-be"
    if max(even, odd) * 4 > len(head) // 2 > min(even, odd) * 4:
        return "utf-16-le" if odd > even else "utf-16-be"
    return ""


def _holds_nothing(data: bytes, width: int) -> bool:
    """Whether one of the characters, of ``width`` bytes each, is NUL, which no text has."""
    return any(not data[at : at + width].strip(b"\0") for at in range(0, len(data), width))


def find_odd_bytes(data: bytes) -> tuple[int, str] | None:
    """The line where a file stops being UTF-8 text or has zero bytes, and what to do."""
    if b"\0" not in data:
        return None
    text, encoding = decode_any(data), _other_encoding(data)
    if encoding and "\0" not in text:
        return 1, f"The file is in {encoding[:6].upper()}; save it as UTF-8"
    what = "bytes that are no text" if data.strip(b"\0") else "nothing but zeros"
    return text.count("\n", 0, text.index("\0")) + 1, (
        f"The file is damaged (it holds {what}, as after a crash or a broken download); restore it "
        "from a backup"
    )
