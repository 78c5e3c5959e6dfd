"""An update may be killed before any write: the next one ends as an undisturbed one would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from ankivault.sync.source.subscription.run import add_subscription
from ankivault.sync.source.subscription.subscription import Subscription
from tests.desks.source_desk import SourceDesk, note

from .test_media import media, put

ROUNDS = int(os.environ.get("ANKIVAULT_KILLS", "24"))
SCRIPT = Path(__file__).with_name("killed_updates.py")


def kill_often(desk: SourceDesk, seed: int) -> None:
    home = desk.me.folder
    (home / "address").write_text(desk.me.address)
    desk.me.col.close()
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(home), str(ROUNDS), str(seed)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    desk.me.col.reopen()
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["moments"] == min(ROUNDS, result["writes"]) > 10
    assert result["differing"] == {}


def first(desk: SourceDesk) -> None:
    put(desk, "a.png", b"one")
    put(desk, "b.png", b"two")
    notes = [note(f"g{n}", f"word {n}", example=f"*{n}*", tags=["t"]) for n in range(8)]
    files = [media("a.png", data=b"one"), media("b.png")]
    desk.publish(*notes, note("s1", "pez", deck="Animals::Sea"), *files)


def test_a_first_pull_killed_anywhere_is_completed(desk: SourceDesk) -> None:
    first(desk)
    desk.me.fetch()
    add_subscription(desk.me.state, Subscription(desk.me.address))
    kill_often(desk, 1)


def test_an_update_killed_anywhere_is_completed(desk: SourceDesk) -> None:
    first(desk)
    me = desk.me
    me.subscribe()
    me.edit(me.find("word 1"), English="? and mine")  # merges
    me.edit(me.find("word 2"), English="mine")  # is asked
    me.col.remove_notes([me.find("word 3")])
    me.learn(me.find("word 4"))
    text = desk.file.read_text()
    for n in (1, 2, 3, 4):
        text = text.replace(f'"word {n}"\nEnglish = "?"', f'"new {n}"\nEnglish = "so ?"')
    text = text.replace('deck = "Animals::Sea"\nmodel', 'deck = "Animals"\nmodel')
    text = text.replace("color: black", "color: blue")
    more = note("n1", "vaca") + note("n2", "foca", deck="Animals::Sea")
    kind = '\n[[models]]\nname = "More"\nfields = ["A"]\n\n[[models.templates]]\nname = "C"\n'
    kind += 'front = "{{A}}"\nback = "x"\n'
    third = note("n3", "", model="More").replace('Spanish = ""\nEnglish = "?"', 'A = "a"')
    put(desk, "a.png", b"three")
    put(desk, "c.png", b"four")
    text = text.replace(media("a.png", data=b"one"), media("a.png", data=b"three"))
    desk.file.write_text(text + more + third + kind + media("c.png", data=b"four"))
    kill_often(desk, 2)
