"""Markdown fields: what is written in Markdown is on the card, as if typed in Anki's editor."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ankivault.convert.field_style import Clozes, FieldStyle
from ankivault.convert.segment import join_markdown
from ankivault.convert.to_html.markdown_to_html import markdown_to_html
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown


def to_markdown(html: str, clozes: Clozes = "none") -> str:
    return join_markdown(html_to_markdown(html, FieldStyle(clozes=clozes)))


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("", ""),
        ("el gato", "el gato"),
        ("  spaces around \n", "spaces around"),
        ("**El gato** es *negro*.", "<b>El gato</b> es <i>negro</i>."),
        ("one\ntwo\n\nthree", "one<br>two<br><br>three"),
        ("one  \ntwo\\\nthree", "one<br>two<br>three"),
        ("~~no~~ ==yes==", "<s>no</s> <mark>yes</mark>"),
        ("`a < b  &amp;`", "<code>a &lt; b &nbsp;&amp;amp;</code>"),
        ("a < b & c > d, &amp; \\*x\\*", "a &lt; b &amp; c &gt; d, &amp; *x*"),
        ("\xa0a\xa0: \u3000b\u3000", "&nbsp;a&nbsp;: \u3000b\u3000"),
        ("a\n- b\n\t- c\n- d\n\ne", "a<ul><li>b<ul><li>c</li></ul></li><li>d</li></ul>e"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("- a\n\n  b\n\n  - c", "<ul><li>a<br><br><p>b</p><ul><li>c</li></ul></li></ul>"),
        ("- [ ] a", '<ul><li><input type="checkbox"> a</li></ul>'),
        ("- [x] a", '<ul><li><input type="checkbox" checked> a</li></ul>'),
        ("### A\ntext", "<h1>A</h1>text"),
        ("> a\n> b\n\nc", "<blockquote>a<br>b</blockquote>c"),
        ("a\n\n---\nb", "a<hr>b"),
        ("| a |\n| --- |\n| 1\\|2 |", "<table><tbody><tr><th>a</th></tr><tr><td>1|2</td></tr>"
         "</tbody></table>"),
        ("```py\na < b\n\n  x\n```", '<pre><code class="language-py">a &lt; b\n\n  x</code></pre>'),
        ("- ```\n\ta\n\t```", "<ul><li><pre><code>a</code></pre></li></ul>"),
        ("```latex\na\nb\n```", "[latex]a<br>b[/latex]"),
        ("<u>x</u> H<sub>2</sub>O", "<u>x</u> H<sub>2</sub>O"),
        ("<ruby>字<rt>じ</rt></ruby>", "<ruby>字<rt>じ</rt></ruby>"),
        ("[a](https://b.c?d=1&e=2)", '<a href="https://b.c?d=1&amp;e=2">a</a>'),
        ("https://b.c/d_e_f, x", '<a href="https://b.c/d_e_f">https://b.c/d_e_f</a>, x'),
        ("<https://b.c>", '<a href="https://b.c">https://b.c</a>'),
    ],
)  # fmt: skip
def test_markdown_looks_as_if_typed_in_anki(markdown: str, html: str) -> None:
    assert markdown_to_html(markdown) == html
    assert markdown_to_html(markdown.replace("\n", "\r\n")) == html
    assert markdown_to_html(to_markdown(html)) == html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("<div>\n*raw*\n</div>\n\nb", "<div>\n*raw*\n</div>b"),
        ("a|b\n-|:-:", '<table><tbody><tr><th>a</th><th style="text-align: center;">b</th></tr>'
         "</tbody></table>"),
        ("# A\nB\n===", "<h1>A</h1><h1>B</h1>"),
        ("[a][1]\n\n[1]: https://b.c", '<a href="https://b.c">a</a>'),
    ],
)  # fmt: skip
def test_what_reading_would_say_otherwise(markdown: str, html: str) -> None:
    assert markdown_to_html(markdown) == html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("{{c1::a_b_ *c*::hint}}", "{{c1::a_b_ <i>c</i>::hint}}"),
        ("a**{{c1::b}}**c {{c2::**d**}}e", "a<b>{{c1::b}}</b>c {{c2::<b>d</b>}}e"),
        ("{{c1::*}} and {{c2::*}}", "{{c1::*}} and {{c2::*}}"),
        ("{{c1::a {{c2::**b**}} c}}", "{{c1::a {{c2::<b>b</b>}} c}}"),
        ("{{c1::\n- a\n- *b*\n}}", "{{c1::<ul><li>a</li><li><i>b</i></li></ul>}}"),
        ("{{c1::\n| a |\n| - |\n}}", "{{c1::<table><tbody><tr><th>a</th></tr></tbody></table>}}"),
        ("`{{c1::x}}`", "<code>{{c1::x}}</code>"),
        ("```\nx = {{c1::1}}\n```", "<pre><code>x = {{c1::1}}</code></pre>"),
        ("{{c1::`f{{x}}`}}", "{{c1::<code>f{{x}&#125;</code>}}"),
        ("{{c1::a https://a.b::h}}", '{{c1::a <a href="https://a.b">https://a.b</a>::h}}'),
        ("{{c1::![[x.png]]}}", '{{c1::<img src="x.png">}}'),
        ("==x==%%c1%% ==*y*==%%c2::h < i%%", "{{c1::x}} {{c2::<i>y</i>::h &lt; i}}"),
        ("=={a}==%%c1%%", "{{c1::{a&#125;}}"),
        ('<u><mark data-cloze="2" data-hint="h">x</mark></u>', "<u>{{c2::x::h}}</u>"),
    ],
)  # fmt: skip
def test_clozes_are_whole_wherever_they_stand(markdown: str, html: str) -> None:
    assert markdown_to_html(markdown) == html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("$a_1 < b_2$ or $$x^2$$", r"\(a_1 &lt; b_2\) or \[x^2\]"),
        ("$$\na\n- b\n\n= c\n$$", "\\[\na\n- b\n\n= c\n\\]"),
        ("\\(a_1 * b_1 * c\\) [$]x_1 y_1[/$]", r"\(a_1 * b_1 * c\) [$]x_1 y_1[/$]"),
        ("it costs $5 or $6, \\$x", "it costs $5 or $6, $x"),
        (r"{{c1::$\frac{a}{b_{c}}$}}", r"{{c1::\(\frac{a}{b_{c} }\)}}"),
        (r"$x_{y_{z}} + {{c1::\frac{a}{b_{c}}}} $d", r"$x_{y_{z}} + {{c1::\frac{a}{b_{c}}}} $d"),
        (r"$x_{y_{z}} + {{c1::\frac{a}{b_{c}}}}$", r"\(x_{y_{z}} + {{c1::\frac{a}{b_{c} } }}\)"),
        (r"$\boxed{\frac{1}{2}}\boxed{y}$%%c1::h,-%%", r"\({{c1::\frac{1}{2}::h}}\boxed{y}\)"),
        ("{{c1::$5}} or {{c2::5$}}", "{{c1::$5}} or {{c2::5$}}"),
        ("**$a*b$** [x$y$](https://z)", r'<b>\(a*b\)</b> <a href="https://z">x\(y\)</a>'),
    ],
)  # fmt: skip
def test_formulas_reach_mathjax_as_they_are(markdown: str, html: str) -> None:
    assert markdown_to_html(markdown) == html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("![[my cat.png|200]]", '<img src="my cat.png" width="200">'),
        ("![[a.png|20x10]]", '<img src="a.png" width="20" height="10">'),
        ("![A \"cat\"](media/my%20cat.png)", '<img src="my cat.png" alt="A &quot;cat&quot;">'),
        ("![|50](https://a.b/c_d_.png)", '<img src="https://a.b/c_d_.png" width="50">'),
        ("*![[a_b.mp3]]* ![](x/a&b.ogg)", "<i>[sound:a_b.mp3]</i> [sound:a&amp;b.ogg]"),
        ("[sound:a_b_*c*.mp3]**x**", "[sound:a_b_*c*.mp3]<b>x</b>"),
        ("![[a.png\\|20]]|x\n-|-", '<table><tbody><tr><th><img src="a.png" width="20"></th>'
         "<th>x</th></tr></tbody></table>"),
    ],
)  # fmt: skip
def test_embeds_become_what_anki_plays_and_shows(markdown: str, html: str) -> None:
    assert markdown_to_html(markdown) == html


def test_an_embed_means_the_file_that_the_caller_says() -> None:
    names = {"pics/cat.png": "cat-1.png"}
    markdown = "![[pics/cat.png]] ![](pics/cat.png) ![[Some note]]"
    expected = '<img src="cat-1.png"> <img src="cat-1.png"> ![[Some note]]'
    assert markdown_to_html(markdown, lambda target: names.get(target, "")) == expected


def test_headings_keep_their_level_when_reading_did_not_lower_them() -> None:
    assert markdown_to_html("# A\n\n### B", lowered=0) == "<h1>A</h1><h3>B</h3>"


SOUP = (
    "a", "word", " ", "  ", "\n", "\n\n", "\t", "    ", "- ", "1. ", "> ", "# ", "```", "~~~", "$",
    "$$", "\\", "\\(", "\\)", "`", "*", "**", "_", "~~", "==", "%%c1%%", "%%", "{{c1::", "}}", "::",
    "[", "]", "(", ")", "](u)", "![", "![[a.png]]", "[[", "]]", "|", "\n| - | - |\n", "---", "<",
    "<b>", "</b>", "</div>", "<div>", '<mark data-cloze="1">', "</mark>", "<!--", "&amp;", "&#0;",
    "https://a.b/c_d", "mailto:a@b.c", "<https://x.y>", "[sound:a_b.mp3]", "[latex]", "[/latex]",
    "\\boxed{", "}", "é", "字", "\xa0", "\u3000", "\u2028", "\x00", "\ud800", "[x]: y\n", "- [x] ",
    "\r\n", "😀", "5",
)  # fmt: skip
soups = st.lists(st.sampled_from(SOUP), max_size=40).map("".join)


@given(st.one_of(soups, st.text(st.characters(), max_size=60)))
@example("> " * 2000 + "deep")
@example("".join("\t" * depth + f"- w{depth}\n" for depth in range(120)))
def test_any_text_converts_and_loses_no_cloze_or_word(text: str) -> None:
    html = markdown_to_html(text)
    assert markdown_to_html(text) == html
    if "<" not in text and "&" not in text and "]:" not in text and "|" not in text:
        assert len(re.findall(r"\{\{c1::", html)) >= text.count("{{c1::")
        assert re.findall(r"w\d+|deep", html) == re.findall(r"w\d+|deep", text)


WORDS = (
    "cat", "don't", "a_b", "x*y", "字", "(par)", "“q”", "5 &lt; 6", "&amp;", "$5", "#tag", "1.",
    "-", "==", "100%", "a&nbsp;: b", "[x](y)", "[[w]]", "{x}", "c:\\d", "https://a.b/c_d_e", "~",
)  # fmt: skip
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)


def inline(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = st.sampled_from(["b", "i", "u", "s", "code", "sub", "mark"])
    return st.one_of(
        st.tuples(tags, inside).map(lambda t: f"<{t[0]}>{t[1]}</{t[0]}>"),
        st.tuples(inside, inside).map(" ".join),
        inside.map(lambda text: "{{c1::" + text + "::hint}}"),
        words.map(lambda text: f'<a href="https://x.y/z_1">{text}</a>'),
    )


things = st.sampled_from(
    ['<img src="a b.png" width="20">', "[sound:x_y.mp3]", r"\(a_1 &lt; \frac{1}{b}\)", r"\[x|y\]"]
)  # fmt: skip
lines = st.recursive(words, inline, max_leaves=4).flatmap(
    lambda text: st.one_of(st.just(text), things.map(lambda thing: f"{text} {thing} {text}"))
)


def blocks(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inside, min_size=1, max_size=3)
    return st.one_of(
        several.map("<br>".join),
        several.map("".join),
        st.tuples(lines, lines).map("<br><br>".join),
        inside.map(lambda html: f"<div>{html}</div>"),
        st.tuples(st.sampled_from(["ul", "ol"]), several).map(
            lambda t: f"<{t[0]}>{''.join(f'<li>{item}</li>' for item in t[1])}</{t[0]}>"
        ),
        st.lists(lines, min_size=2, max_size=2).map(
            lambda cells: f"<table><tr><td>{'</td><td>'.join(cells)}</td></tr></table>"
        ),
        lines.map(lambda html: f"<h2>{html}</h2>"),
    )


@given(st.recursive(lines, blocks, max_leaves=6), st.sampled_from(["none", "inline"]))
def test_a_field_read_and_written_reads_the_same(html: str, clozes: Clozes) -> None:
    markdown = to_markdown(html, clozes)
    assert to_markdown(markdown_to_html(markdown), clozes) == markdown


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("<div>a</div>\nb\n\nc", "<div>a</div>\nb<br><br>c"),
        ("<div>\nb\n</div>c\n\nd", "<div>\nb\n</div>c<br><br>d"),
        ("- <div>a</div>\n  b\n\n  c", "<ul><li><div>a</div>\nb<br><br>c</li></ul>"),
        ("> <p>a</p>\n> b\n>\n> c", "<blockquote><p>a</p>\nb<br><br>c</blockquote>"),
        ("<hr>\nb\n\n`c`", "<hr>\nb<br><br><code>c</code>"),
        ("<div>a</div>\n{{c1::b}}\n\n{{c2::c}}", "<div>a</div>\n{{c1::b}}<br><br>{{c2::c}}"),
        ("<div>a</div>\n\nb\n\n<div>c</div>", "<div>a</div>b<div>c</div>"),
        ("<div>a</div>\nb\n\n- c", "<div>a</div>\nb<ul><li>c</li></ul>"),
    ],
)
def test_text_after_html_is_neither_glued_nor_pulled_apart(markdown: str, html: str) -> None:
    assert markdown_to_html(markdown) == html


def _gap(text: str, gap: str) -> str:
    return f"{text}{gap}"


sources = st.sampled_from(
    ["W", "<div>W</div>", "<div>", "</div>", "<b>W</b>", "**W**", "<hr>", "<br>", "==W==%%c1%%"]
    + ["- W", "> W", "`W`", "<table><tr><td>W</td></tr></table>", "<!-- x -->", "<u>", "</u>"]
)


@given(st.lists(st.builds(_gap, sources, st.sampled_from(["\n", "\n\n", "\n  "])), max_size=10))
def test_words_on_lines_of_their_own_are_never_glued(parts: list[str]) -> None:
    count = 0
    markdown = ""
    for part in parts:
        count += part.count("W")
        markdown += part.replace("W", f"w{count}w")
    html = re.sub(
        r"<!--.*?-->|</?[bu]>|</?(?:mark|code)>|\{\{c1::|\}\}", "", markdown_to_html(markdown)
    )
    words = re.findall(r"w\d+w", html)
    assert words == [f"w{number + 1}w" for number in range(count)]
    assert "ww" not in html
