"""Tells a screen reader what a sighted person sees change while the keyboard stays where it is.

Nothing is done, and no time is taken, while no screen reader reads Anki.
"""

from __future__ import annotations

from typing import Optional

import aqt
from aqt.qt import QApplication, QEvent, QLabel, QObject, QTimer, QWidget, qconnect
from PyQt6 import sip

from .reading_order import in_order

# Milliseconds without another change. Who types hears the letters, not what each of them finds.
_REST = 300
_MOST = 600  # characters; who wants to hear more goes there
_MARKS = "✕⚠✓ "  # what they mean is said by the words after them
_PLACE_TO_BREAK = "\u200b"


def announce(widget: QWidget, text: str) -> None:
    """Have a screen reader say plain text, after what it is saying now.

    Before Qt 6.8 there is no way to do so. The text then describes the widget, if it is a part of a
    window: of a window itself it would be said again and again.
    """
    told = " ".join(text.replace(_PLACE_TO_BREAK, "").lstrip(_MARKS).split())
    if not told or sip.isdeleted(widget):
        return
    from . import qt_announcement

    told = told if len(told) <= _MOST else f"{told[:_MOST]}…"
    if not qt_announcement.is_heard() or qt_announcement.post_announcement(widget, told):
        return
    if not widget.isWindow():
        widget.setAccessibleDescription(told)


def announce_soon(text: str, parent: Optional[QWidget] = None) -> None:
    """Say plain text a moment later, when a progress window has given the keyboard back.

    Not if another profile was opened by then.
    """
    from . import qt_announcement

    mw = aqt.mw
    if mw is None or not qt_announcement.is_heard():
        return
    opened = mw.col

    def tell() -> None:
        widget = QApplication.activeWindow() or parent
        if widget is not None and mw.col is opened:
            announce(widget, text)

    mw.progress.single_shot(_REST, tell, False)


class Announcer(QObject):
    """Says what there is to say about a widget: once it rests, and its window is in front.

    What changed while another window was in front is said when its own is there again.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._text = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_REST)
        qconnect(self._soon.timeout, self._tell)

    def say(self, text: str) -> None:
        """Say this, instead of what was not said yet. Nothing if ``text`` is empty."""
        from . import qt_announcement

        self._text = text if qt_announcement.is_heard() else ""
        if self._text:
            self._soon.start()
        else:
            self._soon.stop()

    def _tell(self) -> None:
        widget = self._widget
        is_in_front = widget.window() is QApplication.activeWindow()
        if self._text and widget.isVisible() and not is_in_front:
            widget.installEventFilter(self)  # it tells when the window comes in front
            return
        widget.removeEventFilter(self)
        if widget.isVisible():
            announce(widget, self._text)
        self._text = ""

    def eventFilter(self, watched: Optional[QObject], event: Optional[QEvent]) -> bool:
        if event and event.type() == QEvent.Type.WindowActivate:
            self._soon.start()
        return False


class SpokenLabel(QLabel):
    """A label that is said when its text changes. What a window opens with is only read."""

    def __init__(self, text: str = "", parent: Optional[QWidget] = None) -> None:
        super().__init__(in_order(text), parent)
        self._announcer = Announcer(self)

    def setText(self, text: Optional[str]) -> None:
        text = in_order(text or "")
        is_new = text != self.text()
        super().setText(text)
        window = self.window()
        if is_new and window is not None and window.isVisible():
            self._announcer.say(text)
