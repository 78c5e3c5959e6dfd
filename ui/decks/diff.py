"""Both sides of a note, field by field and side by side, with the words that differ in colour."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Optional

from aqt import colors
from aqt.qt import QFontDatabase, QTextBrowser, QWidget
from aqt.theme import theme_manager

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_TOKENS = 3000  # beyond that, whole lines are compared
_MOST_TEXT = 40_000  # characters of a value that are shown
_LIGHT = {"toml": "#b6e3c0", "anki": "#ffd0cc", "conflict": "#9a3412", "same": "#57606a"}
_NIGHT = {"toml": "#1c5a30", "anki": "#6b2626", "conflict": "#ffb27a", "same": "#9aa4af"}


@dataclass(frozen=True)
class Section:
    """One part of what is shown: both values, and in words what a run makes of them."""

    title: str
    toml: Optional[str]
    anki: Optional[str]
    outcome: str = ""
    conflict: bool = False
    result: Optional[str] = None  # what both sides will hold, where it is neither value


class SideBySide(QTextBrowser):
    """Shows sections in the colours of Anki's theme."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setAccessibleName("Both sides of the selected change")
        self._shown: tuple[str, Sequence[Section]] = ("", ())

    def show_sections(self, heading: str, sections: Sequence[Section]) -> None:
        """Show these instead."""
        self._shown = (heading, sections)
        self.recolour()

    def recolour(self) -> None:
        """Take the colours of the theme that is on now."""
        self.setHtml(write_page(*self._shown, night=theme_manager.night_mode))


def write_page(heading: str, sections: Iterable[Section], *, night: bool) -> str:
    """The sections as HTML."""
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    edge = theme_manager.var(colors.BORDER_STRONG if night else colors.BORDER_SUBTLE)
    palette = _NIGHT if night else _LIGHT
    parts = [f'<p style="color: {palette["same"]}">{html.escape(heading)}</p>' if heading else ""]
    for section in sections:
        colour = f' style="color: {palette["conflict"]}"' if section.conflict else ""
        told = f" – {html.escape(section.outcome)}" if section.outcome else ""
        parts.append(f"<p{colour}><b>{html.escape(section.title)}</b>{told}</p>")
        toml, anki = _mark(section.toml, section.anki, palette)
        cell = f'<td width="50%" style="font-family: \'{fixed}\'; white-space: pre-wrap">'
        rows = f"<tr>{cell}{toml}</td>{cell}{anki}</td></tr>"
        if section.result is not None:
            whole = cell.replace('width="50%"', 'colspan="2"')
            rows += f"<tr>{whole}<b>Together:</b><br>{_escape(section.result)}</td></tr>"
        parts.append(
            '<table width="100%" cellspacing="0" cellpadding="6" border="1"'
            f' style="border-color: {edge}; border-style: solid; border-collapse: collapse">'
            f'<tr><th align="left">TOML</th><th align="left">Anki</th></tr>{rows}</table>'
        )
    return "".join(parts)


def compare_words(toml: str, anki: str) -> list[tuple[bool, str, str]]:
    """Both texts in pieces: whether the pieces are the same, TOML's piece, and Anki's."""
    mine, theirs = _TOKEN.findall(toml), _TOKEN.findall(anki)
    if len(mine) + len(theirs) > _MOST_TOKENS:
        mine, theirs = toml.splitlines(keepends=True), anki.splitlines(keepends=True)
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    return [
        (kind == "equal", "".join(mine[a:b]), "".join(theirs[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
    ]


def _mark(toml: Optional[str], anki: Optional[str], palette: dict[str, str]) -> tuple[str, str]:
    if toml is None or anki is None:
        missing = f'<i style="color: {palette["same"]}">not there</i>'
        return (
            missing if toml is None else _escape(toml),
            missing if anki is None else _escape(anki),
        )
    left, right = [], []
    for same, mine, theirs in compare_words(toml[:_MOST_TEXT], anki[:_MOST_TEXT]):
        left.append(_escape(mine) if same else _span(mine, palette["toml"]))
        right.append(_escape(theirs) if same else _span(theirs, palette["anki"]))
    empty = f'<i style="color: {palette["same"]}">empty</i>'
    return "".join(left) or empty, "".join(right) or empty


def _span(text: str, colour: str) -> str:
    return f'<span style="background-color: {colour}">{_escape(text)}</span>' if text else ""


def _escape(text: str) -> str:
    more = "…" if len(text) > _MOST_TEXT else ""
    return html.escape(text[:_MOST_TEXT]).replace("\n", "<br>") + more
