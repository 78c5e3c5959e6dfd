"""Random work in a vault folder: each page that is another afterwards was told."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sys
from pathlib import Path

import pytest

from ankivault.sync.vault.read.scan import scan_vault

from .test_watch import Watched

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")

FOLDERS = ("A", "B", "A/C", "A/C/D", ".hidden", "B/.hidden", "A/.hidden/E")
NAMES = ("one.md", "two.MD", "three.png", ".x.md.swp", "four.md.tmp")


def work(folder: Path, chance: random.Random) -> None:
    """One thing that a person or a program does; what is impossible just now is left."""
    place = folder / chance.choice(FOLDERS)
    other = folder / chance.choice(FOLDERS)
    name, other_name = chance.choice(NAMES), chance.choice(NAMES)
    with contextlib.suppress(OSError):
        what = chance.choice(("make", "rename", "remove", "move", "delete", "write", "write"))
        if what == "make":
            place.mkdir(parents=True)
        elif what == "rename":
            place.rename(other)
        elif what == "remove":
            shutil.rmtree(place)
        elif what == "move":
            os.replace(place / name, other / other_name)
        elif what == "delete":
            os.unlink(place / name)
        else:
            with open(place / name, "a", encoding="utf-8") as file:
                file.write("words")


def found(folder: Path) -> dict[str, object]:
    """The pages as a run sees them; one that was moved away and back is another file."""
    pages = scan_vault(folder, None).pages
    return {path: (seen, os.stat(folder / path).st_ino) for path, seen in pages.items()}


@pytest.mark.parametrize("seed", range(20))
def test_each_page_that_is_another_was_told(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    watched = Watched(tmp_path / "Vault")
    watched.folder.mkdir()
    for name in FOLDERS:
        (watched.folder / name).mkdir(parents=True, exist_ok=True)
    assert watched.watch.start() is None
    for _ in range(15):
        before = found(watched.folder)
        for _ in range(chance.randrange(1, 12)):
            work(watched.folder, chance)
        told = watched.all()
        after = found(watched.folder)
        for end in watched.ends:
            after.pop(end, None)
            before.pop(end, None)
        changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
        assert told.everything or changed <= told.paths
        last = {f"{os.path.dirname(path)}/last.md".lstrip("/") for path in after}
        for path in last:
            watched.write(path)
        assert last <= watched.all().paths, "the folders are watched as they are now"
        assert not {path for path in told.paths if "/." in path or path.startswith(".")}
    watched.watch.stop()
