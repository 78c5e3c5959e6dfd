"""Whether this is a moment for a live run."""

from __future__ import annotations

from anki.collection import OpChanges
from aqt import gui_hooks
from aqt.main import AnkiQt
from aqt.qt import QApplication

from ..app import background

IN_EDITOR = "An edited page waits until you leave its note in the editor."
NOT_SYNCED = "Edited pages go into Anki after the first AnkiWeb sync."
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


def is_review(mw: AnkiQt, changes: OpChanges, handler: object) -> bool:
    """Whether an operation is a step of a review session that changes no text of a note.

    Only the pages that tell how a note is studied follow it, and they can wait for the end of the
    session.
    """
    texts = changes.note or changes.note_text or changes.notetype or changes.tag
    return mw.state == "review" and handler is mw.reviewer and not texts
