"""Edited pages: what a person changes in a field's Markdown is all that changes in its HTML."""

from __future__ import annotations

import re
from html import unescape
from typing import Optional

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ankivault.convert.edit.field_edit import FieldEdit, edit_field
from ankivault.convert.field_style import Clozes, FieldStyle
from ankivault.convert.html.callouts import Callout
from ankivault.convert.markdown.canonical import canonical
from ankivault.convert.segment import Segment, join_markdown
from ankivault.convert.to_markdown.converted_field import ConvertedField
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown
from ankivault.convert.vault_names import VaultNames

from ...judges.word_edits import other_changes, words_of
from ...stress import tries
from ..html.field_html import cloze_html, edited_html, html_soup
from ..html.pasted_fields import PASTED

ALL_CLOZES: tuple[Clozes, ...] = ("none", "inline", "outline")
_OPEN = "obsidian://open?file="
READING = VaultNames(
    lambda target: target.rpartition("/")[2] if "." in target else "",
    lambda target: "" if target.endswith(".txt") else _OPEN + target,
)


def target_of(href: str) -> Optional[str]:
    return href[len(_OPEN) :] if href.startswith(_OPEN) else None


def style_of(clozes: Clozes) -> FieldStyle:
    return FieldStyle(clozes, lambda name: f"assets/{name}", target_of)


def shown(html: str, clozes: Clozes = "inline") -> str:
    return join_markdown(html_to_markdown(html, style_of(clozes)))


def edited(html: str, markdown: str, clozes: Clozes = "inline", first_free: int = 1) -> FieldEdit:
    edit = edit_field(ConvertedField(html, style_of(clozes)), markdown, READING, first_free)
    assert not edit.refusals or edit.html == html
    return edit


def replaced(
    html: str, old: str, new: str, clozes: Clozes = "inline", first_free: int = 1
) -> FieldEdit:
    """The page, with one piece of text replaced in it."""
    markdown = shown(html, clozes)
    assert old in markdown
    return edited(html, markdown.replace(old, new, 1), clozes, first_free)


WORD = '<p class="MsoNormal"><span lang="EN">Hello world<o:p></o:p></span></p><p>x</p>'
TABLE = (
    '<table border="1"><tr><td style="a">a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>'
)
SPANS = '<table><tr><td rowspan="2">a</td><td>b {{c1::x}}</td></tr><tr><td>c</td></tr></table>'
LIST = '<ul class="k"><li style="x">a</li><li>b<ul><li>c</li></ul></li></ul>'
CODE = '<pre><code class="language-py"><span class="k">def</span> f(x):\n  <i>pass</i></code></pre>'


@pytest.mark.parametrize(
    ("html", "old", "new", "wanted"),
    [
        ('<span style="color:red">H</span>ello&nbsp;w&ouml;rld', "ell", "all",
         '<span style="color:red">H</span>allo&nbsp;w&ouml;rld'),
        ('<font color="red">red text</font><br>b', "red text", "red word",
         '<font color="red">red word</font><br>b'),
        ("<div>a b</div><div>c</div>", "a b", "a bc", "<div>a bc</div><div>c</div>"),
        ("a <i>b</i> c", "*b* c", "*b* new c", "a <i>b</i> new c"),
        ('a <span style="color:red">b</span> c', "b ", "", "a c"),
        ("H<sub>2</sub>O &amp; x", "2", "3", "H<sub>3</sub>O &amp; x"),
        ("<ruby>漢<rt>かん</rt></ruby>です", "かん", "カン", "<ruby>漢<rt>カン</rt></ruby>です"),
        (WORD, "world", "moon", WORD.replace("world", "moon")),
        ('<b style="x">bold</b> word', "**bold**", "*bold*", '<i style="x">bold</i> word'),
        ("bold word", "word", "**word**", "bold <b>word</b>"),
        ('<span style="font-weight:bold">a</span> b', "**a**", "a", "a b"),
        ('<a href="http://x.y" class=q>text</a> z', "text", "txt",
         '<a href="http://x.y" class=q>txt</a> z'),
        ('<a href="http://x.y" class=q>text</a> z', "x.y", "x.z",
         '<a href="http://x.z" class=q>text</a> z'),
        ('<a href="http://x.y" class=q>text</a> z', "[text](http://x.y)", "text", "text z"),
        (TABLE, "| b |", "| bb |", TABLE.replace(">b<", ">bb<")),
        (TABLE, "| c | d |", "| c | d |\n| e | f |",
         TABLE.replace("</table>", "<tr><td>e</td><td>f</td></tr></table>")),
        (TABLE, "\n| c | d |", "", TABLE.replace("<tr><td>c</td><td>d</td></tr>", "")),
        (SPANS, "x</mark>", "xy</mark>", SPANS.replace("::x", "::xy")),
        (LIST, "- a", "- a!", LIST.replace(">a<", ">a!<")),
        (LIST, "- a", "- a\n- n", LIST.replace(">a</li>", ">a</li><li>n</li>")),
        (LIST, "\t- c", "\t- c\n\t- d", LIST.replace("<li>c</li>", "<li>c</li><li>d</li>")),
        (LIST, "\t- c", "- c", '<ul class="k"><li style="x">a</li><li>b</li><li>c</li></ul>'),
        (LIST, "- a\n", "", LIST.replace('<li style="x">a</li>', "")),
        ("<ul><li>a</li></ul>text", "- a", "- a\n\nmore", "<ul><li>a</li></ul>more<br><br>text"),
        ("<ul><li>a</li><li>b</li></ul>", "- b", "1. b", "<ul><li>a</li></ul><ol><li>b</li></ol>"),
        ("<ul><li>a</li><li>b</li></ul>", "- b", "- [ ] b",
         '<ul><li>a</li><li><input type="checkbox"> b</li></ul>'),
        (CODE, "pass", "return x", CODE.replace("pass", "return x")),
        ("<h1 id=x>A</h1>t", "### A", "#### A", "<h2 id=x>A</h2>t"),
        ("<h1 id=x>A</h1>t", "### A", "A", "A<br><br>t"),
        ("t", "t", "# x\nt", "<h1>x</h1>t"),
        ("<blockquote><div>a</div></blockquote>c", "> a", "> a\n> d",
         "<blockquote><div>a<br>d</div></blockquote>c"),
        ("a<br>c", "a", "a\n\n> [!tip]- T\n> body\n",
         f'a<br>{Callout("tip", "-").start}T</div>body</blockquote>c'),
        ("a", "a", "List<String> <u>u</u>", "List&lt;String&gt; <u>u</u>"),
        ("a", "a", "a[^1]\n\n[b]: http://x", 'a[^1]<br><br>[b]: <a href="http://x">http://x</a>'),
        (r"E [$]mc^2[/$]", "^2", "^3", r"E [$]mc^3[/$]"),
        ("<anki-mathjax>x &lt; y</anki-mathjax> z", "x <", "x_1 <",
         "<anki-mathjax>x_1 &lt; y</anki-mathjax> z"),
        ("a<br>b", "b", "$x$\n\n$$y$$", r"a<br>\(x\)<br><br>\[y\]"),
        ('<img src="a.png" style="float:left"> b', "a.png", "assets/c d.png",
         '<img src="c d.png" style="float:left"> b'),
        ('<img src="a.png" style="width: 300px; float:left">', "|300", "|400",
         '<img src="a.png" style=" float:left" width="400">'),
        ("x [sound:a.mp3]", " ![[assets/a.mp3]]", "", "x"),
        ("x", "x", "x ![[new.png|200]] ![[y.mp3]]",
         'x <img src="new.png" width="200"> [sound:y.mp3]'),
        ("x", "x", "x ![[Some page]]",
         f'x <a class="internal-embed" href="{_OPEN}Some page">Some page</a>'),
        ("x", "x", "[[P/Q#h|alias]]", f'<a href="{_OPEN}P/Q#h">alias</a>'),
        ("x", "x", "[[P#^b]] [t](My%20page.md#H) [[A & B]]", f'<a href="{_OPEN}P#^b">P#^b</a> '
         f'<a href="{_OPEN}My page#H">t</a> <a href="{_OPEN}A &amp; B">A &amp; B</a>'),
        (f'<a href="{_OPEN}P">P</a> x', "[[P]]", "[[P|p]]", f'<a href="{_OPEN}P">p</a> x'),
    ],
)  # fmt: skip
def test_an_edit_changes_what_it_says(html: str, old: str, new: str, wanted: str) -> None:
    assert replaced(html, old, new).html == wanted


@pytest.mark.parametrize(
    ("html", "old", "new", "wanted"),
    [
        ("<div>a</div><div>b</div>", "a", "a\nnew", "<div>a</div><div>new</div><div>b</div>"),
        ("<div>a</div><div>b</div>", "b", "b\n\nnew",
         "<div>a</div><div>b</div><div><br></div><div>new</div>"),
        ("<p>a</p><p>b</p>", "a", "a\n\nnew", "<p>a</p><p>new</p><p>b</p>"),
        ("a<br>b", "a", "a\n\nnew", "a<br><br>new<br>b"),
        ("a<br>b", "a", "new\na", "new<br>a<br>b"),
        ("a<br>b", "b", "b\nnew", "a<br>b<br>new"),
        ("a<br>b<br>c", "b\n", "", "a<br>c"),
        ("a<br><br>b<br><br>c", "b\n\n", "", "a<br><br>c"),
        ("a<br>b", "\nb", "", "a"),
        ("<div>a</div><div><br></div><div>b</div>", "\n\nb", "", "<div>a</div>"),
        ("a <i>b</i> c", "*b* c", "*b*\nc", "a <i>b</i><br>c"),
        ("<i>a</i><br>b", "\nb", " b", "<i>a</i> b"),
        ("<b>a<br>b</b>", "**b**", "**b**\nnew", "<b>a<br>b</b><br>new"),
        ("<b><ul><li>a</li><li>b</li></ul></b>", "- **b**", "- new\n- **b**",
         "<b><ul><li>a</li></ul></b><ul><li>new</li></ul><b><ul><li>b</li></ul></b>"),
        ('<div style="x">a</div><div>b</div><div>c</div>', "a\nb\nc", "b\nc\na",
         '<div>b</div><div>c</div><div style="x">a</div>'),
        ("<ul><li><pre><code>c</code></pre></li></ul><p>Foo</p>", "Foo", "Fox\n\n- x",
         "<ul><li><pre><code>c</code></pre></li></ul><p>Fox</p><ul><li>x</li></ul>"),
        ("", "", "a **b**\n\n- c", "a <b>b</b><ul><li>c</li></ul>"),
        ("<div><br></div>", "", "new", "new"),
        ("a", "a", "", ""),
    ],
)  # fmt: skip
def test_lines_come_and_go_as_their_neighbours_stand(
    html: str, old: str, new: str, wanted: str
) -> None:
    assert replaced(html, old, new).html == wanted


@pytest.mark.parametrize(
    ("html", "old", "new", "wanted", "added", "removed"),
    [
        ("a {{c1::b::h}} c", "==b==", "==*b* d==", "a {{c1::<i>b</i> d::h}} c", (), ()),
        ("a {{c1::b}} c", " c", " ==c== d ==e==", "a {{c1::b}} {{c5::c}} d {{c6::e}}", (5, 6), ()),
        ("a {{c7::b}} c", " c", " ==c==", "a {{c7::b}} {{c8::c}}", (8,), ()),
        ("a {{c1::b::h}} c", "==b==%%c1::h%%", "b", "a b c", (), (1,)),
        ("a {{c1::b::h}} c", "==b==", "b", "a b c", (), (1,)),
        ("a {{c1::b::h}} c d", "b==%%c1::h%% c", "b== c e", "a {{c1::b::h}} c e d", (), ()),
        ("{{c1::a}} {{c1::b}}", "==b==%%c1%%", "b", "{{c1::a}} b", (), ()),
        ("{{c1::a}}", "%%c1%%", "%%c2::hint%%", "{{c2::a::hint}}", (2,), (1,)),
        ("{{c1::a::old <b>hint</b>}} x", "old hint", "new hint", "{{c1::a::new <b>hint</b>}} x",
         (), ()),
        ("{{c1::a}}{{c2::b}}", "==a==%%c1%%==b==%%c2%%", "==ab==%%c1%%", "{{c1::ab}}", (), (2,)),
        ("a {{c1::b c::h}} d", "b c==", "b ==", "a {{c1::b::h}} d", (), ()),
        ("a {{c1::b c::h}} d", "c==%%c1::h%% d", "c\n==%%c1::h%% d", "a {{c1::b c::h}}<br>d",
         (), ()),
        ("{{c1::a {{c2::b}} c}}", "c}}", "cd}}", "{{c1::a {{c2::b}} cd}}", (), ()),
        (r"\({{c1::x}} + y\)", "x}", "x^2}", r"\({{c1::x^2}} + y\)", (), ()),
        (r"{{c1::\(a\)}}", "a", r"\frac{a}{b_{c}}", r"{{c1::\(\frac{a}{b_{c} }\)}}", (), ()),
        ("<u>{{c1::a::h}} b</u>", "a</", "ab</", "<u>{{c1::ab::h}} b</u>", (), ()),
        ("{{c1::a}}", "a", "std::x }}", "{{c1::std:&#58;x }&#125;}}", (), ()),
        ("<div>{{c1::a<br>b}}</div>", "b==", "bc==", "<div>{{c1::a<br>bc}}</div>", (), ()),
        ("{{c1::<ul><li>a</li></ul>}}", "- ==a", "- ==ab", "{{c1::<ul><li>ab</li></ul>}}", (), ()),
        ("{{c1::a}} <mark>b</mark>", "==b==", "==bc==", "{{c1::a}} <mark>bc</mark>", (), ()),
        ("a", "a", "a {{c3::b::c}}", "a {{c3::b::c}}", (3,), ()),
    ],
)  # fmt: skip
def test_clozes_keep_number_and_hint(
    html: str,
    old: str,
    new: str,
    wanted: str,
    added: tuple[int, ...],
    removed: tuple[int, ...],
) -> None:
    assert replaced(html, old, new, first_free=5 if 5 in added else 1) == FieldEdit(
        wanted, added, removed
    )


def test_where_clozes_mean_nothing_their_marks_are_text() -> None:
    edit = replaced("a", "a", "==a==%%c1%% {{c1::b}}", "none")
    assert edit == FieldEdit("<mark>a</mark>%%c1%% {{c1::b}}")


LINE = (
    'The capital of <u>France</u> is {{c1::<font color="red">Paris</font>}}, of Italy {{c2::Rome}}.'
)


@pytest.mark.parametrize(
    ("html", "old", "new", "wanted"),
    [
        (LINE, "capital", "chief city", LINE.replace("capital", "chief city")),
        (LINE, "Paris", "Lutetia", LINE.replace("Paris", "Lutetia")),
        (LINE, "of Italy", "of Italia", LINE.replace("Italy", "Italia")),
        (LINE, "## 2.", "## 7.", LINE),
        (LINE, "## 2. ", "## ", LINE),
        (LINE + "<br>x", "\n\n## 2. of Italy\n==Rome==%%c2%%.", "",
         LINE.replace(" of Italy {{c2::Rome}}.", "<br>x")),
        (LINE + "<br>x", "Rome==%%c2%%.\nx", "Rome==%%c2%%.\n\n## of Spain\n==Madrid==%%c3%%\nx",
         LINE + "<br>of Spain {{c3::Madrid}}<br>x"),
        ("<b>A b {{c1::c}}</b><br>D {{c2::e}}", "## 1. D", "## 1. Dd",
         "<b>A b {{c1::c}}</b><br>Dd {{c2::e}}"),
        (LINE + "<br>x", "of Italy\n==Rome==%%c2%%.", "of Italy ==Rome==%%c2%%.", LINE + "<br>x"),
        (LINE, "of Italy\n==Rome", "of Italy\n- ==Rome", LINE.replace(" {{c2::Rome}}.",
         "<ul><li>{{c2::Rome}}.</li></ul>")),
        ("日本の首都は{{c1::東京}}です", "首都", "都", "日本の都は{{c1::東京}}です"),
        ("日本", "日本", "## 首都は\n==東京==%%c1%%です", "首都は{{c1::東京}}です"),
        ("a", "a", "## Summary\ntext", "<h1>Summary</h1>text"),
    ],
)  # fmt: skip
def test_an_outline_is_lines_again(html: str, old: str, new: str, wanted: str) -> None:
    assert replaced(html, old, new, "outline").html == wanted


@pytest.mark.parametrize("fence", ["```", "~~~", "````"])
@pytest.mark.parametrize(
    "code", ["{0}\ncode", "{0}py\ncode", "- {0}\n  code", "{0}\na\n{0}\n\n{0}\nb"]
)
def test_code_without_an_end_is_read_or_refused_by_that_name(fence: str, code: str) -> None:
    edit = replaced("a", "a", "a\n\n" + code.format(fence))
    told = [refusal.reason for refusal in edit.refusals]
    assert (
        told == [f"this code has no end; write a line “{fence}” below it"]
        if told
        else (edit.html.count("<pre>") == code.count("{0}") // 2 + code.count("{0}") % 2)
    )


@pytest.mark.parametrize(
    ("html", "old", "new", "line"),
    [
        ("a<br>b {{c1::c}}", "==c==", "==c", 2),
        (r"a<br>\({{c1::x}} + {{c2::y}}\)", r"\boxed{x}", "x", 2),
        ("a", "a", "a\n\n[text](Other.txt)", 3),
        ("a<pre>x[sound:b.mp3]</pre>", "\n\n![[assets/b.mp3]]", "", 5),
    ],
)
def test_what_cannot_be_said_is_refused_with_line_and_reason(
    html: str, old: str, new: str, line: int
) -> None:
    edit = replaced(html, old, new)
    assert edit.html == html
    assert [refusal.line for refusal in edit.refusals] == [line]
    assert all(len(refusal.reason) > 20 for refusal in edit.refusals)


@pytest.mark.parametrize("html", PASTED)
@pytest.mark.parametrize("clozes", ALL_CLOZES)
def test_every_word_of_pasted_fields_can_be_edited_alone(html: str, clozes: Clozes) -> None:
    markdown = shown(html, clozes)
    for start, end in words_of(markdown):
        edit = edited(html, markdown[:start] + "Quux" + markdown[end:], clozes)
        assert not edit.refusals
        assert other_changes(html, edit.html, markdown[start:end], "Quux") is None


@pytest.mark.parametrize("html", PASTED)
def test_lines_of_pasted_fields_come_and_go(html: str) -> None:
    segments = [s for s in html_to_markdown(html, style_of("inline")) if s.markdown]
    for at, segment in enumerate(segments):
        apart = segment._replace(gap="\n\n")
        for text in ("A new line", "- a **new** item", "| a | b |\n| --- | --- |"):
            new = Segment("", text)
            markdown = join_markdown([*segments[:at], new, apart, *segments[at + 1 :]])
            edit = edited(html, markdown)
            if at and "…%%" in segments[at - 1].markdown:
                assert "stands within cloze" in edit.refusals[0].reason
                continue
            assert not edit.refusals
            assert plain(shown(edit.html)) == plain(markdown)
        less = [*segments[:at], *segments[at + 1 :]]
        edit = edited(html, join_markdown(less))
        if not edit.refusals:
            assert plain(shown(edit.html)) == plain(join_markdown(less))
            assert all(other.html.rstrip() in edit.html for other in less[:at][:-1])


@given(html_soup() | edited_html() | cloze_html(), st.sampled_from(ALL_CLOZES))
@example("<ul><li><code>a<br>b</code><br>word</li></ul>", "none")
@example(r"<ul><code>word<br>\(x_1 * y\)</code><b><br>\(x_1 * y\)</b></ul>", "none")
@settings(max_examples=tries(80), deadline=None)
def test_a_page_as_it_was_changes_no_byte(html: str, clozes: Clozes) -> None:
    markdown = shown(html, clozes)
    assert edited(html, markdown, clozes) == FieldEdit(html)
    again = markdown.replace("\r\n", "\n").replace("\r", "\n").replace("\n", " \r\n") + "\r\n\r\n"
    assert edited(html, again, clozes) == FieldEdit(html)


@given(
    st.lists(edited_html() | cloze_html(), min_size=1, max_size=3),
    st.sampled_from(ALL_CLOZES),
    st.integers(0, 1000),
)
@settings(max_examples=tries(80), deadline=None)
def test_a_word_edited_is_all_that_changes(parts: list[str], clozes: Clozes, at: int) -> None:
    html = "".join(f'<div style="color:red">{part}</div>' for part in parts)
    markdown = shown(html, clozes)
    spans = words_of(markdown)
    if spans:
        start, end = spans[at % len(spans)]
        edit = edited(html, markdown[:start] + "Quux" + markdown[end:], clozes)
        if not edit.refusals:
            visible = re.sub(r"<[^>]*>", "", edit.html)
            assert "Quux" in visible
            wanted = markdown[:start] + "Quux" + markdown[end:]
            assert plain(shown(edit.html, clozes)) == plain(wanted)
        if clozes != "outline" and re.fullmatch(r"[\w<>/ =\"':]*", html):
            assert other_changes(html, edit.html, markdown[start:end], "Quux") is None


def plain(markdown: str) -> str:
    """What a page says; a number may let go of the word that stood behind it."""
    text = re.sub(r"^## \d+\. ", "## ", unescape(markdown), flags=re.M)
    return canonical(text.replace("\xa0", " "))


TYPED = st.lists(
    st.sampled_from(
        ["word", " ", "\n", "\n\n", "- ", "1. ", "> ", "## 1. ", "### ", "```\n", "$", "$$", "**",
         "==", "%%c1%%", "%%", "{{c2::", "}}", "::", "[[p]]", "![[a.png]]", "[a](b)", "<u>", "</u>",
         "<x>", "<table>", "| a | b |\n", "| - | - |\n", "\\", "`", "字", "\t", "    ", "&amp;",
         "---", "[^1]: x", "\r\n", "\u2028", "\x00"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(html_soup() | edited_html() | cloze_html(), TYPED, st.integers(0, 50), st.data())
@settings(max_examples=tries(150), deadline=None)
def test_whatever_is_typed_is_in_the_field_or_refused(
    html: str, typed: str, at: int, data: st.DataObject
) -> None:
    clozes = data.draw(st.sampled_from(ALL_CLOZES))
    lines = shown(html, clozes).split("\n")
    at %= len(lines) + 1
    cut = data.draw(st.integers(0, 2))
    markdown = "\n".join([*lines[:at], typed, *lines[at + cut :]])
    edit = edited(html, markdown, clozes)
    if edit.refusals:
        assert all(refusal.line >= 1 for refusal in edit.refusals)
        return
    assert edit.html.count("word") >= html.count("word") or cut
    assert edited(edit.html, shown(edit.html, clozes), clozes).html == edit.html
    assert len(re.findall("word", shown(edit.html, clozes))) >= typed.count("word")


@pytest.mark.parametrize(
    "piece",
    [
        '<div>The <b>quick</b> <span style="color:red">fox</span> {{c1::jumps}}</div>',
        "<li>a b</li>",
        "a<br>",
        "<tr><td>a</td><td>b</td></tr>",
        r"\(x_a\) ",
        "<b>a ",
    ],
)
def test_long_fields_take_no_more_than_their_share_of_time(piece: str) -> None:
    """Time grows with length: what is quadratic, or deeply recursive, does not end here."""
    html = piece * (10_000 // len(piece))
    markdown = shown(html, "outline")
    for typed in (markdown.replace("a", "zz", 3) + "\n\nnew", markdown.replace("a", "z")):
        edit = edited(html, typed, "outline")
        assert edit.refusals or (edit.html == html) == (typed == markdown)
