"""Runs a two-way sync in processes that die at a chosen moment. Started by ``test_kill.py``.

Moments are all writes of files, seen by an audit hook (PEP 578), and the calls of everything that
writes the collection, with the returns from them: none depends on the clock.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from anki.collection import Collection

from ankivault.sync.vault.apply import notes as note_writes
from ankivault.sync.vault.run import sync_vault
from ankivault.sync.vault.settings import Settings
from tests.collection.vault.killed_runs import is_write
from tests.desks.kill_rig import kill_at_moments

WRITERS = frozenset(
    "add_custom_undo_entry add_notes update_notes remove_notes set_deck update_cards "
    "merge_undo_entries".split()
)


def sync_until(home: Path, moment: int) -> int:
    """Sync in this process, which dies at write number ``moment``."""
    note_writes.CHUNK = 3
    col = Collection(str(home / "anki" / "collection.anki2"))
    places = (str(home / "Obsidian"), str(home / "state"), col.media.dir())
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        if count == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch_files(event: str, arguments: tuple[Any, ...]) -> None:
        if is_write(event, arguments, places):
            step()

    def watch_calls(frame: FrameType, event: str, called: Any) -> None:
        if event in ("call", "return") and frame.f_code.co_name in WRITERS:
            step()

    settings = Settings(vault_folder=str(home / "Obsidian" / "Anki"), two_way=True)
    answers = json.loads((home / "answers.json").read_text("utf-8"))
    sys.addaudithook(watch_files)
    sys.setprofile(watch_calls)
    try:
        sync_vault(col, settings, home / "state", confirmed=True, answers=answers)
    finally:
        sys.setprofile(None)
    return count


def read_both(home: Path) -> dict[str, Any]:
    """What both sides hold; ids and guids are what they are, and stand for nothing else."""
    col = Collection(str(home / "anki" / "collection.anki2"))
    assert col.db is not None
    decks = {deck.id: deck.name for deck in col.decks.all_names_and_ids()}
    rows = col.db.all("select id, guid, mid, tags, flds from notes order by flds")
    cards = {
        row[0]: sorted(
            (ord_, decks[odid or did], reps)
            for ord_, did, odid, reps in col.db.all(
                "select ord, did, odid, reps from cards where nid = ?", row[0]
            )
        )
        for row in rows
    }
    notes = [[flds, tags, mid, cards[id_]] for id_, _, mid, tags, flds in rows]
    files = {}
    for file in sorted((home / "Obsidian").rglob("*")):
        if file.is_file():
            data = file.read_bytes()
            for number, (id_, guid, *_) in enumerate(rows):
                data = data.replace(str(id_).encode(), b"note %d" % number)
                data = data.replace(json.dumps(guid).encode(), b'"guid %d"' % number)
            files[file.relative_to(home).as_posix()] = data.decode("utf-8", "surrogateescape")
    files = {re.sub(r"_[0-9]{13}", "_id", path): text for path, text in files.items()}
    media = sorted(os.listdir(col.media.dir()))
    col.close()
    return {"notes": notes, "media": media, **files}


if __name__ == "__main__":
    start, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    print(json.dumps(kill_at_moments(start, rounds, seed, sync_until, read_both)))
