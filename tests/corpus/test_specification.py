"""CommonMark's own examples: a field shows what they say, but for what is named here.

The examples are those of the specification, fetched with the other checks.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from ankivault.convert.segment import join_markdown
from ankivault.convert.to_html.markdown_to_html import markdown_to_html
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown

from ..judges.spec_shape import Example, Piece, ShownLine, read_examples, shape

_SPECIFICATION = Path(__file__).parent / "node_modules" / "commonmark-spec" / "spec.txt"
EXAMPLES = read_examples(_SPECIFICATION.read_text(encoding="utf-8"))

# Why an example shows otherwise in a field, and which do.
WANTED = {
    "GFM: an address is a link without brackets, too": (602, 608, 611, 612),
    "Obsidian: ![[foo]] embeds a file": (590,),
    "Obsidian's editor shows an item, however far it is indented": (289, 312, 313),
    "Anki: what stands between \\[ and \\] is a formula": (12,),
    "a tag that nobody closes holds to the end": (201,),
    "Obsidian: a comment begins no block of HTML": (177,),
}
DIFFERENT = {number: reason for reason, numbers in WANTED.items() for number in numbers}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example.number))
def test_a_field_shows_what_commonmark_says(example: Example) -> None:
    ours = markdown_to_html(example.markdown, media=_same_name, lowered=0)
    as_specified = _seen(ours) == _seen(example.html)
    assert as_specified != (example.number in DIFFERENT), ours


def test_all_examples_are_there() -> None:
    assert len(EXAMPLES) == 652


def _same_name(target: str) -> str:
    return target


def _seen(html: str) -> list[ShownLine]:
    """The lines that ``html`` shows. Escapes in addresses make no difference, nor which spaces
    keep code apart."""
    return [
        ShownLine(line.blocks, tuple(_plain(piece) for piece in line.pieces))
        for line in shape(html)
    ]


def _plain(piece: Piece) -> Piece:
    text = " ".join(piece.text.split()) if "code" in piece.styles else piece.text
    styles = tuple(unquote(style) for style in piece.styles)
    return Piece(text, styles)


GFM: dict[str, list[tuple[str, ...]]] = {
    "| a | b |\n| :- | -: |\n| c \\| d | `e \\| f` |": [("c | d",), ("e | f", "code")],
    "~~gone~~ and ~one~": [("gone", "s")],
    "www.commonmark.org/help.": [("www.commonmark.org/help", "a http://www.commonmark.org/help")],
    "(https://ex.org/Foo_(bar))": [("https://ex.org/Foo_(bar)", "a https://ex.org/Foo_(bar)")],
    "https://ex.org/search?q=(a)&hl;": [
        ("https://ex.org/search?q=(a)", "a https://ex.org/search?q=(a)")
    ],
    "foo@bar.baz": [("foo@bar.baz", "a mailto:foo@bar.baz")],
    "a.b-c_d@a.b.": [("a.b-c_d@a.b", "a mailto:a.b-c_d@a.b")],
}


@pytest.mark.parametrize("markdown", GFM)
def test_a_field_shows_what_github_adds(markdown: str) -> None:
    html = markdown_to_html(markdown, media=_same_name, lowered=0)
    pieces = [(piece.text, *piece.styles) for line in _seen(html) for piece in line.pieces]
    for text, *styles in GFM[markdown]:
        assert any(text == piece[0] and set(styles) <= set(piece[1:]) for piece in pieces), html


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example.number))
def test_every_example_can_be_shown_and_read_again(example: Example) -> None:
    """What comes back from a field makes the same field from then on."""
    html = markdown_to_html(example.markdown, lowered=0)
    once = markdown_to_html(join_markdown(html_to_markdown(html)))
    assert markdown_to_html(join_markdown(html_to_markdown(once))) == once
