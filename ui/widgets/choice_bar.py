"""The questions about the selected change: one row of buttons for each question."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Optional

from aqt.qt import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QRadioButton,
    QScrollArea,
    Qt,
    QWidget,
    pyqtSignal,
    qconnect,
)
from aqt.utils import shortcut

from ..app.labels import plain_label, plain_name
from ..app.tab_order import follow_layout
from .search_field import ENTER

_TALLEST = 160  # pixels: about five questions


@dataclass(frozen=True)
class Asked:
    """A question: its title, its answers as (text, value), and the value chosen."""

    key: Hashable
    title: str
    answers: tuple[tuple[str, Optional[str]], ...]
    chosen: Optional[str] = None


class AnswerButton(QRadioButton):
    """An answer. Arrow keys only move the focus; Space and Enter choose the answer."""

    def keyPressEvent(self, event: Optional[QKeyEvent]) -> None:
        if event is None:
            return
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Down):
            group = self.group()
            buttons = group.buttons() if group else []
            step = -1 if key in (Qt.Key.Key_Left, Qt.Key.Key_Up) else 1
            buttons[(buttons.index(self) + step) % len(buttons)].setFocus()
        elif key in ENTER:
            self.click()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: Optional[QMouseEvent]) -> None:
        """Nothing: the first click has answered, and this one comes to the question after it."""
        if event is not None:
            event.accept()


class SettleBar(QScrollArea):
    """Shows questions. ``settled`` sends (key, answer) when the user answers one.

    Many questions are scrolled, because a note may have a hundred cards. Ctrl+1, Ctrl+2, … answer
    the first open question.
    """

    settled = pyqtSignal(object, object)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        inside = QWidget(self)
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 4, 0, 4)
        self._grid.setHorizontalSpacing(14)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        for part in (inside, self.viewport()):
            assert part is not None
            part.setAutoFillBackground(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes to the answers in it
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.buttons: dict[tuple[Hashable, Optional[str]], QRadioButton] = {}

    def first(self) -> Optional[QWidget]:
        """The chosen answer to the first question; ``None`` if nothing is asked."""
        if not self.isVisible():
            return None
        buttons = self.buttons.values()
        return next((each for each in buttons if each.isChecked()), next(iter(buttons), None))

    def show_questions(self, questions: Sequence[Asked]) -> None:
        """Show these questions instead of those before; hide the bar if there are none."""
        bar = self.verticalScrollBar()
        where = bar.value() if bar else 0
        was_here = self.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        first = next((q for q in questions if q.chosen in (None, "later")), None)
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item else None
            if widget:
                widget.hide()
                widget.deleteLater()
        self.buttons = {}
        inside = self.widget()
        for row, question in enumerate(questions):
            label = plain_label(inside, f"{question.title}:", short=True)
            self._grid.addWidget(label, row, 0)
            label.show()  # now, because a hidden widget has no height
            group = QButtonGroup(label)
            for column, (text, answer) in enumerate(question.answers, start=1):
                button = AnswerButton(plain_name(text), inside)
                button.setAccessibleName(f"{question.title}: {text}")
                if question is (first or questions[0]):
                    button.setShortcut(QKeySequence(f"Ctrl+{column}"))
                    button.setToolTip(shortcut(f"Ctrl+{column}"))
                button.setChecked(question.chosen == answer)
                qconnect(button.clicked, partial(self._answer, question.key, answer))
                group.addButton(button)
                self._grid.addWidget(button, row, column)
                button.show()
                self.buttons[question.key, answer] = button
        window = self.window()
        if window is not None and self.buttons:
            follow_layout(window)  # a new widget would be the last of its window
        self._grid.setColumnStretch(5, 1)
        self._fit(where)
        self.setVisible(bool(questions))
        asked = first or (questions[0] if questions else None)
        if was_here and asked:
            self.buttons[asked.key, asked.chosen].setFocus()

    def _fit(self, where: int) -> None:
        """Set the height to fit the questions, and scroll to ``where``."""
        inside, bar = self.widget(), self.verticalScrollBar()
        assert inside is not None and bar is not None
        self.setFixedHeight(min(self._grid.sizeHint().height(), _TALLEST))
        inside.resize(inside.width(), self._grid.sizeHint().height())
        bar.setValue(where)

    def _answer(self, key: Hashable, answer: Optional[str], _checked: bool) -> None:
        self.settled.emit(key, answer)
