"""The entry “Export as TOML…” in the gear menu of decks."""

from __future__ import annotations

from functools import partial

from anki.decks import DeckId
from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.qt import QMenu, qconnect

from ..app.engine import when_loaded

_LABEL = "Export as TOML…"


def set_up(mw: AnkiQt) -> None:
    """Add the entry to the gear menu of decks."""

    def add_entry(menu: QMenu, deck_id: int) -> None:
        if mw.col.decks.is_filtered(DeckId(deck_id)):
            return  # a filtered deck holds cards of other decks
        action = menu.addAction(_LABEL)
        assert action is not None
        qconnect(action.triggered, lambda: when_loaded(mw, partial(_show_export, mw, deck_id)))

    gui_hooks.deck_browser_will_show_options_menu.append(add_entry)


def _show_export(mw: AnkiQt, deck_id: int) -> None:
    from .export import show_export

    show_export(mw, mw, deck_id)
