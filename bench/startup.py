"""The promise that Anki starts with the add-on about as fast as without it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from .deck import make_outcome, print_outcomes
from .vault import Outcome

STARTS = 9
STARTUP_RATIO = 0.07  # of the time that Anki's own window takes to import
_PACKAGES = Path(__file__).resolve().parents[1] / "build" / "dev"
_START = """
from time import perf_counter
begun = perf_counter()
import aqt.main
between = perf_counter()
import ankivault.ui
print(between - begun, perf_counter() - between)
"""


def run_bench() -> int:
    """Measure and print the outcomes. The exit status: 0 when every promise holds."""
    return print_outcomes([_measure()])


def _measure() -> Outcome:
    """Both imports in the same new processes, compiled before as they are in every later start."""
    with tempfile.TemporaryDirectory(prefix="ankivault-bench-") as compiled:
        _start(compiled)
        anki, ours = zip(*(_start(compiled) for _ in range(STARTS)))
    return make_outcome(0, "import ÷ aqt.main", median(ours), median(anki), STARTUP_RATIO)


def _start(compiled: str) -> tuple[float, float]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(_PACKAGES),
        "PYTHONPYCACHEPREFIX": compiled,
        "PYTHONDONTWRITEBYTECODE": "",
        "QT_QPA_PLATFORM": "offscreen",
    }
    arguments = [sys.executable, "-c", _START]
    told = subprocess.run(arguments, env=environment, check=True, capture_output=True, text=True)
    anki, ours = map(float, told.stdout.split())
    return anki, ours
