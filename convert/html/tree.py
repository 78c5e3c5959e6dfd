"""Tokens → blocks and lines, by the rules a browser uses for broken HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import unescape
from typing import Optional

from ..field_style import no_media
from ..text.comment import Comment
from ..text.foreign import read_annotation
from . import blocks as model
from .blocks import Block, Code, Mark, Rule, Run
from .clozes import Cloze
from .comments import read_comment
from .containers import Containers
from .elements import (
    BREAKING,
    CLOSES_PARAGRAPH,
    CONTAINERS,
    HEADINGS,
    INLINE,
    MEDIA,
    PLAIN_LOOK,
    TABLE_PARTS,
    Look,
    is_hidden,
    read_language,
    read_style,
)
from .embeds import (
    embedded_link,
    first_source,
    frame_run,
    media_run,
    said_around,
    sound_run,
)
from .flow import Flow, Pre
from .footnotes import read_number
from .formulas import BOX, formula, latex_formula, latex_source
from .open_elements import Open, OpenElements
from .open_marks import CLOZE, OpenMarks, element_marks
from .tokens import (
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
    find_end_tag,
    parse_attributes,
)

_SPACE = " \t\n\r\f"
_TAG = re.compile(r"<[^>]*>")
_SAID = (MATH, LATEX, SOUND, FOREIGN)
_PLAYERS = ("audio", "video", "object")


def build_tree(
    html: str,
    tokens: Sequence[Token],
    clozes: Optional[Mapping[int, Cloze]],
    embed_target: Callable[[str], str],
    box: str = BOX,
    link_target: Optional[Callable[[str], Optional[str]]] = None,
    has_media: Callable[[str], bool] = no_media,
) -> list[Block]:
    """The blocks of a field. ``clozes`` are those to show, None where clozes mean nothing.

    ``box`` is the TeX that shows a cloze in a formula. ``link_target`` and ``has_media``
    are those of ``FieldStyle``.
    """
    builder = _TreeBuilder(html, tokens, clozes, embed_target, box, link_target)
    builder.has_media = has_media
    return builder.build()


class _TreeBuilder:
    def __init__(
        self,
        html: str,
        tokens: Sequence[Token],
        clozes: Optional[Mapping[int, Cloze]],
        embed_target: Callable[[str], str],
        box: str,
        link_target: Optional[Callable[[str], Optional[str]]],
    ) -> None:
        self.box = box
        self.link_target = link_target
        self.html = html
        self.tokens = tokens
        self.clozes: Mapping[int, Cloze] = clozes or {}
        self.math_clozes = clozes is not None
        self.embed_target = embed_target
        self.has_media: Callable[[str], bool] = no_media
        self.unseen_until = 0
        self.skipped_until = 0
        self.marks = OpenMarks()
        self.flow = Flow(self.marks)
        self.open = OpenElements()
        self.containers = Containers(self.flow, self.open, self._push, self._pop)

    def build(self) -> list[Block]:
        html, flow = self.html, self.flow
        for index, token in enumerate(self.tokens):
            flow.index = index
            kind = token.kind
            if self._is_passed_over(index, kind):
                continue
            if kind == START:
                self._start(token)
            elif kind == END:
                self._end(token.name)
            elif kind == TEXT:
                self._add_words(token, html[token.start : token.end])
            elif kind in (MATH, LATEX):
                self._add_formula(token)
            elif kind == FOREIGN:
                self._add_foreign(token)
            elif kind == SOUND:
                said = said_around(html, self.tokens, index)
                run = sound_run(html, token, said, self.marks.current(), self.embed_target)
                self._add_embed(run)
            elif kind in (CLOZE_OPEN, CLOZE_CLOSE):
                self._add_cloze_border(token)
            elif kind == HIDDEN:
                self._add_hidden(token)
        while self.open.entries:
            self._pop()
        # It knows our methods: Anki's garbage collector is off, so nothing may lead back to us.
        del self.containers
        return flow.finish()

    def _is_passed_over(self, index: int, kind: int) -> bool:
        """Whether a token is of something hidden, or of a cloze's hint, which the comment says."""
        if index < self.skipped_until or (self.open.silent and kind not in (START, END)):
            return True
        cloze = self.flow.cloze
        return cloze is not None and kind in _SAID and index > cloze.hint_token

    # What stands in a line

    def _add_words(self, token: Token, text: str) -> None:
        if self.flow.index < self.unseen_until:
            return
        cloze = self.flow.cloze
        if cloze is not None and self.flow.index >= cloze.hint_token:
            text = text[: max(cloze.hint_from - token.start, 0)]
        if "&" in text:
            text = unescape(text)
        if self.flow.pre is not None:
            self.flow.pre.add(text, self.flow.index)
        elif "\n" in text and self.marks.keeps_lines():
            for number, line in enumerate(text.split("\n")):
                if number:
                    self.flow.break_line()
                self._add_text(line)
        else:
            self._add_text(text)

    def _add_text(self, text: str) -> None:
        if text and (self.flow.frames[-1].runs or text.strip(_SPACE)):
            self.flow.add_run(Run(model.TEXT, text, self.marks.current()))

    def _add_embed(self, run: Optional[Run]) -> None:
        if run is not None and not self.open.silent:
            self.flow.add_run(run)

    def _add_hidden(self, token: Token) -> None:
        if token.name == "iframe":
            self.flow.boundary(2)
            self._add_embed(frame_run(self._attributes(token)))
            self.flow.boundary(2)
        elif token.name == "!":
            self._add_aside(read_comment(self.html[token.start : token.end]))

    def _add_aside(self, comment: Optional[Comment]) -> None:
        """A person's comment, on a line of its own if it stood so; in code it has no place."""
        flow = self.flow
        if comment is None or self._in_code() or flow.index < self.unseen_until:
            return
        before, after = (0, 0) if flow.cloze else (comment.before, comment.after)
        if before:
            flow.boundary(min(before, 2))
        marks = () if before or after else self.marks.current()
        flow.add_run(Run(model.ASIDE, comment.source, marks))
        if after:
            flow.boundary(min(after, 2))

    def _add_embedded_link(self, attributes: dict[str, str]) -> bool:
        """Add the embed that a link stands for, if it stands for one, and pass over its text."""
        if self.flow.pre is not None or self.open.silent:
            return False
        index, marks = self.flow.index, self.marks.current()
        run = embedded_link(self.html, self.tokens, index, attributes, marks, self.link_target)
        if run is not None:
            self._add_embed(run)
            self._push("a", len(self.flow.frames), silent=True)
        return run is not None

    def _in_code(self) -> bool:
        return self.flow.pre is not None or any(m.kind == "code" for m in self.marks.current())

    def _add_formula(self, token: Token) -> None:
        source = self.html[slice(*token.inner)]
        if self._in_code():  # MathJax leaves code alone
            self._add_words(token, _TAG.sub("", self.html[token.start : token.end]))
            return
        marks = self.marks.current()
        name, comment = token.name, ""
        if token.kind == LATEX:
            tex, name = latex_formula(source)
            if not tex:
                index = self.flow.index
                code = Code(index, index + 1, 2, latex_source(source), "latex")
                self.flow.add_block(self.flow.frame(), code)
                return
        else:
            tex, comment = formula(source, self.math_clozes, self.box)
        if tex:
            shown = "$$" if name == "display" else "$"
            self.flow.add_run(Run(model.MATH, tex, marks, shown))
        if comment:
            self.flow.add_run(Run(model.COMMENT, comment, marks))

    def _add_foreign(self, token: Token) -> None:
        """MathML as the TeX that it names; else, and a drawing, as it is."""
        html = self.html[token.start : token.end]
        if self._in_code():
            self._add_words(token, _TAG.sub("", html))
            return
        marks = self.marks.current()
        named = read_annotation(html) if token.name != "svg" else None
        if named is None:
            self._add_embed(Run(model.FOREIGN, html, marks))
            return
        tex, _ = formula(named.tex, False)
        if tex:
            self.flow.add_run(Run(model.MATH, tex, marks, "$$" if named.display else "$"))

    def _add_cloze_border(self, token: Token) -> None:
        cloze = self.clozes.get(self.flow.index)
        closes = token.kind == CLOZE_CLOSE
        if (
            cloze is None
            or self._in_code()
            or (closes and cloze is not self.flow.cloze and not cloze.unseen)
        ):
            self._add_words(token, self.html[token.start : token.end])
        elif closes and cloze.unseen:
            return
        elif closes:
            self.marks.close(CLOZE, 0)
            self.flow.end_cloze()
        elif cloze.unseen:
            if cloze.mark.comment:
                run = Run(model.COMMENT, cloze.mark.comment, self.marks.current())
                self.flow.add_run(run)
                if unescape(_TAG.sub("", self.html[token.end : cloze.hint_from])).isspace():
                    self._add_text(" ")
            self.unseen_until = cloze.last
        else:
            self.flow.frame()
            self.flow.cloze = cloze
            self.marks.open(CLOZE, (cloze.mark,))

    # Elements

    def _attributes(self, token: Token) -> dict[str, str]:
        start, end = token.inner
        return parse_attributes(self.html[start:end]) if end > start else {}

    def _push(self, name: str, frames: int, scope: bool = False, silent: bool = False) -> None:
        self.open.push(Open(name, frames, len(self.marks), scope, silent))

    def _pop(self) -> str:
        entry = self.open.pop()
        name = entry.name
        if name == "pre" and not self.open.is_open("pre"):
            self.flow.end_pre()
        elif entry.silent and (name in _PLAYERS or name == "a"):
            self.flow.take_in()
        elif not entry.silent and name not in _PLAYERS:
            self.flow.boundary(2 if name == "p" or name in HEADINGS else 1)
        if name in HEADINGS:
            self.flow.level = 0
        self.marks.cut(entry.marks, entry.scope)
        self.flow.cut(max(entry.frames, 1))
        return name

    def _pop_to(self, name: str) -> None:
        while self._pop() != name:
            pass

    def _start(self, token: Token) -> None:
        name = self._element_name(token.name)
        if name == "br":
            if not self.open.silent:
                self.flow.break_line()
            return
        attributes = self._attributes(token)
        look = self._look(name, attributes)
        if is_hidden(look, attributes) and name not in TABLE_PARTS:
            if name not in VOID and not self._skip_element(token):
                self._push(name, len(self.flow.frames), silent=True)
        elif name in VOID or name in _PLAYERS:
            self._start_void(token, attributes)
        elif name == "a" and "class" in attributes and self._add_embedded_link(attributes):
            return
        elif name in INLINE:
            self._start_inline(name, attributes, look)
        else:
            self._start_block(token, attributes)
            if attributes or name == "dt":
                marks, cancels = element_marks(name, attributes, look, self.flow.index)
                if name == "dt":
                    marks += (Mark("b"),)
                if (marks or cancels) and self.open.entries:
                    self.marks.open("block", marks, cancels)

    def _start_inline(self, name: str, attributes: dict[str, str], look: Look) -> None:
        label = read_number(self.html, self.tokens, self.flow.index) if name == "sup" else None
        if label is not None and not self._in_code():
            self.containers.start_number(label)
            return
        marks, cancels = element_marks(name, attributes, look, self.flow.index)
        self.marks.open(name, self._aim(name, marks, attributes), cancels)
        if name == "q" and not self.open.silent:
            self._add_text("“")
        elif name == "code" and self.flow.pre is not None and not self.flow.pre.language:
            self.flow.pre.language = read_language(attributes)

    def _look(self, name: str, attributes: dict[str, str]) -> Look:
        """What an element's style says; a callout's title only has its own looks."""
        if "style" not in attributes or self.containers.is_title(name, attributes):
            return PLAIN_LOOK
        return read_style(attributes["style"])

    def _skip_element(self, token: Token) -> bool:
        """Pass over an inline element with all that is in it, when its end is not far."""
        end = find_end_tag(self.tokens, self.flow.index) if token.name in INLINE else -1
        self.skipped_until = max(end + 1, self.skipped_until)
        return end >= 0

    def _aim(
        self, name: str, marks: tuple[Mark, ...], attributes: dict[str, str]
    ) -> tuple[Mark, ...]:
        """An element's marks, that of a link with the page that it leads to."""
        if name != "a" or self.link_target is None:
            return marks
        target = self.link_target(attributes.get("href", "")) or ""
        return tuple(m._replace(comment=target) if m.kind == "a" else m for m in marks)

    def _start_void(self, token: Token, attributes: dict[str, str]) -> None:
        name = token.name
        flow = self.flow
        if name in MEDIA:
            if name in ("audio", "video") and not attributes.get("src"):
                attributes = {**attributes, **first_source(self.html, self.tokens, flow.index)}
            marks = self.marks.current()
            run = media_run(name, attributes, marks, self.embed_target, self.has_media)
            self._add_embed(run)
            if name in _PLAYERS:
                self._push(name, len(flow.frames), silent=run is not None)
        elif self.open.silent:
            return
        elif name == "hr":
            self._close_paragraph()
            flow.boundary()
            if flow.pre is None:
                flow.add_block(flow.frame(), Rule(flow.index, flow.index + 1, 2))
        elif name == "input" and attributes.get("type", "").lower() == "checkbox":
            ticked = "x" if "checked" in attributes else " "
            flow.add_run(Run(model.CHECKBOX, ticked, self.marks.current()))

    def _close_paragraph(self) -> None:
        if self.open.is_open("p"):
            self._pop_to("p")

    def _close_heading(self) -> None:
        for heading in HEADINGS:
            if self.open.is_open(heading):
                self._pop_to(heading)

    def _start_block(self, token: Token, attributes: dict[str, str]) -> None:
        name = token.name
        flow = self.flow
        if name in CLOSES_PARAGRAPH or name in TABLE_PARTS:
            self._close_paragraph()
        if name == "div" and self.containers.start_part(attributes):
            return
        if name in CONTAINERS:
            self.containers.start(name, attributes)
        elif name == "pre":
            flow.boundary()
            self._push(name, len(flow.frames))
            if flow.pre is None and not self.open.silent:
                flow.pre = Pre(flow.index, read_language(attributes))
        elif name in HEADINGS:
            self._close_heading()
            flow.boundary(2)
            self._push(name, len(flow.frames))
            flow.level = HEADINGS[name]
        elif name in BREAKING:
            flow.boundary(2 if name == "p" else 1)
            self._push(name, len(flow.frames))

    def _element_name(self, name: str) -> str:
        """The only ``<pre>`` that a cloze can show is a line of code in it."""
        return "code" if name == "pre" and self.flow.cloze is not None else name

    def _end(self, name: str) -> None:
        name = self._element_name(name)
        if name == "br":
            if not self.open.silent:
                self.flow.break_line()
        elif self.open.is_open(name):
            self._pop_to(name)
        elif name in INLINE:
            if name == "q" and not self.open.silent:
                self._add_text("”")
            entries = self.open.entries
            self.marks.close(name, entries[-1].marks if entries else 0)
        elif name in TABLE_PARTS:
            self.containers.end_table_part(name)
        elif name == "p":
            self.flow.boundary(2)
        elif name in HEADINGS:
            self._close_heading()
