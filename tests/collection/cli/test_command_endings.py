"""However a command ends, it says so in one line, and in JSON where that was asked for."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from anki.collection import Collection
from anki.errors import DBError

from ankivault.cli import commands

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
    env["PYTHONDONTWRITEBYTECODE"] = "1"  # Python would keep cut-off bytecode of our modules
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
    assert "required: --collection, --vault" in see_one_line(done)
    done = run("deck", "sync", "--json", "--strategy", "nonsense", "--collection", "c", "f")
    assert "invalid choice: 'nonsense'" in see_one_line(done)


@pytest.mark.parametrize("output", ["full", "closed"])
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_output_that_cannot_be_written_is_told(
    collection: Path, output: str, more: tuple[str, ...]
) -> None:
    collection.with_name("vault").mkdir()
    reading, writing = os.pipe()
    os.close(reading)
    if output == "full":
        os.close(writing)
        writing = os.open("/dev/full", os.O_WRONLY)
    done = subprocess.run(
        [sys.executable, "-m", "ankivault", "plan", *map(str, places(collection)), *more],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"},
    )
    os.close(writing)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("ankivault: What this command says cannot be printed")


def test_a_check_and_an_export_print_json(collection: Path, tmp_path: Path) -> None:
    deck = tmp_path / "deck.toml"
    where = ("--collection", collection, "--state", tmp_path / "state")
    done = run("deck", "export", *where, "--deck", "Geography", deck, "--json")
    assert (done.returncode, read(done)["ok"]) == (0, True)
    done = run("deck", "check", deck, "--json")
    assert (done.returncode, read(done)) == (0, {"ok": True, "problems": []})
    deck.write_text("nonsense")
    done = run("deck", "check", "--json", deck)
    assert done.returncode == 1
    assert read(done)["problems"][0]["file"] == str(deck)


def test_a_run_that_is_stopped_says_so(collection: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it\n"
        "def stop(*_args, **_more): os.kill(os.getpid(), signal.SIGINT)\n"
        "import ankivault.cli.commands as command\n"
        "command.sync_vault = stop\n"
        f"sys.exit(command.main({['sync', *map(str, places(collection)), '--json']!r}))\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=env)
    assert done.returncode == 130
    assert "Stopped" in see_one_line(done)


def test_a_command_that_is_stopped_while_it_is_loaded_says_so() -> None:
    program = (
        "import os, runpy, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it\n"
        "class Stop:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name.startswith('ankivault.sync'): os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Stop())\n"
        "sys.argv = ['ankivault', 'deck', 'check', '--json', 'animals.toml']\n"
        "runpy.run_module('ankivault', run_name='__main__')\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=env)
    assert done.returncode == 130
    assert "Stopped" in see_one_line(done)


def test_a_fault_of_ours_is_told_and_logged(
    collection: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_more: object) -> None:
        raise RecursionError("too deep")

    log = tmp_path / "faults.log"
    monkeypatch.setattr(commands, "sync_vault", fail)
    monkeypatch.setattr(commands, "LOG_FILE", log)
    done = run("sync", *places(collection), "--json")
    assert "itself failed (RecursionError: too deep)" in see_one_line(done)
    assert "RecursionError: too deep" in log.read_text("utf-8")
    assert "Traceback" in log.read_text("utf-8")


def test_an_empty_vault_folder_is_not_the_folder_one_stands_in(collection: Path) -> None:
    done = run("sync", "--collection", str(collection), "--vault", "", "--json")
    assert "--vault is empty" in see_one_line(done)


def test_a_deck_with_a_fault_is_never_said_to_have_nothing_to_do(
    collection: Path, tmp_path: Path
) -> None:
    deck = tmp_path / "deck.toml"
    deck.write_text("[package]\nname = 'x", encoding="utf-8")
    done = run("deck", "sync", "--collection", str(collection), str(deck))
    assert done.returncode == 1
    assert "Nothing was written" in done.stdout and "Nothing to do" not in done.stdout


def test_a_disk_that_is_full_for_the_collection_alone_is_told_once(
    collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = (*places(collection), "--set", "two_way=true")
    assert run("sync", *where).returncode == 0
    pages = [*collection.with_name("vault").rglob("*.md")]
    edited = [page for page in pages if "anki_note_id" in page.read_text("utf-8")]
    for page in edited:
        text = page.read_text("utf-8").replace("Left out", "Edited").replace("capital", "city")
        page.write_text(text, "utf-8")

    def full(*_args: object, **_more: object) -> None:
        raise DBError("DiskFull: is full", None, None, None)

    with monkeypatch.context() as patched:
        patched.setattr(Collection, "update_notes", full)
        done = run("sync", *where, "--json")
    assert "The disk is full" in see_one_line(done)
    done = run("sync", *where, "--json")
    assert read(done)["counts"]["note updated in Anki"] == len(edited) == 2


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_what_the_output_cannot_print_is_escaped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    """A pipe of Windows knows few letters, and a file of Linux may have a name in none."""
    name = "日本語 😀 “\udce9”.toml"
    for as_json in ([], ["--json"]):
        said = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(said, encoding, write_through=True))
        assert commands.main(["deck", "check", str(tmp_path / name), *as_json]) == 1
        text = said.getvalue().decode(encoding)
        assert "There is no such file." in text
        if as_json:
            (told,) = json.loads(text)["problems"]
            assert told["file"].endswith(name)
