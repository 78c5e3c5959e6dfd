"""Computes a diff of a page's text line by line, and shows it in colour."""

from __future__ import annotations

import difflib
from itertools import islice
from typing import Optional

from aqt.qt import (
    QColor,
    QFontDatabase,
    QPlainTextEdit,
    QSyntaxHighlighter,
    QTextCharFormat,
    QWidget,
)
from aqt.theme import theme_manager

_MOST_LINES = 4000
_LIGHT = {"+": ("#1a7f37", "#dafbe1"), "-": ("#b3261e", "#ffebe9"), "@": ("#57606a", "#ddf4ff")}
_NIGHT = {"+": ("#7ee787", "#12361f"), "-": ("#ff9b94", "#451a1a"), "@": ("#9aa4af", "#1c2b3a")}


def compare(now: str, after: str) -> str:
    """A unified diff of two texts, without file names; empty if they are the same.

    After 4000 lines it is cut, and its last line says so.
    """
    lines = difflib.unified_diff(now.splitlines(), after.splitlines(), lineterm="", n=3)
    shown = list(islice(lines, 2, 2 + _MOST_LINES + 1))
    if len(shown) > _MOST_LINES:
        shown[-1] = "  … the rest is not shown: it is too long."
    return "\n".join(shown)


class DiffView(QPlainTextEdit):
    """A read-only diff in the colours of Anki's theme."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAccessibleName("Changes in the text of the selected page")
        family = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
        self.setStyleSheet(f'QPlainTextEdit {{ font-family: "{family}"; }}')
        self._colours = _Colours(self.document())

    def recolour(self) -> None:
        """Use the colours of the current theme."""
        self._colours.rehighlight()


class _Colours(QSyntaxHighlighter):
    def highlightBlock(self, text: Optional[str]) -> None:
        pairs = _NIGHT if theme_manager.night_mode else _LIGHT
        if text and text[0] in pairs:
            words, behind = pairs[text[0]]
            look = QTextCharFormat()
            look.setForeground(QColor(words))
            look.setBackground(QColor(behind))
            self.setFormat(0, len(text), look)
