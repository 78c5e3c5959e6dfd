"""The HTML of one field while it is being written."""

from __future__ import annotations

import re

from ..html.words import escape_text
from ..markdown.parser import restore_spaces
from .cloze_parts import Border, join_parts
from .formulas import formula_html

# Anki plays or typesets these anywhere, even in code.
_ANKI_TAG = re.compile(r"\[(?=sound:|latex\]|\${1,2}\])", re.IGNORECASE)
_CLOZE_BORDER = re.compile(r"\{\{c[\d,]+::|\}\}")


class FieldOutput:
    """Parts of HTML in order. At the end, formulas and code learn whether they are in a cloze."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.borders: dict[int, Border] = {}
        self.formulas: dict[int, tuple[str, bool]] = {}
        self._code: set[int] = set()
        self._words: set[int] = set()

    def add(self, html: str) -> int:
        """Add a part; return its index."""
        self.parts.append(html)
        return len(self.parts) - 1

    def add_words(self, text: str) -> None:
        """Add text that must stay plain text to Anki."""
        self._words.add(self.add(escape_text(text)))

    def add_formula(self, tex: str, display: bool) -> int:
        """Add TeX; return its index."""
        self.formulas[len(self.parts)] = (tex, display)
        return self.add("")

    def add_code(self, text: str) -> None:
        """Add text without markup."""
        self._code.add(self.add(escape_text(text)))

    def make_cloze(
        self, opened: int, closed: int, numbers: str, end: str, goes_on: bool = False
    ) -> None:
        """Turn the parts ``opened`` and ``closed`` into the borders of a cloze, or of its part."""
        inside = range(opened + 1, closed)
        nests = any("{{c" in self.parts[index] for index in inside)
        for index in inside:
            if index not in self.formulas:
                part = _close_no_more(self.parts[index])
                after = self.parts[index + 1][:1] if index + 1 < closed else ""
                self.parts[index] = part if nests else _hint_nothing(part, after)
        if self.parts[closed - 1].endswith("}"):
            self.parts[closed - 1] = self.parts[closed - 1][:-1] + "&#125;"
        self.parts[opened], self.parts[closed] = f"{{{{{numbers}::", end
        self.borders[opened] = Border(numbers, True, goes_on)
        self.borders[closed] = Border(numbers, False, goes_on)

    def html(self) -> str:
        """The whole field. No formula and no code ends the cloze around it."""
        if any(border.goes_on for border in self.borders.values()):
            join_parts(self.parts, self.borders)
        if self.formulas or self._code:
            depth = 0
            for index, part in enumerate(self.parts):
                if index in self.formulas:
                    tex, display = self.formulas[index]
                    self.parts[index] = formula_html(tex, display, depth > 0)
                elif index in self._code:
                    self.parts[index] = _close_no_more(part) if depth else part
                else:
                    depth = _cloze_depth(part, depth)
        self._break_tags()
        return restore_spaces("".join(self.parts)).replace("\xa0", "&nbsp;")

    def _break_tags(self) -> None:
        """Disarm words and code that look like a sound to Anki, also across parts."""
        words = self._words | self._code
        start = 0
        while start < len(self.parts):
            end = start
            while end in words:
                end += 1
            text = "".join(self.parts[start:end])
            if "[" in text and _ANKI_TAG.search(text):
                self.parts[start:end] = [_ANKI_TAG.sub("&#91;", text), *[""] * (end - start - 1)]
            start = end + 1


def _cloze_depth(html: str, depth: int) -> int:
    for border in _CLOZE_BORDER.findall(html):
        depth = depth - 1 if border == "}}" else depth + 1
        depth = max(depth, 0)
    return depth


def _hint_nothing(html: str, after: str) -> str:
    """A part of a cloze in which no ``::`` begins a hint. ``after``: the next part's start."""
    html = html.replace("::", ":&#58;")
    return html[:-1] + "&#58;" if html.endswith(":") and after == ":" else html


def _close_no_more(html: str) -> str:
    """A part whose ``}}`` does not end a cloze in Anki either, unless it ends the part's own."""
    if "}}" not in html:
        return html
    depth = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal depth
        if match[0] != "}}":
            depth += 1
        elif depth:
            depth -= 1
        else:
            return "}&#125;"
        return match[0]

    return _CLOZE_BORDER.sub(replace, html)
