"""Footnotes: on a card a number and the text below it, on a page the same Markdown again."""

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
FOOTNOTES = [
    "note[^1]\n\n[^1]: foot",
    "note[^1]\n[^1]: foot",
    "a[^b] c[^1] d[^b]\n\n[^1]: one\n[^b]: *bee* and `code`",
    "a[^1]\n\n[^1]: foot\n    more\n\n    - l\n    - m\n\nafter",
    "middle[^1]\n\n[^1]: foot\n\nrest[^long-label]\n\n[^long-label]: bar",
    "[^1]: nothing names it",
    "x^[in *the* line] y",
    "x^[one] y^[two]\nnext line\n\nparagraph",
    "- a^[n]\n- b[^1]\n\n[^1]: foot",
    "| a[^1] | b |\n| --- | --- |\n| c^[in] | d |\n\n[^1]: f",
    "> [!tip] T[^1]\n> b^[q]\n\n[^1]: f",
    "> a[^1]\n>\n> [^1]: f",
    "**b^[n]** c",
    "### Head^[n]\n\ntext",
    "x[^1]\n\n[^1]:\n    ```\n    code\n    ```",
    "<u>x^[n]</u>[^1]\n\n[^1]: f",
    "a^[l [t](https://x.y) $z$ [b]]",
]


def to_markdown(html: str, clozes: Clozes = "inline") -> str:
    return join_markdown(html_to_markdown(html, FieldStyle(clozes=clozes)))


def edit(html: str, markdown: str, clozes: Clozes = "inline") -> FieldEdit:
    return edit_field(ConvertedField(html, FieldStyle(clozes=clozes)), markdown, HOW)


def shown(html: str) -> str:
    html = re.sub(r"<sup[^>]*>(\d+)</sup>", r"(\1)", html)
    return re.sub(r"(?:<[^>]*>)+", "|", html)


@pytest.mark.parametrize("markdown", FOOTNOTES)
def test_a_footnote_comes_back_as_it_was_written(markdown: str) -> None:
    html = markdown_to_html(markdown)
    assert "[^" not in html
    assert not re.search(r"\bid=|href=\"#|<script|<style", html)
    assert canonical(to_markdown(html)) == canonical(markdown)
    assert markdown_to_html(to_markdown(html)) == html
    assert edit("", markdown).html == html
    assert edit(html, markdown).html == html


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("a[^x] b^[two] c[^y]\n\n[^y]: three\n[^x]: one",
         "a(1) b(2) c(3)|(2) two|(3) three|(1) one|"),
        ("a[^1] b[^1]\n\n[^1]: f\n[^2]: g", "a(1) b(1)|(1) f|(2) g|"),
        ("- a^[n]\n- b", "|a(1)|(1) n|b|"),
    ],
)  # fmt: skip
def test_its_number_stands_in_the_text_and_before_the_note(markdown: str, words: str) -> None:
    assert shown(markdown_to_html(markdown)) == words


@pytest.mark.parametrize("style", ["inline", "outline"])
def test_a_cloze_may_have_a_footnote_and_a_footnote_a_cloze(style: Clozes) -> None:
    markdown = "==x[^1]==%%c1%% and ==y^[n]==%%c2::h%%\n\n[^1]: foot ==z==%%c3%%"
    html = markdown_to_html(markdown)
    words = re.sub(r"\|(?=\}|::)", "", shown(html))
    assert words == "{{c1::x(1)}} and {{c2::y(2)::h}}|(2) n|(1) foot {{c3::z}}|"
    assert to_markdown(html) == markdown
    added = edit("", markdown, style)
    assert added.clozes_added == (1, 2, 3)
    assert added.html == html


@pytest.mark.parametrize(
    "text",
    ["a[^x]", "a\\[^1]\n\n[^1]: f", "a^[open", "a\\^[b]", "`^[x]` `[^1]`", "a^[ ]", "$x^[2]$"],
)
def test_what_is_no_footnote_keeps_its_words(text: str) -> None:
    html = markdown_to_html(text)
    assert '<sup class="footnote" ' not in html
    assert markdown_to_html(to_markdown(html)) == html


def test_a_second_text_of_a_label_is_not_lost() -> None:
    html = markdown_to_html("[^1]: a\n\n[^1]: b\n\nc[^1]")
    assert shown(html) == "|(1) a|(1): b|c(1)"
    assert markdown_to_html(to_markdown(html)) == html


@pytest.mark.parametrize("html", ["a[^1]<br><br>[^1]: x", "a^[b]", "[^1]: x"])
def test_a_card_that_only_shows_the_marks_grows_no_footnote(html: str) -> None:
    assert markdown_to_html(to_markdown(html)) == html


@pytest.mark.parametrize(
    ("before", "changes"),
    [
        ("a[^1] b\n\n[^1]: foot", [("foot", "feet")]),
        ("a[^1] b\n\n[^1]: foot", [("b", "bb")]),
        ("plain\n\nlast", [("plain", "plain[^1]"), ("last", "last\n\n[^1]: foot")]),
        ("plain\n\nlast", [("plain", "plain^[in]")]),
        ("x^[one] y\nz", [("one", "two")]),
        ("x^[one] y\nz", [("z", "zz")]),
        ("x[^1] y\n\n[^1]: one", [("x", "w[^2] x"), ("one", "one\n\n[^2]: two")]),
        ("x[^1]\n\n[^1]: one\n\n[^2]: two\n\nq[^2]", [("x[^1]", "x"), ("[^1]: one\n\n", "")]),
        ("x[^1] y\n\n[^1]: one", [("one", "one\n\n    more")]),
        ("x[^1] y\n\n[^1]: one", [("one", "one\n\nafter")]),
        ("x[^1] y\n\n[^1]: one", [("[^1]", "[^n]"), ("[^1]:", "[^n]:")]),
        ("- a^[n]\n- b", [("- b", "- b^[m]")]),
        ("- a[^1]\n- b\n\n[^1]: f", [("- b", "- b[^2]"), ("f", "f\n\n[^2]: g")]),
    ],
)
def test_an_edit_is_carried_over_and_the_rest_stays(
    before: str, changes: list[tuple[str, str]]
) -> None:
    start = '<font color="red">red</font><br>'
    html = start + markdown_to_html(before)
    page = to_markdown(html)
    for old, new in changes:
        assert old in page
        page = page.replace(old, new, 1)
    edited = edit(html, page)
    assert not edited.refusals
    assert edited.html.startswith(start)
    assert canonical(to_markdown(edited.html)) == canonical(page)
    back = shown(edited.html)
    numbers = re.findall(r"\((\d)\)", back.partition("|(")[0])
    assert numbers == sorted(numbers)


def test_words_typed_in_anki_beside_a_number_are_on_the_page() -> None:
    html = markdown_to_html("a[^1]\n\n[^1]: f")
    typed = html.replace(">1</sup><div", ">1 typed</sup><div")
    assert "typed" in to_markdown(typed)
    inline = markdown_to_html("a^[f]").replace("f</div>", "f<div>g</div></div>")
    assert to_markdown(inline) == "a^[f<br>g]"
