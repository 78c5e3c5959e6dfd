"""The questions of a selected conflict: one row of buttons for each part that can be settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

from ...sync.deck.changes import ChoiceKey, Side
from .items import Question


class SettleBar(QWidget):
    """Shows questions, and tells (key, side or nothing) when one is answered."""

    settled = pyqtSignal(object, object)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 4)
        self.buttons: dict[tuple[ChoiceKey, Optional[Side]], QRadioButton] = {}

    def show_questions(
        self, questions: Sequence[Question], choices: Mapping[ChoiceKey, Side], otherwise: str
    ) -> None:
        """Ask these; ``otherwise`` is what the third answer, to choose neither side, is called."""
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
            answers: tuple[tuple[str, Optional[Side]], ...] = (
                (question.toml, "toml"),
                (question.anki, "anki"),
                (otherwise, None),
            )
            for column, (text, side) in enumerate(answers, start=1):
                button = QRadioButton(text, self)
                button.setAccessibleName(f"{question.title}: {text}")
                button.setChecked(choices.get(question.key) == side)
                qconnect(button.clicked, partial(self._answer, question.key, side))
                group.addButton(button)
                self._grid.addWidget(button, row, column)
                self.buttons[question.key, side] = button
        self._grid.setColumnStretch(5, 1)
        self.setVisible(bool(questions))

    def _answer(self, key: ChoiceKey, side: Optional[Side], _checked: bool) -> None:
        self.settled.emit(key, side)
