"""The promises of live mode in real Anki: it holds nothing up, and at rest it costs nothing.

What a run over one note and one page costs is measured in ``bench/vault.py``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from .deck import print_outcomes
from .large_anki import LargeAnki, make_anki
from .vault import Outcome

SMALLEST = 20_000
LATE_MS = 16.0  # of the event loop, as far as this process itself worked meanwhile
HELD_MS, HELD_MS_LARGE = 20.0, 40.0  # Anki's collection, at a time; with 100,000 notes and more
REST_PERCENT = 0.2  # of a core, more than with live mode off
KINDS = ("page", "note", "window", "everything")  # what a live run is about
TURNS, REST_SECONDS, SETTLED_SECONDS = 5, 60.0, 20.0


def run_bench(sizes: Sequence[int]) -> int:
    """Measure and print the outcomes. The exit status: 0 when every promise holds."""
    broken = 0
    for notes in sizes:
        if notes >= SMALLEST:
            with tempfile.TemporaryDirectory(prefix="ankivault-bench-") as name:
                broken |= print_outcomes(_measure(Path(name), notes))
    return broken


def _measure(folder: Path, notes: int) -> list[Outcome]:
    large = make_anki(folder, notes)
    seen = large.play("work_live", live=True, vault=str(large.vault), turns=TURNS)
    worked, late = (
        max(median(turn[what] for turn in seen[kind]) for kind in KINDS)
        for what in ("worked", "late")
    )
    held = min(seen["held"])
    promised = HELD_MS if notes < 100_000 else HELD_MS_LARGE
    told = f"writing {min(seen['writing']):.1f} ms, reading {min(seen['reading']):.1f} ms"
    outcomes = [
        Outcome(notes, "live: loop late, ms", worked, LATE_MS, f"{late:.1f} ms with the machine's"),
        Outcome(notes, "live: Anki held, ms", held, promised, told),
    ]
    return [*outcomes, _measure_rest(large, notes)] if notes == SMALLEST else outcomes


def _measure_rest(large: LargeAnki, notes: int) -> Outcome:
    how = {"seconds": REST_SECONDS, "settled": SETTLED_SECONDS, "vault": str(large.vault)}
    on, off = (large.play("rest", live=live, **how) for live in (True, False))
    assert "in step" in on["sign"], on["sign"]
    assert not on["changed"], f"written at rest: {on['changed']}"
    percent = (on["cpu"] - off["cpu"]) / REST_SECONDS * 100
    told = f"{on['cpu']:.2f} s against {off['cpu']:.2f} s"
    return Outcome(notes, "live: at rest, %", percent, REST_PERCENT, told)
