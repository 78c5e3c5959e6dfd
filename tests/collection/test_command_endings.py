"""However a command ends, it says so in one line, and in JSON where that was asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .test_command_line import collection, places, read, run

__all__ = ["collection"]


def see_one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The line that told the end, which JSON says as well."""
    assert done.returncode not in (0, None)
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr
    told = read(done)
    assert told["ok"] is False
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("ankivault: ")]
    assert line == f"ankivault: {told['error']}"
    return line


def limited(size: int, where: tuple[object, ...]) -> subprocess.CompletedProcess[str]:
    """A run on a disk that takes files of so many bytes."""
    program = (
        "import resource, runpy, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
        f"sys.argv = {['ankivault', 'sync', *map(str, where), '--json']!r}\n"
        "runpy.run_module('ankivault', run_name='__main__')\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=env)


@pytest.mark.parametrize("size", [0, 100, 5_000, 50_000])
def test_a_full_disk_is_told(collection: Path, size: int) -> None:
    done = limited(size, places(collection))
    assert "Traceback" not in done.stderr
    told = read(done)
    assert told["ok"] is False or size >= 50_000
    assert done.returncode in (0, 1)
    where = places(collection)
    assert run("sync", *where).returncode == 0
    assert run("sync", *where).stdout == "2 pages unchanged.\n"


@pytest.mark.parametrize("content", [b"", b"no collection", bytes(5000), b"SQLite format 3\0x"])
def test_what_is_no_collection_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "collection.anki2"
    file.write_bytes(content)
    done = run("sync", *places(file), "--json")
    if content:
        see_one_line(done)


def test_a_missing_collection_and_a_folder_are_told(tmp_path: Path) -> None:
    see_one_line(run("sync", *places(tmp_path / "none.anki2"), "--json"))
    (tmp_path / "folder.anki2").mkdir()
    see_one_line(run("sync", *places(tmp_path / "folder.anki2"), "--json"))


def test_words_that_are_no_command_are_told() -> None:
    done = run("sync", "--json", "--nonsense")
    assert done.returncode == 2
    assert read(done)["ok"] is False


def test_a_run_that_is_stopped_says_so(collection: Path) -> None:
    program = (
        "import os, runpy, signal, sys\n"
        "import ankivault.sync.vault.run as engine\n"
        "def stop(*_args, **_more): os.kill(os.getpid(), signal.SIGINT)\n"
        "import ankivault.__main__ as command\n"
        "command.sync_vault = stop\n"
        f"sys.exit(command.main({['sync', *map(str, places(collection)), '--json']!r}))\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=env)
    assert done.returncode == 130
    assert "Stopped" in see_one_line(done)


def test_a_fault_of_ours_is_told_and_logged(collection: Path, tmp_path: Path) -> None:
    log = tmp_path / "faults.log"
    program = (
        "import sys, pathlib\n"
        "import ankivault.__main__ as command\n"
        "def fail(*_args, **_more): raise RecursionError('too deep')\n"
        "command.sync_vault = fail\n"
        f"command.LOG_FILE = pathlib.Path({str(log)!r})\n"
        f"sys.exit(command.main({['sync', *map(str, places(collection)), '--json']!r}))\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=env)
    assert "itself failed (RecursionError: too deep)" in see_one_line(done)
    assert "RecursionError: too deep" in log.read_text("utf-8")
    assert "Traceback" in log.read_text("utf-8")
