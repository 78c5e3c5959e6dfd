"""A label of one line that is shortened in its middle where it does not fit."""

from __future__ import annotations

from typing import Optional

from aqt.qt import QFontMetrics, QLabel, QPainter, QPaintEvent, QSize, QSizePolicy, Qt, QWidget

from ..app.labels import plain_tip


class ElidedLabel(QLabel):
    """Plain text that never widens a window. Its tooltip says all of it where it is shortened."""

    def __init__(self, parent: Optional[QWidget] = None, text: str = "") -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def setText(self, text: Optional[str]) -> None:
        super().setText(text)
        self.setToolTip(plain_tip(text or ""))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: Optional[QPaintEvent]) -> None:
        painter = QPainter(self)
        area = self.contentsRect()
        metrics = QFontMetrics(self.font())
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideMiddle, area.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(area, int(self.alignment()), text)
