"""Words in the windows' own colours read well, by day and by night (WCAG: 4.5 to 1)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

aqt_colors = pytest.importorskip("aqt.colors")

from ankivault.ui.widgets import text_colours  # noqa: E402

BACKGROUNDS = ("CANVAS", "CANVAS_ELEVATED", "CANVAS_INSET", "CANVAS_CODE")
NAMES = {"white": "#ffffff", "black": "#000000"}


@pytest.mark.parametrize("night", [False, True])
@pytest.mark.parametrize("colour", [text_colours.alarm, text_colours.quiet])
def test_text_is_readable_on_every_background_of_anki(
    colour: Callable[..., str], night: bool
) -> None:
    words = colour(night=night)
    for name in BACKGROUNDS:
        behind = getattr(aqt_colors, name)["dark" if night else "light"]
        assert contrast(words, NAMES.get(behind, behind)) >= 4.5, name


def contrast(one: str, other: str) -> float:
    """How much two colours differ: from 1 to 21."""
    low, high = sorted((brightness(one), brightness(other)))
    return (high + 0.05) / (low + 0.05)


def brightness(colour: str) -> float:
    """WCAG's relative luminance of ``#rrggbb``."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
