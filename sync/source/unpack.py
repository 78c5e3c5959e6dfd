"""Unpacks a compressed answer piece by piece. One that ends too early is known."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

_GZIP = 31  # the window of zlib for gzip
_MOST = 1 << 20  # bytes that one step makes at most, however well they were packed


class DamagedAnswer(ValueError):
    """An answer is packed in an unknown way, is damaged, or was cut off."""


def unpack(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The content of an answer with this ``Content-Encoding``. Raises ``DamagedAnswer``."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        yield from pieces
        return
    if encoding not in ("gzip", "x-gzip"):
        raise DamagedAnswer(encoding)
    unzip, begun = zlib.decompressobj(_GZIP), False
    try:
        for piece in pieces:
            while piece:
                if unzip.eof:  # a file may be packed in several parts
                    unzip = zlib.decompressobj(_GZIP)
                begun = True
                made = unzip.decompress(piece, _MOST)
                piece = unzip.unused_data if unzip.eof else unzip.unconsumed_tail
                if made:
                    yield made
        if begun and not unzip.eof:
            yield unzip.flush()
    except zlib.error as error:
        raise DamagedAnswer("gzip") from error
    if begun and not unzip.eof:
        raise DamagedAnswer("cut off")
