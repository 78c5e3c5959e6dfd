"""A search field, and a choice of filters, in which Enter presses no button of the window."""

from __future__ import annotations

from typing import Optional

from aqt.qt import (
    QComboBox,
    QKeyEvent,
    QLineEdit,
    QResizeEvent,
    Qt,
    QWidget,
    pyqtSignal,
    qconnect,
)

from ..app.labels import plain_label
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
    """A text field for a search, in which it says so when nothing was found."""

    def __init__(self, purpose: str, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(purpose)
        self.setAccessibleName(purpose)
        self.setClearButtonEnabled(True)
        self._announcer = Announcer(self)
        self._nothing = plain_label(self, NOTHING, short=True)
        self._nothing.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._nothing.hide()
        qconnect(self.textChanged, lambda _: self._show_nothing(False))

    def tell_found(self, count: int, one: str = "row") -> None:
        """Show it when no row is found, and have a screen reader say how many there are.

        It says so once the typing rests.
        """
        self._show_nothing(not count and bool(self.text()))
        if self.isVisible():  # a window that opens is read as it is
            told = f"{count:,} {one}{'' if count == 1 else 's'}"
            self._announcer.say(told if count else NOTHING)

    def _show_nothing(self, is_shown: bool) -> None:
        self._nothing.setVisible(is_shown)
        self.setTextMargins(0, 0, self._nothing.sizeHint().width() if is_shown else 0, 0)
        self._place_nothing()

    def _place_nothing(self) -> None:
        """Put the words at the end, before the cross that clears the field."""
        size = self._nothing.sizeHint()
        left = self.width() - size.width() - 1.5 * self.height()
        self._nothing.setGeometry(int(left), 0, size.width(), self.height())

    def resizeEvent(self, event: Optional[QResizeEvent]) -> None:
        super().resizeEvent(event)
        self._place_nothing()


class FilterBox(QComboBox):
    """A choice of filters. Enter in it sends ``entered``, as ``returnPressed`` of a search."""

    entered = pyqtSignal()

    def keyPressEvent(self, event: Optional[QKeyEvent]) -> None:
        if event and event.key() in ENTER:
            event.accept()
            self.entered.emit()
        else:
            super().keyPressEvent(event)
