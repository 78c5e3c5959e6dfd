"""Links: what is one in Markdown is one on the card, and comes back as it was typed."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ankivault.convert.edit.field_edit import edit_field
from ankivault.convert.edit.text_edit import TextConverter, show_text
from ankivault.convert.field_style import Clozes, FieldStyle
from ankivault.convert.markdown.canonical import canonical
from ankivault.convert.segment import join_markdown
from ankivault.convert.to_html.markdown_to_html import markdown_to_html
from ankivault.convert.to_markdown.converted_field import ConvertedField
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown
from ankivault.convert.vault_names import VaultNames

READING = VaultNames(media=lambda target: "", link=lambda target: f"obsidian://{target}")


def link(shown: str, address: str = "") -> str:
    return f'<a href="{(address or shown).replace("&", "&amp;")}">{shown.replace("&", "&amp;")}</a>'


WEB = "https://ex.org/x"
# What stands in the Markdown, what the card shows.
LINKS = [
    ("https://ex.org/Foo_(bar)", link("https://ex.org/Foo_(bar)")),
    ("(see https://ex.org/Foo_(bar)).", f"(see {link('https://ex.org/Foo_(bar)')})."),
    ("https://ex.org/a_b_c, HTTP://EX.org!", f"{link('https://ex.org/a_b_c')}, {link('HTTP://EX.org')}!"),
    ("http://localhost:8080/a?b=c&d=e#f", link("http://localhost:8080/a?b=c&d=e#f")),
    ("<https://ex.org/__init__.html>", link("https://ex.org/__init__.html")),
    ("https://ex.org/__init__.html", link("https://ex.org/__init__.html")),
    ("<https://ex.org/(a>b", link("https://ex.org/(a") + "b"),
    (f"**{WEB}**", f"<b>{link(WEB)}</b>"),
    (f"*{WEB}* ~~{WEB}~~", f"<i>{link(WEB)}</i> <s>{link(WEB)}</s>"),
    (f"=={WEB}==", f"<mark>{link(WEB)}</mark>"),
    (f"=={WEB}==%%c1::hint%%", f"{{{{c1::{link(WEB)}::hint}}}}"),
    (f"{{{{c1::{WEB}::hint}}}}", f"{{{{c1::{link(WEB)}::hint}}}}"),
    (f"- {WEB}\n\n> {WEB}", f"<ul><li>{link(WEB)}</li></ul><blockquote>{link(WEB)}</blockquote>"),
    (f"见{WEB}", f"见{link(WEB)}"),
    ("www.ex.org", link("www.ex.org", "http://www.ex.org")),
    ("Visit www.ex.org/help.", f"Visit {link('www.ex.org/help', 'http://www.ex.org/help')}."),
    (
        "(www.google.com/search?q=(business))+ok",
        f"({link('www.google.com/search?q=(business))+ok', 'http://www.google.com/search?q=(business))+ok')}",
    ),
    (
        "www.ex.org/a?q=commonmark&hl;",
        f"{link('www.ex.org/a?q=commonmark', 'http://www.ex.org/a?q=commonmark')}&amp;hl;",
    ),
    ("www.ex.org/he<lp", f"{link('www.ex.org/he', 'http://www.ex.org/he')}&lt;lp"),
    ("foo@bar.baz", link("foo@bar.baz", "mailto:foo@bar.baz")),
    ("<foo@bar.baz>", link("foo@bar.baz", "mailto:foo@bar.baz")),
    ("a.b-c_d@a.b.", f"{link('a.b-c_d@a.b', 'mailto:a.b-c_d@a.b')}."),
    ("hello@mail+x.example", "hello@mail+x.example"),
    ("a+x@ex.org", link("a+x@ex.org", "mailto:a+x@ex.org")),
    ("a.b-c_d@a.b- a.b-c_d@a.b_", "a.b-c_d@a.b- a.b-c_d@a.b_"),
    ("mailto:a.b-c_d@a.b", link("mailto:a.b-c_d@a.b")),
    ("xmpp:foo@bar.baz/txt", link("xmpp:foo@bar.baz/txt")),
    ("ftp://foo.bar.baz", link("ftp://foo.bar.baz")),
    ("[x](weird:abc) <weird:abc>", f"{link('x', 'weird:abc')} {link('weird:abc')}"),
    (f"[{WEB}]({WEB})", link(WEB)),
    (f"[to {WEB} there]({WEB})", link(f"to {WEB} there", WEB)),
]  # fmt: skip
NO_LINKS = [
    "`https://ex.org`",
    "xhttps://ex.org",
    "awww.ex.org",
    "https://",
    "www.",
    "a @ b.c",
    "user@host",
]
SCRIPTS = [
    "[x](javascript:alert(1))",
    "[x](JavaScript:alert`1`)",
    "[x](<java\tscript:alert(1)>)",
    "[x](&#x6A;avascript:alert(1))",
    "[x](vbscript:y)",
    "[x](data:text/html,<script>)",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '<a href="javascript:alert(1)">x</a>',
    "<A HREF=' java\nscript:alert(1)'>x</A>",
]


def back(html: str) -> str:
    return join_markdown(html_to_markdown(html, FieldStyle("inline" if "{{c" in html else "none")))


@pytest.mark.parametrize(("markdown", "html"), LINKS)
def test_what_is_a_link_in_markdown_is_one_on_the_card(markdown: str, html: str) -> None:
    assert markdown_to_html(markdown) == html


@pytest.mark.parametrize(("markdown", "html"), LINKS)
def test_a_link_comes_back_and_keeps_leading_where_it_led(markdown: str, html: str) -> None:
    assert markdown_to_html(back(html)) == html


@pytest.mark.parametrize("address", ["https://ex.org/Foo_(bar)", WEB, "foo@bar.baz", "www.ex.org"])
@pytest.mark.parametrize(
    "around", ["{}", "see {}.", "({})", "**{}**", "- {}", "> {}", "| {} | b |\n| - | - |"]
)
def test_a_plain_address_comes_back_as_it_was_typed(address: str, around: str) -> None:
    typed = around.format(address)
    assert canonical(back(markdown_to_html(typed))) == canonical(typed)


@pytest.mark.parametrize("markdown", NO_LINKS)
def test_what_is_no_link_stays_text(markdown: str) -> None:
    assert "<a" not in markdown_to_html(markdown)


@pytest.mark.parametrize("markdown", SCRIPTS)
def test_a_link_to_a_script_never_becomes_one(markdown: str) -> None:
    html = markdown_to_html(markdown)
    assert not re.search(r"<(?:a|img)\b", html, re.IGNORECASE)


@given(
    st.text("ab1/_*()[]<>&;:.,!?~=%#@$|\\'\" -+", max_size=8),
    st.sampled_from(["https://ex.org/", "www.ex.org/", "me@ex.org", ""]),
    st.sampled_from(["", " ", "*", "é", "}}"]),
)
@example("*b*", "https://ex.org/", "")
@example("](", "www.ex.org/", "")
def test_a_text_with_an_address_reads_the_same_once_written(
    tail: str, address: str, after: str
) -> None:
    text = f"a {address}{tail}{after}"
    html = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    linked = markdown_to_html(back(html))
    assert markdown_to_html(back(linked)) == linked


PLAIN = [
    "one https://ex.org/_a_ two",
    "one www.ex.org two",
    "one me@ex.org two",
    "git clone git@github.com:a/x two",
    "git clone git@two.com:a/x",
    "see www.two.org/x, https://ex.org",
    "{{c1::me@ex.org}} two www.ex.org",
    "<div>me@ex.org</div><ul><li>two www.ex.org</li></ul>",
    '<a href="mailto:me@ex.org">me@ex.org</a> two me@ex.org',
    '<a href="https://ex.org">me@ex.org two</a> me@ex.org',
    "<code>two</code> me@ex.org",
    "<table><tr><td>two</td><td>me@ex.org</td></tr></table>",
]


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("new", ["three", "t", "two words", "x&lt;"])
@pytest.mark.parametrize("clozes", ["none", "inline", "outline"])
def test_an_address_that_is_text_in_anki_stays_text_beside_and_in_an_edit(
    text: str, new: str, clozes: Clozes
) -> None:
    style = FieldStyle(clozes)
    page = join_markdown(html_to_markdown(text, style)).replace("two", unescape(new))
    edited = edit_field(ConvertedField(text, style), page, READING)
    assert (edited.html, edited.refusals) == (text.replace("two", new), ())


@pytest.mark.parametrize("text", PLAIN)
def test_an_address_that_is_text_in_anki_stays_text_in_a_toml_edit(text: str) -> None:
    shown = show_text(text)
    edited = TextConverter().push(text, shown, shown.replace("two", "three"))
    assert (edited.html, edited.refusal) == (text.replace("two", "three"), None)


def test_a_new_address_is_a_link_beside_one_that_is_text() -> None:
    html = edit_field(ConvertedField("me@ex.org"), "me@ex.org and www.new.org", READING).html
    assert html == f"me@ex.org and {link('www.new.org', 'http://www.new.org')}"


@pytest.mark.parametrize(
    "href",
    ["weird:abc", "notion://x/y", "mailto:a@b.c?subject=x%20y", "https://ex.org/a b", "tel:+1"],
)
def test_a_link_of_anki_is_one_on_the_page(href: str) -> None:
    html = f'<a href="{href}">words</a>'
    assert back(html) == f"[words]({href.replace(' ', '%20')})"


def test_brackets_around_an_address_are_no_edit() -> None:
    html = f"before {link('https://ex.org/__init__.html')} after"
    bare = "before https://ex.org/__init__.html after"
    assert edit_field(ConvertedField(html), bare, READING).html == html
    assert canonical("<https://a.b/x>y") != canonical("https://a.b/xy")
    assert canonical("`<https://a.b/x>`") != canonical("`https://a.b/x`")


@pytest.mark.parametrize("text", ["a git@ex.org:x b", "a https://ex.org/x b", "a www.ex.org/x b"])
def test_an_address_that_is_text_in_anki_stays_text_when_it_is_edited(text: str) -> None:
    edited = edit_field(ConvertedField(text), back(text).replace("ex.org", "two.org"), READING)
    assert (edited.html, edited.refusals) == (text.replace("ex.org", "two.org"), ())
    added = edit_field(ConvertedField(text), back(text) + " www.new.org", READING)
    assert link("www.new.org", "http://www.new.org") in added.html
