"""What conversion promises for every field: nothing raised, nothing lost, not a word changed."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from ankivault.convert.field_style import Clozes, FieldStyle
from ankivault.convert.html.media_names import inline_media, media_names
from ankivault.convert.html.plain_text import plain_text
from ankivault.convert.segment import join_markdown
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown

from ...judges.card_words import card_words
from ...judges.page_words import rendered_words
from ...stress import tries
from ..html.field_html import cloze_html, edited_html, html_soup

ALL_CLOZES: tuple[Clozes, ...] = ("none", "inline", "outline")
_NUMBER = re.compile(r"^## \d+\. ", re.M)


def markdown_of(html: str, clozes: Clozes) -> str:
    return join_markdown(html_to_markdown(html, FieldStyle(clozes=clozes)))


@given(html_soup() | edited_html() | cloze_html())
@settings(max_examples=tries(200), deadline=None)
def test_any_text_converts_and_its_segments_join_to_it(html: str) -> None:
    for clozes in ALL_CLOZES:
        segments = html_to_markdown(html, FieldStyle(clozes=clozes))
        assert "".join(segment.html for segment in segments) == html
        assert segments == html_to_markdown(html, FieldStyle(clozes=clozes))
        join_markdown(segments).encode("utf-8")
    plain_text(html).encode("utf-8")
    media_names(html)
    inline_media(html)


@given(edited_html())
@settings(max_examples=tries(60), deadline=None)
def test_the_words_of_the_card_are_the_words_of_the_page(html: str) -> None:
    assert_same_words(html, markdown_of(html, "none"))


@given(cloze_html())
@settings(max_examples=tries(60), deadline=None)
def test_clozes_keep_every_word_too(html: str) -> None:
    assert_same_words(html, markdown_of(html, "inline"))


def assert_same_words(html: str, markdown: str) -> None:
    """In both of Obsidian's views, which differ in how they read raw elements."""
    for raw_elements in (True, False):
        assert rendered_words(markdown, raw_elements) == card_words(html), markdown


@given(cloze_html())
@settings(max_examples=tries(50), deadline=None)
def test_an_outline_keeps_every_word_in_its_order(html: str) -> None:
    outline = _NUMBER.sub("## ", markdown_of(html, "outline"))
    assert "".join(rendered_words(outline)) == "".join(card_words(html))


@given(edited_html())
@settings(max_examples=tries(60), deadline=None)
def test_segments_of_whole_html_are_whole(html: str) -> None:
    """Blocks that hold nothing across lines: each visible slice closes what it opens."""
    wrapped = f"<div>{plain_lines(html)}</div>"
    for segment in html_to_markdown(wrapped):
        if segment.markdown:
            assert unbalanced_tags(segment.html) == []


def plain_lines(html: str) -> str:
    """Each line of text in the HTML as a division of its own."""
    lines = [line for line in re.sub(r"<[^>]*>|\\", "\n", html).split("\n") if line.strip()]
    return "".join(f"<div><b>{line}</b></div>" for line in lines)


def unbalanced_tags(html: str) -> list[str]:
    open_tags: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag != "br":
                open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            if open_tags and open_tags[-1] == tag:
                open_tags.pop()
            else:
                open_tags.append("/" + tag)

    Tags().feed(html)
    return open_tags


@pytest.mark.parametrize(
    "piece",
    [
        *("<div>", "<b>", "<ul><li>", "<blockquote>", "<table><tr><td>", "<u>x</u>", "<p hidden>"),
        *("<", "<a ", "<a b='", '<a b="c" ', "<!--", "<script>", "</div>", "&", "&#", "<br>"),
        *("{{c1::", "{{c1::x}} a ", "}}", "\\(", "\\(<li>\\)", "[sound:", "[latex]", "[$]"),
        *("*", "_", "`", "[", "~", "=", "%", "$", "#", "1", " ", "&nbsp;", "http://a", "\\"),
        *("<b>(</b>x", "<b>x<i>y</b>z</i>", "<span style='font-weight:bold'>x", "<li>x", "<td>x"),
    ],
)
def test_long_fields_take_no_more_than_their_share_of_time(piece: str) -> None:
    """Time grows with length: what is quadratic, or deeply recursive, does not end here."""
    html = piece * (60_000 // len(piece))
    segments = html_to_markdown(html, FieldStyle(clozes="outline"))
    assert "".join(segment.html for segment in segments) == html
    plain_text(html)
    media_names(html)
