"""What a field is made of once its HTML is understood: runs of text in lines, lines in blocks."""

from __future__ import annotations

from typing import NamedTuple, Union

from .callouts import Callout

TEXT, MATH, IMAGE, FOREIGN, BREAK, CHECKBOX, COMMENT, ASIDE, FOOTNOTE, NOTE_EDGE = range(10)
PICTURES = (IMAGE, FOREIGN)


class Mark(NamedTuple):
    """Something that holds for a stretch of text: bold, a link, a cloze, a raw element.

    ``kind`` is ``b``, ``i``, ``s``, ``m``, ``code``, ``a``, ``cloze``, or the name of an element
    that stays raw HTML; ``RELATIVE`` is a link that Markdown would take for one to a page.
    ``id`` tells two neighbours of one kind apart where that matters.
    """

    kind: str
    id: int = 0
    attributes: str = ""  # of a raw element, ready to print; of a link, its address
    comment: str = ""  # of a cloze: "c1" or "c1::hint"; of a link to a page: its wikilink target
    in_html: bool = False  # the cloze can only be said as an element
    title: str = ""  # of a link


RELATIVE = "relative"
MARKDOWN_MARKS = frozenset(("b", "i", "s", "m", "code", "a", "cloze"))


class Run(NamedTuple):
    """A piece of a line. ``text`` is words, TeX, an embed, ``"x"`` for a ticked box.

    Of a drawing or a formula in MathML it is the HTML.

    Of a footnote's number it is the label, nothing when the note is in the line. Of an aside, a
    comment that a person typed, it is that comment, with its delimiters.
    """

    kind: int
    text: str
    marks: tuple[Mark, ...] = ()
    html: str = ""  # of an image that raw HTML can show too


class Span:
    """The tokens that made a block, as a range of their indexes, and the gap asked for before."""

    __slots__ = ("first", "gap", "last")

    def __init__(self, first: int, last: int, gap: int) -> None:
        self.first = first
        self.last = last
        self.gap = gap


class Line(Span):
    """One visual line. ``level`` is that of a heading, else 0."""

    __slots__ = ("level", "runs")

    def __init__(self, first: int, last: int, gap: int, runs: list[Run], level: int) -> None:
        super().__init__(first, last, gap)
        self.runs = runs
        self.level = level


class Code(Span):
    """A block of code, its text as it is. ``mark`` is the inline element it was, if any."""

    __slots__ = ("language", "mark", "text")

    def __init__(self, first: int, last: int, gap: int, text: str, language: str) -> None:
        super().__init__(first, last, gap)
        self.text = text
        self.language = language
        self.mark: Mark | None = None


class Rule(Span):
    """A horizontal rule."""

    __slots__ = ()


class Container(Span):
    """A block that holds blocks: ``quote``, ``item``, ``cell``, ``details``, ``summary``.

    A ``title`` is the first block of a callout, a ``note`` the text of a footnote.
    """

    __slots__ = (
        "blocks",
        "callout",
        "checked",
        "header",
        "kind",
        "label",
        "loose",
        "number",
        "opened",
        "spans",
    )

    def __init__(self, first: int, kind: str) -> None:
        super().__init__(first, first + 1, 2)
        self.kind = kind
        self.blocks: list[Block] = []
        self.number: int | None = None
        self.checked: bool | None = None
        self.header = False
        self.spans = ""
        self.callout: Callout | None = None  # what a quote is
        self.label: str | None = None  # of a note below the text; nothing: it is written there
        self.opened = False
        self.loose = False  # an item for what stands in a list before its first item


class ListBlock(Span):
    """A list and its items."""

    __slots__ = ("implied", "items", "marker", "ordered", "start")

    def __init__(self, first: int, ordered: bool, start: int, implied: bool = False) -> None:
        super().__init__(first, first + 1, 2)
        self.ordered = ordered
        self.start = start
        self.items: list[Container] = []
        self.implied = implied
        self.marker = ""

    def next_number(self) -> int:
        """The number that one more item would have."""
        for distance, item in enumerate(reversed(self.items), 1):
            if item.number is not None:
                return item.number + distance
        return self.start + len(self.items)


class Table(Span):
    """A table as rows of cells. ``code`` says that it lays out a code listing."""

    __slots__ = ("captions", "code", "rows")

    def __init__(self, first: int, code: bool) -> None:
        super().__init__(first, first + 1, 2)
        self.rows: list[list[Container]] = []
        self.captions: list[Container] = []
        self.code = code


Block = Union[Line, Code, Rule, Container, ListBlock, Table]
