"""The engine (``sync``, ``convert``) is loaded when a window first needs it, not with Anki."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from aqt.main import AnkiQt
from aqt.operations import QueryOp

from .files_in_place import may_load

_is_loaded = False


def when_loaded(mw: AnkiQt, act: Callable[[], object]) -> None:
    """Call ``act`` when the engine is there: at once, or after loading it in the background.

    For all that opens a window which works with the engine, so that the window's own imports take
    no time. After an update or a deletion of the add-on, say so instead.
    """
    if not may_load(mw):
        return
    if _is_loaded:
        act()
        return

    def go_on(_modules: object) -> None:
        global _is_loaded
        _is_loaded = True
        act()

    # Without Anki's progress window: what is opened next would take it for its parent.
    loading = QueryOp(parent=mw, op=lambda _: _load(), success=go_on)
    loading.without_collection().run_in_background()


def _load() -> tuple[ModuleType, ...]:
    from ...sync.deck import run as decks
    from ...sync.dynamic import editing, typed_text
    from ...sync.vault import run, templates
    from ...sync.vault.read import folder_advice as inspect

    return decks, editing, typed_text, inspect, run, templates
