"""Titles of links and pictures, and links to a place beside the card, stand on the page."""

from __future__ import annotations

from html import escape, unescape

import pytest

from ankivault.convert.edit.text_edit import TextConverter, show_text
from ankivault.convert.to_html.markdown_to_html import markdown_to_html

from ..edit.test_field_edit import edited, shown

TITLES = [
    "t",
    "two words (and more)",
    'a "quoted" one',
    "back\\slash \\",
    "a|b",
    "$x$ ==y== %%c1%% `z` <b> [[w]] {{c1::v}} #tag *u* _s_",
    "&amp; &",
    "two\nlines",
    "漢字",
]
THINGS = [
    '<a href="http://x.y"{}>a</a>',
    '<a href="http://x.y"{}>http://x.y</a>',
    '<a href="obsidian://open?file=My Note#H"{}>a</a>',
    '<img src="a.png"{}>',
    '<img src="a.png" alt="w"{} width="30">',
    '<img src="http://x.y/a.png" alt="w"{}>',
    '<a href="foo"{}>text</a>',
    '<a class="external-embed" href="http://x.y/page.html"{}>a</a>',
]


def with_title(thing: str, title: str) -> str:
    return thing.format(f' title="{escape(title)}"')


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("around", ["{}", "a {} b", "<b>{}</b>", "<ul><li>{}</li></ul>"])
def test_an_edit_beside_it_keeps_the_title(thing: str, title: str, around: str) -> None:
    html = around.format(with_title(thing, title)) + "<br>end"
    page = shown(html)
    edit = edited(html, page.replace("end", "other"))
    assert edit.html == html.replace("end", "other") and not edit.refusals
    copy = edited("", page)
    assert copy.refusals or copy.html.count("title=") == 1


@pytest.mark.parametrize("thing", THINGS)
def test_a_title_is_edited_on_the_page(thing: str) -> None:
    html = f"a {with_title(thing, 'old')} b"
    assert shown(html).count('"old"') == 1
    edit = edited(html, shown(html).replace('"old"', '"new (n) word"'))
    assert edit.html == html.replace("old", "new (n) word") and not edit.refusals
    without = edited(html, shown(html).replace(' "old"', "").replace(' title="old"', ""))
    assert "title" not in without.html and not without.refusals


@pytest.mark.parametrize("title", ['"a (b) c"', "'a (b) c'", "(a b c)"])
@pytest.mark.parametrize("typed", [
    "[w](http://x.y {})", "[w](Page {})", "![w](http://x.y/a.png {})", "![w](a.png {})",
    "![w](http://x.y/a.html {})",
])  # fmt: skip
def test_a_title_is_read_as_commonmark_has_it(typed: str, title: str) -> None:
    edit = edited("word", f"word {typed.format(title)}")
    assert f'title="{title[1:-1]}"' in edit.html and not edit.refusals
    again = edited(edit.html, shown(edit.html).replace("word", "other"))
    assert again.html == edit.html.replace("word", "other")


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("thing", [thing for thing in THINGS if "obsidian" not in thing])
def test_a_text_outside_of_a_vault_keeps_it_too(thing: str, title: str) -> None:
    html = f"a {with_title(thing, title)} b"
    text = show_text(html)
    assert unescape(markdown_to_html(text)) == unescape(html)
    edit = TextConverter().push(html, text, text[:-1] + "c")
    assert edit.html == html[:-1] + "c" and edit.refusal is None


BESIDE = ["foo", "foo/bar.html", "a%20b.pdf", "a|b"]
ELSEWHERE = ["/wiki/Foo_(bar)", "#part", "?q=1&amp;r==2"]  # on the web page it was copied from


@pytest.mark.parametrize("href", BESIDE + ELSEWHERE)
@pytest.mark.parametrize(
    "around",
    ["{}", "<b>{}</b>", "a {} b", "<ul><li>{}</li></ul>", "<h3>{}</h3>", "{{{{c1::{}}}}}",
     "<table><tbody><tr><th>{}</th></tr><tr><td>x</td></tr></tbody></table>"],
)  # fmt: skip
def test_a_link_beside_the_card_is_kept_by_an_edit_of_its_text(href: str, around: str) -> None:
    html = around.format(f'<a href="{href}">text</a>')
    assert ("<a href=" in shown(html)) is (href in BESIDE)
    edit = edited(html, shown(html).replace("text", "other"))
    assert edit.html == html.replace("text", "other") and not edit.refusals


def test_a_script_is_no_link_on_the_page() -> None:
    assert shown('<a href="javascript:alert(1)">text</a>') == "text"
