"""A window in which only a button does what it says, and no key pressed somewhere else."""

from __future__ import annotations

from typing import Optional

from aqt.qt import QDialog, QKeyEvent

from .search_field import ENTER


class QuietDialog(QDialog):
    """A window with OK or the like. Enter in a field or a list of choices does not press it."""

    def keyPressEvent(self, event: Optional[QKeyEvent]) -> None:
        if event and event.key() in ENTER:
            event.accept()
        else:
            super().keyPressEvent(event)
