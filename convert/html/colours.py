"""Reads the colours of an element that a page can show, and writes them safely."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Optional

from .blocks import Mark

COLOUR, HIGHLIGHT = "colour", "highlight"
COLOUR_ELEMENT = re.compile(r"<(?:span|mark) style=\"(?:background-)?color: ")

_TEXT = re.compile(r"(?:^|;)\s*color\s*:\s*([^;]+)", re.IGNORECASE)
_GROUND = re.compile(r"(?:^|;)\s*background(?:-color)?\s*:\s*([^;]+)", re.IGNORECASE)
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*(1|1\.0)\s*)?\)")
_NAMES = {
    "aqua": "#00ffff",
    "blue": "#0000ff",
    "brown": "#a52a2a",
    "crimson": "#dc143c",
    "cyan": "#00ffff",
    "darkblue": "#00008b",
    "darkgreen": "#006400",
    "darkorange": "#ff8c00",
    "darkred": "#8b0000",
    "fuchsia": "#ff00ff",
    "gold": "#ffd700",
    "green": "#008000",
    "indigo": "#4b0082",
    "lightblue": "#add8e6",
    "lightgreen": "#90ee90",
    "lightyellow": "#ffffe0",
    "lime": "#00ff00",
    "magenta": "#ff00ff",
    "maroon": "#800000",
    "navy": "#000080",
    "olive": "#808000",
    "orange": "#ffa500",
    "pink": "#ffc0cb",
    "purple": "#800080",
    "red": "#ff0000",
    "royalblue": "#4169e1",
    "salmon": "#fa8072",
    "steelblue": "#4682b4",
    "teal": "#008080",
    "tomato": "#ff6347",
    "turquoise": "#40e0d0",
    "violet": "#ee82ee",
    "yellow": "#ffff00",
}
_LEAST_COLOUR = 32  # between the strongest and the weakest part: less is black, grey or white


def colour_marks(attributes: Mapping[str, str]) -> list[Mark]:
    """The marks for an element's colours.

    Black, white and grey are left out: they come with pasted text, and one of them cannot be seen
    at night. So is all that is no plain colour. Text on a highlight is black or white, whichever
    can be read on it.
    """
    style = attributes.get("style", "")
    text = _TEXT.search(style) if "color" in style.lower() else None
    ground = _GROUND.search(style) if "background" in style.lower() else None
    marks: list[Mark] = []
    colour = _read(text[1] if text else attributes.get("color", ""))
    if colour:
        marks.append(Mark(COLOUR, 0, f' style="color: {colour}"'))
    behind = _read(ground[1]) if ground else None
    if behind:
        readable = "#000" if _brightness(behind) > 128 else "#fff"
        words = f"background-color: {behind}; color: {readable}"
        marks.append(Mark(HIGHLIGHT, 0, f' style="{words}"'))
    return marks


def _read(value: str) -> Optional[str]:
    value = value.lower().replace("!important", "").strip()
    rgb = _RGB.fullmatch(value)
    if rgb:
        parts = [min(int(part), 255) for part in rgb.groups()[:3]]
        value = "#{:02x}{:02x}{:02x}".format(*parts)
    shown = _NAMES.get(value, value)
    if not _HEX.fullmatch(shown):
        return None
    parts = _parts(shown)
    return value if max(parts) - min(parts) >= _LEAST_COLOUR else None


def _parts(colour: str) -> list[int]:
    digits = _NAMES.get(colour, colour)[1:]
    size = len(digits) // 3
    return [int(digits[at : at + size] * (3 - size), 16) for at in range(0, len(digits), size)]


def _brightness(colour: str) -> float:
    red, green, blue = _parts(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue
