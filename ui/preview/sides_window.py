"""A preview with both sides of a change below the list, and the answers to its questions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Optional

from aqt.main import AnkiQt
from aqt.qt import QHBoxLayout, QVBoxLayout, QWidget, qconnect

from ..widgets.change_list import ChangeList
from ..widgets.choice_bar import Asked, SettleBar
from .plan_window import A, L, PlanWindow
from .same_for_all import SameForAll
from .shown_sides import ShownSides


class SidesWindow(PlanWindow[L, A]):
    """Shows both sides of each change. An answer makes a new plan.

    ``_asked`` holds the answers. Subclasses say where, and what is asked about a change.
    """

    HEADERS: Sequence[str]
    WIDTHS: Sequence[int]  # of the first columns, in pixels

    def __init__(self, mw: AnkiQt, listing: L, asked: A) -> None:
        self._alike: Sequence[Hashable] = ()  # the keys that The Same for All would answer
        self._last_answer: Any = None
        super().__init__(mw, listing, asked)

    # What subclasses define

    @abstractmethod
    def _answers(self) -> Mapping[Any, Any]:
        """The newest answers, by the keys of their questions."""

    @abstractmethod
    def _with_answers(self, answers: Mapping[Any, Any]) -> A:
        """The newest decisions, with other answers."""

    @abstractmethod
    def _questions(self, change: Any) -> Sequence[Asked]:
        """The questions about a change."""

    @abstractmethod
    def _details(self, change: Any) -> tuple[str, Any]:
        """What ``ShownSides`` shows of a change: its heading and its sections."""

    def _may_ask(self, change: Any) -> bool:
        """Whether a change can have open questions."""
        return True

    # What is shown

    def _make_list(self) -> ChangeList:
        self.settle = SettleBar(self)
        below = QWidget(self)
        self.sides = ShownSides(self._mw, below)
        inside = QVBoxLayout(below)
        inside.setContentsMargins(0, 0, 0, 0)
        self.all_button = SameForAll(below)
        questions = QHBoxLayout()
        questions.addWidget(self.settle, 1)
        questions.addWidget(self.all_button)
        inside.addLayout(questions)
        inside.addWidget(self.sides, 1)
        changes = ChangeList(self.HEADERS, self.WIDTHS, "Search notes and decks", below)
        changes.view.setAccessibleName("Notes, note types, decks and media")
        changes.add_tool(self.sides.markdown)
        changes.view.answers = changes.tree.answers = self.settle.first
        changes.splitter.setSizes([240, 300])
        qconnect(self.settle.settled, self._settle)
        qconnect(self.all_button.wanted, self._settle_alike)
        qconnect(changes.chosen_changed, self._show_sides)
        qconnect(changes.selection_changed, self._show_alike)
        return changes

    def _recolour(self) -> None:
        self.sides.recolour()

    def _free(self) -> None:
        self.sides.cleanup()

    def _show_sides(self) -> None:
        change = self._chosen()
        if change is None:
            self.sides.show_sections("", ())
            self.settle.show_questions(())
        else:
            self.sides.show_sections(*self._details(change))
            self.settle.show_questions(self._ask(change))
        self._show_alike()

    # What the user decides

    def _ask(self, change: Any) -> list[Asked]:
        """The questions about a change, with the newest answers, which no plan may have yet."""
        answers = self._answers()
        return [replace(each, chosen=answers.get(each.key)) for each in self._questions(change)]

    def _show_alike(self) -> None:
        """Offer The Same for All for the open questions in the selected rows, or in all rows."""
        change = self._chosen()
        here = self._ask(change) if change is not None else []
        one = next((each for each in here if each.chosen is None), here[0] if here else None)
        if one is None:
            self.all_button.offer(0, False, (), None)
            return
        several, positions = self.list.in_question()
        changes = self._listing.changes
        looked = (changes[n] for n in positions if self._may_ask(changes[n]))
        asked = (each for change in looked for each in self._ask(change))
        self._alike = [
            each.key for each in asked if each.chosen is None and each.answers == one.answers
        ]
        count = 0 if list(self._alike) == [one.key] else len(self._alike)
        answers = [answer for answer in one.answers if answer[1] is not None]
        self.all_button.offer(count, several, answers, one.chosen or self._last_answer)

    def _settle_alike(self, answer: Any) -> None:
        self._choose(dict.fromkeys(self._alike, answer))

    def _settle(self, key: Hashable, answer: Optional[Any]) -> None:
        self._choose({key: answer})

    def _choose(self, given: Mapping[Any, Optional[Any]]) -> None:
        """Store the answers, select the next open question, and make a new plan."""
        self._note_answered(len(given))
        answers = dict(self._answers())
        for key, answer in given.items():
            answers.pop(key, None)
            if answer is not None:
                answers[key] = self._last_answer = answer
        self._asked = self._with_answers(answers)
        change = self._chosen()
        if change is None or not self._has_questions(change):
            self.list.select_next(lambda n: self._has_questions(self._listing.changes[n]))
        self._ask_for(self._asked)

    def _has_questions(self, change: Any) -> bool:
        """Whether a change has a question that is still without an answer."""
        return self._may_ask(change) and any(each.chosen is None for each in self._ask(change))
