"""Tokens → blocks and lines, by the rules a browser uses for broken HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import unescape
from typing import NamedTuple, Optional, Union

from . import blocks as model
from .blocks import Block, Code, Container, Line, ListBlock, Mark, Rule, Run, Table
from .cloze import Cloze
from .elements import (
    BREAKING,
    CLOSES_PARAGRAPH,
    HEADINGS,
    INLINE,
    LISTS,
    MEDIA,
    PLAIN_LOOK,
    TABLE_PARTS,
    read_style,
)
from .embeds import media_run, sound_run
from .marks import CLOZE, OpenMarks, element_marks
from .math import formula, latex_formula, latex_source
from .tokenize import (
    CLOZE_CLOSE,
    CLOZE_OPEN,
    END,
    LATEX,
    MATH,
    SOUND,
    START,
    TEXT,
    VOID,
    Token,
    parse_attributes,
)

_DEEPEST = 24  # containers nested deeper than this become plain lines
_SPACE = " \t\n\r\f"
_LANGUAGE = re.compile(r"(?:^|\s)(?:lang(?:uage)?-|highlight-source-|brush:\s*)([\w+#.-]+)")
_HLJS = re.compile(r"(?:^|\s)hljs\s+([\w+#.-]+)|([\w+#.-]+)\s+hljs(?:\s|$)")
_CODE_TABLE = re.compile(r"(?:^|\s)(?:code)?hilitetable|highlighttable|rouge-table|hljs-ln")


class _Open(NamedTuple):
    """An open element that is not mere formatting, and what its end restores."""

    name: str
    frames: int
    marks: int
    scope: bool
    silent: bool


class _Frame:
    """A container being filled, and the line being filled in it."""

    __slots__ = ("kind", "node", "blocks", "runs", "first", "last", "gap", "seen")

    def __init__(self, kind: str, node: Union[Container, ListBlock, Table, None]) -> None:
        self.kind = kind
        self.node = node
        self.blocks: list[Block] = node.blocks if isinstance(node, Container) else []
        self.runs: list[Run] = []
        self.first = 0
        self.last = 0
        self.gap = 2


class _Pre:
    __slots__ = ("first", "language", "parts", "images")

    def __init__(self, first: int, language: str) -> None:
        self.first = first
        self.language = language
        self.parts: list[str] = []
        self.images: list[Run] = []


class TreeBuilder:
    """Builds the blocks of one field. ``blocks`` is the result of ``build``."""

    def __init__(
        self,
        html: str,
        tokens: Sequence[Token],
        clozes: Optional[Mapping[int, Cloze]],
        embed_target: Callable[[str], str],
    ) -> None:
        self.html = html
        self.tokens = tokens
        self.clozes: Mapping[int, Cloze] = clozes or {}
        self.math_clozes = clozes is not None
        self.embed_target = embed_target
        self.frames = [_Frame("root", None)]
        self.stack: list[_Open] = []
        self.scopes: list[dict[str, int]] = [{}]
        self.marks = OpenMarks()
        self.pre: Optional[_Pre] = None
        self.level = 0
        self.silent = 0
        self.keeps_lines = 0
        self.cloze: Optional[Cloze] = None
        self.index = 0

    def build(self) -> list[Block]:
        html = self.html
        for self.index, token in enumerate(self.tokens):
            kind = token.kind
            if kind == TEXT:
                text = html[token.start : token.end]
                self._add_words(token, text)
            elif kind == START:
                self._start(token)
            elif kind == END:
                self._end(token.name)
            elif self.silent:
                continue
            elif kind == MATH or kind == LATEX:
                self._add_formula(token)
            elif kind == SOUND:
                self._add_run(sound_run(html, token, self.marks.current(), self.embed_target))
            elif kind == CLOZE_OPEN or kind == CLOZE_CLOSE:
                self._cloze_border(token)
        while self.stack:
            self._pop()
        self._cut_frames(1)
        self._end_line(self.frames[0])
        return self.frames[0].blocks

    # Words and other things in a line

    def _add_words(self, token: Token, text: str) -> None:
        if self.silent:
            return
        cloze = self.cloze
        if cloze is not None and self.index >= cloze.hint_token:
            text = text[: max(cloze.hint_from - token.start, 0)]
        if "&" in text:
            text = unescape(text)
        if self.pre is not None:
            self.pre.parts.append(text.replace("\r\n", "\n"))
        elif self.keeps_lines and "\n" in text:
            lines = text.split("\n")
            for number, line in enumerate(lines):
                if number:
                    self._break()
                self._add_text(line)
        else:
            self._add_text(text)

    def _add_text(self, text: str) -> None:
        frame = self.frames[-1]
        if not text or (not frame.runs and not text.strip(_SPACE)):
            return
        self._add_run(Run(model.TEXT, text, self.marks.current()))

    def _add_run(self, run: Optional[Run]) -> None:
        if run is None or self.silent:
            return
        if self.pre is not None:
            if run.kind == model.IMAGE:
                self.pre.images.append(run)
            return
        frame = self._flow_frame()
        if not frame.runs:
            frame.first = self.index
        frame.runs.append(run)
        frame.last = self.index + 1

    def _add_formula(self, token: Token) -> None:
        source = self.html[slice(*token.inner)]
        marks = self.marks.current()
        if self.pre is not None or any(mark.kind == "code" for mark in marks):
            self._add_words(token, re.sub(r"<[^>]*>", "", self.html[token.start : token.end]))
            return
        name = token.name
        comment = ""
        if token.kind == LATEX:
            tex, name = latex_formula(source)
            if not tex:
                self._add_code(latex_source(source), "latex")
                return
        else:
            tex, comment = formula(source, self.math_clozes)
        if not tex:
            return
        shown = "$$" if name == "display" else "$"
        self._add_run(Run(model.MATH, tex, marks, shown))
        if comment:
            self._add_run(Run(model.COMMENT, comment, marks))

    def _add_code(self, text: str, language: str) -> None:
        frame = self._flow_frame()
        self._end_line(frame)
        self._add_block(frame, Code(self.index, self.index + 1, 2, text, language))

    def _cloze_border(self, token: Token) -> None:
        cloze = self.clozes.get(self.index)
        marks = self.marks.current()
        in_code = self.pre is not None or any(mark.kind == "code" for mark in marks)
        if cloze is None or in_code or (token.kind == CLOZE_CLOSE and cloze is not self.cloze):
            self._add_words(token, self.html[token.start : token.end])
        elif token.kind == CLOZE_OPEN:
            self._flow_frame()
            self.cloze = cloze
            self.marks.open(CLOZE, (cloze.mark,))
        else:
            self.cloze = None
            self.marks.close(CLOZE, 0)
            runs = self.frames[-1].runs
            if runs and runs[-1].kind == model.BREAK:
                runs.pop()
                self._end_line(self.frames[-1])

    # Lines and blocks

    def _flow_frame(self) -> _Frame:
        """The frame that takes text here: never a list or a table itself."""
        frame = self.frames[-1]
        if frame.kind == "list":
            items = frame.node.items if isinstance(frame.node, ListBlock) else []
            if not items:
                items.append(Container(self.index, "item"))
            frame = _Frame("item", items[-1])
            self.frames.append(frame)
        elif frame.kind == "table":
            frame = next(f for f in reversed(self.frames) if f.kind not in ("table", "list"))
        return frame

    def _break(self) -> None:
        if self.silent:
            return
        if self.pre is not None:
            self.pre.parts.append("\n")
            return
        frame = self.frames[-1]
        if frame.kind in ("list", "table"):
            return
        if not frame.runs:
            frame.gap = 2
        elif not self._break_inside(frame):
            self._end_line(frame)

    def _break_inside(self, frame: _Frame) -> bool:
        """Break the line inside a cloze or a heading, which cannot be cut in two."""
        last = frame.runs[-1]
        cloze = self.cloze
        if self.level and cloze is None:
            frame.runs.append(Run(model.BREAK, "", ()))
            return True
        if cloze is None or cloze.mark not in last.marks:
            return False
        frame.runs.append(Run(model.BREAK, "", self.marks.current()))
        return True

    def _end_line(self, frame: _Frame) -> None:
        runs = frame.runs
        if not runs:
            return
        frame.runs = []
        if all(run.kind in (model.TEXT, model.BREAK) and not run.text.strip() for run in runs):
            frame.gap = 2
            return
        gap = 2 if self.level else frame.gap
        frame.blocks.append(Line(frame.first, frame.last, gap, runs, self.level))
        frame.gap = 2 if self.level else 1

    def _boundary(self, gap: int = 1) -> None:
        """A block begins or ends here: the line is over."""
        if self.pre is not None:
            parts = self.pre.parts
            if parts and not parts[-1].endswith("\n"):
                parts.append("\n")
            return
        frame = self.frames[-1]
        if frame.runs:
            last = frame.runs[-1]
            if self.cloze is not None and self.cloze.mark in last.marks:
                if last.kind != model.BREAK:
                    self._break_inside(frame)
                return
            self._end_line(frame)
        frame.gap = max(frame.gap, gap)

    def _add_block(self, frame: _Frame, block: Block) -> None:
        self._end_line(frame)
        tight = isinstance(block, ListBlock) and frame.kind == "item" and frame.gap < 2
        block.gap = 1 if tight else 2
        frame.blocks.append(block)
        frame.gap = 2

    def _open_frame(self, kind: str, node: Union[Container, ListBlock, Table]) -> None:
        self.frames.append(_Frame(kind, node))

    def _cut_frames(self, length: int) -> None:
        while len(self.frames) > length:
            self._end_line(self.frames[-1])
            frame = self.frames.pop()
            node = frame.node
            if node is None or frame.kind in ("item", "cell"):
                if node is not None:
                    node.last = self.index + 1
                continue
            node.last = self.index + 1
            if isinstance(node, ListBlock):
                filled = bool(node.items)
            elif isinstance(node, Table):
                filled = any(node.rows) or bool(node.captions)
            else:
                filled = bool(node.blocks)
            if filled:
                self._add_block(self._flow_frame(), node)

    # Elements

    def _push(self, name: str, frames: int, scope: bool = False, silent: bool = False) -> None:
        counts = self.scopes[-1]
        counts[name] = counts.get(name, 0) + 1
        self.stack.append(_Open(name, frames, len(self.marks), scope, silent))
        if scope:
            self.scopes.append({})
        self.silent += silent

    def _pop(self) -> str:
        entry = self.stack.pop()
        if entry.scope:
            self.scopes.pop()
        self.scopes[-1][entry.name] -= 1
        self.silent -= entry.silent
        name = entry.name
        if name == "pre":
            self._end_pre()
        elif not entry.silent:
            self._boundary(2 if name == "p" or name in HEADINGS else 1)
        if name in HEADINGS:
            self.level = 0
        elif name == "lines":
            self.keeps_lines -= 1
        self.marks.cut(entry.marks, entry.scope)
        self._cut_frames(max(entry.frames, 1))
        return name

    def _pop_to(self, name: str) -> None:
        while self._pop() != name:
            pass

    def _open_count(self, name: str) -> int:
        return self.scopes[-1].get(name, 0)

    def _end_pre(self) -> None:
        pre, self.pre = self.pre, None
        if pre is None:
            return
        text = "".join(pre.parts).replace("\xa0", " ")
        text = text[1:] if text.startswith("\n") else text
        text = text.rstrip()
        frame = self._flow_frame()
        if text.strip():
            self._add_block(frame, Code(pre.first, self.index + 1, 2, text, pre.language))
        for image in pre.images:
            self._add_run(image)
        self._boundary(2)

    def _start(self, token: Token) -> None:
        name = token.name
        if name == "br":
            self._break()
            return
        attributes: dict[str, str] = {}
        look = PLAIN_LOOK
        if token.inner[1] > token.inner[0]:
            attributes = parse_attributes(self.html[slice(*token.inner)])
            if "style" in attributes:
                look = read_style(attributes["style"])
            if (look.hidden or "hidden" in attributes) and name not in TABLE_PARTS:
                if name not in VOID:
                    self._push(name, len(self.frames), silent=True)
                return
        if name in VOID or name in ("audio", "video", "object"):
            self._void(token, attributes)
        elif name in INLINE:
            marks, cancels = element_marks(name, attributes, look, self.index)
            self.marks.open(name, marks, cancels)
            if name == "q":
                self._add_text("“")
            if name == "code" and self.pre is not None and not self.pre.language:
                self.pre.language = _language(attributes)
        else:
            self._start_block(token, attributes)
            if attributes or name == "dt":
                marks, cancels = element_marks(name, attributes, look, self.index)
                if name == "dt":
                    marks += (Mark("b"),)
                if (marks or cancels) and self.stack:
                    self.marks.open("block", marks, cancels)
        if look.keeps_lines and name not in VOID and self.pre is None:
            self.keeps_lines += 1
            self._push("lines", len(self.frames))

    def _void(self, token: Token, attributes: dict[str, str]) -> None:
        name = token.name
        if name in MEDIA or name in ("audio", "video"):
            if name == "source" and self.stack and self.stack[-1].name == "played":
                return
            run = media_run(name, attributes, self.marks.current(), self.embed_target)
            self._add_run(run)
            if name in ("audio", "video", "object"):
                self._push(name, len(self.frames), silent=run is not None)
        elif name == "hr":
            self._close_paragraph()
            self._boundary()
            if not self.silent and self.pre is None:
                self._add_block(self._flow_frame(), Rule(self.index, self.index + 1, 2))
        elif name == "input" and attributes.get("type", "").lower() == "checkbox":
            ticked = "x" if "checked" in attributes else " "
            self._add_run(Run(model.CHECKBOX, ticked, self.marks.current()))

    def _close_paragraph(self) -> None:
        if self._open_count("p"):
            self._pop_to("p")

    def _start_block(self, token: Token, attributes: dict[str, str]) -> None:
        name = token.name
        if name in CLOSES_PARAGRAPH or name in TABLE_PARTS:
            self._close_paragraph()
        deep = len(self.frames) >= _DEEPEST or self.pre is not None or self.silent > 0
        if name in TABLE_PARTS:
            self._start_table_part(token, attributes, deep)
        elif name == "pre":
            self._boundary()
            self._push(name, len(self.frames))
            if self.pre is None and not self.silent:
                self.pre = _Pre(self.index, _language(attributes))
        elif name in HEADINGS:
            for heading in HEADINGS:
                if self._open_count(heading):
                    self._pop_to(heading)
            self._boundary(2)
            self._push(name, len(self.frames))
            self.level = HEADINGS[name]
        elif name == "li":
            self._start_item(attributes, deep)
        elif name in LISTS or name in ("blockquote", "details", "summary"):
            self._boundary(2 if name == "blockquote" else 1)
            frames = len(self.frames)
            if not deep:
                self._flow_frame()
                frames = len(self.frames)
                self._open_frame(*self._new_container(name, attributes))
            self._push(name, frames)
        elif name in BREAKING:
            self._boundary(2 if name == "p" else 1)
            self._push(name, len(self.frames))

    def _new_container(
        self, name: str, attributes: dict[str, str]
    ) -> tuple[str, Union[Container, ListBlock]]:
        if name in LISTS:
            return "list", ListBlock(
                self.index, name == "ol", _number(attributes.get("start", ""), 1)
            )
        kind = {"blockquote": "quote"}.get(name, name)
        container = Container(self.index, kind)
        container.opened = "open" in attributes
        return kind, container

    def _start_item(self, attributes: dict[str, str], deep: bool) -> None:
        if self._open_count("li"):
            inner = ("ul", "ol", "menu", "dir")
            for entry in reversed(self.stack):
                if entry.name == "li":
                    self._pop_to("li")
                    break
                if entry.name in inner or entry.scope:
                    break
        self._boundary()
        frames = len(self.frames)
        if not deep:
            if self.frames[-1].kind == "item" and len(self.frames) > 1:
                below = self.frames[-2]
                if below.kind == "list" and not self._item_is_open():
                    self._cut_frames(len(self.frames) - 1)
            if self.frames[-1].kind != "list":
                frames = len(self.frames)
                self._open_loose_list()
            else:
                frames = len(self.frames)
            parent = self.frames[-1].node
            if isinstance(parent, ListBlock):
                item = Container(self.index, "item")
                value = attributes.get("value", "")
                item.number = _number(value, 0) if value else None
                parent.items.append(item)
                self._open_frame("item", item)
        self._push("li", frames)

    def _item_is_open(self) -> bool:
        """Whether the innermost item frame belongs to an open ``<li>``, not to loose text."""
        for entry in reversed(self.stack):
            if entry.frames < len(self.frames):
                return entry.name == "li" and entry.frames == len(self.frames) - 1
        return False

    def _open_loose_list(self) -> None:
        """A list for an ``<li>`` that stands in none; neighbours share one."""
        frame = self._flow_frame()
        last = frame.blocks[-1] if frame.blocks else None
        if isinstance(last, ListBlock) and last.implied and not frame.runs:
            frame.blocks.pop()
            self._open_frame("list", last)
        else:
            self._open_frame("list", ListBlock(self.index, False, 1, implied=True))

    def _start_table_part(self, token: Token, attributes: dict[str, str], deep: bool) -> None:
        name = token.name
        if name == "table":
            self._boundary()
            frames = len(self.frames)
            if not deep:
                self._flow_frame()
                frames = len(self.frames)
                code = _CODE_TABLE.search(attributes.get("class", "")) is not None
                self._open_frame("table", Table(self.index, code))
            self._push(name, frames, scope=True)
            return
        self._pop_to_table(keep_row=name in ("td", "th"))
        self._boundary()
        table = self.frames[-1].node if self.frames[-1].kind == "table" else None
        if not isinstance(table, Table):
            self._push(name, len(self.frames))
            return
        if name == "tr":
            table.rows.append([])
            self._push(name, len(self.frames))
        elif name in ("td", "th", "caption"):
            cell = Container(self.index, "cell")
            cell.header = name == "th"
            cell.spans = _spans(attributes)
            if name == "caption":
                table.captions.append(cell)
            else:
                if not table.rows or not self._open_count("tr"):
                    table.rows.append([])
                    self._push("tr", len(self.frames))
                table.rows[-1].append(cell)
            frames = len(self.frames)
            self._open_frame("cell", cell)
            self._push(name, frames, scope=True)
        elif name != "colgroup":
            self._push(name, len(self.frames))

    def _pop_to_table(self, keep_row: bool) -> None:
        """End what is open inside the innermost table: a cell, and maybe its row."""
        if not any(entry.scope for entry in self.stack[-1:]) and len(self.scopes) == 1:
            return
        while self.stack:
            name = self.stack[-1].name
            if name == "table" or (keep_row and name == "tr"):
                return
            self._pop()

    def _end(self, name: str) -> None:
        if name == "br":
            self._break()
        elif self._open_count(name):
            self._pop_to(name)
        elif name in INLINE:
            if name == "q":
                self._add_text("”")
            self.marks.close(name, self.stack[-1].marks if self.stack else 0)
        elif name in TABLE_PARTS:
            self._end_table_part(name)
        elif name == "p":
            self._boundary(2)
        elif name in HEADINGS:
            for heading in HEADINGS:
                if self._open_count(heading):
                    self._pop_to(heading)
                    break

    def _end_table_part(self, name: str) -> None:
        counts = self.scopes
        if name == "table" and len(counts) > 1 and counts[-2].get("table"):
            self._pop_to(name)
        elif len(counts) > 2 and counts[-2].get(name):
            self._pop_to(name)
        elif name == "table" and len(counts) > 2 and counts[-3].get(name):
            self._pop_to(name)
        elif len(counts) > 1 and counts[-2].get(name) and name in ("td", "th", "caption"):
            self._pop_to(name)


def _number(text: str, default: int) -> int:
    match = re.match(r"\s*([+-]?\d{1,9})", text)
    return int(match[1]) if match else default


def _spans(attributes: dict[str, str]) -> str:
    parts = []
    for key in ("colspan", "rowspan"):
        value = _number(attributes.get(key, ""), 1)
        if value > 1:
            parts.append(f' {key}="{value}"')
    return "".join(parts)


def _language(attributes: dict[str, str]) -> str:
    classes = attributes.get("class", "")
    match = _LANGUAGE.search(classes) or _HLJS.search(classes)
    if match is None:
        return ""
    return str(next(group for group in match.groups() if group))
