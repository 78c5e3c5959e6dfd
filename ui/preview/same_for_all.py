"""The button The Same for All: one answer for all open questions like this one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Optional

from aqt.qt import QMenu, QPoint, QPushButton, QWidget, pyqtSignal, qconnect

from ..app.labels import plain_name

Answer = tuple[str, Any]  # in words, and as a value


class SameForAll(QPushButton):
    """Offers one answer for several questions. ``wanted`` sends the value of the chosen answer."""

    wanted = pyqtSignal(object)

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self._answers: Sequence[Answer] = ()
        self._given: Optional[Answer] = None
        self.setAutoDefault(False)
        qconnect(self.clicked, lambda _: self._offer())
        self.offer(0, False, (), None)

    def offer(
        self, count: int, selected: bool, answers: Sequence[Answer], given: Optional[Any]
    ) -> None:
        """Offer an answer for ``count`` open questions; hide the button if it is 0.

        ``selected``: whether they are in the selected rows, not in all rows of the list. ``given``:
        the value of the user's last answer to such a question. Without it, a click opens a menu
        with ``answers``.
        """
        self._answers = answers
        self._given = next((each for each in answers if each[1] == given), None)
        which = f"{count:,} Selected" if selected else f"{count:,} Open"
        words = plain_name(self._given[0]) if self._given else ""
        if words and count == 1:
            self.setText(f"“{words}” &Also for 1 More")
        else:
            self.setText(f"“{words}” for &All {which}" if words else f"The Same for &All {which}…")
        self.setToolTip("Questions that are answered already keep their answers.")
        self.setVisible(count > 0)

    def _offer(self) -> None:
        if self._given:
            self.wanted.emit(self._given[1])
            return
        menu = QMenu(self)
        for words, answer in self._answers:
            action = menu.addAction(plain_name(words))
            assert action is not None
            qconnect(action.triggered, partial(self._choose, answer))
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        menu.setActiveAction(menu.actions()[0] if menu.actions() else None)

    def _choose(self, answer: Any, _checked: bool) -> None:
        self.wanted.emit(answer)
