"""Labels and tooltips that show plain text, never HTML, whatever names are in it.

Qt takes a text for HTML when it looks like it: in a tooltip always, in a label unless it is told.
"""

from __future__ import annotations

import html
import re
from typing import Optional

from aqt.qt import QLabel, Qt, QWidget

from .reading_order import in_order
from .spoken import SpokenLabel

_LONG = re.compile(r"\S{25,}")
_ENDLESS = re.compile(r"[^\s/\\-]{60,}")  # it would widen a window
_PIECE = re.compile(r"[/\\\\]|\S{24}")


class _Label(QLabel):
    """A label in which a name that is written from right to left turns no sentence around."""

    def setText(self, text: Optional[str]) -> None:
        super().setText(in_order(text or ""))


def plain_label(
    parent: Optional[QWidget], text: str = "", *, short: bool = False, spoken: bool = False
) -> QLabel:
    """A label with plain text. Unless ``short``, it wraps lines and the text can be selected.

    One that is ``spoken`` tells screen readers what it says whenever that changes.
    """
    label = SpokenLabel(text, parent) if spoken else _Label(in_order(text), parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if not short:
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def breaking_label(parent: Optional[QWidget], text: str = "", *, spoken: bool = False) -> QLabel:
    """A label for ``breakable`` text. It cannot be selected: a copy would have odd characters."""
    label = plain_label(parent, breakable(text), short=True, spoken=spoken)
    label.setWordWrap(True)
    return label


def breakable(text: str) -> str:
    """The same text, with places where Qt may break a long word, such as a path, into lines."""
    return _LONG.sub(lambda word: _PIECE.sub("\\g<0>\u200b", word[0]), text)


def break_endless(text: str) -> str:
    """The same text, but for words that are too long for a line: these are made breakable."""
    return _ENDLESS.sub(lambda word: breakable(word[0]), text)


def plain_tip(text: str) -> str:
    """What a tooltip has to be given so that it shows this text. Qt then also wraps its lines."""
    lines = map(html.escape, in_order(text).splitlines())
    return f"<span>{'<br>'.join(lines)}</span>" if text else ""


def plain_title(text: str) -> str:
    """What a window has to be given so that its title shows this text, with each ``[*]``.

    Qt puts its mark of unsaved changes there.
    """
    return in_order(text).replace("[*]", "[*][*]")


def plain_name(text: str) -> str:
    """What a button or a menu entry has to be given so that it shows this name, with each ``&``."""
    return text.replace("&", "&&")
