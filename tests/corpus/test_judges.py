"""The judges themselves: each says no to what it is there to find, and yes to what is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..judges.card_words import card_words
from ..judges.file_names import refused_names
from ..judges.leftovers import find_leftovers
from ..judges.page_properties import is_tag, read_with_js_yaml
from ..judges.page_words import UnexpectedHeading, field_words, rendered_words
from ..judges.vault_reader import Vault, lost_links


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<b>bo</b>ld &lt;x&gt;<div>a<br>b</div>", "**bo**ld \\<x>\na\nb"),
        ("a {{c1::b::hint}} {{c2::{{c3::n}} m}}", "a ==b==%%c1::hint%% {{c2::{{c3::n}} m}}"),
        ("\\(a {{c1::b_{1} }} \\)<br>\\[x\\]", "$a \\boxed{b_{1} }$%%c1%%\n\n$$\nx\n$$"),
        ("[latex]$x$[/latex]y", "$x$y"),
        (
            "<pre>\\(x\\)</pre> [sound:a.mp3] <img src=b.png>",
            "```\n\\(x\\)\n```\n![[a.mp3]] ![[b.png|9]]",
        ),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", "<ruby>漢<rt>かん</rt></ruby>"),
        ("$5 and $6, #tag, a*b*", "\\$5 and \\$6, \\#tag, a\\*b\\*"),
        ("<table><tr><td>a|b</td></tr></table>", "| a\\|b |\n| --- |"),
        ("<u>a &amp; <b>b</b></u>", "<u>a &amp; <b>b</b></u>"),
        (
            "seen<span style='display: none'>unseen</span><!-- c --><script>s</script>",
            "seen%%hidden%%",
        ),
        ("{{c1::image-occlusion:rect:left=.1}}<br>", ""),
    ],
)
def test_right_pages_show_the_words_of_their_cards(html: str, markdown: str) -> None:
    assert rendered_words(markdown) == card_words(html)
    assert rendered_words(markdown, raw_elements=False) == card_words(html)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("a*b*", "a*b*"),
        ("1. one", "1. one"),
        ("$5 or 6$", "$5 or 6$"),
        ("a%%b%%", "a%%b%%"),
        ("\\(x\\)", "\\(x\\)"),
        ("<b>(a)</b>b", "x**(a)**b"),
        ("[[a|b]]", "[[a|b]]"),
        ("<u><b>x</b></u>", "<u>**x**</u>"),
        ("[sound:a.mp3]", "[sound:a.mp3]"),
    ],
)
def test_wrong_pages_show_other_words(html: str, markdown: str) -> None:
    assert rendered_words(markdown) != card_words(html)


def test_fields_are_found_by_their_headings() -> None:
    managed = "By\n## 1. the line is\n==x==%%c1%% y\n### 1. own\n## Back\nz"
    shown = field_words(managed, ["Text", "Back"], cloze_field="Text")
    assert shown == {"Text": "By the line is x y 1. own".split(), "Back": ["z"]}
    with pytest.raises(UnexpectedHeading):
        field_words("## Nonsense\nx", ["Front"])
    with pytest.raises(UnexpectedHeading):
        field_words("words without a heading", ["Front"])


@pytest.mark.parametrize(
    ("markdown", "kind"),
    [
        ("a <b>x</b>", "<b>"),
        ("<div>x</div>", "<div>"),
        ("a<br>b", "<br>"),
        ("a &nbsp; b", "entity &nbsp;"),
        ("a #tag", "a tag from plain text"),
        ("a[^1]", "a footnote from plain text"),
        ("a ^id", "a block id from plain text"),
        ("- [ ] a", "a task from plain text"),
        ("> [!note] a", "a callout from plain text"),
        ("{{c1::a}}", "visible {{c1::"),
        ("$a{{c1::b}}$", "Anki's syntax in a formula"),
        ("\\\\(a\\\\)", "visible \\("),
        ("<table><tr><td>a</td></tr></table>", "<table>"),
        ('<a href="https://ex.org/#part">a</a>', "<a>"),
    ],
)
def test_leftovers_are_found(markdown: str, kind: str) -> None:
    assert kind in [leftover.kind for leftover in find_leftovers(markdown)]


@pytest.mark.parametrize(
    "markdown",
    [
        "foo<b>(x)</b>bar",
        "<u>a <b>x</b> &lt;</u>",
        "`<b>` \\#tag \\[^1] a#b C# #1",
        "==a<br>b==%%c1%%",
        "| a<br>b |\n| --- |",
        '<table><tr><td colspan="2">a</td></tr></table>',
        '<mark data-cloze="1">x</mark>',
        "- \\[ ] a",
        '<a href="#part">a</a>',
    ],
)
def test_what_markdown_cannot_say_is_no_leftover(markdown: str) -> None:
    assert find_leftovers(markdown) == []


def test_links_are_followed_as_obsidian_does(tmp_path: Path) -> None:
    for name in ("a/One.md", "b/One.md", "b/Two.md", "assets/x y.png", "One.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    text = "[[a/one|A]] [[One]] [[Two#h]] ![[X Y.png|20]] [[./Two]] `[[no]]` %%[[no]]%% $[[no]]$"
    (tmp_path / "b" / "page.md").write_text(text, encoding="utf-8")
    assert lost_links(Vault(tmp_path)) == []
    (tmp_path / "a" / "Two.md").write_text("", encoding="utf-8")
    (tmp_path / "page.md").write_text("[[Two]] [[gone]] ![[a/One]]", encoding="utf-8")
    lost = {link.target: len(link.found) for link in lost_links(Vault(tmp_path))}
    assert lost == {"Two": 2, "gone": 0, "a/One": 1}


def test_names_that_a_system_refuses_are_found() -> None:
    good = ["a/b c.md", "Ünï/漢字 🙂_1.md", "_x_index.md", "COM10.md", "CONTENT.md"]
    assert refused_names(good) == []
    bad = [
        "CON.md",
        "a/nul",
        "x./y",
        "x ",
        ".hidden",
        "a:b",
        "a#b",
        "e\u0301",
        "\u202ex",
        "é" * 128,
    ]
    assert all(refused_names([name]) for name in bad)
    assert refused_names(["a/B", "a/b"])


def test_tags_and_yaml_are_read_as_obsidian_does() -> None:
    assert all(map(is_tag, ["a/b", "é-1_x", "日本", "🙂", "1a"]))
    assert not any(
        map(is_tag, ["", "a//b", "/a", "12", "1/2", "a b", "a#b", "a.b", "c++", "a\u2003b"])
    )
    answers = read_with_js_yaml(["a: [x]\n", "a: : b", "a: 1\na: 2"])
    assert answers[0] == {"value": {"a": ["x"]}}
    assert all("error" in answer for answer in answers[1:])
