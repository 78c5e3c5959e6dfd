"""A live run may be killed at any moment: what comes next ends where it would have ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from anki.collection import Collection

from ankivault.sync.vault.settings import Settings

from ...conftest import Desk

ROUNDS = int(os.environ.get("ANKIVAULT_STRESS", "5"))
SCRIPT = Path(__file__).with_name("killed_live.py")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "start"
    for folder in ("anki", "Obsidian/.obsidian", "Obsidian/Anki", "state"):
        (home / folder).mkdir(parents=True)
    return home


@pytest.fixture
def desk(home: Path) -> Iterator[Desk]:
    vault = home / "Obsidian" / "Anki"
    col = Collection(str(home / "anki" / "collection.anki2"))
    yield Desk(col, vault, home / "state", Settings(vault_folder=str(vault), two_way=True))
    col.close()


def test_a_live_run_killed_anywhere_is_finished_by_the_next(home: Path, desk: Desk) -> None:
    ids = [desk.add(f"Deck {n % 2}", Front=f"question {n}", Back=f"one<br>{n}") for n in range(16)]
    assert desk.sync().ok
    for number, note_id in enumerate(ids):
        if number % 4 == 0:
            desk.retype(note_id, "one", "typed on the page")
        elif number % 4 == 1:
            desk.edit(note_id, Back=f"typed in Anki {number}")
        elif number % 4 == 2:
            desk.move(note_id, "Deck 1")
    desk.col.remove_notes([ids[3]])
    for number in range(3):
        (home / "Obsidian" / f"new {number}.png").write_bytes(b"new %d" % number)
        page = desk.vault / "Deck 0" / f"Written {number}.md"
        body = f"## Front\nnew {number}\n\n## Back\n![[new {number}.png]]\n"
        page.write_text(f"---\nanki_note_type: Basic\n---\n{body}", "utf-8")
    desk.col.close()
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(home), str(ROUNDS), "5"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    desk.col.reopen()
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["moments"] == min(ROUNDS, result["writes"]) >= 5
    assert result["differing"] == {}
