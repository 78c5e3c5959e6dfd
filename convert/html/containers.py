"""Opens and closes lists, tables and quotes: elements that contain blocks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from .blocks import FOOTNOTE, Container, ListBlock, Run, Table
from .callouts import TITLE_CLASS, read_attributes
from .elements import LISTS, TABLE_PARTS
from .flow import Flow, Frame
from .footnotes import NO_LABEL, read_label
from .open_elements import OpenElements

_DEEPEST = 24  # deeper nesting becomes plain lines
_CODE_TABLE = re.compile(r"(?:^|\s)(?:codehilitetable|highlighttable|rouge-table|hljs-ln)")
_NUMBER = re.compile(r"\s*([+-]?\d{1,9})")


class Push(Protocol):
    """Opens an element. Its end cuts the stack of frames down to ``frames``."""

    def __call__(
        self, name: str, frames: int, scope: bool = False, silent: bool = False
    ) -> None: ...


class Containers:
    """Opens and closes the elements that contain blocks, with the tags that HTML may omit."""

    def __init__(
        self, flow: Flow, opened: OpenElements, push: Push, pop: Callable[[], str]
    ) -> None:
        self.flow = flow
        self.open = opened
        self.push = push
        self.pop = pop

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the start tag of a container."""
        if name == "li":
            self._start_item(attributes)
        elif name in TABLE_PARTS:
            self._start_table_part(name, attributes)
        elif name in LISTS:
            start = _number(attributes.get("start", ""), 1)
            self._start_nested(name, "list", ListBlock(self.flow.index, name == "ol", start))
        else:
            kind = "quote" if name == "blockquote" else name
            container = Container(self.flow.index, kind)
            container.opened = "open" in attributes
            container.callout = read_attributes(attributes) if kind == "quote" else None
            self._start_nested(name, kind, container)

    def is_title(self, name: str, attributes: dict[str, str]) -> bool:
        """Whether a ``<div>`` here is the title of a callout."""
        frame = self.flow.frames[-1]
        callout = frame.node.callout if isinstance(frame.node, Container) else None
        if callout is None or not callout.framed or frame.blocks or frame.runs or name != "div":
            return False
        return TITLE_CLASS in attributes.get("class", "").split()

    def start_part(self, attributes: dict[str, str]) -> bool:
        """Handle a ``<div>`` that is a callout's title or a footnote's text; tell whether it is."""
        label = read_label(attributes)
        if label is None and not self.is_title("div", attributes):
            return False
        part = Container(self.flow.index, "title" if label is None else "note")
        part.label = label
        self._start_nested("div", part.kind, part)
        return True

    def start_number(self, label: str) -> None:
        """Handle the start of a footnote's number: a page shows its label instead."""
        if label != NO_LABEL and not self.open.silent:
            self.flow.add_run(Run(FOOTNOTE, label, self.flow.marks.current()))
        self.push("sup", len(self.flow.frames), silent=True)

    def _is_closed_off(self) -> bool:
        """Whether containers become plain lines here: too deep, hidden, or in ``<pre>``."""
        flow = self.flow
        return len(flow.frames) >= _DEEPEST or flow.pre is not None or self.open.silent > 0

    def _start_nested(self, name: str, kind: str, node: ListBlock | Container | Table) -> None:
        flow = self.flow
        flow.boundary()
        frames = len(flow.frames)
        if not self._is_closed_off():
            flow.frame()
            frames = len(flow.frames)
            flow.frames.append(Frame(kind, node))
        self.push(name, frames, scope=name == "table")

    # Lists

    def _start_item(self, attributes: dict[str, str]) -> None:
        flow = self.flow
        self._end_item_before()
        flow.boundary()
        frames = len(flow.frames)
        if not self._is_closed_off():
            if self._in_loose_item():
                flow.cut(len(flow.frames) - 1)
            frames = len(flow.frames)
            if flow.frames[-1].kind != "list":
                frames = self._open_implied_list()
            parent = flow.frames[-1].node
            if isinstance(parent, ListBlock):
                item = Container(flow.index, "item")
                value = attributes.get("value", "")
                item.number = _number(value, 0) if value else None
                parent.items.append(item)
                flow.frames.append(Frame("item", item))
        self.push("li", frames)

    def _end_item_before(self) -> None:
        if not self.open.is_open("li"):
            return
        for entry in reversed(self.open.entries):
            if entry.name == "li":
                while self.pop() != "li":
                    pass
                return
            if entry.name in LISTS or entry.scope:
                return

    def _in_loose_item(self) -> bool:
        """Whether the innermost frame is an item made for loose text, not for an ``<li>``."""
        frames = self.flow.frames
        if frames[-1].kind != "item" or frames[-2].kind != "list":
            return False
        for entry in reversed(self.open.entries):
            if entry.frames < len(frames):
                return not (
                    entry.name == "li" and entry.frames in (len(frames) - 1, len(frames) - 2)
                )
        return True

    def _open_implied_list(self) -> int:
        """Open a list for an ``<li>`` outside of any list; neighbours share one."""
        flow = self.flow
        frame = flow.frame()
        frames = len(flow.frames)
        last = frame.blocks[-1] if frame.blocks else None
        if isinstance(last, ListBlock) and last.implied and not frame.runs:
            frame.blocks.pop()
            frame.gap = last.gap
            frame.apart = True  # keep it apart from the list before it
            flow.frames.append(Frame("list", last))
        else:
            implied = ListBlock(flow.index, False, 1, implied=True)
            flow.frames.append(Frame("list", implied))
        return frames

    # Tables

    def _start_table_part(self, name: str, attributes: dict[str, str]) -> None:
        flow = self.flow
        if name == "table":
            is_code = _CODE_TABLE.search(attributes.get("class", "")) is not None
            self._start_nested(name, "table", Table(flow.index, is_code))
            return
        self._pop_to_table(keep_row=name in ("td", "th"))
        flow.boundary()
        table = flow.frames[-1].node
        if not isinstance(table, Table):
            self.push(name, len(flow.frames))
        elif name == "caption":
            cell = Container(flow.index, "cell")
            table.captions.append(cell)
            self._open_cell(name, cell)
        elif name in ("td", "th"):
            if not table.rows or not self.open.is_open("tr"):
                table.rows.append([])
                self.push("tr", len(flow.frames))
            cell = Container(flow.index, "cell")
            cell.header = name == "th"
            cell.spans = _spans(attributes)
            table.rows[-1].append(cell)
            self._open_cell(name, cell)
        elif name != "colgroup":
            if name == "tr":
                table.rows.append([])
            self.push(name, len(flow.frames))

    def _open_cell(self, name: str, cell: Container) -> None:
        frames = len(self.flow.frames)
        self.flow.frames.append(Frame("cell", cell))
        self.push(name, frames, scope=True)

    def _pop_to_table(self, keep_row: bool) -> None:
        """Close everything open inside the innermost table: a cell, and its row unless kept."""
        if not self.open.in_scope():
            return
        while self.open.entries:
            name = self.open.entries[-1].name
            if name == "table" or (keep_row and name == "tr"):
                return
            self.pop()

    def end_table_part(self, name: str) -> None:
        """Handle an end tag that belongs to a table around the current cell."""
        for out in (1, 2):
            if self.open.is_open(name, out) and (out == 1 or name == "table"):
                while self.pop() != name:
                    pass
                return


def _number(text: str, default: int) -> int:
    match = _NUMBER.match(text)
    return int(match[1]) if match else default


def _spans(attributes: dict[str, str]) -> str:
    parts = []
    for key in ("colspan", "rowspan"):
        value = _number(attributes.get(key, ""), 1)
        if value > 1:
            parts.append(f' {key}="{value}"')
    return "".join(parts)
