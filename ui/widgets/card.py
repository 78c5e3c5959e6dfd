"""A card: a title, what there is to say, and buttons for what can be done now."""

from __future__ import annotations

from typing import Literal, Optional

from aqt.qt import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from aqt.theme import theme_manager

from ..app.labels import break_endless, plain_label
from .flow import Flow

LOOKING = "Looking…"  # what a card says before anything is known
Mood = Literal["", "good", "asks", "bad"]
# Each mood has a mark of its own: none is told by its colour alone.
_MARKS: dict[str, str] = {"": "", "good": "✓", "asks": "?", "bad": "⚠"}
_COLOURS = {
    "good": ("#1a7f37", "#7ee2a0"),
    "asks": ("#0b5cad", "#8cc4ff"),
    "bad": ("#9a3412", "#ffb77a"),
}


class Card(QFrame):
    """A card. ``body`` is below its title; ``add_button`` fills the last row."""

    def __init__(self, title: str, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(title)
        self._mark = plain_label(self, short=True)
        self._mark.setObjectName("mark")
        self.title = plain_label(self, title, short=True)
        font = self.title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.15)
        self.title.setFont(font)
        self._mark.setFont(font)
        self.state = plain_label(self, spoken=True)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self._mark)
        self.body = QGridLayout()
        self.body.setHorizontalSpacing(14)
        self.body.setVerticalSpacing(4)
        self.body.setColumnStretch(1, 1)
        self._row = Flow()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.state)
        layout.addLayout(self.body)
        layout.addLayout(self._row)
        self._mood: Mood = ""
        self.colour()

    def add_button(self, button: QPushButton) -> QPushButton:
        """Put a button into the last row of the card, after those that are there."""
        self._row.addWidget(button)
        return button

    def say(self, text: str, mood: Mood = "") -> None:
        """Say how things stand: in a sentence, and with a mark at the corner."""
        text = break_endless(text)
        if self.state.text() in ("", LOOKING):  # a screen reader says only what changes later
            QLabel.setText(self.state, text)
        else:
            self.state.setText(text)
        self.state.setVisible(bool(text))
        self._mark.setText(_MARKS[mood])
        self._mark.setVisible(bool(mood))
        self._mood = mood
        self.colour()

    def colour(self) -> None:
        """Take the colours of the day, or of the night."""
        night = theme_manager.night_mode
        back, line = ("#353535", "#4b4b4b") if night else ("#ffffff", "#d6d6d6")
        mark = _COLOURS[self._mood][night] if self._mood else "palette(text)"
        self.setStyleSheet(
            f"#card {{ background: {back}; border: 1px solid {line}; border-radius: 8px; }}"
            f"#mark {{ color: {mark}; }}"
        )
