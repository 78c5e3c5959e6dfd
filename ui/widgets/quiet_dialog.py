"""A window in which only a button does what it says, and no key pressed somewhere else."""

from __future__ import annotations

from typing import Optional

from aqt.qt import QDialog, QKeyEvent, QPushButton

from .search_field import ENTER


class QuietDialog(QDialog):
    """A window in which Enter presses a button only where the button itself has the keyboard."""

    def keyPressEvent(self, event: Optional[QKeyEvent]) -> None:
        if event and event.key() in ENTER:
            here = self.focusWidget()
            if isinstance(here, QPushButton):
                here.click()
            event.accept()
        else:
            super().keyPressEvent(event)
