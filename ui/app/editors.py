"""Editors of notes that are open in Anki's windows, and what was typed into them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Optional

from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.qt import QApplication, QTimer, QWidget, qconnect

_ANSWER = 2000  # milliseconds for an editor to save what was typed
_LOOK_EVERY = 300  # milliseconds
_looking: set[QTimer] = set()


def find_edited(note_ids: frozenset[int]) -> frozenset[int]:
    """Those of these notes that an editor in the window in front holds: they may be typed into."""
    return frozenset(
        note_id
        for window, editor in _find_editors()
        for note_id in [_note_of(editor)]
        if note_id in note_ids and window.isActiveWindow()
    )


def when_left(mw: AnkiQt, then: Callable[[], None]) -> None:
    """Call ``then`` when no editor in the window in front holds a note, and all others are saved.

    Not when the profile is closed before.
    """
    timer = QTimer(mw)
    _looking.add(timer)

    def look() -> None:
        if not any(w.isActiveWindow() and _note_of(e) for w, e in _find_editors()):
            _stop(timer)
            save_typed(None, then)

    qconnect(timer.timeout, look)
    timer.start(_LOOK_EVERY)
    look()


def _stop(timer: QTimer) -> None:
    _looking.discard(timer)
    timer.stop()
    timer.deleteLater()


def _stop_all() -> None:
    for timer in tuple(_looking):
        _stop(timer)


gui_hooks.profile_will_close.append(_stop_all)


def save_typed(note_ids: Optional[frozenset[int]], then: Callable[[], None]) -> None:
    """Have all editors that hold these notes, or any, save what was typed, then call ``then``."""
    editors = [
        editor for _, editor in _find_editors() if note_ids is None or _note_of(editor) in note_ids
    ]
    left = len(editors)
    if not editors:
        then()
        return

    def saved() -> None:
        nonlocal left
        left -= 1
        if not left:
            then()

    def give_up() -> None:  # an editor that was closed meanwhile never answers
        nonlocal left
        if left > 0:
            left = 0
            then()

    QTimer.singleShot(_ANSWER, give_up)
    for editor in editors:
        editor.call_after_note_saved(saved, keepFocus=True)


def _find_editors() -> Iterator[tuple[QWidget, Any]]:
    for window in QApplication.topLevelWidgets():
        editor = getattr(window, "editor", None)
        if editor is not None and window.isVisible() and hasattr(editor, "call_after_note_saved"):
            yield window, editor


def _note_of(editor: Any) -> int:
    """The id of the note in an editor; 0: none, or one that is being added."""
    note_id = getattr(editor, "nid", None)
    note = getattr(editor, "note", None)
    return int(note_id or (note.id if note else 0) or 0)
