"""Runs Rember's sync in processes that die at a chosen moment.

Moments are all writes of files, and the calls of everything that writes Anki or the base. Started
by ``test_rember_kill.py``, which runs the stand-in for Rember meanwhile.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

from anki.collection import Collection

from ankivault.sync.collection import writer
from ankivault.sync.source.rember.base import RemberBase
from ankivault.sync.source.rember.changes import Answers
from tests.desks.anki_writes import watch_anki
from tests.desks.dynamic_desk import cards_of, reviews_of
from tests.desks.kill_rig import Moments, kill_at_moments
from tests.desks.rember_desk import RemberDesk
from tests.desks.rember_service import RemberStandIn


def open_desk(home: Path, port: int) -> RemberDesk:
    """A person's collection, and the stand-in that somebody else runs."""
    col = Collection(str(home / "anki" / "collection.anki2"))
    stand_in = RemberStandIn(port=port)
    return RemberDesk(col, home / "state", stand_in, stand_in.store())


def sync(home: Path, moments: Moments, port: int, answers: Answers) -> None:
    writer.CHUNK = 3
    desk = open_desk(home, port)
    moments.watch_files(str(home / "state"), desk.col.media.dir())
    watch_anki(moments)
    moments.watch_calls(type(desk.col._backend), "add_or_update_notetype")
    moments.watch_calls(RemberBase, "save_writing save_run")
    desk.sync(answers)


def read_base(base: RemberBase) -> list[Any]:
    """Everything in the base but how often it was written."""
    return [base.cookie, sorted(base.find(base.ids()).values()), base.writing()]


def read_all(home: Path, port: int) -> dict[str, Any]:
    """What Anki and the base hold, ids of notes and cards aside."""
    desk = open_desk(home, port)
    told: dict[str, Any] = {}
    for guid, note_id in desk.note_ids().items():
        content = desk.content(guid)
        cards = cards_of(desk.col, note_id)
        reviews = reviews_of(desk.col, cards.values())
        histories = [[id_, reviews[card]] for id_, card in cards.items()]
        told[guid] = [repr(content), histories, sorted(desk.decks(guid))]
    told["questions"] = [question.key for question in desk.plan().questions]
    told["base"], _ = desk.place.remembered.read(read_base)
    desk.col.close()
    return told


if __name__ == "__main__":
    start, rounds, seed, port, answers = sys.argv[1:]
    how = {"port": int(port)}
    run = partial(sync, answers=json.loads(answers), **how)
    result = kill_at_moments(Path(start), int(rounds), int(seed), run, partial(read_all, **how))
    print(json.dumps(result))
