"""Live runs on two computers with one vault: both end with the same, and no edit is lost."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from ankivault.sync.run.scope import Scope
from ankivault.sync.vault.live.live_vault import Look

from ....app.ankiweb import serve_ankiweb
from ....desks.live_desk import LiveDesk
from ....desks.random_desk import any_days
from ..test_two_computers_stress import TwoDesks


class TwoLiveDesks(TwoDesks):
    """Two computers whose live runs come at any moment between the turns."""

    def __init__(self) -> None:
        super().__init__()
        self.lives = [LiveDesk(computer.desk) for computer in self.computers]

    @rule(which=st.integers(0, 1), anki=st.booleans(), folder=st.booleans())
    def live_run(self, which: int, anki: bool, folder: bool) -> None:
        report = self.lives[which].run(Look(Scope(), anki=anki, folder=folder))
        assert report.ok, report

    @rule(which=st.integers(0, 1))
    def live_run_before_ankiweb(self, which: int) -> None:
        look = Look(Scope(), anki=True, folder=True, inward=False)
        assert self.lives[which].run(look).ok


def test_any_days_with_live_runs_end_with_the_same_on_both_computers(tmp_path: Path) -> None:
    with serve_ankiweb(tmp_path / "server") as ankiweb:
        TwoLiveDesks.server = ankiweb
        TwoLiveDesks.folders = iter(tmp_path / f"home {number}" for number in range(10_000))
        run_state_machine_as_test(TwoLiveDesks, settings=any_days(sequences=2, steps=20))
