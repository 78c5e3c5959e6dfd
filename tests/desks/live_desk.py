"""Live runs on a desk, and what full runs alone make of the same desk."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from anki.collection import Collection

from ankivault.sync.run.report import Message, Report
from ankivault.sync.run.scope import EVERYTHING, Scope
from ankivault.sync.vault.live.live_vault import (
    Look,
    NoRunYet,
    Prepared,
    Seen,
    Standing,
    carry_out,
    prepare,
)
from ankivault.sync.vault.live.waiting import split_plan

from ..collection.conftest import Desk
from .anki_writes import watch_anki
from .kill_rig import Moments

EVERYWHERE = Look(Scope(), anki=True, folder=True)


def write_at_once(write: Callable[[], None]) -> None:
    """Write notes on this thread."""
    write()


@dataclass
class LiveDesk:
    """What live mode knows of a desk between two of its runs."""

    desk: Desk
    seen: Seen = field(default_factory=Seen)
    standing: Standing = field(default_factory=Standing)
    news: list[Message] = field(default_factory=list)  # of the last run
    inward: bool = True  # whether the last run could write notes

    def prepare(self, look: Look = EVERYWHERE) -> Prepared:
        """What a live run would do. The first that may write notes looks at everything."""
        desk, look = self.desk, replace(look, now=time.time())
        if look.inward and not self.inward:
            look = replace(look, scope=EVERYTHING)
        self.inward = look.inward
        return prepare(desk.col, desk.settings, desk.state, look, self.seen)

    def carry_out(self, prepared: Prepared) -> Report:
        """Do it."""
        report = carry_out(self.desk.col, prepared, self.desk.state, write_at_once)
        self.seen = prepared.seen
        self.news = self.standing.take(prepared, [*prepared.messages, *report.messages])
        return report

    def run(self, look: Look = EVERYWHERE) -> Report:
        """A live run."""
        return self.carry_out(self.prepare(look))

    def run_and_die(self, moment: int) -> bool:
        """A live run in a process of its own, killed at this moment; whether it came so far.

        Moments are all writes of files, and the calls of everything that writes the collection.
        Afterwards, live mode begins as after Anki's start.
        """
        self.desk.col.close()
        child = os.fork()
        if child == 0:
            self._live_until(Moments(moment))
        _, status = os.waitpid(child, 0)
        self.desk.col.reopen()
        self.seen, self.standing = Seen(), Standing()
        assert status in (0, signal.SIGKILL), "the run failed by itself"
        return status != 0

    def _live_until(self, moments: Moments) -> None:
        code = 1
        try:
            col = Collection(self.desk.col.path)
            home = str(self.desk.vault.parent)
            moments.watch_files(home, str(self.desk.state), col.media.dir())
            watch_anki(moments)
            replace(self, desk=replace(self.desk, col=col)).run()
            code = 0
        except NoRunYet:
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    def check_in_step(self) -> None:
        """Check that a full run finds nothing to do but what waits for a person."""
        split = split_plan(self.desk.plan())
        assert split.flows.is_empty, split.flows


@contextmanager
def twin_of(desk: Desk, home: Path) -> Iterator[Desk]:
    """A copy of a desk to run on; afterwards all is as before. ``home`` is the folder of all.

    The base knows its vault by the path, so the twin's vault is where the desk's was.
    """
    aside, anki, vault = home / "aside", home / "twin anki", home / "Obsidian"
    shutil.copytree(desk.state, home / "twin state")
    shutil.copytree(Path(desk.col.path).parent, anki)
    os.rename(vault, aside)
    shutil.copytree(aside, vault, symlinks=True)
    col = Collection(str(anki / "collection.anki2"))
    try:
        yield replace(desk, col=col, state=home / "twin state")
    finally:
        col.close()
        shutil.rmtree(vault)
        os.rename(aside, vault)
        shutil.rmtree(anki)
        shutil.rmtree(home / "twin state")


def read_both(desk: Desk) -> dict[str, Any]:
    """What both sides hold: words, tags, decks and studying of notes; media; and all files.

    The ids and guids of notes are named by the order of their words, because two runs never make
    the same. The deck of a card and where it waits among new cards is told, its id is not.
    """
    col = desk.col
    assert col.db is not None
    decks = {deck.id: deck.name for deck in col.decks.all_names_and_ids()}
    rows = col.db.all("select id, guid, mid, tags, flds from notes order by flds, tags, id")
    columns = "nid, ord, type, queue, ivl, factor, reps, lapses, left, data, did, odid"
    cards: dict[int, list[Any]] = {}
    for note_id, *studied, did, odid in col.db.all(f"select {columns} from cards order by ord"):
        cards.setdefault(note_id, []).append((*studied, decks[odid or did]))
    notes = [[flds, tags, mid, cards[id_]] for id_, _, mid, tags, flds in rows]
    number = {str(row[0]): f"note {index}" for index, row in enumerate(rows)}
    guid = {json.dumps(row[1]): f'"guid {index}"' for index, row in enumerate(rows)}
    ids = re.compile(r"\b\d{13}\b")
    guids = re.compile(r'(?<=anki_guid: )"[^\n]*"')

    def normal(text: str) -> str:
        text = ids.sub(lambda found: number.get(found[0], found[0]), text)
        return guids.sub(lambda found: guid.get(found[0], found[0]), text)

    files, root = {}, desk.vault.parent
    for file in sorted(root.rglob("*")):
        if file.is_file():
            text = file.read_bytes().decode("utf-8", "surrogateescape")
            files[re.sub(r"(?<=_)\d{13}", "id", str(file.relative_to(root)))] = normal(text)
    return {"notes": notes, "media": sorted(os.listdir(col.media.dir())), **files}
