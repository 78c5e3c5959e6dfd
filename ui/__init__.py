"""The window: menu, dialogs, background work, the run around AnkiWeb sync. Qt stays in here.

Anki waits for what is imported here while it starts. So the modules named below, and those they
import at their top, import windows and the engine (``sync``, ``convert``) only inside the functions
that need them: work in the background imports its engine there, where nobody waits. All other
modules import at their top what they use.
"""

from __future__ import annotations

from aqt.main import AnkiQt

from . import menu
from .app import files_in_place
from .cards import browser_columns as card_columns
from .cards import card_page
from .cards import renderer_files as card_files
from .cards import sounds as card_sounds
from .decks import gear_menu
from .dynamic import open_editor
from .obsidian import open_page
from .runs import ankiweb as ankiweb_sync


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
    gear_menu.set_up(mw)
    open_editor.set_up(mw)
    ankiweb_sync.set_up(mw)
