"""Updates a subscription in processes that die at a chosen moment.

Moments are all writes of files, and the calls of everything that writes Anki or the base. Started
by ``test_kill.py``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from anki.collection import Collection
from anki.decks import DeckManager
from anki.media import MediaManager
from anki.models import ModelManager

from ankivault.sync.collection import writer
from ankivault.sync.collection.reads import identify
from ankivault.sync.source.subscription.base import SUBSCRIPTION_BASE, SubscriptionBase
from ankivault.sync.source.subscription.run import BY_HAND, fetch, pull_subscription
from ankivault.sync.source.subscription.store import Home
from ankivault.sync.source.web import Web
from tests.desks.kill_rig import Moments, kill_at_moments


def update(home: Path, moments: Moments) -> None:
    writer.CHUNK = 3  # so that notes are added in several steps
    moments.watch_files(str(home / "state"), str(home / "anki" / "collection.media"))
    moments.watch_calls(Collection, "add_notes update_notes remove_notes merge_undo_entries")
    moments.watch_calls(Collection, "set_deck")
    moments.watch_calls(DeckManager, "id update_dict")
    moments.watch_calls(ModelManager, "add_dict update_dict")
    moments.watch_calls(MediaManager, "trash_files")
    moments.watch_calls(SubscriptionBase, "save_notes save_types save_media finish")
    col = Collection(str(home / "anki" / "collection.anki2"))
    address = (home / "address").read_text()
    with Web(BY_HAND) as web:
        fetched = fetch(home / "state", address, web, Path(col.media.dir()))
    pull_subscription(col, home / "state", fetched)
    col.close()


def read(home: Path) -> dict[str, Any]:
    """What Anki and the state folder hold, without ids and dates."""
    col = Collection(str(home / "anki" / "collection.anki2"))
    found: dict[str, Any] = {}
    for guid, note_id in col.db.all("select guid, id from notes"):
        note = col.get_note(note_id)
        cards = [(col.decks.name(card.did), card.reps, card.ivl) for card in note.cards()]
        kind = note.note_type()
        assert guid not in found and kind
        found[guid] = (note.fields, note.tags, cards, kind["name"])
    for kind in col.models.all():
        found[f"type {kind['name']}"] = (
            kind["css"],
            [field["name"] for field in kind["flds"]],
            [(t["name"], t["qfmt"], t["afmt"]) for t in kind["tmpls"]],
        )
    for file in Path(col.media.dir()).iterdir():
        found[f"media {file.name}"] = file.read_bytes()
    found["decks"] = sorted(deck.name for deck in col.decks.all_names_and_ids())
    place = Home(home / "state", (home / "address").read_text())
    with SUBSCRIPTION_BASE.read(place.folder, place.theirs, identify(col)) as db:
        base = SubscriptionBase(db)
        for guid, entry in base.read_notes().items():
            found[f"base {guid}"] = (entry.digest, entry.state, base.read_held(guid))
        found["base"] = (base.read_media(), base.taken, base.waiting)
        models = base.read_models().items()
        found["base models"] = {name: (entry.owned, entry.held) for name, entry in models}
    col.close()
    return found


if __name__ == "__main__":
    start, rounds, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    print(json.dumps(kill_at_moments(start, rounds, seed, update, read)))
