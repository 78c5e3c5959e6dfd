"""Live runs in processes that die at a chosen moment. Started by ``test_killed_live.py``.

Moments are all writes of files, and the calls of everything that writes the collection. After a
live run comes a full run, as after Anki's start.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from anki.collection import Collection

from ankivault.sync.collection import writer
from ankivault.sync.vault.settings import Settings
from tests.collection.conftest import Desk
from tests.collection.vault.killed_two_way import read_both
from tests.desks.anki_writes import watch_anki
from tests.desks.kill_rig import Moments, kill_at_moments
from tests.desks.live_desk import LiveDesk


def live(home: Path, moments: Moments) -> None:
    writer.CHUNK = 3
    vault = home / "Obsidian" / "Anki"
    col = Collection(str(home / "anki" / "collection.anki2"))
    desk = Desk(col, vault, home / "state", Settings(vault_folder=str(vault), two_way=True))
    moments.watch_files(str(home / "Obsidian"), str(home / "state"), col.media.dir())
    watch_anki(moments)
    LiveDesk(desk).run()
    desk.sync(confirmed=True)


if __name__ == "__main__":
    start, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    print(json.dumps(kill_at_moments(start, rounds, seed, live, read_both)))
