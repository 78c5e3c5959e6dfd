"""Whether this is a moment for a live run, and which notes it must not write now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.qt import QApplication, QTimer, QWidget

from ..app import background

_ANSWER = 2000  # milliseconds for an editor to save what was typed
_is_syncing = False


def set_up() -> None:
    """Follow AnkiWeb syncs, of which Anki says only when they begin and end."""
    gui_hooks.sync_will_start.append(lambda: _note_sync(True))
    gui_hooks.sync_did_finish.append(lambda: _note_sync(False))
    gui_hooks.profile_did_open.append(lambda: _note_sync(False))


def _note_sync(begins: bool) -> None:
    global _is_syncing
    _is_syncing = begins


def is_quiet(mw: AnkiQt) -> bool:
    """Whether Anki does nothing else: no sync, import or other operation, and no modal window."""
    return (
        mw.col is not None
        and mw.col.db is not None
        and mw.isEnabled()
        and mw.state not in ("startup", "profileManager", "sync")
        and not _is_syncing
        and not background.is_running()
        and not mw.progress.busy()
        and not getattr(mw, "_background_op_count", 0)
        and QApplication.activeModalWidget() is None
        and QApplication.activePopupWidget() is None
    )


def is_answering(mw: AnkiQt) -> bool:
    """Whether a person looks at the answer of a card, which no other card may replace."""
    return bool(mw.state == "review" and mw.reviewer.state == "answer" and mw.isActiveWindow())


def find_edited(note_ids: frozenset[int]) -> frozenset[int]:
    """Those of these notes that an editor in the window in front holds: they may be typed into."""
    return frozenset(
        note_id
        for window, editor in _find_editors()
        for note_id in [_note_of(editor)]
        if note_id in note_ids and window.isActiveWindow()
    )


def save_typed(note_ids: frozenset[int], then: Callable[[], None]) -> None:
    """Have all other editors that hold these notes save what was typed, then call ``then``."""
    editors = [editor for _, editor in _find_editors() if _note_of(editor) in note_ids]
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
