"""The promises of Anki's window: it stays alive during a run, and shows much without a wait."""

from __future__ import annotations

import tempfile
from pathlib import Path

from dev.package import build_package
from tests.app.anki_app import AnkiApp
from tests.app.test_window import add_notes

from .deck import print_outcomes
from .vault import Outcome

LONGEST_GAP = 50.0  # ms of the event loop, besides what an idle process waits meanwhile
PREVIEW_SECONDS = {"open": 0.5}  # with its web view; for whatever else a person does, see below
STEP_SECONDS = 0.1
NOTES, CHANGES = 2_000, (30_000, 100_000)


def run_bench() -> int:
    """Measure and print the outcomes. The exit status: 0 when every promise holds."""
    with tempfile.TemporaryDirectory(prefix="ankivault-bench-") as name:
        return print_outcomes(_measure(Path(name)))


def _measure(folder: Path) -> list[Outcome]:
    build_package()
    vault = folder / "My Vault" / "Anki"
    (vault.parent / ".obsidian").mkdir(parents=True)
    vault.mkdir()
    anki = AnkiApp(folder / "anki")
    anki.add_sample_collection()
    anki.install()
    many = {
        count: anki.play("show_many_changes", folder=str(vault), count=count).value["seconds"]
        for count in CHANGES
    }
    add_notes(anki, NOTES)
    settings = {"vault_folder": str(vault), "before_ankiweb_sync": False}
    run = anki.play("time_event_loop", settings=settings).value
    gap = max(0.0, run["window"] - run["elsewhere"])
    return [
        Outcome(NOTES, "window: gap ÷ promised", gap / LONGEST_GAP, 1.0, f"{gap:.0f} ms"),
        *(_judge(count, steps) for count, steps in many.items()),
    ]


def _judge(count: int, steps: dict[str, float]) -> Outcome:
    """The slowest step in a preview of so many changes, beside what is promised for it."""
    ratios = {name: took / PREVIEW_SECONDS.get(name, STEP_SECONDS) for name, took in steps.items()}
    name = max(ratios, key=ratios.__getitem__)
    told = f"{name}: {steps[name] * 1000:.0f} ms"
    return Outcome(count, "preview: step ÷ promised", ratios[name], 1.0, told)
