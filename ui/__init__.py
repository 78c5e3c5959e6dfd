"""The window: menu, dialogs, background work, the run around AnkiWeb sync. Qt stays in here."""

from __future__ import annotations

from aqt.main import AnkiQt

from . import (
    ankiweb_sync,
    card_columns,
    card_files,
    card_page,
    card_sounds,
    files_in_place,
    menu,
    open_page,
)
from .decks import export
from .dynamic import open_editor


def set_up(mw: AnkiQt) -> None:
    """Add Ankivault to Anki's window. Called once, while the add-on is being imported.

    It has to be then: the start-up sync comes before ``main_window_did_init``.
    """
    files_in_place.set_up()
    menu.set_up(mw)
    open_page.set_up(mw)
    card_files.set_up(mw)
    card_sounds.set_up()
    card_page.set_up()
    card_columns.set_up()
    export.set_up(mw)
    open_editor.set_up(mw)
    ankiweb_sync.set_up(mw)
