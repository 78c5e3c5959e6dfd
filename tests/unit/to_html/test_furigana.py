"""Furigana: ``{漢字|かんじ}`` in Markdown is ruby on the card, and ruby stays ruby."""

from __future__ import annotations

import pytest

from ankivault.convert.edit.field_edit import edit_field
from ankivault.convert.field_style import FieldStyle
from ankivault.convert.segment import join_markdown
from ankivault.convert.to_html.markdown_to_html import markdown_to_html
from ankivault.convert.to_markdown.converted_field import ConvertedField
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown
from ankivault.convert.vault_names import VaultNames

HOW = VaultNames(lambda target: target, lambda target: f"obsidian://open?file={target}")


def to_markdown(html: str) -> str:
    return join_markdown(html_to_markdown(html, FieldStyle(clozes="inline")))


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("{漢字|かんじ}を書く", "<ruby>漢字<rt>かんじ</rt></ruby>を書く"),
        ("{漢字|かん|じ}", "<ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>"),
        ("{食べる|た||}", "<ruby>食<rt>た</rt></ruby>べる"),
        ("{お茶||ちゃ}", "お<ruby>茶<rt>ちゃ</rt></ruby>"),
        ("{中文|zhōng wén}", "<ruby>中文<rt>zhōng wén</rt></ruby>"),
        ("=={漢字|かんじ}==%%c1::よみ%%", "{{c1::<ruby>漢字<rt>かんじ</rt></ruby>::よみ}}"),
        ("- **a** {漢|かん}", "<ul><li><b>a</b> <ruby>漢<rt>かん</rt></ruby></li></ul>"),
        ("[{漢|かん}](https://a.b)", '<a href="https://a.b"><ruby>漢<rt>かん</rt></ruby></a>'),
        ("{漢\\|かん}|x\n-|-", "<table><tbody><tr><th><ruby>漢<rt>かん</rt></ruby></th><th>x</th>"
         "</tr></tbody></table>"),
    ],
)  # fmt: skip
def test_furigana_is_ruby_on_the_card_and_ruby_stays_ruby(markdown: str, html: str) -> None:
    assert markdown_to_html(markdown) == html
    assert markdown_to_html(to_markdown(html)) == html
    edit = edit_field(ConvertedField("x", FieldStyle(clozes="inline")), f"y\n\n{markdown}", HOW)
    assert not edit.refusals
    assert edit.html.replace("<br>", "") == f"y{html}"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("`{漢字|かんじ}`", "<code>{漢字|かんじ}</code>"),
        ("```\n{漢字|かんじ}\n```", "<pre><code>{漢字|かんじ}</code></pre>"),
        (r"$\text{漢字|かんじ}$", r"\(\text{漢字|かんじ}\)"),
        (r"\(\text{漢字|かんじ}\)", r"\(\text{漢字|かんじ}\)"),
        ("{{c1::漢字|かんじ}}", "{{c1::漢字|かんじ}}"),
        ("{{c1::x::{漢|かん} y}}", "{{c1::x::{漢|かん} y}}"),
        ("==x==%%c1::{漢字|かんじ} a%%", "{{c1::x::{漢字|かんじ} a}}"),
        ("[[漢字|かんじ]] {{漢|かん}}", "[[漢字|かんじ]] {{漢|かん}}"),
        ("{漢字|かん|じ|x} {漢字|} {word|gloss}", "{漢字|かん|じ|x} {漢字|} {word|gloss}"),
        (r"\{漢字|かんじ}", "{漢字|かんじ}"),
    ],
)  # fmt: skip
def test_what_is_none_stays_as_it_is(markdown: str, html: str) -> None:
    assert markdown_to_html(markdown) == html


@pytest.mark.parametrize(
    "html",
    [
        "{漢字|かんじ}を書く",
        "<u>{漢字|かんじ}</u>",
        '{漢字|<font color="red">かん</font>じ}',
        "<table><tr><td>{漢|かん}</td><td>b</td></tr></table>",
        "{{c1::{漢|かん} x}}",
    ],
)
def test_a_card_that_only_shows_the_braces_grows_no_ruby(html: str) -> None:
    again = markdown_to_html(to_markdown(html))
    assert "{漢" in again
    assert "<ruby>" not in again


def test_another_word_of_ruby_is_edited_and_nothing_besides() -> None:
    html = '<ruby lang="ja">漢<rt>かん</rt></ruby>です'
    edit = edit_field(ConvertedField(html), to_markdown(html) + "{字|じ}", HOW)
    assert edit.html == html + "<ruby>字<rt>じ</rt></ruby>"
