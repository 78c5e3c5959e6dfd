"""Names of media files with a percent sign: the very name where that file is there."""

from __future__ import annotations

import pytest

from ankivault.convert.field_style import FieldStyle
from ankivault.convert.html.media_names import media_names
from ankivault.convert.segment import join_markdown
from ankivault.convert.to_html.markdown_to_html import markdown_to_html
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown

FILES = {"a_#%23_B.png", "lit%20x.png", "dec y.png", "b%25q.png", "100%.png", "né.png", "a+b.png"}


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("a_#%23_B.png", "a_#%23_B.png"),
        ("lit%20x.png", "lit%20x.png"),
        ("lit%2520x.png", "lit%20x.png"),
        ("dec%20y.png", "dec y.png"),
        ("b%25q.png", "b%25q.png"),
        ("100%.png", "100%.png"),
        ("100%25.png", "100%.png"),
        ("n%C3%A9.png", "né.png"),
        ("a+b.png", "a+b.png"),
    ],
)
def test_the_file_of_exactly_that_name_comes_first(source: str, name: str) -> None:
    html = f'<img src="{source}">'
    has = FILES.__contains__
    assert media_names(html, has) == (name,)
    page = join_markdown(html_to_markdown(html, FieldStyle(has_media=has)))
    assert page == f"![[{name}]]"
    again = markdown_to_html(page, media=lambda target: target)
    assert media_names(again, has) == (name,)
