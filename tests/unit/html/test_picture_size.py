"""The size of a picture as it is shown, from its first bytes."""

from __future__ import annotations

from struct import pack

import pytest

from ankivault.convert.html.picture_size import read_picture

FRAME = b"\xff\xc0" + pack(">HBHHB", 17, 8, 200, 300, 3)  # 300 wide, 200 high
JFIF = b"\xff\xe0" + pack(">H", 16) + b"JFIF\0" + bytes(9)


def exif(turn: int, order: str = ">") -> bytes:
    """EXIF that says how a camera was held."""
    mark = b"MM\0*" if order == ">" else b"II*\0"
    entry = pack(f"{order}HHIHH", 0x0112, 3, 1, turn, 0)
    data = b"Exif\0\0" + mark + pack(f"{order}IH", 8, 1) + entry + bytes(4)
    return b"\xff\xe1" + pack(">H", len(data) + 2) + data


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (b"GIF89a" + pack("<HH", 300, 200), ("image/gif", 300, 200)),
        (b"\xff\xd8" + JFIF + FRAME, ("image/jpeg", 300, 200)),
        (b"\xff\xd8" + exif(1) + FRAME, ("image/jpeg", 300, 200)),
        (b"\xff\xd8" + exif(6) + b"\xff" + FRAME, ("image/jpeg", 200, 300)),
        (b"\xff\xd8" + exif(8, "<") + FRAME, ("image/jpeg", 200, 300)),
        (
            b"RIFF\0\0\0\0WEBPVP8 " + bytes(4) + b"\0\0\0\x9d\x01\x2a" + pack("<HH", 300, 200),
            ("image/webp", 300, 200),
        ),
        (
            b"RIFF\0\0\0\0WEBPVP8L" + bytes(4) + b"\x2f" + pack("<I", 299 | 199 << 14),
            ("image/webp", 300, 200),
        ),
        (
            b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + b"\x2b\x01\0" + b"\xc7\0\0",
            ("image/webp", 300, 200),
        ),
        (
            b"<?xml?><svg width='300' height=\"200px\" viewBox='0 0 1 1'>",
            ("image/svg+xml", 300, 200),
        ),
        (b"<svg width='100%' viewBox='0 0 30.5 20'>", ("image/svg+xml", 30.5, 20)),
    ],
)
def test_it_is_read_from_each_kind(data: bytes, size: tuple[str, float, float]) -> None:
    assert read_picture(data) == size
    for length in range(len(data)):  # a file that was cut off is no fault of ours
        read_picture(data[:length])


@pytest.mark.parametrize(
    "data", [b"", b"BM\0\0", b"\xff\xd8\xff\xd9", b"GIF89a\0\0\0\0", b"<svg viewBox='0 0 . 1'>"]
)
def test_what_has_no_size_is_no_picture(data: bytes) -> None:
    assert read_picture(data) is None
