"""Text colours and highlights on pages: shown safely, edited within, and gone when not wanted."""

from __future__ import annotations

import pytest

from ankivault.convert.edit.field_edit import FieldEdit, edit_field
from ankivault.convert.field_style import FieldStyle
from ankivault.convert.to_markdown.converted_field import ConvertedField

from ..edit.test_field_edit import READING

ON = FieldStyle("inline", colours=True)
SHOWN = [
    ('<span style="color: rgb(255, 0, 0);">a</span>', '<span style="color: #ff0000">a</span>'),
    ('<font color="#00F">a</font> b', '<span style="color: #00f">a</span> b'),
    (
        '<span style="background-color: yellow">a</span>',
        '<mark style="background-color: yellow; color: #000">a</mark>',
    ),
    (
        '<mark style="background: navy; color: gold">a</mark>',
        '<mark style="background-color: navy"><span style="color: gold">a</span></mark>',
    ),
    (
        '<div style="color:red">{{c1::a}} <b>b</b></div>',
        '==<span style="color: red">a</span>==%%c1%% **<span style="color: red">b</span>**',
    ),
    (
        '{{c1::<span style="color:red">a<br>b</span>}}',
        '==<span style="color: red">a</span>==%%c1…%%\n==<span style="color: red">b</span>==%%c1%%',
    ),
]
HIDDEN = [
    "color: black",
    "color: #fff",
    "color: rgb(20, 20, 24)",
    "color: var(--fg)",
    "color: url(https://a.b)",
    "background: url(https://a.b) red",
    "background-color: transparent",
    "color: rgba(255, 0, 0, 0.1)",
    "border-color: red",
]


@pytest.mark.parametrize(("html", "markdown"), SHOWN)
def test_a_page_shows_colours_and_an_unedited_one_changes_no_byte(html: str, markdown: str) -> None:
    field = ConvertedField(html, ON)
    if "<b>" not in html:
        assert field.markdown == markdown
    assert 'style="' in field.markdown
    assert edit_field(field, field.markdown, READING) == FieldEdit(html)
    changed = field.markdown.replace(">a<", ">word<")
    assert edit_field(field, changed, READING).html == _once(html, "a", "word")


def _once(html: str, old: str, new: str) -> str:
    """The HTML with its text ``old`` replaced."""
    for before, after in ((">", "<"), ("::", "}")):
        if before + old + after in html:
            return html.replace(before + old + after, before + new + after, 1)
    return html.replace(">" + old, ">" + new, 1)


@pytest.mark.parametrize("style", HIDDEN)
def test_what_is_no_plain_colour_or_cannot_be_read_at_night_is_not_shown(style: str) -> None:
    assert ConvertedField(f'<span style="{style}">a</span> b', ON).markdown == "a b"


def test_another_colour_on_the_page_changes_only_the_colour() -> None:
    html = 'a <span style="color:red;font-size:9px">b</span> <i class="k">c</i>'
    field = ConvertedField(html, ON)
    edit = edit_field(field, field.markdown.replace("red", "#00f"), READING)
    assert edit.html == html.replace("color:red;font-size:9px", "font-size: 9px; color: #00f")


@pytest.mark.parametrize(("html", "_"), SHOWN)
def test_a_page_of_the_other_choice_is_no_edit_of_colours(html: str, _: str) -> None:
    field = ConvertedField(html + "<br>end", ON)
    for one, other in ((field, field.recoloured), (field.recoloured, field)):
        assert edit_field(one, other.markdown, READING) == FieldEdit(field.html)
        typed = other.markdown.replace("end", "the end")
        assert edit_field(one, typed, READING).html == html + "<br>the end"
