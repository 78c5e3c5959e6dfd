"""Comments that a person types stay hidden on the card, and come back as they were typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.convert.edit.losses import find_shown
from ankivault.convert.field_style import Clozes, FieldStyle
from ankivault.convert.html.media_names import media_names
from ankivault.convert.html.plain_text import plain_text
from ankivault.convert.markdown.canonical import canonical
from ankivault.convert.page.field_reading import read_managed
from ankivault.convert.page.note import NoteText, PageStyle
from ankivault.convert.page.render import ConvertedNote, render_managed
from ankivault.convert.segment import join_markdown
from ankivault.convert.to_html.markdown_to_html import markdown_to_html
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown

from ..edit.test_field_edit import ALL_CLOZES, edited, shown

COMMENTS = ("%%x y%%", "<!-- x -->", "%%\nx\n\n- y\n%%", "<!--\nx\n-->", "%%a %b%% %%c%%")


def to_markdown(html: str, clozes: Clozes = "inline") -> str:
    return join_markdown(html_to_markdown(html, FieldStyle(clozes=clozes)))


def on_the_card(html: str) -> str:
    return re.sub(r"(?<=-->) (?=<!--)|<!--.*?-->", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("comment", COMMENTS)
@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("{}", ""),
        ("a {} b", "a  b"),
        ("a\n{}\nb", "a<br>b"),
        ("{}\nb", "b"),
        ("a\n{}", "a"),
        ("a\n\n{}\n\nb", "a<br><br>b"),
        ("{}\n\nb", "b"),
        ("**a {} b**", "<b>a  b</b>"),
        ("==a {} b==%%c1%%", "{{c1::a  b}}"),
        ("==a==%%c1::h%% {}", "{{c1::a::h}} "),
        ("> a\n> b\n\n{}\n\n- c", "<blockquote>a<br>b</blockquote><ul><li>c</li></ul>"),
        ("- a\n- b\n\n{}\n\n---\n\nc", "<ul><li>a</li><li>b</li></ul><hr>c"),
    ],
)
def test_a_comment_is_hidden_on_the_card_and_comes_back(text: str, card: str, comment: str) -> None:
    markdown = text.format(comment)
    html = markdown_to_html(markdown)
    assert on_the_card(html) == card
    assert canonical(to_markdown(html)) == canonical(markdown)
    assert markdown_to_html(to_markdown(html)) == html
    assert plain_text(html).split() == plain_text(card).split()


@pytest.mark.parametrize(
    "markdown",
    [
        "- a %%x%%\n- %%y%%\n\t- b <!-- z -->",
        "| a %%x%% | b |\n| --- | --- |\n| c | <!-- y --> |",
        "> a\n> %%x%%\n> b",
        "### h %%x%%",
        "%%a%%\n%%b%%\nc\n%%d%%",
        "%%{{c1::x}} [sound:a.mp3] ![[b.png]] ![](c.png) \\(x\\) [$]y[/$] a::b--c --> &amp; <b>%%",
        "<!-- %%a%% {{c2::b}} --!> -- <!-- &lt; -->",
        "%%> a%% %%-> b%% <!--x-->",
        "<u>a <!--%%x%%--></u> b",
    ],
)
def test_whatever_a_comment_holds_it_comes_back(markdown: str) -> None:
    html = markdown_to_html(markdown)
    assert to_markdown(html) == markdown
    assert markdown_to_html(to_markdown(html)) == html
    inside = "".join(re.findall(r"<!--.*?-->", html, re.DOTALL))
    assert not re.search(r"\{\{c|\}\}|\[sound|\[\$|\\\(|<img|::", inside)
    assert not media_names(html)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("100%% sure", "100%% sure"),
        ("a %% b\n\nc", "a %% b<br><br>c"),
        ("50%% of ==x==%%c1%% and 50%% more", "50%% of {{c1::x}} and 50%% more"),
        ("==x==%%c1%%", "{{c1::x}}"),
        ("`%%a%%` $%%b%%$", "<code>%%a%%</code> \\(%%b%%\\)"),
        ("```\n%%a%%\n<!-- b -->\n```", "<pre><code>%%a%%\n&lt;!-- b --&gt;</code></pre>"),
        ("\\%%a%%", "%%a%%"),
        ("<!-- a", "&lt;!-- a"),
    ],
)
def test_what_is_no_comment_stays(markdown: str, html: str) -> None:
    assert markdown_to_html(markdown) == html
    assert markdown_to_html(to_markdown(html)) == html


def test_a_comment_that_a_field_had_stays_off_the_page() -> None:
    html = "a <!-- mine --> b<!--StartFragment-->"
    assert shown(html) == "a b"
    assert edited(html, "a c").html == "a <!-- mine --> c<!--StartFragment-->"


FIELDS = (
    "",
    "a<br>b",
    "a<br><br>b",
    "<div>a</div><div>b</div>",
    "<p>a</p><p>b</p>",
    "<ul><li>a</li><li>b</li></ul>",
    "<blockquote>a<br>b</blockquote>",
    "a<hr>b",
    "{{c1::a}} u<br>v {{c2::b}}",
    '<font color="red">a</font><br>b<div>c</div>',
)


def joined(html: str) -> str:
    """A comment of several lines parts a list, or a quote, in two that look like one."""
    return html.replace("</ul><ul>", "").replace("</blockquote><blockquote>", "<br>")


@pytest.mark.parametrize("clozes", ALL_CLOZES)
@pytest.mark.parametrize("html", FIELDS)
def test_a_comment_typed_on_a_page_changes_no_card(html: str, clozes: Clozes) -> None:
    before = shown(html, clozes)
    lines = before.split("\n")
    for comment in COMMENTS:
        for at in range(len(lines) + 1):
            if at < len(lines) and lines[at - 1 : at] and lines[at - 1].startswith("## "):
                continue  # between an outline's heading and its cloze is a line of the card
            page = "\n".join([*lines[:at], *comment.split("\n"), *lines[at:]])
            edit = edited(html, page, clozes)
            assert not edit.refusals
            assert joined(on_the_card(edit.html)) == html
            again = shown(edit.html, clozes)
            assert canonical(again).replace("> ", "") == canonical(page).replace("> ", "")
            assert joined(edited(edit.html, before, clozes).html) == html
            changed = edited(edit.html, page.replace("x", "zz"), clozes)
            assert on_the_card(changed.html) == on_the_card(edit.html)
            if "x" in comment:
                assert "zz" in changed.html


NOTE = NoteText(7, "g", "D", "Basic", (("Front", "a"), ("Back", "b")), ())


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("## Back\nb", "## Back\nb %% c", 16, "no end"),
        ("## Back\nb", "## Back\n%% ==b==%%c1%% %%", 16, "holds a cloze"),
        ("## Back\nb", "%%\n## Back\nb\n%%", 15, "in a comment"),
    ],
)
def test_a_comment_that_hides_too_much_is_told(old: str, new: str, line: int, reason: str) -> None:
    page = render_managed(NOTE, PageStyle())
    assert old in page
    reading = read_managed(page.replace(old, new), 12, ConvertedNote(NOTE, PageStyle()))
    assert any(reason in problem.text for problem in reading.problems)


@pytest.mark.parametrize("comment", COMMENTS)
def test_a_comment_in_a_field_of_a_page_is_read(comment: str) -> None:
    page = render_managed(NOTE, PageStyle()).replace("\nb", f"\nb\n{comment}")
    reading = read_managed(page, 12, ConvertedNote(NOTE, PageStyle()))
    assert not reading.problems
    assert reading.sections[-1].markdown == f"b\n{comment}"


_TEXT = st.text(st.sampled_from("%-<>!&{}[]()c1:$x \n|\\"), min_size=1, max_size=12)


@given(_TEXT)
def test_any_words_in_a_comment_are_safe(text: str) -> None:
    markdown = f"a %%{text}%% b"
    html = markdown_to_html(markdown)
    again = markdown_to_html(to_markdown(html))
    assert to_markdown(again) == to_markdown(html)


def test_what_a_comment_hides_is_not_missed_in_anki() -> None:
    text = "a ==b==%%c1%% %%c {{c7::x}} ![[no.png]] [[d]]%%\n%%\n{{c8::y}}\n%%\n<!-- {{c9::z}} -->"
    assert [(each.kind, each.key) for each in find_shown(text, True)] == [("cloze", "1")]
