"""Texts of TOML decks and dynamic cards: one edited word changes that word, on the other side."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ankivault.convert.edit.text_edit import TextConverter, show_text

from ...judges.word_edits import other_changes, words_of
from ..html.field_html import edited_html

TEXTS = TextConverter()
DATA = "data:image/png;base64,iVBORw0KGgo="
STYLED = [
    '<div><font color="red">Rome</font> fell</div><div>in 476</div>',
    '<div style="text-align: center">mid <b>dle</b></div><!-- mine --><div>end here</div>',
    '<svg width="10"><circle r="4"/><text>Ring</text></svg><div>see word</div>',
    "<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math> is word",
    '<a href="file.pdf">the file</a><br>and more',
    '<a class="hint" href="#" onclick="show()">Hint</a><div style="display:none">secret</div>word',
    '<ol type="A" start="3"><li>one</li><li><font size="5">two</font></li></ol>',
    '<table border="1"><tr><td>aa</td><td bgcolor="red">bb</td></tr><tr><td>cc</td></tr></table>',
    '<img src="a.png" alt="cat" class="x"><br>some word',
    f'<div>see <img src="{DATA}"> there</div><div>below</div>',
    "<ruby>漢<rt>かん</rt></ruby> some <u>word</u>",
    '<span style="color: red">{{c1::Rome::city}}</span> fell {{c2::in <i>476</i>}}',
    "<details><summary>Hint</summary>inside</details>some word",
]


@pytest.mark.parametrize("html", STYLED)
def test_an_edited_word_is_all_that_changes(html: str) -> None:
    text = show_text(html)
    spans = words_of(text)
    assert spans
    for start, end in spans:
        edit = TEXTS.push(html, text, text[:start] + "Quux" + text[end:])
        assert edit.refusal is None
        assert other_changes(html, edit.html, text[start:end], "Quux") is None
        assert TEXTS.pull(text, html, edit.html) == text[:start] + "Quux" + text[end:]


@given(edited_html(), st.randoms())
def test_an_edited_word_of_any_field_is_all_that_changes(html: str, random: object) -> None:
    text = show_text(html)
    spans = words_of(text)
    assume(spans)
    start, end = random.choice(spans)  # type: ignore[attr-defined]
    edit = TEXTS.push(html, text, text[:start] + "Quux" + text[end:])
    if edit.refusal is None:
        assert other_changes(html, edit.html, text[start:end], "Quux") is None
    else:
        assert edit.html == html


# What a person wrote, and what it makes; Anki then has another word, in a line of any style.
WRITTEN = [
    "[[Page]] one\nmid\nlast [[Q]] word",
    "__bold__ and _soft_\n\n* item\n* __item__ word\n",
    "Title\n=====\n\n\nsome *text*\nword &amp; more",
    "1) one\n1) two\n1) `word`\n\n***\n\nend",
    "a\\\nb\n> quote\n> word\n\nx #tag $5",
    "| a | b |\n|:-:|---|\n|c|word|",
    "{{c1::__Rome__}} fell\n==x==%%c2%% and word\n{{c3::y}}",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_only_the_line_that_anki_edited_changes_in_the_file(text: str) -> None:
    html = TEXTS.read(text)
    assert html.count("word") == 1
    for old in (html, f"<div><font color='red'>{html}</font></div>"):
        pulled = TEXTS.pull(text, old, old.replace("word", "thing"))
        assert pulled == text.replace("word", "thing")


@pytest.mark.parametrize("text", WRITTEN)
def test_the_file_s_edit_changes_only_its_words_whatever_the_style(text: str) -> None:
    html = TEXTS.read(text).replace("word", "<font color='red'>word</font>")
    for known in (text, None):
        edit = TEXTS.push(html, known, text.replace("word", "thing"))
        assert (edit.html, edit.refusal) == (html.replace("word", "thing"), None)


def test_both_sides_edits_are_kept_line_by_line() -> None:
    html = "<div><font color='red'>one</font></div><div>two</div><div>three</div>"
    old = "one\ntwo\nthree"
    anki = html.replace("three", "<u>drei</u>")
    merged = TEXTS.merge(old, html, old.replace("one", "eins"), anki)
    assert merged == ("eins\ntwo\n<u>drei</u>", anki.replace("one", "eins"))
    assert TEXTS.merge(old, html, old.replace("three", "trois"), anki) is None


def test_a_picture_in_the_text_itself_stays_one_wherever_it_goes() -> None:
    html = f'<div>a <img src="{DATA}"></div><div><u>b</u></div>'
    first, second = show_text(html).split("\n")
    edit = TEXTS.push(html, None, f"{second}\n{first} and more")
    assert edit.refusal is None
    assert edit.html.count(DATA) == 1
    assert "and more" in edit.html


@pytest.mark.parametrize(
    ("added", "made"),
    [("[x](file.pdf)", '<a href="file.pdf">x</a>'), ("==x==%%c3%%", "{{c3::x}}")],
)
def test_what_is_typed_comes_to_anki_even_if_reading_it_back_does_not_show_it(
    added: str, made: str
) -> None:
    html = '<font color="red">Rome</font> '
    assert TEXTS.push(f"{html}x", "Rome x", f"Rome {added}").html == html + made


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("[one](foo) x", "one", "two"),
        ("\t- one ![[a.png|cap]]\n\n    - last", "last", "end"),
        ("<div>one</div>\n\n==[[P|q]]== z", "one", "two"),
        ("one\n===", "one", "two"),
        ("==one==%%c1%% x", "one", "two words"),
        ("a &lt; one *b* __c__", "one", "o & p"),
        ("[[Page]] one\nmid\nlast [[Q]] word", "word", "words"),
        ("one\n\n* one\n+ one", "one", "two"),
    ],
)
def test_an_edit_in_anki_of_what_the_text_made_changes_only_its_words(
    text: str, old: str, new: str
) -> None:
    converter = TextConverter()
    html = converter.read(text)
    for at in [found.start() for found in re.finditer(old, text)]:
        wanted = text[:at] + new + text[at + len(old) :]
        assert converter.pull(text, html, converter.read(wanted)) == wanted
