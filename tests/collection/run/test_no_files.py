"""A pipe, a socket, a device or a folder in the place of a file never stops a run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ankivault.sync.deck.options import DeckOptions
from ankivault.sync.deck.read.file import check_file
from ankivault.sync.deck.run import export_deck, sync_deck
from ankivault.sync.run.regular import open_regular

from ..conftest import Desk


def make_socket(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # its name may be only so long
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name[:100])
    finally:
        os.chdir(here)


def make_link(path: Path) -> None:
    pipe = path.parent / f".{path.name} is a pipe"
    os.mkfifo(pipe)
    path.symlink_to(pipe)


MAKERS: dict[str, Callable[[Path], None]] = {
    "pipe": os.mkfifo,
    "socket": make_socket,
    "folder": Path.mkdir,
    "link to a pipe": make_link,
    "link to a device": lambda path: path.symlink_to("/dev/zero"),
}
every_kind = pytest.mark.parametrize("kind", MAKERS)


def replace(path: Path, kind: str) -> None:
    path.unlink(missing_ok=True)
    MAKERS[kind](path)


@every_kind
def test_only_ordinary_files_are_opened(tmp_path: Path, kind: str) -> None:
    MAKERS[kind](tmp_path / "it")
    with pytest.raises(OSError), open_regular(tmp_path / "it"):
        pass


@every_kind
@pytest.mark.parametrize("two_way", [False, True])
def test_in_the_vault_it_stops_nothing_and_stays(desk: Desk, kind: str, two_way: bool) -> None:
    desk.set(two_way=two_way)
    media = Path(desk.col.media.dir())
    (media / "one.png").write_bytes(b"one")
    first = desk.add(Front='first <img src="one.png">', Back="a")
    other = desk.add(Front="other", Back="a")
    desk.sync()
    page, sound = desk.page(first), desk.page(other)
    odd = [
        page,
        desk.vault / "_Anki_Collection_Index.md",
        desk.vault / "Biology" / "_Biology_index.md",
        desk.vault / "assets" / "one.png",
        desk.vault / "Biology" / "stray.md",
    ]
    for path in odd:
        replace(path, kind)
    (desk.vault.parent / ".obsidian").mkdir()
    for name in ("app.json", "templates.json"):
        MAKERS["link to a device"](desk.vault.parent / ".obsidian" / name)
    desk.edit(other, Back="edited")
    desk.add(Front="new", Back="a")
    report = desk.sync()
    assert not report.ok or report.messages
    assert "edited" in sound.read_text("utf-8")
    assert desk.col.find_notes("first")
    assert not any(path.is_file() for path in (page, odd[-1]))
    again = desk.sync()
    assert again.questions == report.questions
    assert [m.path for m in again.messages] == [m.path for m in report.messages]


@every_kind
def test_beside_a_toml_deck_it_is_told(desk: Desk, kind: str) -> None:
    media = Path(desk.col.media.dir())
    (media / "one.png").write_bytes(b"one")
    desk.add(Front='<img src="one.png">', Back="a")
    file = desk.vault.parent / "deck.toml"
    export_deck(desk.col, "Biology", file)
    picture = file.parent / "media" / "one.png"
    assert picture.is_file()
    replace(picture, kind)
    (media / "one.png").write_bytes(b"another")
    assert any("one.png" in problem.message for problem in check_file(file))
    plan, report = sync_deck(desk.col, file, DeckOptions(), desk.state)
    assert plan.problems
    replace(file, kind)
    assert [problem.level for problem in check_file(file)] == ["error"]
    plan, report = sync_deck(desk.col, file, DeckOptions(), desk.state)
    assert not report.ok


def test_a_pipe_as_a_deck_gives_one_line_on_the_command_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "deck.toml")
    done = subprocess.run(
        [sys.executable, "-m", "ankivault", "deck", "check", str(tmp_path / "deck.toml")],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 1
    assert "no ordinary file" in done.stdout
