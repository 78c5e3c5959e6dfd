"""The drawing of the rooms is that of the code as it is."""

from __future__ import annotations

from dev.draw_rooms import TARGET, draw


def test_the_drawing_is_up_to_date() -> None:
    drawn = TARGET.read_text(encoding="utf-8")
    assert draw() == drawn, "Run `make drawing`, and commit docs/rooms.svg."
