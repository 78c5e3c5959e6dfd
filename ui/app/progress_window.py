"""Anki's progress window, for work that may outlive the window it was begun in, or Anki."""

from __future__ import annotations

from typing import Optional

from aqt.main import AnkiQt
from aqt.progress import ProgressDialog
from aqt.qt import QDialog, QWidget, qconnect
from PyQt6 import sip


def find_window(mw: AnkiQt) -> Optional[ProgressDialog]:
    """The window that there is now, shown or not yet. Qt may have deleted it."""
    return getattr(mw.progress, "_win", None)


def begin_progress(mw: AnkiQt, parent: QWidget) -> None:
    """Have Anki show a progress window over ``parent``, which may be closed meanwhile."""
    mw.progress.start(parent=parent, label="Ankivault…")
    mw.progress.set_title("Ankivault")
    keep_progress(mw, parent)


def end_progress(mw: AnkiQt) -> None:
    """End the progress window.

    One that was just shown Anki ends a moment later, in a thread. While Anki closes, Python starts
    none, and Anki would wait for its progress window for ever: so it is ended at once.
    """
    try:
        mw.progress.finish()
    except RuntimeError:
        mw.progress._shown = 0
        mw.progress.finish()


def keep_progress(mw: AnkiQt, parent: Optional[QWidget]) -> None:
    """Have the progress window outlive ``parent``, a dialog that it was just made for.

    Anki shows it after half a second, when the dialog may be closed. With it, Qt would delete it.
    """
    shown = find_window(mw)
    if not isinstance(parent, QDialog) or shown is None or shown.parentWidget() is not parent:
        return

    def move() -> None:
        if not sip.isdeleted(shown):
            was_visible = shown.isVisible()
            shown.setParent(mw, shown.windowFlags())
            shown.setVisible(was_visible)

    qconnect(parent.finished, move)
