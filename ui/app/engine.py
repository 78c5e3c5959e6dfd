"""Loads the engine (``sync``, ``convert``) when it is first needed, not while Anki starts."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from aqt.main import AnkiQt
from aqt.operations import QueryOp
from PyQt6 import sip

from .files_in_place import may_load

_is_loaded = _has_sources = False
_loading = Lock()


def when_loaded(mw: AnkiQt, act: Callable[[], object], *, sources: bool = False) -> None:
    """Call ``act`` once the engine is loaded: at once, or after loading it in the background.

    With ``sources``, also what only sources need.

    Use it to open a window that imports the engine: the import then does not block Anki. After an
    update or a deletion of the add-on, a tooltip asks for a restart, and ``act`` is not called. It
    is not called either if the profile was closed meanwhile.
    """
    if not may_load(mw):
        return
    if _has_sources if sources else _is_loaded:
        act()
        return

    opened = mw.col

    def go_on(_: object) -> None:
        if not sip.isdeleted(mw) and mw.col is opened:
            act()

    # No progress window: the window that ``act`` opens would become its child.
    op = load_sources if sources else load
    loading = QueryOp(parent=mw, op=lambda _: op(), success=go_on)
    loading.without_collection().run_in_background()


def load() -> None:
    """Import the whole engine. Call it in a background thread, before its work.

    The lock lets one thread import at a time. Two threads that import modules which import each
    other may each see a half-imported module, and fail.
    """
    global _is_loaded
    with _loading:
        from ...sync.deck import run as _decks
        from ...sync.dynamic import editing, typed_text
        from ...sync.vault import run, study_base, templates
        from ...sync.vault.read import folder_advice

        del _decks, editing, typed_text, run, study_base, templates, folder_advice
        _is_loaded = True


def load_sources() -> None:
    """Import the whole engine, and what only sources need. Call it in a background thread."""
    global _has_sources
    load()
    with _loading:
        from ...sync.source.rember import run, sign_in
        from ...sync.source.subscription import run as _subscriptions

        del run, sign_in, _subscriptions
        _has_sources = True
