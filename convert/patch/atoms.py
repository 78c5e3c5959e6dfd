"""Splits HTML into comparable atoms, each with its slice of the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from ..html.comments import read_comment
from ..html.elements import MARKS, PLAIN_LOOK, read_style
from ..html.footnotes import read_number
from ..html.formulas import formula
from ..html.open_marks import element_marks
from ..html.tokens import (
    CLOZE_CLOSE,
    CLOZE_OPEN,
    END,
    FOREIGN,
    HIDDEN,
    LATEX,
    MATH,
    SOUND,
    START,
    TEXT,
    VOID,
    Token,
    parse_attributes,
    tokenize,
)
from ..markdown.foreign import print_foreign
from ..text.foreign import Tex, read_annotation

CHAR, SPACE, TAG, THING = range(4)

_PART = re.compile(r"&#?\w+;?|\s+|.", re.DOTALL)
_IN_MATH = re.compile(r"<!--.*?-->|</?[a-zA-Z][^>]*>|&#?\w+;?|\s+|.", re.DOTALL)
_ALIASES = {"th": "td", "ins": "u"}
_STYLED = frozenset(("span", "font"))
_THINGS = frozenset(("img", "audio", "video", "object", "embed", "hr", "input"))


class Atom(NamedTuple):
    """``html[start:end]``: a character, white space, a tag, or a thing that readers see as one.

    ``name`` is the same for atoms with the same meaning, ``source`` only for atoms with the same
    spelling.
    """

    kind: int
    name: str
    source: str
    start: int
    end: int


def read_atoms(html: str, clozes: bool, whole_formulas: bool = False) -> list[Atom]:
    """The atoms of ``html`` in order. ``clozes``: whether ``{{c1::`` has a meaning.

    ``whole_formulas``: a formula is one atom, in TeX or in MathML that names its TeX.
    """
    reader = _Reader(html, whole_formulas)
    atoms: list[Atom] = []
    tokens = tokenize(html, clozes)
    within = -1  # the last token of a footnote's number, which is one thing with its label
    for index, token in enumerate(tokens):
        label = read_number(html, tokens, index)
        if label is not None:
            within = index + 2
            name = f"[^{label}]"
            atoms.append(Atom(THING, name, name, token.start, tokens[within].end))
        elif index > within:
            atoms += reader.read(token)
    return atoms


class _Reader:
    def __init__(self, html: str, whole_formulas: bool) -> None:
        self.html = html
        self.whole_formulas = whole_formulas
        self.opened: list[tuple[str, str]] = []

    def read(self, token: Token) -> Iterator[Atom]:
        html, kind = self.html, token.kind
        source = html[token.start : token.end]
        if kind == TEXT:
            yield from _read_text(html, token.start, token.end, _PART)
        elif kind in (START, END):
            if token.end > token.start:  # not one implied by a formula
                yield self._tag(token, source)
        elif kind == FOREIGN or (kind == MATH and self.whole_formulas):
            yield Atom(THING, self._meaning_of(token, source), source, token.start, token.end)
        elif kind in (MATH, LATEX):
            inner_from, inner_to = token.inner
            name = "latex" if kind == LATEX else token.name
            yield Atom(
                THING, f"({name}", source[: inner_from - token.start], token.start, inner_from
            )
            yield from _read_text(html, inner_from, inner_to, _IN_MATH)
            yield Atom(THING, f"{name})", source[inner_to - token.start :], inner_to, token.end)
        elif kind == CLOZE_OPEN:
            yield Atom(THING, "{{", source, token.start, token.end)
        elif kind == CLOZE_CLOSE:
            yield Atom(THING, "}}", source, token.start, token.end)
        elif kind == SOUND:
            yield Atom(THING, "media", source, token.start, token.end)
        elif kind == HIDDEN:
            comment = read_comment(source) if token.name == "!" else None
            if comment is not None:
                yield Atom(THING, comment.source, source, token.start, token.end)
                return
            thing = token.name == "iframe"
            yield Atom(
                THING if thing else TAG,
                "media" if thing else "!",
                source,
                token.start,
                token.end,
            )

    def _meaning_of(self, token: Token, source: str) -> str:
        named = read_annotation(source) if token.kind == FOREIGN else None
        if token.kind == FOREIGN and (named is None or not self.whole_formulas):
            return print_foreign(source)
        if named is None:
            named = Tex(self.html[slice(*token.inner)], token.name == "display")
        return f"{'$$' if named.display else '$'}{formula(named.tex, False)[0]}"

    def _tag(self, token: Token, source: str) -> Atom:
        name = token.name
        if token.kind == END:
            known = self._close(name)
            return Atom(TAG, "/" + known, source, token.start, token.end)
        if name in _THINGS:
            thing = name if name in ("hr", "input") else "media"
            return Atom(THING, thing, source, token.start, token.end)
        known = MARKS.get(name) or _ALIASES.get(name, name)
        if name in _STYLED:
            known = self._meaning(token, name)
        if name not in VOID:
            self.opened.append((name, known))
        return Atom(TAG, known, source, token.start, token.end)

    def _close(self, name: str) -> str:
        for index in range(len(self.opened) - 1, max(len(self.opened) - 40, -1), -1):
            if self.opened[index][0] == name:
                return self.opened.pop(index)[1]
        return MARKS.get(name) or _ALIASES.get(name, name)

    def _meaning(self, token: Token, name: str) -> str:
        """The meaning of a styled element, when an element without a style has the same one."""
        attributes = parse_attributes(self.html[slice(*token.inner)])
        look = read_style(attributes["style"]) if "style" in attributes else PLAIN_LOOK
        marks, cancels = element_marks(name, attributes, look, 0)
        return marks[0].kind if len(marks) == 1 and not cancels else name


def _read_text(html: str, start: int, end: int, parts: re.Pattern[str]) -> Iterator[Atom]:
    for part in parts.finditer(html, start, end):
        source, first, last = part[0], part.start(), part.end()
        if len(source) > 1 and source[0] == "&":
            text = unescape(source)
            if text.isspace():
                yield Atom(SPACE, " ", source, first, last)
            elif len(text) == 1:
                yield Atom(CHAR, text, text, first, last)
            elif text[0] == "&" or source.startswith(text[-1:], len(source) - 1):
                # At most the beginning was a character reference.
                yield from _read_reference(source, first)
            else:
                yield Atom(CHAR, text, text, first, last)
        elif source.isspace():
            yield Atom(SPACE, " ", source, first, last)
        elif len(source) > 1:
            yield Atom(TAG, "!", source, first, last)
        else:
            yield Atom(CHAR, source, source, first, last)


def _read_reference(source: str, first: int) -> Iterator[Atom]:
    for length in range(len(source) - 1, 1, -1):
        text = unescape(source[:length])
        if len(text) == 1:
            yield Atom(CHAR, text, text, first, first + length)
            break
    else:
        length = 0
    for index in range(length, len(source)):
        yield Atom(CHAR, source[index], source[index], first + index, first + index + 1)
