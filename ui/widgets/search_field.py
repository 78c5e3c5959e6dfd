"""A search field, and a choice of filters, in which Enter presses no button of the window."""

from __future__ import annotations

from typing import Optional

from aqt.qt import QComboBox, QKeyEvent, QLineEdit, Qt, QWidget, pyqtSignal

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


class FilterBox(QComboBox):
    """A choice of filters. Enter in it sends ``entered``, as ``returnPressed`` of a search."""

    entered = pyqtSignal()

    def keyPressEvent(self, event: Optional[QKeyEvent]) -> None:
        if event and event.key() in ENTER:
            event.accept()
            self.entered.emit()
        else:
            super().keyPressEvent(event)
