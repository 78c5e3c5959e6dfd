"""Collects runs into lines and lines into blocks while a field is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Union

from .blocks import (
    BREAK,
    FOOTNOTE,
    IMAGE,
    NOTE_EDGE,
    PICTURES,
    TEXT,
    Block,
    Code,
    Container,
    Line,
    ListBlock,
    Mark,
    Run,
    Table,
)
from .clozes import Cloze
from .open_marks import OpenMarks

Node = Union[Container, ListBlock, Table]


class Frame:
    """A container that is being filled, with its current line."""

    __slots__ = ("apart", "blocks", "first", "gap", "kind", "last", "node", "runs")

    def __init__(self, kind: str, node: Node | None, gap: int = 2) -> None:
        self.kind = kind
        self.node = node
        self.blocks: list[Block] = node.blocks if isinstance(node, Container) else []
        self.runs: list[Run] = []
        self.first = 0
        self.last = 0
        self.gap = gap
        self.apart = False  # an empty line follows the last block


class Pre:
    """The text of a ``<pre>`` that is being collected."""

    __slots__ = ("begins_line", "first", "images", "language", "parts")

    def __init__(self, first: int, language: str) -> None:
        self.first = first
        self.language = language
        self.parts: list[str] = []
        self.begins_line = False  # a line break directly behind the tag shows nothing
        self.images: list[Run] = []

    def add(self, text: str, index: int) -> None:
        """Add the text of the token at ``index``."""
        self.begins_line |= index == self.first + 1 and text.startswith(("\n", "\r"))
        self.parts.append(text)

    def end_line(self) -> None:
        """End the line where a block begins or ends inside."""
        if self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")


class Flow:
    """Takes runs and breaks, and keeps the blocks made of them. ``index`` is the current token."""

    def __init__(self, marks: OpenMarks, cloze_lines: bool) -> None:
        self.frames = [Frame("root", None)]
        self._cloze_lines = cloze_lines
        self.spanning: dict[Mark, Cloze] = {}  # the clozes that do not end in their first line
        self.marks = marks
        self.pre: Pre | None = None
        self.level = 0
        self.cloze: Cloze | None = None
        self.index = 0

    def frame(self) -> Frame:
        """The frame that gets text here: never a list or a table itself."""
        frame = self.frames[-1]
        if frame.kind == "list" and isinstance(frame.node, ListBlock):
            items = frame.node.items
            if not items:
                items.append(Container(self.index, "item"))
                items[0].loose = True
            frame = Frame("item", items[-1], gap=1)
            self.frames.append(frame)
        elif frame.kind == "table":
            frame = next(f for f in reversed(self.frames) if f.kind not in ("table", "list"))
        return frame

    def add_run(self, run: Run) -> None:
        """Add a run to the current line."""
        if self.pre is not None:
            if run.kind in PICTURES:
                self.pre.images.append(_bare_image(run))
            return
        if run.kind == IMAGE:  # a drawing gets the formatting around it
            run = _bare_image(run)
        frame = self.frame()
        if not frame.runs:
            begins = self.cloze is not None and self.cloze.first == self.index - 1
            frame.first = self.index - begins
        frame.runs.append(run)
        frame.last = self.index + 1

    def take_in(self) -> None:
        """Extend the last addition by the current token."""
        frame = self.frames[-1]
        if frame.runs:
            frame.last = self.index + 1

    def break_line(self) -> None:
        """Handle a ``<br>``: end the line, or, when it is empty, the paragraph."""
        if self.pre is not None:
            self.pre.parts.append("\n")
            return
        frame = self.frames[-1]
        if frame.kind == "list":
            return
        if frame.kind == "table":
            frame = self.frame()
        if not frame.runs:
            frame.gap = 2
            frame.apart = True
        elif not self._break_inside(frame):
            self.end_line(frame)

    def _break_inside(self, frame: Frame) -> bool:
        """Break the line inside a heading, which cannot be cut in two."""
        if self.cloze is None or self._cloze_lines:
            if self.level:
                frame.runs.append(Run(BREAK, "", self.marks.current() if self.cloze else ()))
            return self.level > 0
        if self.cloze.mark not in frame.runs[-1].marks:
            return False
        frame.runs.append(Run(BREAK, "", self.marks.current()))
        return True

    def end_cloze(self) -> None:
        """Handle the end of a cloze: a break at its end becomes the end of the line."""
        self.cloze = None
        self.take_in()
        frame = self.frames[-1]
        if frame.runs and frame.runs[-1].kind == BREAK:
            frame.runs.pop()
            self.end_line(frame)

    def boundary(self, gap: int = 1) -> None:
        """End the line where a block begins or ends."""
        if self.pre is not None:
            self.pre.end_line()
            return
        frame = self.frames[-1]
        if frame.runs:
            last = frame.runs[-1]
            within = self.cloze is not None and not self._cloze_lines
            if within and self.cloze and self.cloze.mark in last.marks:
                if last.kind != BREAK:
                    self._break_inside(frame)
                return
            self.end_line(frame)
        if frame.gap < gap:
            frame.gap = gap

    def end_line(self, frame: Frame) -> None:
        """Make the frame's line a block, unless it shows nothing."""
        runs = frame.runs
        if not runs:
            return
        if self.cloze is not None:
            self.spanning[self.cloze.mark] = self.cloze
        frame.runs = []
        if all(run.kind in (TEXT, BREAK) and not run.text.strip() for run in runs):
            frame.gap = 2
            frame.apart = True
            return
        gap = 2 if self.level else frame.gap
        line = Line(frame.first, frame.last, gap, runs, self.level)
        if not self._joins_code(frame, line):
            frame.blocks.append(line)
        frame.gap = 2 if self.level else 1

    def _joins_code(self, frame: Frame, line: Line) -> bool:
        """Whether the line continues a code element of several lines, which is one block."""
        mark = _code_mark(line.runs)
        if mark is None or not frame.blocks:
            return False
        before = frame.blocks[-1]
        text = _code_text(line.runs)
        if isinstance(before, Code) and before.mark == mark:
            before.text += ("\n\n" if line.gap == 2 else "\n") + text
            before.last = line.last
            return True
        if not isinstance(before, Line) or _code_mark(before.runs) != mark:
            return False
        between = "\n\n" if line.gap == 2 else "\n"
        code = Code(before.first, line.last, 2, _code_text(before.runs) + between + text, "")
        code.mark = mark
        frame.blocks[-1] = code
        return True

    def add_block(self, frame: Frame, block: Block) -> None:
        """Add a block after the frame's others."""
        self.end_line(frame)
        if self.cloze is not None:
            self.spanning[self.cloze.mark] = self.cloze
        if isinstance(block, ListBlock):
            if not frame.apart and _continue_list(frame.blocks, block):
                return
            block = _outdent(block)
        tight = isinstance(block, ListBlock) and frame.kind == "item" and frame.gap < 2
        block.gap = 1 if tight else 2
        frame.blocks.append(block)
        frame.gap = 2
        frame.apart = False

    def end_pre(self) -> None:
        """Make the text collected since ``<pre>`` a block of code."""
        pre, self.pre = self.pre, None
        if pre is None:
            return
        text = "".join(pre.parts).replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
        text = (text[1:] if pre.begins_line else text).rstrip()
        if text:
            code = Code(pre.first, self.index + 1, 2, text, pre.language)
            self.add_block(self.frame(), code)
        for image in pre.images:
            self.add_run(image)
        self.boundary(2)

    def cut(self, length: int) -> None:
        """Close containers until ``length`` frames are left. Each is added to the one around it."""
        while len(self.frames) > length:
            self.end_line(self.frames[-1])
            frame = self.frames.pop()
            node = frame.node
            if node is None:
                continue
            node.last = self.index + 1
            if isinstance(node, Table):
                self._add_table(node)
            elif isinstance(node, Container) and node.label == "" and self._join_note(node):
                continue
            elif frame.kind not in ("item", "cell") and (
                node.items if isinstance(node, ListBlock) else node.blocks
            ):
                self.add_block(self.frame(), node)

    def _join_note(self, note: Container) -> bool:
        """Move a note that was written in a line back into this line, which stands just above."""
        frame = self.frame()
        self.end_line(frame)
        runs: list[Run] = []
        for block in note.blocks:
            if not isinstance(block, Line):
                return False
            runs += [Run(BREAK, ""), *block.runs] if runs else block.runs
        runs = _strip(runs)
        line = frame.blocks[-1] if frame.blocks else None
        at = _open_note(line.runs) if isinstance(line, Line) else -1
        if at < 0 or not isinstance(line, Line):
            line = Line(note.first, note.last, 2, [Run(FOOTNOTE, "")], 0)
            frame.blocks.append(line)
            at = 0
        outer = line.runs[at].marks
        within = [run._replace(marks=outer + _without(run.marks, outer)) for run in runs]
        edges = [Run(NOTE_EDGE, edge, outer) for edge in ("^[", "]")]
        line.runs[at : at + 1] = [edges[0], *within, edges[1]]
        line.last = note.last
        frame.gap = 2 if line.level else 1
        return True

    def _add_table(self, table: Table) -> None:
        cells = [cell for row in table.rows for cell in row]
        if len(cells) != 1 or table.captions:
            if cells or table.captions:
                self.add_block(self.frame(), table)
            return
        frame = self.frame()
        self.end_line(frame)
        for block in cells[0].blocks:  # a table of one cell is only layout
            frame.blocks.append(block)
            frame.gap = 2

    def finish(self) -> list[Block]:
        """The blocks of the whole field."""
        self.cut(1)
        self.end_line(self.frames[0])
        return self.frames[0].blocks


def _continue_list(blocks: Sequence[Block], more: ListBlock) -> bool:
    """Join a list with the next one when the card shows them as one list. Tell whether it did."""
    before = blocks[-1] if blocks else None
    if not isinstance(before, ListBlock) or before.ordered != more.ordered:
        return False
    first = more.items[0]
    nested = _outdent(more)
    if nested is not more:
        above = before.items[-1]
        if not _continue_list(above.blocks, nested):
            nested.gap = 1
            above.blocks.append(nested)
        above.last = before.last = more.last
        return True
    if more.ordered:
        first.number = more.start if first.number is None else first.number
        if first.number != before.next_number():
            return False
    before.items += more.items
    before.last = more.last
    return True


def _outdent(block: ListBlock) -> ListBlock:
    """The list, or the one inside when it contains nothing else: editors indent in this way."""
    item = block.items[0]
    inner = item.blocks[0] if item.loose and item.blocks else None
    if len(block.items) > 1 or len(item.blocks) > 1 or not isinstance(inner, ListBlock):
        return block
    inner.first, inner.last = block.first, block.last
    return inner


def _open_note(runs: Sequence[Run]) -> int:
    """The position in a line of the first footnote whose text is not known yet; -1: none."""
    return next((i for i, run in enumerate(runs) if run.kind == FOOTNOTE and not run.text), -1)


def _strip(runs: list[Run]) -> list[Run]:
    if runs and runs[0].kind == TEXT:
        runs = [runs[0]._replace(text=runs[0].text.lstrip()), *runs[1:]]
    if runs and runs[-1].kind == TEXT:
        runs = [*runs[:-1], runs[-1]._replace(text=runs[-1].text.rstrip())]
    return [run for run in runs if run.text or run.kind != TEXT]


def _without(marks: tuple[Mark, ...], outer: tuple[Mark, ...]) -> tuple[Mark, ...]:
    kinds = {mark.kind for mark in outer}
    return tuple(mark for mark in marks if mark.kind not in kinds)


def _bare_image(run: Run) -> Run:
    """An image without the formatting around it: it shows none and could break it."""
    return run._replace(marks=tuple(mark for mark in run.marks if mark.kind in ("a", "cloze")))


def _code_mark(runs: list[Run]) -> Mark | None:
    """The code element around a whole line."""
    for mark in runs[0].marks:
        if mark.kind == "code":
            same = all(run.kind == TEXT and mark in run.marks for run in runs)
            return mark if same else None
    return None


def _code_text(runs: list[Run]) -> str:
    text = "".join(run.text for run in runs).replace("\r\n", " ")
    text = text.replace("\r", " ").replace("\n", " ")
    return text.replace("\xa0", " ").rstrip()
