"""Small pictures and sounds, drawn here so that nothing foreign has to be kept."""

from __future__ import annotations

import io
import math
import struct
import wave
import zlib
from collections.abc import Callable

Colour = tuple[int, int, int]
PAPER: Colour = (250, 248, 240)
INK: Colour = (40, 60, 90)
GREEN: Colour = (90, 150, 90)
RED: Colour = (190, 80, 70)


def make_media() -> dict[str, bytes]:
    """Every media file of the sample collection, by name."""
    return {
        "cell membrane.png": draw(160, 60, _membrane),
        "mitochondrion.png": draw(160, 90, _mitochondrion),
        "derivative.png": draw(160, 120, _tangent),
        "unit-circle.png": draw(120, 120, _circle),
        "binary tree #2.png": draw(140, 90, _tree),
        "mapa_españa.png": draw(120, 90, _stripes),
        "gato.wav": tone(440.0),
        "perro.wav": tone(330.0),
        "biblioteca.wav": tone(523.25),
        "ねこ.wav": tone(659.25),
    }


def draw(width: int, height: int, colour_at: Callable[[float, float], Colour]) -> bytes:
    """A PNG whose pixels are a function of their place, each from -1 to 1."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            rows += bytes(colour_at(2 * x / (width - 1) - 1, 1 - 2 * y / (height - 1)))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def tone(frequency: float) -> bytes:
    """A quarter of a second of one note, as a WAV file."""
    rate = 8000
    samples = bytes(
        int(128 + 80 * math.sin(2 * math.pi * frequency * i / rate)) for i in range(rate // 4)
    )
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(rate)
        file.writeframes(samples)
    return content.getvalue()


def _membrane(x: float, y: float) -> Colour:
    heads = abs(abs(y) - 0.6) < 0.22 and math.hypot(math.sin(x * 25), (abs(y) - 0.6) * 4) < 0.9
    tails = abs(y) < 0.4 and abs(math.sin(x * 25)) < 0.3
    return RED if heads else INK if tails else PAPER


def _mitochondrion(x: float, y: float) -> Colour:
    edge = math.hypot(x / 0.95, y / 0.85)
    if edge > 1:
        return PAPER
    folds = abs(y - 0.6 * math.sin(x * 14)) < 0.15
    return RED if edge > 0.88 or folds else (240, 200, 170)


def _tangent(x: float, y: float) -> Colour:
    if abs(x) < 0.012 or abs(y) < 0.015:
        return INK
    if abs(y - (x * x - 0.5)) < 0.035:
        return GREEN
    return RED if abs(y - (x - 0.75)) < 0.03 else PAPER


def _circle(x: float, y: float) -> Colour:
    if abs(math.hypot(x, y) - 0.8) < 0.02:
        return INK
    on_radius = abs(y - x) < 0.025 and 0 < x < 0.57
    return RED if on_radius else INK if abs(x) < 0.01 or abs(y) < 0.01 else PAPER


def _tree(x: float, y: float) -> Colour:
    nodes = ((0.0, 0.7), (-0.5, 0.0), (0.5, 0.0), (-0.75, -0.7), (-0.25, -0.7), (0.75, -0.7))
    near = any(math.hypot(x - a, (y - b) * 0.7) < 0.11 for a, b in nodes)
    return GREEN if near else PAPER


def _stripes(x: float, y: float) -> Colour:
    return RED if abs(y) > 0.5 else (230, 190, 60)
