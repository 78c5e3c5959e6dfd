"""Finds all methods of Anki that write a collection, by the types that they return."""

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
# Methods that write, but do not return ``OpChanges``.
MORE = {
    "col": ("add_custom_undo_entry", "after_note_updates", "mod_schema"),
    "decks": ("id", "save", "add_config", "update_config", "remove_config"),
    "models": ("save", "update", "change"),
    "tags": ("register",),
    "media": ("write_data", "add_file", "trash_files", "restore_trash", "empty_trash"),
}


def find_writers() -> dict[str, dict[str, FunctionType]]:
    """Manager (``col`` is the collection itself) → method name → the method that writes."""
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
    """Make every call of these methods a moment at which a run can be killed."""
    for owner, methods in find_writers().items():
        moments.watch_calls(MANAGERS[owner], " ".join(methods))
