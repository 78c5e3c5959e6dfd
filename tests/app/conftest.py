"""Real Ankis with the built package, and an AnkiWeb of our own."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dev.package import build_package

from ..desks.made_once import MadeOnce
from .anki_app import OLDEST_PYTHON, AnkiApp
from .ankiweb import AnkiWeb, serve_ankiweb
from .chromium import Browser

NEWEST = Path(sys.executable)
PYTHONS = [pytest.param(NEWEST, id="newest Anki")]
PYTHONS += [pytest.param(python, id="oldest Anki") for python in OLDEST_PYTHON]


@pytest.fixture(scope="session", autouse=True)
def package(once: MadeOnce) -> None:
    """The add-on as it is now."""
    once("package", lambda folder: build_package())


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A folder inside an Obsidian vault."""
    (tmp_path / "My Vault" / ".obsidian").mkdir(parents=True)
    folder = tmp_path / "My Vault" / "Anki"
    folder.mkdir()
    return folder


@pytest.fixture
def anki(tmp_path: Path, once: MadeOnce) -> AnkiApp:
    """Anki with the add-on and the sample collection."""
    return make_anki(tmp_path, NEWEST, once)


@pytest.fixture(params=PYTHONS)
def any_anki(tmp_path: Path, once: MadeOnce, request: pytest.FixtureRequest) -> AnkiApp:
    """The same, with each supported version of Anki that is here."""
    return make_anki(tmp_path, request.param, once)


def make_anki(tmp_path: Path, python: Path, once: MadeOnce) -> AnkiApp:
    """A copy of an Anki that was made once for each version: making one takes seconds."""

    def make(folder: Path) -> None:
        app = AnkiApp(folder, python)
        app.add_sample_collection()
        app.install()
        app.compile()

    name = "newest" if python == NEWEST else "oldest"
    made = once(f"{name} Anki", make)
    base = shutil.copytree(made, tmp_path / "anki", symlinks=True, copy_function=copy_or_link)
    return AnkiApp(Path(base), python)


def copy_or_link(source: str, copy: str) -> None:
    """Code is never written in place, only replaced: all Ankis can share it."""
    if source.endswith((".py", ".pyc")):
        os.link(source, copy)
    else:
        shutil.copy2(source, copy)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser that knows nothing of Anki."""
    browser = Browser()
    yield browser
    browser.close()


@pytest.fixture
def ankiweb(tmp_path: Path) -> Iterator[AnkiWeb]:
    """A sync server on this machine."""
    with serve_ankiweb(tmp_path / "ankiweb") as server:
        yield server


@pytest.fixture
def state_of() -> Callable[[Path], dict[str, tuple[int, int, bytes]]]:
    """What a folder holds: for each file its inode, time of change and content."""

    def read(folder: Path) -> dict[str, tuple[int, int, bytes]]:
        return {
            path.relative_to(folder).as_posix(): (
                path.stat().st_ino,
                path.stat().st_mtime_ns,
                path.read_bytes(),
            )
            for path in folder.rglob("*")
            if path.is_file()
        }

    return read
