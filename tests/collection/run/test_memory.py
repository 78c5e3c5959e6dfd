"""Memory: Anki runs with the garbage collector off, so nothing may wait for it."""

from __future__ import annotations

import gc

from ..conftest import Desk


def test_a_run_leaves_nothing_to_the_garbage_collector(desk: Desk) -> None:
    for number in range(100):
        desk.add(
            f"Deck {number % 3}",
            "Cloze",
            tags="a::b",
            Text=f"<ul><li>{{{{c1::<b>x</b> \\(y\\)}}}}<table><tr><td>{number}</table></ul>",
            Back_Extra='<img src="x.png"><pre>code</pre>',
        )
    desk.plan()
    gc.collect()
    was_on = gc.isenabled()
    gc.disable()
    try:
        plan = desk.plan()
        assert len(plan.pages) == 100
        assert gc.collect() < 100
    finally:
        if was_on:
            gc.enable()
