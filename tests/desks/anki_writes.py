"""What of Anki writes a collection, read from Anki's own signatures: none is forgotten."""

from __future__ import annotations

from inspect import getmembers, isfunction
from types import FunctionType

from anki.collection import Collection
from anki.decks import DeckManager
from anki.media import MediaManager
from anki.models import ModelManager
from anki.scheduler.v3 import Scheduler
from anki.tags import TagManager

from tests.desks.kill_rig import Moments

MANAGERS: dict[str, type] = {
    "col": Collection,
    "decks": DeckManager,
    "models": ModelManager,
    "tags": TagManager,
    "sched": Scheduler,
    "media": MediaManager,
}
# What does not return the changes that it makes.
MORE = {
    "col": ("add_custom_undo_entry", "after_note_updates", "mod_schema"),
    "decks": ("id", "save", "add_config", "update_config", "remove_config"),
    "models": ("save", "update", "change"),
    "tags": ("register",),
    "media": ("write_data", "add_file", "trash_files", "restore_trash", "empty_trash"),
}


def find_writers() -> dict[str, dict[str, FunctionType]]:
    """Manager (``col`` is the collection itself) → name → the method that writes."""
    return {
        owner: {
            name: method
            for name, method in getmembers(kind, isfunction)
            if "OpChanges" in str(method.__annotations__.get("return", ""))
            or name in MORE.get(owner, ())
        }
        for owner, kind in MANAGERS.items()
    }


def watch_anki(moments: Moments) -> None:
    """Every call of these methods is a moment at which a run could die."""
    for owner, methods in find_writers().items():
        moments.watch_calls(MANAGERS[owner], " ".join(methods))
