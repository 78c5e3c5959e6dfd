"""The questions of a selected conflict: one row of buttons for each part that can be settled."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Optional

from aqt.qt import (
    QButtonGroup,
    QGridLayout,
    QLabel,
    QRadioButton,
    Qt,
    QWidget,
    pyqtSignal,
    qconnect,
)


@dataclass(frozen=True)
class Asked:
    """A question: what it is about, its answers in words and as values, and the one chosen."""

    key: Hashable
    title: str
    answers: tuple[tuple[str, Optional[str]], ...]
    chosen: Optional[str] = None


class SettleBar(QWidget):
    """Shows questions, and tells (key, answer) when one is answered."""

    settled = pyqtSignal(object, object)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 4)
        self._grid.setHorizontalSpacing(14)
        self.buttons: dict[tuple[Hashable, Optional[str]], QRadioButton] = {}

    def show_questions(self, questions: Sequence[Asked]) -> None:
        """Ask these instead."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item else None
            if widget:
                widget.hide()
                widget.deleteLater()
        self.buttons = {}
        for row, question in enumerate(questions):
            label = QLabel(f"{question.title}:", self)
            label.setTextFormat(Qt.TextFormat.PlainText)
            self._grid.addWidget(label, row, 0)
            group = QButtonGroup(label)
            for column, (text, answer) in enumerate(question.answers, start=1):
                button = QRadioButton(text.replace("&", "&&"), self)
                button.setAccessibleName(f"{question.title}: {text}")
                button.setChecked(question.chosen == answer)
                qconnect(button.clicked, partial(self._answer, question.key, answer))
                group.addButton(button)
                self._grid.addWidget(button, row, column)
                self.buttons[question.key, answer] = button
        self._grid.setColumnStretch(5, 1)
        self.setVisible(bool(questions))

    def _answer(self, key: Hashable, answer: Optional[str], _checked: bool) -> None:
        self.settled.emit(key, answer)
