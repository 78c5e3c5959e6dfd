"""Labels whose text is shown as it stands: names in it never act as HTML."""

from __future__ import annotations

from typing import Optional

from aqt.qt import QLabel, Qt, QWidget


def plain_label(parent: Optional[QWidget], text: str = "", *, short: bool = False) -> QLabel:
    """A label for text: broken into lines and to be copied, unless it is a ``short`` one."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if not short:
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
