"""``python -m bench [notes …]``: measures, prints, and fails when a promise is broken."""

from __future__ import annotations

import sys

from .vault import run_bench

sys.exit(run_bench([int(size) for size in sys.argv[1:]] or [1_000, 20_000, 100_000]))
