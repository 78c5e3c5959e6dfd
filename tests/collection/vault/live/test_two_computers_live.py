"""Live runs on two computers with one vault: both end with the same, and no edit is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from ankivault.sync.run.scope import Scope
from ankivault.sync.vault.live.live_vault import Look

from ....app.ankiweb import serve_ankiweb
from ....desks.live_desk import LiveDesk, read_both, twin_of
from ....desks.random_desk import any_days
from ..test_two_computers_stress import TwoDesks
from .test_live_days import differences, forget_names


class TwoLiveDesks(TwoDesks):
    """Two computers whose live runs come at any moment between the turns."""

    def __init__(self) -> None:
        super().__init__()
        self.lives = [LiveDesk(computer.desk) for computer in self.computers]

    @rule(which=st.integers(0, 1), anki=st.booleans(), folder=st.booleans(), inward=st.booleans())
    def live_run(self, which: int, anki: bool, folder: bool, inward: bool) -> None:
        """What full runs of this computer make of both sides is the same after it."""
        alone = self.full_runs_alone(which)
        report = self.lives[which].run(Look(Scope(), anki=anki, folder=folder, inward=inward))
        assert report.ok, report
        found = differences(alone, self.full_runs_alone(which))
        assert not found, "\n".join(found)

    def full_runs_alone(self, which: int) -> dict[str, Any]:
        """What full runs of this computer would make of both sides as they are now."""
        with twin_of(self.computers[which].desk, self.home.vault.parent.parent) as twin:
            twin.sync(confirmed=True)
            twin.sync(confirmed=True)
            return forget_names(read_both(twin))


def test_any_days_with_live_runs_end_with_the_same_on_both_computers(tmp_path: Path) -> None:
    with serve_ankiweb(tmp_path / "server") as ankiweb:
        TwoLiveDesks.server = ankiweb
        TwoLiveDesks.folders = iter(tmp_path / f"home {number}" for number in range(10_000))
        run_state_machine_as_test(TwoLiveDesks, settings=any_days(sequences=2, steps=20))
