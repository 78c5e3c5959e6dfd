"""A question that is open at most once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aqt.qt import QMessageBox, QWidget
from aqt.utils import MessageBox, ask_user_dialog

from .messages import TITLE
from .reading_order import in_order

_TOPIC = "ankivault_topic"
Button = tuple[str, QMessageBox.ButtonRole]


def ask_once(
    topic: str,
    text: str,
    act: Callable[[int], None],
    *,
    buttons: Sequence[Button],
    default_button: int,
    parent: QWidget,
) -> None:
    """Ask over a window, then call ``act`` with the number of the button.

    Asked again about the same ``topic`` meanwhile, only the newer question stays: so each is
    answered once, and none is left behind when its window has gone.
    """
    for box in parent.findChildren(MessageBox):
        if box.property(_TOPIC) == topic:
            box.hide()
            box.deleteLater()
    asked = ask_user_dialog(
        in_order(text),
        act,
        buttons=buttons,
        default_button=default_button,
        parent=parent,
        title=TITLE,
    )
    asked.setProperty(_TOPIC, topic)
