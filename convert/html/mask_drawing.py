"""Draws the masks of an image occlusion note on its picture, as an SVG that needs no other file."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha1
from html import escape
from math import cos, radians, sin

from .masks import Mask, MaskedPicture
from .picture_size import read_picture

LARGEST = 5_000_000  # bytes of a picture; a larger one is not put into a drawing
_FILL = "#ffeba2"  # as on Anki's cards
_EMPTY = ("", 800.0, 600.0)
_SEAL = re.compile(rb"<!-- of ([0-9a-f]{40}|none) ([0-9a-f]{40}) -->\n\Z")
_CONTROL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def draw_masks(found: MaskedPicture, picture: bytes | None) -> bytes:
    """The drawing of a picture with its masks, each with its number.

    ``picture`` is the picture's file, None when there is none. Where it is missing, too large or of
    an unknown kind, the drawing says so in its place. Equal input is drawn in equal bytes.
    """
    read = read_picture(picture) if picture and len(picture) <= LARGEST else None
    kind, width, height = read or _EMPTY
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_show(width)}" height="{_show(height)}" '
        f'viewBox="0 0 {_show(width)} {_show(height)}">'
    ]
    if read and picture:
        source = f"data:{kind};base64,{b64encode(picture).decode()}"
        lines.append(
            f'<image width="{_show(width)}" height="{_show(height)}" '
            f'preserveAspectRatio="none" href="{source}"/>'
        )
    else:
        lines.append('<rect width="800" height="600" fill="#eee"/>')
    size = min(width, height) / 18
    lines += [_draw(mask, width, height, size) for mask in found.masks]
    if not read:
        words = escape(_CONTROL.sub("", f"{found.picture}: {why_undrawn(picture)}"))
        lines.append(_write(words, 400, 575, 18, ' text-anchor="middle"'))
    text = "\n".join([*lines, "</svg>", ""]).encode("utf-8", "replace")
    return text + b"<!-- of %s %s -->\n" % (_mark(picture), sha1(text).hexdigest().encode())


def why_undrawn(picture: bytes | None) -> str:
    """Why a picture cannot be drawn with its masks, for the user; empty when it can."""
    if picture is None:
        return "not in Anki's media folder"
    if len(picture) > LARGEST:
        return "larger than 5 MB, so it is not shown with its masks"
    return "" if read_picture(picture) else "of a kind that cannot be shown with its masks"


def is_drawing(data: bytes) -> bool:
    """Whether these are the whole bytes of a drawing, which nobody has changed."""
    seal = _SEAL.search(data)
    return seal is not None and sha1(data[: seal.start()]).hexdigest().encode() == seal.group(2)


def is_drawing_of(data: bytes, picture: bytes | None) -> bool:
    """Whether this is a drawing of this very picture."""
    seal = _SEAL.search(data)
    return seal is not None and is_drawing(data) and seal.group(1) == _mark(picture)


def _mark(picture: bytes | None) -> bytes:
    return b"none" if picture is None else sha1(picture).hexdigest().encode()


def _draw(mask: Mask, width: float, height: float, size: float) -> str:
    """One shape, in its place on a picture, and its number, upright. ``size`` is for the number."""
    at = mask.sizes
    x, y = at.get("left", 0) * width, at.get("top", 0) * height
    if mask.shape == "text":
        size = at.get("fs", 0.05) * height * at.get("scale", 1)
        lines = escape(_CONTROL.sub("", mask.text)).split("\n")
        text = "".join(_write(line, x, y + n * size, size) for n, line in enumerate(lines, 1))
        return f"<g{_turn(mask, x, y)}>{text}</g>"
    if mask.shape == "rect":
        wide, high = at["width"] * width, at["height"] * height
        middle = x + wide / 2, y + high / 2
        size = min(size, high * 0.8) or size
        shape = f'rect x="{_show(x)}" y="{_show(y)}" width="{_show(wide)}" height="{_show(high)}"'
    elif mask.shape == "ellipse":
        across, down = at["rx"] * width, at["ry"] * height
        middle = x + across, y + down
        size = min(size, down * 1.4) or size
        shape = f'ellipse cx="{_show(middle[0])}" cy="{_show(middle[1])}"'
        shape += f' rx="{_show(across)}" ry="{_show(down)}"'
    else:
        points = [(a * width, b * height) for a, b in _corners(mask)]
        middle = _middle(points)
        shape = f'polygon points="{" ".join(f"{_show(a)},{_show(b)}" for a, b in points)}"'
    fill, line = mask.fill or _FILL, _show(size / 20)
    drawn = f'<{shape} fill="{fill}" stroke="#212121" stroke-width="{line}"{_turn(mask, x, y)}/>'
    if not mask.number:
        return drawn
    angle, across, down = radians(mask.angle), middle[0] - x, middle[1] - y
    x += across * cos(angle) - down * sin(angle)
    y += across * sin(angle) + down * cos(angle) + size * 0.35
    return drawn + _write(str(mask.number), x, y, size, ' text-anchor="middle"')


def _turn(mask: Mask, x: float, y: float) -> str:
    """The attribute that turns a shape around its upper left corner."""
    if not mask.angle:
        return ""
    return f' transform="rotate({_show(mask.angle)} {_show(x)} {_show(y)})"'


def _write(words: str, x: float, y: float, size: float, more: str = "") -> str:
    """Text that can be read on any ground."""
    return (
        f'<text x="{_show(x)}" y="{_show(y)}" font-size="{_show(size)}"{more} '
        f'font-family="sans-serif" fill="#000" stroke="#fff" stroke-width="{_show(size / 8)}" '
        f'paint-order="stroke">{words}</text>'
    )


def _corners(mask: Mask) -> Sequence[tuple[float, float]]:
    """The corners of a polygon where Anki's cards show them."""
    aside = mask.sizes.get("left", 0) - min(x for x, _ in mask.points)
    below = mask.sizes.get("top", 0) - min(y for _, y in mask.points)
    return [(x + aside, y + below) for x, y in mask.points]


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """A point in the middle of a polygon."""
    across, down = zip(*points)
    return sum(across) / len(points), sum(down) / len(points)


def _show(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
