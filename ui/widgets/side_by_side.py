"""Shows versions of a text side by side, with the words marked that differ."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, Optional

from aqt import colors
from aqt.qt import QFontDatabase, QTextBrowser, QWidget
from aqt.theme import theme_manager

from ...convert.shown.page import Form
from . import text_colours

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_TOKENS = 3000  # with more, whole lines are compared
_MOST_TEXT = 40_000  # characters of a value that are shown
Look = Literal["new", "old", "one", "other", "plain"]
_LIGHT = {"new": "#b6e3c0", "old": "#ffd0cc", "one": "#fbe0a1", "other": "#d3d8ff"}
_NIGHT = {"new": "#1c5a30", "old": "#6b2626", "one": "#63500f", "other": "#3a4090"}
_LIGHT.update(conflict="#9a3412", quiet=text_colours.quiet(night=False))
_NIGHT.update(conflict="#ffb27a", quiet=text_colours.quiet(night=True))


@dataclass(frozen=True)
class Side:
    """One version of a text; ``None`` if it does not exist. ``look``: how its own words look."""

    heading: str
    text: Optional[str]
    look: Look = "plain"


@dataclass(frozen=True)
class Section:
    """One part of a change: its versions, and in ``outcome`` what a run does with them.

    Two versions are compared with each other; of three, the second and third with the first.
    ``result`` is the text that both sides will have, or ``None`` to show none. ``form``: what the
    texts are, where they are shown as they look.
    """

    title: str
    sides: tuple[Side, ...] = ()
    outcome: str = ""
    conflict: bool = False
    result: Optional[str] = None
    form: Form = "markdown"


class SideBySide(QTextBrowser):
    """Shows sections in the colours of Anki's theme."""

    def __init__(self, parent: Optional[QWidget] = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setAccessibleName("Both sides of the selected change")
        self._shown: tuple[str, Sequence[Section]] = ("", ())

    def show_sections(self, heading: str, sections: Sequence[Section]) -> None:
        """Show these sections instead of those before."""
        self._shown = (heading, sections)
        self.recolour()

    def recolour(self) -> None:
        """Use the colours of the current theme."""
        self.setHtml(write_page(*self._shown, night=theme_manager.night_mode))


def write_page(heading: str, sections: Iterable[Section], *, night: bool) -> str:
    """The heading and sections as HTML, in the colours for day or night."""
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    edge = theme_manager.var(colors.BORDER_STRONG if night else colors.BORDER_SUBTLE)
    palette = _NIGHT if night else _LIGHT
    parts = [f'<p style="color: {palette["quiet"]}">{html.escape(heading)}</p>' if heading else ""]
    for section in sections:
        colour = f' style="color: {palette["conflict"]}"' if section.conflict else ""
        alone = section.sides[0].heading if len(section.sides) == 1 else ""
        words = (alone[:1].lower() + alone[1:], section.outcome)
        told = "".join(f" – {html.escape(each)}" for each in words if each)
        parts.append(f"<p{colour}><b>{html.escape(section.title)}</b>{told}</p>")
        if section.sides:
            parts.append(_write_table(section, fixed, edge, palette))
    return "".join(parts)


def compare_words(left: str, right: str) -> list[tuple[bool, str, str]]:
    """Cut both texts into pieces: (whether the pieces are equal, left piece, right piece)."""
    mine, theirs = _TOKEN.findall(left), _TOKEN.findall(right)
    if len(mine) + len(theirs) > _MOST_TOKENS:
        mine, theirs = left.splitlines(keepends=True), right.splitlines(keepends=True)
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    return [
        (kind == "equal", "".join(mine[a:b]), "".join(theirs[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
    ]


def _write_table(section: Section, fixed: str, edge: str, palette: dict[str, str]) -> str:
    width = 100 // len(section.sides)
    style = f"style=\"font-family: '{fixed}'; white-space: pre-wrap\""
    heads = "".join(
        f'<th align="left" width="{width}%">{html.escape(side.heading)}</th>'
        for side in section.sides
    )
    cells = "".join(f"<td {style}>{text}</td>" for text in _mark(section.sides, palette))
    rows = f"<tr>{heads}</tr>" if len(section.sides) > 1 else ""
    rows += f"<tr>{cells}</tr>"
    if section.result is not None:
        result = f"<b>After the run:</b><br>{_escape(section.result)}"
        rows += f'<tr><td {style} colspan="{len(section.sides)}">{result}</td></tr>'
    return (
        '<table width="100%" cellspacing="0" cellpadding="6" border="1"'
        f' style="border-color: {edge}; border-style: solid; border-collapse: collapse">'
        f"{rows}</table>"
    )


def _mark(sides: Sequence[Side], palette: dict[str, str]) -> Iterator[str]:
    """Each side as HTML. Words that the side compared with it does not have are in colour, and
    underlined or struck through.
    """
    for number, side in enumerate(sides):
        other = sides[0] if number else sides[1] if len(sides) == 2 else None
        if side.text is None:
            yield _say("not there", palette)
        elif not side.text:
            yield _say("empty", palette)
        elif other is None or other.text is None or side.look == "plain":
            yield _escape(side.text)
        else:
            pieces = compare_words(other.text[:_MOST_TEXT], side.text[:_MOST_TEXT])
            line = "line-through" if side.look == "old" else "underline"
            style = f"background-color: {palette[side.look]}; text-decoration: {line}"
            yield "".join(_escape(mine) if same else _span(mine, style) for same, _, mine in pieces)


def _say(words: str, palette: dict[str, str]) -> str:
    return f'<i style="color: {palette["quiet"]}">{words}</i>'


def _span(text: str, style: str) -> str:
    return f'<span style="{style}">{_escape(text)}</span>' if text else ""


def _escape(text: str) -> str:
    more = "…" if len(text) > _MOST_TEXT else ""
    return html.escape(text[:_MOST_TEXT]).replace("\n", "<br>") + more
