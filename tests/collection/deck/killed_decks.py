"""Runs the sync of a TOML deck in processes that die at a chosen moment.

Moments are the calls of everything that writes (Anki, base, files), and the returns from them, so
that each can be chosen and none depends on the clock. Started by ``test_deck_kill.py``.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from anki.collection import Collection

from ankivault.model.note import ReadNote, read_note
from ankivault.model.notetype import NAME
from ankivault.sync.deck.apply import notes as write_anki
from ankivault.sync.deck.options import DeckOptions
from ankivault.sync.deck.run import sync_deck
from tests.desks.kill_rig import kill_at_moments

WRITERS = frozenset(
    "add_custom_undo_entry add_notes update_notes remove_notes set_deck update_cards add_dict "
    "update_dict merge_undo_entries write_data trash_files save_pending save_media save_run "
    "add_or_update_notetype remove_cards_and_orphaned_notes after_note_updates replace "
    "fsync".split()
)
OPTIONS = DeckOptions(on_conflict="prefer_toml", remove_missing="anki")


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
    print(json.dumps(kill_at_moments(start, rounds, seed, sync_until, read_both)))
