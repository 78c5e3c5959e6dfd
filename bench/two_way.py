"""The promises of the two-way vault about speed, beside the mirror of the same collection."""

from __future__ import annotations

import re
import tempfile
from functools import partial
from pathlib import Path

from anki.collection import Collection

from ankivault.sync.vault.run import sync_vault
from ankivault.sync.vault.settings import Settings

from .deck import print_outcomes, time_work
from .made_collection import make_collection
from .vault import Outcome

NO_CHANGE_RATIO = 1.2  # to the mirror
HUNDRED_PAGES_SECONDS = 1.0  # more than a run without changes
REPEAT, TURNS = 20, 3
_WORD = re.compile(r"(?<=\n)[a-z]{4,}(?= [a-z])")  # at the start of a line of plain text


def run_bench(notes: int = 20_000) -> int:
    """Measure and print the outcomes. The exit status: 0 when every promise holds."""
    return print_outcomes(measure_two_way(notes))


def measure_two_way(notes: int) -> list[Outcome]:
    """All outcomes for a collection of so many notes, all of which have their pages."""
    with tempfile.TemporaryDirectory(prefix="ankivault-bench-") as name:
        folder = Path(name)
        make_collection(folder / "made.anki2", notes)
        col = Collection(str(folder / "made.anki2"))
        mirror = partial(_sync, col, folder, Settings(vault_folder=_make_vault(folder / "mirror")))
        vault = _make_vault(folder / "two-way")
        two_way = partial(_sync, col, folder, Settings(vault_folder=vault, two_way=True))
        mirror()
        two_way()
        mirrored, unchanged, hundred = [], [], []
        for _ in range(REPEAT):
            mirrored.append(time_work(mirror))
            unchanged.append(time_work(two_way))
        for turn in range(TURNS):
            _edit_hundred(Path(vault), turn)
            hundred.append(time_work(two_way))
        assert col.find_cards("typed2"), "the last edits are not in Anki"
        col.close()
    same, floor = min(unchanged), min(mirrored)
    more = min(hundred) - same
    return [
        Outcome(
            notes,
            "two-way ÷ mirror",
            same / floor,
            NO_CHANGE_RATIO,
            f"{same * 1000:.0f} ms against {floor * 1000:.0f} ms",
        ),
        Outcome(
            notes,
            "100 pages more, s",
            more,
            HUNDRED_PAGES_SECONDS,
            f"{min(hundred) * 1000:.0f} ms against {same * 1000:.0f} ms",
        ),
    ]


def _make_vault(folder: Path) -> str:
    (folder / ".obsidian").mkdir(parents=True)
    return str(folder)


def _sync(col: Collection, folder: Path, settings: Settings) -> None:
    report = sync_vault(col, settings, folder / "state")
    assert report.ok, report
    assert not report.questions


def _edit_hundred(vault: Path, turn: int) -> None:
    """One word of a hundred pages is edited by hand."""
    pages = [page for page in sorted(vault.rglob("*.md")) if page.name[0] != "_"]
    edited = 0
    for page in pages[turn :: len(pages) // 200]:
        head, mark, managed = page.read_text("utf-8").partition("%% anki:begin %%")
        after = _WORD.sub(f"typed{turn}", managed, count=1)
        if after != managed and edited < 100:
            page.write_text(head + mark + after, "utf-8")
            edited += 1
    assert edited == 100
