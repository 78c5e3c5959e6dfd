"""The mirror's promises about speed and memory, at several sizes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

# What a run may cost, as multiples of the floor measured beside it.
NO_CHANGE_RATIO = {1_000: 3.0, 20_000: 1.6}  # by the notes from which on it is promised
FIRST_EXPORT_RATIO = 2.5
TEN_NOTES_SECONDS = 0.050
PEAK_MB = 500.0
# A run over one note and one page, two-way, as a part of a run without changes; and what it may
# cost in a larger collection, as a multiple of what it costs in one of 20,000 notes.
NARROW_RATIO, NARROW_FROM = 0.1, 20_000
NARROW_GROWTH = 1.5


@dataclass(frozen=True)
class Outcome:
    """One promise at one size: what was measured, and what was promised."""

    notes: int
    what: str
    measured: float
    promised: float
    detail: str

    @property
    def kept(self) -> bool:
        """Whether the promise holds."""
        return self.measured <= self.promised


def run_bench(sizes: Sequence[int]) -> int:
    """Measure every size and print the outcomes. The exit status: 0 when every promise holds."""
    broken = 0
    narrow: dict[int, float] = {}
    print(f"{'notes':>7}  {'what':<22} {'measured':>9} {'promised':>9}")
    for size in sizes:
        for outcome in measure_size(size, narrow):
            broken += not outcome.kept
            print(
                f"{outcome.notes:>7}  {outcome.what:<22} {outcome.measured:>9.3g} "
                f"{outcome.promised:>9.3g}  {'ok    ' if outcome.kept else 'BROKEN'} "
                f"{outcome.detail}",
                flush=True,
            )
    return 1 if broken else 0


def measure_size(notes: int, narrow: dict[int, float]) -> list[Outcome]:
    """All outcomes for a collection of so many notes.

    ``narrow`` maps the sizes so far to the seconds of a run over one note and one page.
    """
    turns = 3 if notes <= 20_000 else 1
    with tempfile.TemporaryDirectory(prefix="ankivault-bench-") as name:
        folder = Path(name)
        _measure("make", folder, notes)
        pairs = [
            (_measure("export", folder), _measure("export_floor", folder)) for _ in range(turns)
        ]
        later = _measure("again", folder, 8)
        few = _measure("narrow", folder, 8)
    first, floor = min(pairs, key=lambda pair: pair[0]["seconds"] / pair[1]["seconds"])
    ten = later["changed"] - later["unchanged"]
    peak = max(first["peak_mb"], later["peak_mb"])
    return [
        Outcome(
            notes,
            "first export ÷ floor",
            first["seconds"] / floor["seconds"],
            FIRST_EXPORT_RATIO,
            f"{first['seconds']:.2f} s against {floor['seconds']:.2f} s",
        ),
        Outcome(
            notes,
            "no change ÷ floor",
            later["unchanged"] / later["floor"],
            NO_CHANGE_RATIO[max(size for size in NO_CHANGE_RATIO if size <= max(notes, 1_000))],
            f"{later['unchanged'] * 1000:.0f} ms against {later['floor'] * 1000:.0f} ms",
        ),
        Outcome(
            notes,
            "ten notes more, s",
            ten,
            TEN_NOTES_SECONDS,
            f"{later['changed'] * 1000:.0f} ms against {later['unchanged'] * 1000:.0f} ms",
        ),
        Outcome(
            notes,
            "peak memory, MB",
            peak,
            PEAK_MB,
            f"first export {first['peak_mb']:.0f} MB, no change {later['peak_mb']:.0f} MB",
        ),
        *_judge_narrow(notes, few, narrow),
    ]


def _judge_narrow(notes: int, few: dict[str, float], narrow: dict[int, float]) -> Iterator[Outcome]:
    narrow[notes] = few["few"]
    told = f"{few['few'] * 1000:.1f} ms against"
    if notes >= NARROW_FROM:
        ratio = few["few"] / few["unchanged"]
        told_full = f"{told} {few['unchanged'] * 1000:.0f} ms"
        yield Outcome(notes, "few ÷ no change", ratio, NARROW_RATIO, told_full)
    if NARROW_FROM in narrow and notes > NARROW_FROM:
        before = narrow[NARROW_FROM]
        told = f"{told} {before * 1000:.1f} ms"
        yield Outcome(notes, "few ÷ few at 20,000", few["few"] / before, NARROW_GROWTH, told)


def _measure(what: str, folder: Path, number: int = 1) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.measure", what, str(folder), str(number)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    measured: dict[str, float] = json.loads(done.stdout)
    return measured
