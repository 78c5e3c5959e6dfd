"""No test is left out in silence: one that skips fails the run. Properties are the same each run.

``HYPOTHESIS_PROFILE=stress`` looks at other examples each time.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from .desks.made_once import MadeOnce, made_once
from .stress import PROFILE, tries

usual = settings(max_examples=tries(60), deadline=None, database=None)
settings.register_profile("ci", usual, derandomize=True)
settings.register_profile("stress", usual, derandomize=False)
settings.load_profile(PROFILE)
if PROFILE == "ci":
    # Hypothesis also draws the constants of all modules loaded so far. Which those are depends on
    # the tests that this process ran before.
    no_constants = providers._local_constants
    providers._get_local_constants = lambda: no_constants

APP = Path(__file__).with_name("app")
WORK_BESIDE = 8  # other tests that take about as long as one in Anki's window
MEMORY, ROOM = Path("/dev/shm"), 3 * 2**30  # bytes


def keep_in_memory() -> None:
    """Have temporary folders in memory, where there is room: Anki waits for a disk."""
    wanted = "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK)
    if wanted and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


keep_in_memory()


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """Folders that are made once for all tests that start from a copy of them."""
    return made_once(tmp_path_factory)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the tests that mostly wait, those in Anki's window, among those that only work."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        waiting = [item for item in items if APP in item.path.parents]
        working = [item for item in items if APP not in item.path.parents]
        share = max(1, min(WORK_BESIDE, len(working) // max(1, len(waiting))))
        rest = iter(working)
        spread = [each for item in waiting for each in (item, *islice(rest, share))]
        items[:] = [*spread, *rest]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
