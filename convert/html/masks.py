"""Reads the masks of Anki's image occlusion notes: which shapes hide what of which picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha1
from html import unescape
from math import isfinite

from ..field_style import no_media
from .media_names import media_names

_SIGN = "image-occlusion:"
_PREFIX = "occlusion-"
_DRAWING = 1  # Raise it when the same masks are drawn in another way: then names are others.
_NAME = re.compile(rf"{_PREFIX}[0-9a-f]{{12}}-(.+)\.svg", re.DOTALL)
_BETWEEN = r"(?:\s|&nbsp;|<br\s*/?>|</?(?:div|p)>)*"
_MASK = re.compile(
    rf"{_BETWEEN}\{{\{{c(\d+)::{_SIGN}((?:(?!\}}\}}|\{{\{{).)*)\}}\}}{_BETWEEN}", re.S
)
_PART = re.compile(r"(?<!\\):(?=[a-z]+=)")
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}")
_TURN = 10_000  # Anki's number for an angle of 360 degrees
_POINT = re.compile(r"([-+.\d]+),([-+.\d]+)")
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "rect": ("left", "top", "width", "height"),
    "ellipse": ("left", "top", "rx", "ry"),
    "polygon": (),
    "text": ("left", "top"),
}


@dataclass(frozen=True)
class Mask:
    """A shape on a picture. All sizes are parts of the picture's width or height.

    ``number`` is that of its card; a shape of number 0 is never asked. It is turned around its
    upper left corner. ``points`` are those of a polygon, whose upper left corner is moved to where
    ``sizes`` say.
    """

    number: int
    shape: str
    sizes: Mapping[str, float]
    points: tuple[tuple[float, float], ...] = ()
    text: str = ""
    fill: str = ""  # its colour, where that is not Anki's usual one

    @property
    def angle(self) -> float:
        """How far it is turned, in degrees, clockwise. Anki's cards turn no polygon."""
        return 0.0 if self.shape == "polygon" else self.sizes.get("angle", 0.0) * 360 / _TURN


@dataclass(frozen=True)
class MaskedPicture:
    """A field that holds nothing but masks, the name of their picture, and of the drawing of both.

    ``field`` is the number of the field.
    """

    field: int
    picture: str
    masks: tuple[Mask, ...]
    name: str


def find_masks(
    values: Sequence[str], exists: Callable[[str], bool] = no_media
) -> MaskedPicture | None:
    """The masks of a note with these fields; None when it has none, or they cannot be drawn."""
    for number, html in enumerate(values):
        if _SIGN not in html:
            continue
        masks = read_masks(html)
        others = (name for value in values[number + 1 :] for name in media_names(value, exists))
        picture = next(others, "")
        if masks is None or not picture or picture.startswith("data-"):
            return None
        made_of = repr((_DRAWING, picture, masks)).encode("utf-8", "backslashreplace")
        name = f"{_PREFIX}{sha1(made_of).hexdigest()[:12]}-{picture}.svg"
        return MaskedPicture(number, picture, masks, name)
    return None


def holds_broken_masks(values: Sequence[str]) -> bool:
    """Whether a note with these fields has masks that cannot be read."""
    return any(_SIGN in html and read_masks(html) is None for html in values)


def picture_of(name: str) -> str:
    """The picture of a drawing that ``find_masks`` named; empty for other media."""
    found = _NAME.fullmatch(name) if name.startswith(_PREFIX) else None
    return found.group(1) if found else ""


def read_masks(html: str) -> tuple[Mask, ...] | None:
    """The masks in a field; None when there is something else in it, or a shape is not known."""
    masks, at = [], 0
    while at < len(html):
        found = _MASK.match(html, at)
        mask = _read_mask(int(found.group(1)), unescape(found.group(2))) if found else None
        if found is None or mask is None:
            return None
        masks.append(mask)
        at = found.end()
    return tuple(masks) or None


def _read_mask(number: int, text: str) -> Mask | None:
    shape, *parts = _PART.split(text)
    told = dict(part.partition("=")[::2] for part in parts)
    words = told.pop("text", "").replace("\\:", ":")
    points = tuple(_POINT.findall(told.pop("points", "")))
    try:
        sizes = {
            key: float(told[key])
            for key in ("left", "top", "width", "height", "rx", "ry", "angle", "scale", "fs")
            if key in told
        }
        corners = tuple((float(x), float(y)) for x, y in points)
    except ValueError:
        return None
    numbers = (*sizes.values(), *(each for corner in corners for each in corner))
    if shape not in _NEEDS or not all(isfinite(each) and abs(each) < 100_000 for each in numbers):
        return None
    if any(key not in sizes for key in _NEEDS[shape]):
        return None
    if shape == "polygon" and not corners:
        return None
    if any(sizes.get(key, 0) < 0 for key in ("width", "height", "rx", "ry", "scale", "fs")):
        return None
    fill = told.get("fill", "")
    return Mask(number, shape, sizes, corners, words, fill if _COLOUR.fullmatch(fill) else "")
