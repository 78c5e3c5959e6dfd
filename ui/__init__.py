"""All that Ankivault adds to Anki's window. The only package that uses Qt and ``aqt``.

Anki's start waits while this module is imported. So the modules imported below, and those they
import at their top, import windows and the engine (``sync``, ``convert``) only inside functions.
Background work also imports the engine inside a function, so that the import does not block the
window. All other modules import at their top what they use.
"""

from __future__ import annotations

from aqt.main import AnkiQt

from . import menu
from .app import files_in_place, shortcuts
from .cards import browser_columns as card_columns
from .cards import card_page
from .cards import renderer_files as card_files
from .cards import sounds as card_sounds
from .decks import gear_menu
from .dynamic import open_editor
from .first_start import opening as first_start
from .live import sign as live_sign
from .live import tracker as live_tracker
from .obsidian import note_links, open_page
from .runs import ankiweb as ankiweb_sync


def set_up(mw: AnkiQt) -> None:
    """Add Ankivault to Anki's window. Call it once, while the add-on is imported.

    Later is too late: the sync at start-up comes before ``main_window_did_init``.
    """
    files_in_place.set_up()
    shortcuts.set_up(mw)
    menu.set_up(mw)
    open_page.set_up(mw)
    note_links.set_up(mw)
    card_files.set_up(mw)
    card_sounds.set_up()
    card_page.set_up()
    card_columns.set_up()
    gear_menu.set_up(mw)
    open_editor.set_up(mw)
    live_sign.set_up(mw, menu.show_overview)
    ankiweb_sync.set_up(mw)
    first_start.set_up(mw)
    live_tracker.set_up(mw)
