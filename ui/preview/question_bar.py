"""The bar to answer a question about a page, or all open questions of the same kind at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Optional

from aqt.qt import QHBoxLayout, QWidget, pyqtSignal, qconnect

from ...sync.reconcile.question import Choice, Question, QuestionKind
from ..widgets.choice_bar import Asked, SettleBar
from .same_for_all import SameForAll
from .vault_rows import name_answer

_LONGEST_NAME = 32  # characters; leaves space for the answers beside it


class QuestionBar(QWidget):
    """Shows the possible answers to a question. ``answered`` sends the choices by question key."""

    answered = pyqtSignal(object)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._alike: Sequence[Question] = ()
        self._question: Optional[Question] = None
        self._given: dict[QuestionKind, Choice] = {}  # the last answer to each kind
        self.settle = SettleBar(self)
        self.all_button = SameForAll(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.settle, 1)
        layout.addWidget(self.all_button)
        qconnect(self.settle.settled, self._answer)
        qconnect(self.all_button.wanted, self._answer_all)
        self.show_question(None)

    def show_question(self, question: Optional[Question]) -> None:
        """Show this question; hide the bar if it is ``None``."""
        self._question = question
        self.setVisible(question is not None)
        if question is None:
            self.settle.show_questions(())
            return
        answers = tuple((name_answer(question, c), c) for c in question.choices)
        name = question.field
        name = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
        title = f"Keep in “{name}”" if name else "You decide"
        asked = Asked(question.key, title, answers, question.answer or "later")
        self.settle.show_questions([asked])

    def show_alike(
        self, others: Sequence[Question], selected: bool, pending: Mapping[str, Choice]
    ) -> None:
        """Offer one answer for all open questions in ``others`` that are like the one shown.

        ``selected``: whether ``others`` are the selected rows, not all rows of the list.
        ``pending``: new answers that are not in the questions yet.
        """
        question = self._question
        if question is None:
            return
        self._alike = [
            q
            for q in others
            if (q.kind, q.choices) == (question.kind, question.choices)
            and q.is_open
            and pending.get(q.key, "later") == "later"
        ]
        is_only_this = [q.key for q in self._alike] == [question.key]
        given = self._given.get(question.kind) if question.is_open else question.answer
        answers = [(name_answer(question, c), c) for c in question.choices if c != "later"]
        count = 0 if is_only_this else len(self._alike)
        self.all_button.offer(count, selected, answers, given)

    def _answer(self, key: str, choice: Choice) -> None:
        if self._question is not None and choice != "later":
            self._given[self._question.kind] = choice
        self.answered.emit({key: choice})

    def _answer_all(self, choice: Choice) -> None:
        if self._question is not None:
            self._given[self._question.kind] = choice
            self.answered.emit({question.key: choice for question in self._alike})
