"""Adds the parts of lines to a field's flow: words, formulas, embeds, comments, clozes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from ..text.comment import Comment
from ..text.foreign import read_annotation
from . import blocks as model
from .blocks import Code, Run
from .clozes import Cloze
from .comments import read_comment
from .embeds import frame_run
from .flow import Flow
from .formulas import formula, latex_formula, latex_source
from .open_elements import OpenElements
from .open_marks import CLOZE, OpenMarks
from .tokens import CLOZE_CLOSE, LATEX, Token, parse_attributes

_SPACE = " \t\n\r\f"
_TAG = re.compile(r"<[^>]*>")


def read_attributes(html: str, token: Token) -> dict[str, str]:
    """The attributes of a tag."""
    start, end = token.inner
    return parse_attributes(html[start:end]) if end > start else {}


class LineParts:
    """Adds the parts of lines to a field's flow. ``box`` is the TeX for a cloze in a formula.

    ``clozes`` are the clozes to show, None where clozes have no meaning.
    """

    def __init__(
        self,
        html: str,
        clozes: Mapping[int, Cloze] | None,
        box: str,
        flow: Flow,
        marks: OpenMarks,
        elements: OpenElements,
    ) -> None:
        self._html = html
        self._clozes: Mapping[int, Cloze] = clozes or {}
        self._has_clozes = clozes is not None
        self._box = box
        self._flow = flow
        self._marks = marks
        self._open = elements
        self._unseen_until = 0

    def add_words(self, token: Token, text: str) -> None:
        """Add the visible part of a text."""
        if self._flow.index < self._unseen_until:
            return
        cloze = self._flow.cloze
        if cloze is not None and self._flow.index >= cloze.hint_token:
            text = text[: max(cloze.hint_from - token.start, 0)]
        if "&" in text:
            text = unescape(text)
        if self._flow.pre is not None:
            self._flow.pre.add(text, self._flow.index)
        elif "\n" in text and self._marks.keeps_lines():
            for number, line in enumerate(text.split("\n")):
                if number:
                    self._flow.break_line()
                self.add_text(line)
        else:
            self.add_text(text)

    def add_text(self, text: str) -> None:
        """Add text without line breaks. Spaces alone do not begin a line."""
        if text and (self._flow.frames[-1].runs or text.strip(_SPACE)):
            self._flow.add_run(Run(model.TEXT, text, self._marks.current()))

    def add_embed(self, run: Run | None) -> None:
        """Add a picture, a sound or another embed, if there is one."""
        if run is not None and not self._open.silent:
            self._flow.add_run(run)

    def add_hidden(self, token: Token) -> None:
        """Add a frame or a comment."""
        if token.name == "iframe":
            self._flow.boundary(2)
            self.add_embed(frame_run(read_attributes(self._html, token)))
            self._flow.boundary(2)
        elif token.name == "!":
            self._add_aside(read_comment(self._html[token.start : token.end]))

    def _add_aside(self, comment: Comment | None) -> None:
        """Add a user's comment, on its own line if it stood on one. Code has no place for it."""
        flow = self._flow
        if comment is None or self.is_in_code() or flow.index < self._unseen_until:
            return
        before, after = (0, 0) if flow.cloze else (comment.before, comment.after)
        if before:
            flow.boundary(min(before, 2))
        marks = () if before or after else self._marks.current()
        flow.add_run(Run(model.ASIDE, comment.source, marks))
        if after:
            flow.boundary(min(after, 2))

    def is_in_code(self) -> bool:
        """Whether the current place is in code."""
        return self._flow.pre is not None or any(m.kind == "code" for m in self._marks.current())

    def add_formula(self, token: Token) -> None:
        """Add a formula, or other LaTeX."""
        source = self._html[slice(*token.inner)]
        if self.is_in_code():  # MathJax skips code
            self.add_words(token, _TAG.sub("", self._html[token.start : token.end]))
            return
        marks = self._marks.current()
        name, comment = token.name, ""
        if token.kind == LATEX:
            tex, name = latex_formula(source)
            if not tex:
                index = self._flow.index
                code = Code(index, index + 1, 2, latex_source(source), "latex")
                self._flow.add_block(self._flow.frame(), code)
                return
        else:
            tex, comment = formula(source, self._has_clozes, self._box)
        if tex:
            shown = "$$" if name == "display" else "$"
            self._flow.add_run(Run(model.MATH, tex, marks, shown))
        if comment:
            self._flow.add_run(Run(model.COMMENT, comment, marks))

    def add_foreign(self, token: Token) -> None:
        """Add MathML as the TeX that it names; add other MathML, and drawings, as they are."""
        html = self._html[token.start : token.end]
        if self.is_in_code():
            self.add_words(token, _TAG.sub("", html))
            return
        marks = self._marks.current()
        named = read_annotation(html) if token.name != "svg" else None
        if named is None:
            self.add_embed(Run(model.FOREIGN, html, marks))
            return
        tex, _ = formula(named.tex, False)
        if tex:
            self._flow.add_run(Run(model.MATH, tex, marks, "$$" if named.display else "$"))

    def add_cloze_border(self, token: Token) -> None:
        """Begin or end a cloze. Braces of no cloze are text."""
        cloze = self._clozes.get(self._flow.index)
        closes = token.kind == CLOZE_CLOSE
        if (
            cloze is None
            or self.is_in_code()
            or (closes and cloze is not self._flow.cloze and not cloze.unseen)
        ):
            self.add_words(token, self._html[token.start : token.end])
        elif closes and cloze.unseen:
            return
        elif closes:
            self._marks.close(CLOZE, 0)
            self._flow.end_cloze()
        elif cloze.unseen:
            if cloze.mark.comment:
                run = Run(model.COMMENT, cloze.mark.comment, self._marks.current())
                self._flow.add_run(run)
                if unescape(_TAG.sub("", self._html[token.end : cloze.hint_from])).isspace():
                    self.add_text(" ")
            self._unseen_until = cloze.last
        else:
            if self._flow.frames[-1].kind not in ("list", "table"):
                self._flow.frame()
            self._flow.cloze = cloze
            self._marks.open(CLOZE, (cloze.mark,))
