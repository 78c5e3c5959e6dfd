"""Text colours and highlights on pages: shown safely, edited within, and gone when not wanted."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from ankivault.convert.edit.field_edit import FieldEdit, edit_field
from ankivault.convert.field_style import FieldStyle
from ankivault.convert.html.colours import colour_marks
from ankivault.convert.html.tokens import parse_attributes
from ankivault.convert.to_markdown.converted_field import ConvertedField

from ...stress import tries
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


_STYLES = st.sampled_from(
    [
        'span style="color:red"',
        'font color="#00F"',
        'span style="background-color: yellow"',
        'mark style="background: navy; color: gold"',
        'span style="color: black"',
        "b",
        'span style="font-size: 9px; color: rgb(0, 128, 0)"',
    ]
)


@st.composite
def _lines(draw: st.DrawFn) -> list[str]:
    """Lines of HTML whose words are w1, w2, …, each once, in random colours and clozes."""
    number = 0

    def run(depth: int) -> str:
        nonlocal number
        parts = []
        for _ in range(draw(st.integers(1, 3))):
            kind = draw(st.sampled_from(["word", "word", "colour", "cloze"])) if depth else "word"
            if kind == "word":
                number += 1
                parts.append(f"w{number}x")
            elif kind == "colour":
                tag = draw(_STYLES)
                parts.append(f"<{tag}>{run(depth - 1)}</{tag.split()[0]}>")
            else:
                words = run(0)
                parts.append(f"{{{{c{draw(st.integers(1, 3))}::{words}}}}}")
        return " ".join(parts)

    return [run(3) for _ in range(draw(st.integers(1, 4)))]


_LAYOUTS = st.sampled_from(
    [
        "<br>".join,
        lambda lines: "".join(f"<div>{line}</div>" for line in lines),
        lambda lines: '<ul class="k">' + "".join(f"<li>{line}</li>" for line in lines) + "</ul>",
        lambda lines: '<div style="color:red">' + "<br>".join(lines) + "</div>",
        lambda lines: (
            "<table><tr>" + "".join(f"<td>{line}</td>" for line in lines) + "</tr></table>"
        ),
    ]
)
_NODES = re.compile(r"<(/?)(\w+)([^<>]*)>|(w\d+x|new)")


def _coloured_words(html: str) -> dict[str, dict[str, str]]:
    """The colours that each word has on its card, as far as a page can show them."""
    around: list[tuple[str, dict[str, str]]] = []
    words = {}
    for end, name, attributes, word in _NODES.findall(html):
        if word:
            words[word] = {kind: colour for _, marks in around for kind, colour in marks.items()}
        elif end:
            while around and around.pop()[0] != name:
                pass
        elif name != "br":
            marks = colour_marks(parse_attributes(f"<{name}{attributes}>"))
            around.append((name, {mark.kind: mark.attributes for mark in marks}))
    return words


@given(_lines(), _LAYOUTS, st.booleans(), st.booleans(), st.randoms(use_true_random=False))
@settings(max_examples=tries(150), deadline=None)
def test_no_edit_takes_a_colour_or_a_cloze_from_other_words(  # type: ignore[no-untyped-def]
    lines: list[str], layout, page_on: bool, now_on: bool, random
) -> None:
    html = layout(lines)
    page = ConvertedField(html, FieldStyle("inline", colours=page_on))
    field = ConvertedField(html, FieldStyle("inline", colours=now_on))
    assert edit_field(field, page.markdown, READING) == FieldEdit(html)
    word = random.choice(re.findall(r"w\d+x", page.markdown))
    kind = random.choice(["replace", "after", "delete"])
    edited = re.sub(rf"(?<!\S){word} | {word}(?!\S)", "", page.markdown, count=1)
    if kind != "delete" or edited == page.markdown:
        kind = "replace" if kind == "delete" else kind
        new = f"{word} new" if kind == "after" else "new"
        edited = page.markdown.replace(word, new, 1)
    note(f"{page.markdown!r}: {word} {kind}")
    edit = edit_field(field, edited, READING)
    if edit.refusals:
        assert kind != "replace" and edit.html == html
        return
    if kind == "replace":
        assert edit.html == html.replace(word, "new")
        return
    had, has = _coloured_words(html), _coloured_words(edit.html)
    (had if kind == "delete" else has).pop(word if kind == "delete" else "new")
    assert has == had
    gone = len(re.findall(rf"\{{\{{c\d::(?:<[^<>]*>)*{word}", html))
    assert edit.html.count("{{c") >= html.count("{{c") - gone * (kind == "delete")
    again = ConvertedField(edit.html, field.style)
    assert edit_field(again, again.markdown, READING) == FieldEdit(edit.html)
