"""What a person decides about a page: one answer, or the same for all questions of its kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from aqt.qt import QHBoxLayout, QPushButton, QWidget, pyqtSignal, qconnect

from ..sync.vault.changes import Question
from .preview_items import name_answer, name_kind
from .settle import Asked, SettleBar

_LONGEST_NAME = 32  # characters; the answers beside it are to be seen


class QuestionBar(QWidget):
    """Shows the answers to a question, and tells which were given: keys with their choices."""

    answered = pyqtSignal(object)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._alike: Sequence[Question] = ()
        self._question: Optional[Question] = None
        self.settle = SettleBar(self)
        self.all_button = QPushButton(self)
        self.all_button.setAutoDefault(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.settle, 1)
        layout.addWidget(self.all_button)
        qconnect(self.settle.settled, lambda key, choice: self.answered.emit({key: choice}))
        qconnect(self.all_button.clicked, self._answer_all)
        self.show_question(None, ())

    def show_question(self, question: Optional[Question], questions: Sequence[Question]) -> None:
        """Ask this one, or nothing; ``questions`` are all there are."""
        self._question = question
        if question is not None:
            answers = tuple((name_answer(question, c), c) for c in question.choices)
            name = question.field
            name = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
            title = f"Keep in “{name}”" if name else "You decide"
            asked = Asked(question.key, title, answers, question.answer or "later")
            self.settle.show_questions([asked])
            self._alike = [
                q for q in questions if (q.kind, q.choices) == (question.kind, question.choices)
            ]
            self.all_button.setText(f"The Same for &All {len(self._alike):,}")
            self.all_button.setToolTip(
                f"Answer all {len(self._alike):,} {name_kind(question)} like this one"
            )
            self.all_button.setVisible(len(self._alike) > 1)
            self.all_button.setEnabled(any(each.answer for each in self._alike))
        self.setVisible(question is not None)

    def _answer_all(self) -> None:
        if self._question is not None:
            choice = self._question.answer or "later"
            self.answered.emit({question.key: choice for question in self._alike})
