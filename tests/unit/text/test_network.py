"""A drawing on a page or a card loads nothing from the network, and keeps all that is here."""

from __future__ import annotations

import pytest

from ankivault.convert.text.network import stay_offline
from ankivault.convert.to_html.markdown_to_html import markdown_to_html

from ..edit.test_field_edit import edited, shown

AWAY = [
    '<use href="http://ex.org/a.svg#b"/>',
    "<use xlink:href='//ex.org/a.svg#b'></use>",
    '<use href=" h\nttp://ex.org"/>',
    '<use href="&#104;ttp://ex.org"/>',
    '<use x="y"href="http://ex.org"/>',
    '<use x"y href="http://ex.org"/>',
    "<image/href=https://ex.org>",
    '<image href="\\\\ex.org/a.png"/>',
    '<img src="http://ex.org" srcset="a.png 1x, http://ex.org 2x">',
    '<rect fill="url(http://ex.org#a)"/>',
    "<rect fill='url( \"http://ex.org#a\" )'/>",
    '<rect fill="url&#40;http://ex.org"/>',
    '<rect style="fill:url(//ex.org)"/>',
    '<rect style="fill:u\\72l(http://ex.org)"/>',
    "<rect style=\"mask:image-set('http://ex.org' 1x)\"/>",
    '<set attributeName="href" to="http://ex.org"/>',
    "<style>@import 'http://ex.org'; rect {fill: url(http://ex.org)}</style>",
]
HERE = [
    '<use href="#a"/>',
    '<rect fill="url(#a)" style="mask: url(#b)"/>',
    '<image href="a%20b.png"/>',
    '<image href="data:image/png;base64,AAAA"/>',
    '<a href="http://ex.org"><text>x</text></a>',
    '<g transform="rotate(3)" data-a="http://ex.org"/>',
    "<style>rect {fill: url(#a)}</style>",
]


def _loads(html: str) -> bool:
    """Whether anything may be loaded: no address is left, but for what animates nothing."""
    return "ex.org" in html.replace(' to="http://ex.org"', "") or "attributeName" in html


@pytest.mark.parametrize("away", AWAY)
def test_nothing_is_loaded_from_the_network(away: str) -> None:
    drawing = f'<svg viewBox="0 0 9 9"><path d="M0 0"/>{away}<text>x</text></svg>'
    page = shown(f"<b>a</b> {drawing}")
    for html in (page, markdown_to_html(drawing), markdown_to_html(f"<div>{drawing}</div>")):
        assert not _loads(html)
        assert '<path d="M0 0"/>' in html and "<text>x</text>" in html


@pytest.mark.parametrize("away", AWAY)
def test_the_field_keeps_its_drawing_to_the_byte(away: str) -> None:
    field = f'a <svg viewBox="0 0 9 9"><path d="M0 0"/>{away}<text>x</text></svg> b'
    edit = edited(field, shown(field).replace(" b", " c"))
    assert edit.html == field[:-1] + "c" and not edit.refusals


@pytest.mark.parametrize("here", HERE)
def test_what_is_in_the_drawing_or_beside_it_stays(here: str) -> None:
    drawing = f"<svg>{here}<text>x</text></svg>"
    assert stay_offline(drawing) == drawing
    assert markdown_to_html(drawing) == drawing
