"""The question before a window closes and loses answers that no run has used yet."""

from __future__ import annotations

from collections.abc import Callable

from aqt.qt import QMessageBox, QWidget

from ..app.one_question import ask_once


def ask_to_leave(window: QWidget, answers: int, leave: Callable[[], None]) -> None:
    """Call ``leave``. If ``answers`` were given, first ask the user whether to forget them.

    Esc keeps the window open, so pressing Esc twice loses nothing.
    """
    if not answers:
        leave()
        return

    def act(button: int) -> None:
        if button == 0:
            leave()

    told = "1 answer" if answers == 1 else f"{answers:,} answers"
    ask_once(
        "leave",
        f"You gave {told}, and nothing was written yet: Sync Now does it.\n\nForget them?",
        act,
        buttons=[
            ("&Forget and Close", QMessageBox.ButtonRole.DestructiveRole),
            ("&Keep Deciding", QMessageBox.ButtonRole.RejectRole),
        ],
        default_button=1,
        parent=window,
    )
