"""Runs a two-way sync in processes that die at a chosen moment. Started by ``test_kill.py``.

Moments are all writes of files, and the calls of everything that writes the collection.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from anki.collection import Collection

from ankivault.sync.collection import writer
from ankivault.sync.vault import comparing
from ankivault.sync.vault.changes import Direction
from ankivault.sync.vault.run import sync_vault
from ankivault.sync.vault.settings import Settings
from tests.desks.anki_writes import watch_anki
from tests.desks.kill_rig import Moments, kill_at_moments


def sync(home: Path, moments: Moments) -> None:
    comparing.STRETCH = 3
    writer.CHUNK = 3
    col = Collection(str(home / "anki" / "collection.anki2"))
    settings = Settings(vault_folder=str(home / "Obsidian" / "Anki"), two_way=True)
    answers = json.loads((home / "answers.json").read_text("utf-8"))
    moments.watch_files(str(home / "Obsidian"), str(home / "state"), col.media.dir())
    watch_anki(moments)
    direction = Direction(answers=answers)
    sync_vault(col, settings, home / "state", direction=direction, confirmed=True)


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
    print(json.dumps(kill_at_moments(start, rounds, seed, sync, read_both)))
