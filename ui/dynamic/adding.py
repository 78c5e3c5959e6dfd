"""Opens the window for dynamic notes when the dynamic note type is chosen in Anki's Add window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional
from weakref import WeakKeyDictionary

import aqt
from anki.decks import DeckId
from anki.models import NotetypeId
from anki.notes import Note
from aqt import gui_hooks
from aqt.addcards import AddCards
from aqt.main import AnkiQt
from aqt.qt import Qt, QTimer

from ...sync.collection.dynamic_type import find_notetypes

Show = Callable[[Optional[int]], None]  # opens our window for a new note, or a note's copy
_PLACED = 300  # milliseconds: enough for Anki to place a window that was just opened


def set_up(mw: AnkiQt, show: Show) -> None:
    """Watch the note type of each Add window. ``show`` opens the window for dynamic notes."""
    guards: WeakKeyDictionary[AddCards, _Guard] = WeakKeyDictionary()

    def watch(window: Any) -> None:
        # Anki's new editor has another Add window, with the note type in its page: not watched.
        if isinstance(window, AddCards):
            guards[window] = _Guard(mw, window, show)

    gui_hooks.add_cards_did_init.append(watch)


def show_other_types(mw: AnkiQt) -> None:
    """Open Anki's Add window with a note type that is not dynamic."""
    _Guard.wanted = find_other_type(mw)
    try:
        aqt.dialogs.open("AddCards", mw)
    finally:
        _Guard.wanted = None


def find_other_type(mw: AnkiQt) -> Optional[NotetypeId]:
    """A note type that is not dynamic, preferably the last one used; ``None`` if there is none."""
    dynamic = find_notetypes(mw.col)
    types = [NotetypeId(each.id) for each in mw.col.models.all_names_and_ids()]
    last = mw.col.models.current(for_deck=False)["id"]
    return next((id_ for id_ in (last, *types) if id_ not in dynamic and id_ in types), None)


class _Guard:
    """Keeps the dynamic note type out of one Add window, and opens our window instead."""

    wanted: Optional[NotetypeId] = None  # the type that a window is being opened for

    def __init__(self, mw: AnkiQt, window: AddCards, show: Show) -> None:
        self._mw = mw
        self._window = window
        self._show = show
        self._copied = False
        self._chooser = window.notetype_chooser
        self._change = self._chooser.on_notetype_changed
        self._copy = window.set_note
        self._kept = self._chooser.selected_notetype_id
        window.set_note = self.set_note  # type: ignore[method-assign]
        self._chooser.on_notetype_changed = self.change
        other = self.wanted or find_other_type(mw)
        if self._is_dynamic(self._kept) and other is not None:
            self._chooser.selected_notetype_id = other
            if not self.wanted:
                self._go_elsewhere()

    def _go_elsewhere(self) -> None:
        """Hide and close the Add window, and open the window for dynamic notes instead."""
        window = self._window
        window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)

        def go_on() -> None:
            window.hide()
            window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, False)
            if not self._copied:
                self._show(None)
            self._mw.progress.timer(_PLACED, close, False, parent=window)

        def close() -> None:
            if not window.isVisible():
                window.close()

        QTimer.singleShot(0, go_on)

    def change(self, notetype_id: NotetypeId) -> None:
        """Change the note type. For the dynamic type, keep the old one and open our window."""
        if self._is_dynamic(notetype_id):
            self._chooser.on_notetype_changed = None
            self._chooser.selected_notetype_id = self._kept
            self._chooser.on_notetype_changed = self.change
            QTimer.singleShot(0, lambda: self._show(None))
            return
        self._kept = notetype_id
        if self._change:
            self._change(notetype_id)

    def set_note(self, note: Note, deck_id: Optional[DeckId] = None) -> None:
        """Anki's Create Copy. The copy of a dynamic note opens in the window for dynamic notes."""
        if not self._is_dynamic(note.mid):
            self._copy(note, deck_id)
            return
        self._copied = True
        if self._window.editor.fieldsAreBlank():
            self._go_elsewhere()
        self._show(note.id)

    def _is_dynamic(self, notetype_id: int) -> bool:
        return notetype_id in find_notetypes(self._mw.col)
