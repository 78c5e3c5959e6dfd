"""Labels that show plain text, never HTML."""

from __future__ import annotations

from typing import Optional

from aqt.qt import QLabel, Qt, QWidget


def plain_label(parent: Optional[QWidget], text: str = "", *, short: bool = False) -> QLabel:
    """A label with plain text. Unless ``short``, it wraps lines and the text can be selected."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if not short:
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
