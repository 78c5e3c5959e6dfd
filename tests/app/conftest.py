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
from .kept_anki import KeptAnki

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


KeptAnkis = Callable[[Path], AnkiApp]


@pytest.fixture(scope="session")
def kept_ankis(once: MadeOnce, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptAnkis]:
    """For each version of Anki one that stays open, made as new for whoever asks."""
    all_kept: dict[Path, KeptAnki] = {}

    def renew(python: Path) -> AnkiApp:
        made = make_once(python, once)
        if python not in all_kept:
            base = tmp_path_factory.mktemp("kept") / "anki"
            all_kept[python] = KeptAnki(copy_base(made, base))
        kept = all_kept[python]
        kept.renew(made)
        return AnkiApp(kept.base, python, kept=kept)

    yield renew
    for kept in all_kept.values():
        kept.close()


@pytest.fixture
def anki(kept_ankis: KeptAnkis) -> AnkiApp:
    """Anki with the add-on and the sample collection."""
    return kept_ankis(NEWEST)


@pytest.fixture(params=PYTHONS)
def any_anki(kept_ankis: KeptAnkis, request: pytest.FixtureRequest) -> AnkiApp:
    """The same, with each supported version of Anki that is here."""
    return kept_ankis(request.param)


@pytest.fixture
def own_anki(tmp_path: Path, once: MadeOnce) -> AnkiApp:
    """The same as ``anki``, where a test is about Anki's start, or changes more than a profile."""
    return AnkiApp(copy_base(make_once(NEWEST, once), tmp_path / "anki"), NEWEST)


@pytest.fixture(params=PYTHONS)
def any_own_anki(tmp_path: Path, once: MadeOnce, request: pytest.FixtureRequest) -> AnkiApp:
    """The same as ``own_anki``, with each supported version of Anki that is here."""
    made = make_once(request.param, once)
    return AnkiApp(copy_base(made, tmp_path / "anki"), request.param)


def make_once(python: Path, once: MadeOnce) -> Path:
    """The base of an Anki that is made once for each version: making one takes seconds."""

    def make(folder: Path) -> None:
        app = AnkiApp(folder, python)
        app.add_sample_collection()
        app.install()
        app.compile()

    return once(f"{'newest' if python == NEWEST else 'oldest'} Anki", make)


def copy_base(made: Path, base: Path) -> Path:
    return Path(shutil.copytree(made, base, symlinks=True, copy_function=copy_or_link))


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
