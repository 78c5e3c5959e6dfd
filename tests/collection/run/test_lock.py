"""Two runs never work on the same folder, and the lock that keeps them apart harms nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from ankivault.sync.run.errors import StateUnavailable, VaultBusy
from ankivault.sync.run.lock import lock_target

from ..conftest import Desk

HOLD = (
    "import sys; from pathlib import Path; from ankivault.sync.run.lock import lock_target\n"
    "with lock_target(Path(sys.argv[1]), Path(sys.argv[2])):\n"
    "    print('held', flush=True); sys.stdin.read()"
)


def hold(folder: Path, state: Path) -> subprocess.Popen[str]:
    """Another process that has the lock until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), str(state)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


@pytest.mark.parametrize("same_state", [True, False])
def test_one_process_at_a_time_and_a_dead_one_blocks_nobody(desk: Desk, same_state: bool) -> None:
    desk.add(Front="q", Back="a")
    state = desk.state if same_state else desk.state.with_name("another")
    process = hold(desk.vault, state)
    with pytest.raises(VaultBusy, match="working on"):
        desk.sync()
    assert not desk.files()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert desk.sync().ok
    process = hold(desk.vault, state)
    process.communicate("")
    assert desk.sync().ok


def test_a_run_leaves_no_lock_and_nothing_in_the_temporary_folder(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "temporary"
    empty.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(empty))
    desk.add(Front="q", Back="a")
    desk.sync()
    assert not [*empty.iterdir()]
    assert not [*desk.state.glob("*.lock")]
    assert desk.state.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("what", ["link", "dangling link", "pipe", "folder"])
def test_what_stands_in_the_place_of_a_lock_is_not_followed(
    desk: Desk, tmp_path: Path, what: str
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("words")
    with lock_target(desk.vault, desk.state):
        (lock,) = desk.state.glob("*.lock")
    if what == "pipe":
        os.mkfifo(lock)
    elif what == "folder":
        lock.mkdir()
    else:
        lock.symlink_to(precious if what == "link" else tmp_path / "nothing")
    with pytest.raises(StateUnavailable):
        desk.sync()
    assert precious.read_text() == "words"
    assert not (tmp_path / "nothing").exists()
