"""Step 2 of the first start: mirror or two-way, with a picture of each."""

from __future__ import annotations

from typing import Optional

from aqt.qt import (
    QColor,
    QHBoxLayout,
    QPainter,
    QPaintEvent,
    QPen,
    QPointF,
    QPolygonF,
    QRadioButton,
    QRectF,
    QSize,
    Qt,
    QVBoxLayout,
    QWidget,
)
from aqt.theme import theme_manager

from ..app.labels import plain_label

_MIRROR = (
    "Anki is the source. Pages follow it. What you write around a page’s marks is yours; an edit "
    "between them is put into .trash and taken back."
)
_TWO_WAY = (
    "A page is as good a place to edit a note as Anki is. What you edit on a page goes into its "
    "note, and nothing else of the note changes. You are asked where both sides edited the same."
)


class WayStep(QWidget):
    """Asks for mirror or two-way."""

    TITLE = "Mirror or two-way?"

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.mirror = QRadioButton("&Mirror", self)
        self.two_way = QRadioButton("&Two-way", self)
        self.mirror.setChecked(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        for button, both, text in ((self.mirror, False, _MIRROR), (self.two_way, True, _TWO_WAY)):
            button.setAccessibleDescription(text)
            column = QVBoxLayout()
            column.addWidget(button)
            column.addWidget(WayPicture(button, self, both=both))
            column.addWidget(plain_label(self, text))
            column.addStretch(1)
            row.addLayout(column, 1)

    def show_way(self, *, two_way: bool) -> None:
        """Show what is chosen so far."""
        (self.two_way if two_way else self.mirror).setChecked(True)


class WayPicture(QWidget):
    """Anki and Obsidian with an arrow from the one to the other, or both ways. A click chooses."""

    def __init__(self, button: QRadioButton, parent: QWidget, *, both: bool) -> None:
        super().__init__(parent)
        self._button, self._both = button, both
        self.setAccessibleName("Anki ⇄ Obsidian" if both else "Anki → Obsidian")

    def sizeHint(self) -> QSize:
        return QSize(300, 130)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 110)

    def mousePressEvent(self, _event: object) -> None:
        self._button.setChecked(True)
        self._button.setFocus()

    def paintEvent(self, _event: Optional[QPaintEvent]) -> None:
        night = theme_manager.night_mode
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide, high = float(self.width()), float(self.height())
        box = QRectF(2, high * 0.12, wide * 0.3, high * 0.76)
        other = QRectF(wide - box.width() - 2, box.y(), box.width(), box.height())
        self._draw_note(painter, box, "Anki", "#2f6fd0" if not night else "#8cb8ff")
        self._draw_note(painter, other, "Obsidian", "#7a4fd0" if not night else "#c3a6ff")
        start, end = box.right() + 10, other.left() - 10
        if self._both:
            self._draw_arrow(painter, start, end, high * 0.42, "#2f6fd0", "#8cb8ff")
            self._draw_arrow(painter, end, start, high * 0.62, "#7a4fd0", "#c3a6ff")
        else:
            self._draw_arrow(painter, start, end, high * 0.5, "#2f6fd0", "#8cb8ff")
        painter.end()

    def _draw_note(self, painter: QPainter, box: QRectF, name: str, colour: str) -> None:
        night = theme_manager.night_mode
        painter.setPen(QPen(QColor(colour), 2))
        painter.setBrush(QColor("#353535" if night else "#ffffff"))
        painter.drawRoundedRect(box, 8, 8)
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor("#e3e3e3" if night else "#202020"))
        title = QRectF(box.x(), box.y() + 4, box.width(), box.height() * 0.36)
        painter.drawText(title, int(Qt.AlignmentFlag.AlignCenter), name)
        painter.setPen(QPen(QColor("#6f6f6f" if night else "#bdbdbd"), 3))
        for number, part in enumerate((0.72, 0.58, 0.66)):
            y = box.y() + box.height() * (0.5 + 0.16 * number)
            left = box.x() + box.width() * 0.14
            painter.drawLine(QPointF(left, y), QPointF(left + box.width() * part, y))

    def _draw_arrow(
        self, painter: QPainter, start: float, end: float, y: float, day: str, night: str
    ) -> None:
        colour = QColor(night if theme_manager.night_mode else day)
        painter.setPen(QPen(colour, 3))
        painter.drawLine(QPointF(start, y), QPointF(end, y))
        back = -9 if end > start else 9
        painter.setBrush(colour)
        head = [QPointF(end, y), QPointF(end + back, y - 6), QPointF(end + back, y + 6)]
        painter.drawPolygon(QPolygonF(head))
