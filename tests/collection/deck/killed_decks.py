"""Runs the sync of a TOML deck in processes that die at a chosen moment.

Moments are all writes of files, and the calls of everything that writes Anki or the base. Started
by ``test_deck_kill.py``.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from anki.collection import Collection

from ankivault.model.note import ReadNote, read_note
from ankivault.model.notetype import NAME
from ankivault.sync.collection import writer
from ankivault.sync.deck.base import DeckBase
from ankivault.sync.deck.options import DeckOptions
from ankivault.sync.deck.run import sync_deck
from tests.desks.anki_writes import watch_anki
from tests.desks.kill_rig import Moments, kill_at_moments

OPTIONS = DeckOptions(on_conflict="prefer_toml", remove_missing="anki")


def sync(home: Path, moments: Moments) -> None:
    writer.CHUNK = 4
    col = Collection(str(home / "anki" / "collection.anki2"))
    moments.watch_files(str(home / "git"), str(home / "state"), col.media.dir())
    watch_anki(moments)
    moments.watch_calls(type(col._backend), "add_or_update_notetype")
    moments.watch_calls(DeckBase, "save_pending save_media save_run")
    sync_deck(col, home / "git" / "deck.toml", OPTIONS, home / "state")


def read_both(home: Path) -> dict[str, Any]:
    """What both sides hold, ids and times aside, and whether the file has the ids."""
    col = Collection(str(home / "anki" / "collection.anki2"))
    notes = col.db.all(
        "select n.id, n.flds, n.tags, n.mid, group_concat(c.did) from notes n join cards c "
        "on c.nid = n.id group by n.id"
    )
    text = (home / "git" / "deck.toml").read_text()
    for note_id in col.db.list("select id from notes"):
        text = text.replace(f"note_id = {note_id}\n", "note_id = right\n")
    types = {m["id"]: m["name"] for m in col.models.all()}
    decks = {str(d.id): d.name for d in col.decks.all_names_and_ids()}
    media = sorted(os.listdir(col.media.dir()))
    told = []
    for note_id, fields, tags, mid, home_decks in notes:
        shown = fields
        if types[mid] == NAME:
            read = read_note(fields.split("\x1f"))
            for card in read.content.cards:
                text = text.replace(f'id = "{card.id}"\n', "id = right\n")
            shown = [read.content.note, *([c.front, c.back] for c in read.content.cards)]
            shown.append(_read_histories(col, note_id, read))
        told.append([shown, tags, types[mid], decks[home_decks.split(",")[0]]])
    col.close()
    return {
        "notes": sorted(told, key=repr),
        "text": [line for line in text.splitlines() if not line.startswith("guid")],
        "decks": sorted(decks.values()),
        "media": media,
        "files": sorted(file.name for file in (home / "git").iterdir()),
    }


def _read_histories(col: Collection, note_id: int, read: ReadNote) -> list[Any]:
    """The answers so far of each of a note's cards, in their order, and of cards it should lack."""
    rows = dict(
        col.db.all(
            "select ord + 1, (select group_concat(ease) from revlog where cid = cards.id) "
            "from cards where nid = ?",
            note_id,
        )
    )
    own = [rows.pop(read.slots[card.id], "no card") for card in read.content.cards]
    return [own, rows]


if __name__ == "__main__":
    start, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    print(json.dumps(kill_at_moments(start, rounds, seed, sync, read_both)))
