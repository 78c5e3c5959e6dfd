"""Reduces HTML to what a reader sees, to compare the output of converters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Union

import html5lib

_EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$|^#{1,6} *([^\n]*)$", re.M | re.S)
_SAME = {"strong": "b", "em": "i", "del": "s"}
_STYLES = frozenset("b i s code a u sub sup mark".split())
_BLOCKS = frozenset(
    "p div ul ol li blockquote pre h1 h2 h3 h4 h5 h6 table thead tbody tr th td".split()
)
_SHOWN_AS_PATH = frozenset("ul ol li blockquote pre h1 h2 h3 h4 h5 h6 table tr th td".split())
_SPACE = re.compile(r"[ \t\n\r\f]+")


class Example(NamedTuple):
    """An example of the specification: its number, its section, its Markdown and its HTML."""

    number: int
    section: str
    markdown: str
    html: str


@dataclass(frozen=True)
class Piece:
    """A text or a picture in a line, and the elements that style it."""

    text: str
    styles: tuple[str, ...]


@dataclass(frozen=True)
class ShownLine:
    """A line as a reader sees it: the blocks around it, and its pieces."""

    blocks: tuple[str, ...]
    pieces: tuple[Piece, ...]


def read_examples(specification: str) -> list[Example]:
    """The examples in the text of a specification, which writes a tab as ``→``."""
    examples: list[Example] = []
    section = ""
    for found in _EXAMPLE.finditer(specification.partition("<!-- END TESTS -->")[0]):
        if found[3] is not None:
            section = found[3]
            continue
        markdown, html = (found[part].replace("→", "\t") for part in (1, 2))
        examples.append(Example(len(examples) + 1, section, markdown, html))
    return examples


def shape(html: str) -> list[ShownLine]:
    """The lines that ``html`` shows. A line break in a text begins a new line, as in Obsidian.

    The result is the same for tight and loose lists, and for elements with the same meaning
    (``b`` and ``strong``).
    """
    reader = _Reader()
    reader.read(html5lib.parseFragment(html, namespaceHTMLElements=False), (), ())
    reader.end_line(())
    return reader.lines


class _Reader:
    def __init__(self) -> None:
        self.lines: list[ShownLine] = []
        self._pieces: list[Piece] = []
        self._items = 0

    def read(self, element: object, blocks: tuple[str, ...], styles: tuple[str, ...]) -> None:
        self._text(element.text, blocks, styles)  # type: ignore[attr-defined]
        for child in element:  # type: ignore[attr-defined]
            self._child(child, blocks, styles)
            self._text(child.tail, blocks, styles)

    def _child(self, child: object, blocks: tuple[str, ...], styles: tuple[str, ...]) -> None:
        tag = child.tag  # type: ignore[attr-defined]
        if not isinstance(tag, str):
            return
        name = _SAME.get(tag, tag)
        attributes = child.attrib  # type: ignore[attr-defined]
        if name == "br":
            self.end_line(blocks)
        elif name == "hr":
            self.end_line(blocks)
            self.lines.append(ShownLine((*blocks, "hr"), ()))
        elif name == "img":
            shown = " ".join(f"{key}={attributes.get(key, '')}" for key in ("src", "alt", "title"))
            self._pieces.append(Piece(f"<img {shown}>", styles))
        elif name in _BLOCKS:
            self._block(child, name, blocks, styles)
        else:
            if name == "a":
                name = f"a {attributes.get('href', '')} {attributes.get('title', '')}".rstrip()
            self.read(child, blocks, tuple(sorted({*styles, name})))

    def _block(
        self, child: object, name: str, blocks: tuple[str, ...], styles: tuple[str, ...]
    ) -> None:
        self.end_line(blocks)
        if name == "li":
            self._items += 1
            name = f"li {self._items}"
        elif name == "ol":
            name = f"ol {child.attrib.get('start', '1')}"  # type: ignore[attr-defined]
        before = len(self.lines)
        inner = (*blocks, name) if name.split()[0] in _SHOWN_AS_PATH else blocks
        self.read(child, inner, styles)
        self.end_line(inner)
        if len(self.lines) == before and inner != blocks:
            self.lines.append(ShownLine(inner, ()))

    def _text(
        self, text: Union[str, None], blocks: tuple[str, ...], styles: tuple[str, ...]
    ) -> None:
        if not text:
            return
        if "pre" in blocks:
            self._pieces.append(Piece(text, ()))
            return
        for number, line in enumerate(text.split("\n")):
            if number:
                self.end_line(blocks)
            if "code" in styles:
                line = line.replace("\xa0", " ")
            if line:
                self._pieces.append(Piece(line, styles))

    def end_line(self, blocks: tuple[str, ...]) -> None:
        """Add what was read since the last line as a line, if there is anything."""
        pieces = tuple(_joined(self._pieces, "pre" in blocks))
        self._pieces = []
        if pieces:
            self.lines.append(ShownLine(blocks, pieces))


def _joined(pieces: list[Piece], verbatim: bool) -> Iterator[Piece]:
    """Join neighbouring pieces of one style, and remove white space that is not shown."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and merged[-1].styles == piece.styles:
            merged[-1] = Piece(merged[-1].text + piece.text, piece.styles)
        else:
            merged.append(piece)
    if verbatim:
        yield from (Piece(piece.text.rstrip("\n"), ()) for piece in merged)
        return
    texts = [_SPACE.sub(" ", piece.text) for piece in merged]
    if texts:
        texts[0], texts[-1] = texts[0].lstrip(" "), texts[-1].rstrip(" ")
        texts[0] = texts[0].strip(" ") if len(texts) == 1 else texts[0]
    yield from (Piece(text, piece.styles) for text, piece in zip(texts, merged) if text)
