"""A search field, and a choice of filters, in which Enter presses no button of the window."""

from __future__ import annotations

from typing import Optional

from aqt.qt import QComboBox, QKeyEvent, QLineEdit, Qt, QWidget, pyqtSignal

from ..app.spoken import Announcer

NOTHING = "Nothing found"
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class QuietField(QLineEdit):
    """A text field. Enter in it only sends its signal, and does not press a button."""

    def keyPressEvent(self, event: Optional[QKeyEvent]) -> None:
        super().keyPressEvent(event)
        if event and event.key() in ENTER:
            event.accept()


class SearchField(QuietField):
    """A text field for a search."""

    def __init__(self, purpose: str, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(purpose)
        self.setAccessibleName(purpose)
        self.setClearButtonEnabled(True)
        self._announcer = Announcer(self)

    def tell_found(self, count: int, one: str = "row") -> None:
        """Have a screen reader say how many rows are shown now, once the typing rests."""
        if self.isVisible():  # a window that opens is read as it is
            told = f"{count:,} {one}{'' if count == 1 else 's'}"
            self._announcer.say(told if count else NOTHING)


class FilterBox(QComboBox):
    """A choice of filters. Enter in it sends ``entered``, as ``returnPressed`` of a search."""

    entered = pyqtSignal()

    def keyPressEvent(self, event: Optional[QKeyEvent]) -> None:
        if event and event.key() in ENTER:
            event.accept()
            self.entered.emit()
        else:
            super().keyPressEvent(event)
