"""Leads from any window to Home and to the guide, which are built on top of all windows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Optional

from aqt.main import AnkiQt
from aqt.qt import QDialogButtonBox, QKeySequence, QPushButton, QShortcut, QWidget, qconnect

Show = Callable[[AnkiQt, str], None]
_show_help: Optional[Show] = None


def on_help(show: Show) -> None:
    """Set what shows the guide at a page."""
    global _show_help
    _show_help = show


def show_help(mw: AnkiQt, at: str = "") -> None:
    """Show the guide at a page, such as ``two-way``, or at a heading: ``vault#the-settings``."""
    if _show_help:
        _show_help(mw, at)


def add_help(mw: AnkiQt, window: QWidget, at: str, buttons: Optional[QDialogButtonBox]) -> None:
    """Have F1 in a window, and a button among its ``buttons``, show the guide at a page."""
    qconnect(QShortcut(QKeySequence("F1"), window).activated, partial(show_help, mw, at))
    if buttons is None:
        return
    button = QPushButton("Help", window)
    button.setAutoDefault(False)
    button.setToolTip("The guide, at the page about this window (F1)")
    buttons.addButton(button, QDialogButtonBox.ButtonRole.HelpRole)
    qconnect(button.clicked, lambda _checked: show_help(mw, at))
