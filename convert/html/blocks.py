"""The tree of a field: runs of text in lines, lines in blocks."""

from __future__ import annotations

from typing import NamedTuple, Union

from .callouts import Callout

TEXT, MATH, IMAGE, FOREIGN, BREAK, CHECKBOX, COMMENT, ASIDE, FOOTNOTE, NOTE_EDGE = range(10)
PICTURES = (IMAGE, FOREIGN)


class Mark(NamedTuple):
    """Formatting of a stretch of text: bold, a link, a cloze, a raw element.

    ``kind`` is ``b``, ``i``, ``s``, ``m``, ``code``, ``a``, ``cloze``, or the name of an element
    that stays raw HTML; ``RELATIVE`` is a link that Markdown would read as a link to a page. ``id``
    distinguishes neighbours of one kind where that matters.
    """

    kind: str
    id: int = 0
    attributes: str = ""  # a raw element's attributes, ready to print; a link's address
    comment: str = ""  # a cloze's "c1" or "c1::hint"; the wikilink target of a link to a page
    in_html: bool = False  # the cloze can only be written as an element
    title: str = ""  # a link's title


RELATIVE = "relative"
MARKDOWN_MARKS = frozenset(("b", "i", "s", "m", "code", "a", "cloze"))


class Run(NamedTuple):
    """A piece of a line. ``text`` is words, TeX, an embed, or ``"x"`` for a ticked box.

    For a drawing or a formula in MathML it is the HTML. For a footnote's number it is the label,
    empty when the note's text stands in the line. For an aside (a comment that the user typed) it
    is the comment with its delimiters.
    """

    kind: int
    text: str
    marks: tuple[Mark, ...] = ()
    html: str = ""  # the HTML of an image that can also stand in raw HTML


class Span:
    """The tokens of a block, as a range of their indexes, and the gap wanted before it."""

    __slots__ = ("first", "gap", "last")

    def __init__(self, first: int, last: int, gap: int) -> None:
        self.first = first
        self.last = last
        self.gap = gap


class Line(Span):
    """One visual line. ``level`` is the level of a heading, else 0."""

    __slots__ = ("level", "runs")

    def __init__(self, first: int, last: int, gap: int, runs: list[Run], level: int) -> None:
        super().__init__(first, last, gap)
        self.runs = runs
        self.level = level


class Code(Span):
    """A block of code, its text as it is. ``mark`` is its inline element, if it was one."""

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
    """A block that contains blocks: ``quote``, ``item``, ``cell``, ``details``, ``summary``.

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
        self.callout: Callout | None = None  # set for a quote that is a callout
        self.label: str | None = None  # a footnote's label; empty for a note written in its line
        self.opened = False
        self.loose = False  # an item made for content before the list's first item


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
        """The number of the next item."""
        for distance, item in enumerate(reversed(self.items), 1):
            if item.number is not None:
                return item.number + distance
        return self.start + len(self.items)


class Table(Span):
    """A table as rows of cells. ``code``: it only lays out a code listing."""

    __slots__ = ("captions", "code", "rows")

    def __init__(self, first: int, code: bool) -> None:
        super().__init__(first, first + 1, 2)
        self.rows: list[list[Container]] = []
        self.captions: list[Container] = []
        self.code = code


Block = Union[Line, Code, Rule, Container, ListBlock, Table]
