"""Lists indented, spaced, split and joined: no cloze, picture or link goes that the page shows."""

from __future__ import annotations

import os
import random

import pytest

from ...judges.list_slips import find_harm, slips
from .test_field_edit import edited, shown

_BODIES = [
    "{{{{c{0}::Correct}}}}", "x {{{{c{0}::T u::hint}}}} y", "word{0}",
    '{{{{c{0}::a}}}} <img src="p.png">', '<a href="https://e.org/{0}">link</a>',
    "{{{{c{0}::<b>b</b>}}}} c",
]  # fmt: skip
SEEDS = int(os.environ.get("ANKIVAULT_STRESS", "5"))


def generate_list(chance: random.Random, depth: int = 0, first: int = 1) -> tuple[str, int]:
    """A list of one to three items, some with a list of their own, and the next free number."""
    items = []
    for _ in range(chance.randint(1, 3)):
        body = chance.choice(_BODIES).format(first)
        first += 1
        if depth < 2 and chance.random() < 0.3:
            inner, first = generate_list(chance, depth + 1, first)
            body += inner
        items.append(f"<li>{body}</li>")
    name = chance.choice(["ul", "ol"])
    return f"<{name}>{''.join(items)}</{name}>", first


@pytest.mark.parametrize("clozes", ["inline", "outline"])
@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_slip_at_a_list_loses_what_the_page_shows(seed: int, clozes: str) -> None:
    chance = random.Random(seed)
    before = chance.choice(["Goals:", "", "<div>Goals</div>", "a<br>"])
    html = before + generate_list(chance)[0] + chance.choice(["", "end", "<div>end</div>"])
    for page in slips(shown(html, clozes)):
        edit = edited(html, page, clozes)
        if not edit.refusals:
            assert find_harm(html, page, edit.html) is None, (html, page, edit.html)
