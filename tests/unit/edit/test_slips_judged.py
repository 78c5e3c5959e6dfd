"""Slips at every highlight of generated fields: nothing nested, invented, renumbered or escaped."""

from __future__ import annotations

import random

import pytest

from ...judges.cloze_slips import find_harm, slips
from ...stress import tries
from .test_field_edit import edited, shown

_BODIES = ["X", "two words", "東京", "<b>bold</b>", r"\(x^2\)", "x<i>y</i>", "a, b", "5 %"]
_BETWEEN = ["", " ", " is ", "本", "<br>", ", ", "</div><div>", "</li><li>", " <b>of</b> "]


def generate_field(seed: int) -> str:
    """A field of one to four clozes."""
    chance = random.Random(seed)
    parts = [chance.choice(["", "The ", "日"])]
    for number in range(1, chance.randint(1, 4) + 1):
        hint = chance.choice(["", "", "::hint"])
        parts += [f"{{{{c{number}::{chance.choice(_BODIES)}{hint}}}}}", chance.choice(_BETWEEN)]
    html = "".join(parts) + "end"
    if "</li>" in html:
        return "<ul><li>" + html.replace("</div><div>", " ") + "</li></ul>"
    return f"<div>{html}</div>" if "</div>" in html else html


@pytest.mark.parametrize("clozes", ["inline", "outline"])
def test_no_slip_harms_the_other_clozes(clozes: str) -> None:
    for seed in range(tries(20)):
        html = generate_field(seed)
        for page in slips(shown(html, clozes)):
            edit = edited(html, page, clozes)
            if not edit.refusals:
                assert find_harm(html, edit.html) is None, (html, page, edit.html)
