"""Brings a window in front of Anki's, where a person looks for it."""

from __future__ import annotations

import aqt
from aqt.qt import QApplication, Qt, QWidget
from PyQt6 import sip


def show_in_front(window: QWidget) -> None:
    """Show a window in front of Anki's and give it the keyboard, now and when progress has gone.

    Anki closes its progress window up to half a second after the work. The system then gives the
    keyboard to Anki's main window, which comes in front of whatever was shown meanwhile.
    """
    if window.isMinimized():
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    _raise(window)
    if aqt.mw and aqt.mw.progress.busy():
        aqt.mw.progress.single_shot(0, lambda: _raise(window), False)


def _raise(window: QWidget) -> None:
    """Bring a window in front, unless it was closed, or a question waits in front of it."""
    if sip.isdeleted(window) or not window.isVisible():
        return
    if QApplication.activeModalWidget() in (None, window):
        window.raise_()
        window.activateWindow()
