"""``python -m bench [notes …]``: measures, prints, and fails when a promise is broken."""

from __future__ import annotations

import sys

from . import (
    answers,
    deck,
    dynamic,
    live,
    markdown,
    source,
    startup,
    two_way,
    vault,
    window,
)

sizes = [int(size) for size in sys.argv[1:]] or [1_000, 20_000, 100_000]
benches = (
    answers.run_bench,
    deck.run_bench,
    dynamic.run_bench,
    markdown.run_bench,
    source.run_bench,
    startup.run_bench,
    two_way.run_bench,
    window.run_bench,
)
broken = max(vault.run_bench(sizes), live.run_bench(sizes))
sys.exit(max(broken, *(run_bench() for run_bench in benches)))
