"""What Ankivault adds to the gear menu of a deck: its pages in the vault, and a TOML file of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from anki.decks import DeckId
from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.qt import QMenu, qconnect

from ..app import profile
from ..app.engine import when_loaded
from ..app.messages import say

_EXPORT = "Export as TOML…"
_LEAVE_OUT = "Leave Out of the Vault"
_BRING_IN = "Bring into the Vault"
_INDEX = "Open Index Page"


def set_up(mw: AnkiQt) -> None:
    """Add the entries to the gear menu of decks."""

    def add(menu: QMenu, label: str, deck_id: int, act: Callable[[], object]) -> None:
        """Add an entry. It says so when the deck was deleted while the menu was open."""

        def act_if_there() -> None:
            if mw.col and mw.col.decks.get(DeckId(deck_id), default=False):
                when_loaded(mw, act)
            else:
                say("This deck is not in Anki any more.", parent=mw)

        action = menu.addAction(label)
        assert action is not None
        qconnect(action.triggered, lambda: act_if_there())

    def add_entries(menu: QMenu, deck_id: int) -> None:
        if mw.col.decks.is_filtered(DeckId(deck_id)):
            return  # a filtered deck holds cards of other decks
        add(menu, _EXPORT, deck_id, partial(_show_export, mw, deck_id))
        settings, _ = profile.get_settings(mw)
        if not settings.vault_folder:
            return
        from ...sync.collection.reads import read_deck_names
        from ...sync.vault.deck_choice import find_hidden

        hidden = deck_id in find_hidden(read_deck_names(mw.col), settings.deck_choice)
        change = partial(_change_choice, mw, deck_id, shown=hidden)
        add(menu, _BRING_IN if hidden else _LEAVE_OUT, deck_id, change)
        if not hidden and settings.index_pages:
            add(menu, _INDEX, deck_id, partial(_open_index, mw, deck_id))

    gui_hooks.deck_browser_will_show_options_menu.append(add_entries)


def _show_export(mw: AnkiQt, deck_id: int) -> None:
    from .export import show_export

    show_export(mw, mw, deck_id)


def _change_choice(mw: AnkiQt, deck_id: int, *, shown: bool) -> None:
    from .vault_choice import bring_in, leave_out

    (bring_in if shown else leave_out)(mw, deck_id)


def _open_index(mw: AnkiQt, deck_id: int) -> None:
    from .vault_choice import open_index

    open_index(mw, deck_id)
