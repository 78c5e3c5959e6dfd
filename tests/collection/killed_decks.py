"""Runs the sync of a TOML deck in processes that die at a chosen moment.

Moments are the calls of everything that writes (Anki, base, files), and the returns from them, so
that each can be chosen and none depends on the clock. Started by ``test_deck_kill.py``.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from anki.collection import Collection

from ankivault.sync.deck import write_anki
from ankivault.sync.deck.changes import DeckOptions
from ankivault.sync.deck.run import sync_deck

WRITERS = frozenset(
    "add_custom_undo_entry add_notes update_notes remove_notes set_deck update_cards add_dict "
    "update_dict merge_undo_entries write_data trash_files save_pending save_media save_run "
    "replace fsync".split()
)
OPTIONS = DeckOptions(on_conflict="prefer_toml", remove_missing="anki")


def run_to_death(home: Path, moment: int) -> int:
    """Sync in a child that dies at write number ``moment``; returns how many there were.

    The count is only known (else 0) when the child lived to the end.
    """
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(tell, str(sync_until(home, moment)).encode())
        os._exit(0)
    os.close(tell)
    os.waitpid(child, 0)
    with os.fdopen(told) as pipe:
        return int(pipe.read() or 0)


def sync_until(home: Path, moment: int) -> int:
    """Sync in this process, which dies at write number ``moment``."""
    write_anki.CHUNK = 4
    col = Collection(str(home / "anki" / "collection.anki2"))
    count = 0

    def watch(frame: FrameType, event: str, called: Any) -> None:
        nonlocal count
        name = called.__name__ if event.startswith("c_") else frame.f_code.co_name
        if name in WRITERS and event in ("call", "return", "c_call", "c_return"):
            count += 1
            if count == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(watch)
    try:
        sync_deck(col, home / "git" / "deck.toml", OPTIONS, home / "state")
    finally:
        sys.setprofile(None)
    return count


def read_both(home: Path) -> dict[str, Any]:
    """What both sides hold, note ids and times aside, and whether the file has the ids."""
    col = Collection(str(home / "anki" / "collection.anki2"))
    notes = col.db.all(
        "select n.flds, n.tags, n.mid, group_concat(c.did) from notes n join cards c "
        "on c.nid = n.id group by n.id"
    )
    text = (home / "git" / "deck.toml").read_text()
    for note_id in col.db.list("select id from notes"):
        text = text.replace(f"note_id = {note_id}\n", "note_id = right\n")
    types = {m["id"]: m["name"] for m in col.models.all()}
    decks = {str(d.id): d.name for d in col.decks.all_names_and_ids()}
    media = sorted(os.listdir(col.media.dir()))
    col.close()
    return {
        "notes": sorted([f, t, types[mid], decks[did.split(",")[0]]] for f, t, mid, did in notes),
        "text": [line for line in text.splitlines() if not line.startswith("guid")],
        "decks": sorted(decks.values()),
        "media": media,
        "files": sorted(file.name for file in (home / "git").iterdir()),
    }


def copy_home(source: Path, home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(source, home)


def main(start: Path, rounds: int, seed: int) -> dict[str, Any]:
    """Kill runs from ``start`` at many moments; what the run after each leaves must be the same."""
    home, start = start, start.rename(start.with_name("pristine"))
    copy_home(start, home)
    writes = run_to_death(home, 0)
    undisturbed = read_both(home)
    chooser = random.Random(seed)
    moments = sorted(chooser.sample(range(1, writes + 1), min(rounds, writes)))
    differing: dict[int, Any] = {}
    for moment in moments:
        copy_home(start, home)
        run_to_death(home, moment)
        if chooser.random() < 0.3:  # and the next run is killed as well
            run_to_death(home, chooser.randrange(1, writes))
        run_to_death(home, 0)
        after = read_both(home)
        if after != undisturbed:
            differing[moment] = {
                key: [undisturbed[key], after[key]]
                for key in after
                if after[key] != undisturbed[key]
            }
    return {"writes": writes, "moments": len(moments), "differing": differing}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
