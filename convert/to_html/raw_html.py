"""Writes HTML from Markdown, without the additions that our own writer makes for Obsidian."""

from __future__ import annotations

import re
from html import unescape
from itertools import chain

from ..html.comments import comment_html, read_comment
from ..html.elements import KNOWN
from ..html.tokens import parse_attributes
from ..html.words import escape_text
from ..text.addresses import is_harmless
from ..text.comment import Comment
from ..text.foreign import FOREIGN_ELEMENTS
from ..text.network import stay_offline
from .cloze_parts import Border
from .output import FieldOutput

_TAG_NAME = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_LINK = re.compile(r"<a[\s/]", re.IGNORECASE)
_CLOZE_ELEMENT = re.compile(r'<mark data-cloze="([\d,]+)(…?)"(?: data-hint="([^"]*)")?>')
_IN_TEX = r"\\.|[^\\$<]|<(?![a-zA-Z/!?])"
_TEX = (
    rf"\$\$(?P<display>(?:{_IN_TEX})+)\$\$"
    rf"|\$(?=\S)(?P<inline>(?:{_IN_TEX})+)(?<!\s)\$(?!\d)"
)
_PIECE = re.compile(
    r"<(?P<verbatim>pre|script|style|code|textarea|svg|math)\b.*?</(?P=verbatim)\s*>"
    r"|<!--.*?-->"
    r"|<[a-zA-Z/!?][^>]*>"
    rf"|{_TEX}",
    re.DOTALL | re.IGNORECASE,
)
_FORMULA = re.compile(_TEX, re.DOTALL)


class ClozeElements:
    """Turns ``<mark data-cloze="1" data-hint="…">`` into a cloze, tag by tag."""

    def __init__(self, output: FieldOutput) -> None:
        self._output = output
        self._ends: list[tuple[str, Border | None]] = []

    def write(self, tag: str) -> None:
        """Add the tag, or the border of the cloze for which it stands."""
        name = _TAG_NAME.match(tag)
        add = self._output.add
        if name is None or name[2].lower() != "mark":
            add(tag if _is_harmless(tag) else escape_text(tag))
        elif name[1]:
            end, border = self._ends.pop() if self._ends else (tag, None)
            index = add(end)
            if border is not None:
                self._output.borders[index] = border
        else:
            self._open(tag)

    def _open(self, tag: str) -> None:
        cloze = _CLOZE_ELEMENT.match(tag)
        if cloze is None:
            self._ends.append(("</mark>", None))
            self._output.add(tag)
            return
        numbers, goes_on = f"c{cloze[1]}", bool(cloze[2])
        hint = "" if cloze[3] is None else f"::{escape_text(unescape(cloze[3]))}"
        self._ends.append((hint + "}}", Border(numbers, False, goes_on)))
        index = self._output.add(f"{{{{{numbers}::")
        self._output.borders[index] = Border(numbers, True, goes_on)


def write_html(html: str, output: FieldOutput, only_known: bool = False) -> None:
    """Add a block of HTML, with its formulas in Anki's delimiters.

    ``only_known``: tags of elements that do not exist in HTML are text.
    """
    clozes = ClozeElements(output)
    position = 0
    tags_end = html.rfind(">") + 1  # the search for tags ends here
    for piece in chain(_PIECE.finditer(html, 0, tags_end), _FORMULA.finditer(html, tags_end)):
        output.add(html[position : piece.start()])
        position = piece.end()
        tex = piece["display"] or piece["inline"]
        if tex:
            output.add_formula(unescape(tex), piece["display"] is not None)
        elif piece[0].startswith("<!--") and piece[0].endswith("-->"):
            marked = piece[0] if read_comment(piece[0]) else comment_html(Comment(piece[0]))
            output.add(marked)
        elif (piece["verbatim"] or "").lower() in FOREIGN_ELEMENTS:
            output.add(stay_offline(piece[0]))
        elif only_known and tag_name(piece[0])[0] not in KNOWN:
            output.add(escape_text(piece[0]))
        else:
            clozes.write(piece[0])
    output.add(html[position:])


def _is_harmless(tag: str) -> bool:
    """Whether a tag has no link to a script."""
    if not _LINK.match(tag):
        return True
    return is_harmless(parse_attributes(tag[2:-1]).get("href", ""))


def tag_name(tag: str) -> tuple[str, bool]:
    """The name of a tag in lower case, and whether it is an end tag."""
    name = _TAG_NAME.match(tag)
    return (name[2].lower(), bool(name[1])) if name else ("", False)
