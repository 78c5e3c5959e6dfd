"""The engine (``sync``, ``convert``) is loaded when a window first needs it, not with Anki."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from aqt.main import AnkiQt
from aqt.operations import QueryOp
from PyQt6 import sip

from .files_in_place import may_load

_is_loaded = False
_loading = Lock()


def when_loaded(mw: AnkiQt, act: Callable[[], object]) -> None:
    """Call ``act`` when the engine is there: at once, or after loading it in the background.

    For all that opens a window which works with the engine, so that the window's own imports take
    no time. After an update or a deletion of the add-on, say so instead. When the profile has been
    closed meanwhile, do nothing: what was asked for was meant for that one.
    """
    if not may_load(mw):
        return
    if _is_loaded:
        act()
        return

    opened = mw.col

    def go_on(_: object) -> None:
        if not sip.isdeleted(mw) and mw.col is opened:
            act()

    # Without Anki's progress window: what is opened next would take it for its parent.
    loading = QueryOp(parent=mw, op=lambda _: load(), success=go_on)
    loading.without_collection().run_in_background()


def load() -> None:
    """Load all of the engine. For a thread in the background, before it does its work.

    One thread at a time: two that import modules which need each other may each find one of the
    other's half made, and fail.
    """
    global _is_loaded
    with _loading:
        from ...sync.deck import run as _decks
        from ...sync.dynamic import editing, typed_text
        from ...sync.vault import run, templates
        from ...sync.vault.read import folder_advice

        del _decks, editing, typed_text, run, templates, folder_advice
        _is_loaded = True
