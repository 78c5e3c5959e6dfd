"""Callouts: on a card a box with its title, on a page the same Markdown again."""

from __future__ import annotations

import re

import pytest

from ankivault.convert.edit.field_edit import FieldEdit, edit_field
from ankivault.convert.field_style import Clozes, FieldStyle
from ankivault.convert.markdown.canonical import canonical
from ankivault.convert.segment import join_markdown
from ankivault.convert.to_html.markdown_to_html import markdown_to_html
from ankivault.convert.to_markdown.converted_field import ConvertedField
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown
from ankivault.convert.vault_names import VaultNames

HOW = VaultNames(lambda target: target, lambda target: f"obsidian://open?file={target}")
CALLOUTS = [
    "> [!tip] Title",
    "> [!tip]",
    "> [!faq]- Are *they* folded?\n> Shown open, `code` and $a_1$",
    "> [!FAQ]+\n> body\n> more\n>\n> last",
    "> [!my-type|left] Own\n> - a\n> \t- b\n> - [x] c",
    "> [!note] A\n> > [!warning]- B\n> > c\n>\n> d",
    "> [!example]\n> ```py\n> x = 1\n> ```",
    "> [!bug] T\n>\n> ---\n>\n> z",
    "> [!quote]\n> ### H\n>\n> text",
    "> [!todo] T\n> | a | b |\n> | --- | --- |\n> | 1 | 2 |",
    "> [!info] Tip\n> ![[a.png]]\n> <u>z</u>",
    "- a\n\t> [!tip] T\n\t> b",
    "> > [!tip] T",
]


def to_markdown(html: str, clozes: Clozes = "inline") -> str:
    return join_markdown(html_to_markdown(html, FieldStyle(clozes=clozes)))


def edit(html: str, markdown: str) -> FieldEdit:
    return edit_field(ConvertedField(html, FieldStyle(clozes="inline")), markdown, HOW)


def shown(html: str) -> str:
    return re.sub(r"(?:<[^>]*>)+", "|", html)


@pytest.mark.parametrize("markdown", CALLOUTS)
def test_a_callout_comes_back_as_it_was_written(markdown: str) -> None:
    html = markdown_to_html(markdown)
    assert "[!" not in html
    assert '<blockquote class="callout"' in html
    assert canonical(to_markdown(html)) == canonical(markdown)
    assert markdown_to_html(to_markdown(html)) == html
    assert edit("", markdown).html == html
    assert edit(html, markdown + "\n").html == html


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("> [!tip]", "|Tip|"),
        ("> [!FAQ]-\n> b", "|Faq|b|"),
        ("> [!my-type|left]\n> b", "|My-type|b|"),
        ("> [!tip] **A** b\n> c\n> d", "|A| b|c|d|"),
    ],
)
def test_its_title_stands_above_it(markdown: str, words: str) -> None:
    assert shown(markdown_to_html(markdown)) == words


def test_its_box_needs_no_style_of_the_note_type_and_nothing_from_the_network() -> None:
    kinds = ("note", "summary", "hint", "done", "help", "attention", "error", "cite", "unheard")
    looks = set()
    for kind in kinds:
        html = markdown_to_html(f"> [!{kind}] T\n> b")
        assert "border-left: 4px solid rgb(" in html
        assert not re.search(r"url|http|<script|<style|\bid=", html)
        looks |= set(re.findall(r"color: (rgb[^;]*)", html))
    assert len(looks) == 6
    same = [markdown_to_html(f"> [!{kind}] T").count("rgb(24,129,247)") for kind in ("note", "odd")]
    assert same == [2, 2]


@pytest.mark.parametrize("style", ["inline", "outline"])
def test_clozes_in_a_callout_are_clozes(style: Clozes) -> None:
    markdown = "> [!tip] ==x==%%c1%%\n> - ==y==%%c2::h%% and $z$"
    html = markdown_to_html(markdown)
    assert shown(html) == r"|{{c1::x}}|{{c2::y::h}} and \(z\)|"
    assert to_markdown(html, style) == markdown


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("> [!tip] Title\n> body", "> [!tip] New title\n> body"),
        ("> [!tip] Title\n> body", "> [!warning]- Title\n> body"),
        ("> [!tip] Title\n> body", "> [!tip]\n> body"),
        ("> [!tip]\n> body", "> [!tip] Title\n> body"),
        ("> [!tip]- T\n> body", "> [!tip]+ T\n> body"),
        ("> [!tip] T\n> body", "> body"),
        ("> a\n> b", "> [!tip]\n> a\n> b"),
        ("> [!tip] T\n> - a\n> - b", "> [!tip] T\n> - a\n> - n\n> - b"),
    ],
)
def test_an_edit_changes_the_callout_and_no_byte_beside_it(before: str, after: str) -> None:
    start, end = '<font color="red">a</font><br>', '<div style="x">z</div>'
    html = start + markdown_to_html(before) + end
    edited = edit(html, to_markdown(html).replace(before, after))
    assert not edited.refusals
    inner = edited.html[len(start) : -len(end)]
    assert edited.html == start + inner + end
    assert inner.replace('=""', "") == markdown_to_html(after) or to_markdown(inner) == after
    assert re.findall(r"rgb\([^)]*\)", inner) == re.findall(
        r"rgb\([^)]*\)", markdown_to_html(after)
    )


def test_a_title_written_in_anki_is_the_title_on_the_page() -> None:
    html = markdown_to_html("> [!tip]\n> body")
    assert to_markdown(html.replace(">Tip<", ">My own<")) == "> [!tip] My own\n> body"
    assert to_markdown(html.replace(">Tip<", "><br><")) == "> [!tip]\n> body"
    assert to_markdown(html.replace(">Tip<", ">My<div>own</div><")) == (
        "> [!tip] My\n> own\n>\n> body"
    )


def test_callouts_of_before_are_read_as_they_were() -> None:
    html = '<blockquote data-callout="tip-">T<br>body</blockquote>'
    assert to_markdown(html) == "> [!tip]- T\n> body"
    untitled = '<blockquote data-callout="tip" data-untitled>body</blockquote>'
    assert to_markdown(untitled) == "> [!tip]\n> body"
    assert edit(html, "> [!tip]- T\n> my body").html == html.replace("body", "my body")


@pytest.mark.parametrize("text", ["[!tip] a", "a<br>[!tip] b", "[!tip]"])
def test_a_quote_that_only_shows_the_mark_is_none(text: str) -> None:
    html = f"<blockquote>{text}</blockquote>"
    assert "\\[!tip]" in to_markdown(html)
    assert markdown_to_html(to_markdown(html)) == html
