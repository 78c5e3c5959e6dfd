"""Builds blocks and lines from tokens, by a browser's rules for broken HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..field_style import FieldStyle
from . import blocks as model
from .blocks import Block, Mark, Rule, Run
from .cloze_lines import mark_lines
from .clozes import Cloze
from .colours import colour_marks
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
    media_run,
    said_around,
    sound_run,
)
from .flow import Flow, Pre
from .footnotes import read_number
from .formulas import BOX
from .line_parts import LineParts, read_attributes
from .open_elements import Open, OpenElements
from .open_marks import OpenMarks, element_marks
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
)

_SAID = (MATH, LATEX, SOUND, FOREIGN)
_PLAYERS = ("audio", "video", "object")


def build_tree(
    html: str,
    tokens: Sequence[Token],
    clozes: Mapping[int, Cloze] | None,
    style: FieldStyle,
    box: str = BOX,
) -> list[Block]:
    """The blocks of a field. ``clozes`` are those to show, None where clozes have no meaning.

    ``box`` is the TeX that shows a cloze in a formula.
    """
    return _TreeBuilder(html, tokens, clozes, style, box).build()


class _TreeBuilder:
    def __init__(
        self,
        html: str,
        tokens: Sequence[Token],
        clozes: Mapping[int, Cloze] | None,
        style: FieldStyle,
        box: str,
    ) -> None:
        self.style = style
        self.html = html
        self.tokens = tokens
        self.skipped_until = 0
        self.marks = OpenMarks()
        self.flow = Flow(self.marks, style.cloze_lines)
        self.open = OpenElements()
        self.line = LineParts(html, clozes, box, self.flow, self.marks, self.open)
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
                self.line.add_words(token, html[token.start : token.end])
            elif kind in (MATH, LATEX):
                self.line.add_formula(token)
            elif kind == FOREIGN:
                self.line.add_foreign(token)
            elif kind == SOUND:
                said = said_around(html, self.tokens, index)
                run = sound_run(html, token, said, self.marks.current(), self.style.embed_target)
                self.line.add_embed(run)
            elif kind in (CLOZE_OPEN, CLOZE_CLOSE):
                self.line.add_cloze_border(token)
            elif kind == HIDDEN:
                self.line.add_hidden(token)
        while self.open.entries:
            self._pop()
        # It holds our methods. Anki turns the garbage collector off, so there must be no cycle.
        del self.containers
        return mark_lines(flow.finish(), flow.spanning)

    def _is_passed_over(self, index: int, kind: int) -> bool:
        """Whether to skip a token: it is hidden, or in a cloze's hint, which is in the comment."""
        if index < self.skipped_until or (self.open.silent and kind not in (START, END)):
            return True
        cloze = self.flow.cloze
        return cloze is not None and kind in _SAID and index > cloze.hint_token

    # Elements

    def _add_embedded_link(self, attributes: dict[str, str]) -> bool:
        """Add the embed that a link stands for and skip the link's text; tell whether it is one."""
        if self.flow.pre is not None or self.open.silent:
            return False
        index, marks = self.flow.index, self.marks.current()
        run = embedded_link(
            self.html, self.tokens, index, attributes, marks, self.style.link_target
        )
        if run is not None:
            self.line.add_embed(run)
            self._push("a", len(self.flow.frames), silent=True)
        return run is not None

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
        attributes = read_attributes(self.html, token)
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
                marks += self._colours(attributes)
                if name == "dt":
                    marks += (Mark("b"),)
                if (marks or cancels) and self.open.entries:
                    self.marks.open("block", marks, cancels)

    def _start_inline(self, name: str, attributes: dict[str, str], look: Look) -> None:
        label = read_number(self.html, self.tokens, self.flow.index) if name == "sup" else None
        if label is not None and not self.line.is_in_code():
            self.containers.start_number(label)
            return
        marks, cancels = element_marks(name, attributes, look, self.flow.index)
        marks += self._colours(attributes)
        self.marks.open(name, self._aim(name, marks, attributes), cancels)
        if name == "q" and not self.open.silent:
            self.line.add_text("“")
        elif name == "code" and self.flow.pre is not None and not self.flow.pre.language:
            self.flow.pre.language = read_language(attributes)

    def _look(self, name: str, attributes: dict[str, str]) -> Look:
        """The meaning of an element's style. A callout's title has only its own style."""
        if "style" not in attributes or self.containers.is_title(name, attributes):
            return PLAIN_LOOK
        return read_style(attributes["style"])

    def _colours(self, attributes: dict[str, str]) -> tuple[Mark, ...]:
        return tuple(colour_marks(attributes)) if self.style.colours and attributes else ()

    def _skip_element(self, token: Token) -> bool:
        """Skip an inline element with its content, when its end is not far. Tell whether it did."""
        end = find_end_tag(self.tokens, self.flow.index) if token.name in INLINE else -1
        self.skipped_until = max(end + 1, self.skipped_until)
        return end >= 0

    def _aim(
        self, name: str, marks: tuple[Mark, ...], attributes: dict[str, str]
    ) -> tuple[Mark, ...]:
        """An element's marks. The mark of a link gets the page that it leads to."""
        if name != "a" or self.style.link_target is None:
            return marks
        target = self.style.link_target(attributes.get("href", "")) or ""
        return tuple(m._replace(comment=target) if m.kind == "a" else m for m in marks)

    def _start_void(self, token: Token, attributes: dict[str, str]) -> None:
        name = token.name
        flow = self.flow
        if name in MEDIA:
            if name in ("audio", "video") and not attributes.get("src"):
                attributes = {**attributes, **first_source(self.html, self.tokens, flow.index)}
            marks = self.marks.current()
            run = media_run(name, attributes, marks, self.style.embed_target, self.style.has_media)
            self.line.add_embed(run)
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
        """The element's name here: a cloze that holds only one line of code shows it inline."""
        cloze = self.flow.cloze
        return "code" if name == "pre" and cloze is not None and cloze.code_line else name

    def _end(self, name: str) -> None:
        name = self._element_name(name)
        if name == "br":
            if not self.open.silent:
                self.flow.break_line()
        elif self.open.is_open(name):
            self._pop_to(name)
        elif name in INLINE:
            if name == "q" and not self.open.silent:
                self.line.add_text("”")
            entries = self.open.entries
            self.marks.close(name, entries[-1].marks if entries else 0)
        elif name in TABLE_PARTS:
            self.containers.end_table_part(name)
        elif name == "p":
            self.flow.boundary(2)
        elif name in HEADINGS:
            self._close_heading()
