"""Strategies for the HTML that fields hold: what editors write, and soup."""

from __future__ import annotations

import re

from hypothesis import strategies as st

_WORDS = st.sampled_from(
    "word Foo bär (y) “q” a*b * _z_ snake_case #tag $5 == %% [[l]] [a](b) ![i] 1. - + | &lt;b&gt;"
    " &amp;amp; C\\d `t` ~~ 中文 日本。 は &nbsp; a&nbsp;b http://x.y/z_z ^id ... : 3&nbsp;kg"
    " «&nbsp;q&nbsp;» 漢字[かんじ] ! [^1] \\. &hellip; 🙂 5".split()
)
_FORMULAS = st.sampled_from(["\\(x_1 * y\\)", "\\(a|b\\)", "\\[z\\]", "\\(a &lt; b\\)"])
_EMBEDS = st.sampled_from(['<img src="p q.png">', "[sound:s.mp3]"])
_INLINE_TAGS = st.sampled_from(
    [
        *((f"<{name}>", f"</{name}>") for name in "b i em s u sub sup code mark font kbd".split()),
        ("<span style='font-weight:bold'>", "</span>"),
        ("<span style='font-style:italic;font-weight:400'>", "</span>"),
        ("<span style='color:red'>", "</span>"),
        ("<a href='http://e.x/p'>", "</a>"),
    ]
)
_BLOCK_TAGS = st.sampled_from(
    [
        *((f"<{name}>", f"</{name}>") for name in "div p blockquote h2 ul ol li".split()),
        ("<ul><li>", "</li></ul>"),
        ("<ol><li>", "</li></ol>"),
        ("<table><tr><td>", "</td><td>x</td></tr></table>"),
    ]
)
_SOUP = st.sampled_from(
    "<div> </div> <b> </b> <i> </i> <ul> <li> </ul> <ol> <table> <tr> <td> <td/colspan=2> </td>"
    " </table> <p> </p> <br> <pre> </pre> <code> </code> <u> <ruby> <rt> </ruby> <a/href=x:y>"
    " <img/src=a.png> <img/src=' <span/hidden> </span> {{c1:: {{c2,3:: :: }} \\( \\) \\[ \\]"
    " [sound:a.mp3] [latex] [/latex] [$] [/$] <!-- --> <!--> <script> </script> <h3> </h3>"
    " <blockquote> <details> <summary> <hr> <dl><dt> <dd> <audio> <video> <source/src=a.mp4>"
    " <input/type=checkbox> <anki-mathjax> </anki-mathjax> <caption> <th> <textarea> <svg>"
    ' <![CDATA[x]]> <?x?> </> </3 <3 < & &amp &#0; &#xD800; \x00 \ud800 \t \n \r <B <x/y=">"'
    " ]] [[ ``` %% == ~~ \\ ^ | # $ * _ - 1. > data:".split(" ")
)


def _text() -> st.SearchStrategy[str]:
    return st.lists(_WORDS, min_size=1, max_size=3).map(" ".join)


def _wrapped(
    tags: st.SearchStrategy[tuple[str, str]], inner: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    return st.builds(lambda tag, body: tag[0] + body + tag[1], tags, inner)


def _lines(leaves: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    nested = st.recursive(
        leaves, lambda inner: _wrapped(_INLINE_TAGS, _joined(inner)), max_leaves=6
    )
    return _joined(nested)


def _joined(pieces: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(pieces, min_size=1, max_size=3).map("".join)


def edited_html() -> st.SearchStrategy[str]:
    """Balanced HTML as an editor writes it, without clozes."""
    lines = _lines(_text() | _FORMULAS | _EMBEDS | st.just("<br>"))
    blocks = st.recursive(lines, lambda inner: _wrapped(_BLOCK_TAGS, _joined(inner)), max_leaves=4)
    return _joined(blocks)


def cloze_html() -> st.SearchStrategy[str]:
    """Lines in which clozes stand, some with formatting, hints and formulas in them.

    Without what the cloze's own syntax would change when its text is shown: backslashes and
    colons beside it, and code, in which it stays literal.
    """
    text = _text().map(lambda words: re.sub(r":(?!//)", ";", words.replace("\\", "/")))
    cloze = st.builds(
        lambda number, body, hint: f"{{{{c{number}::{body}{hint}}}}}",
        st.integers(1, 12),
        _lines(text | _FORMULAS),
        st.sampled_from(["", "", "::hint"]),
    )
    lines = _lines(text | cloze | st.just("<br>"))
    html = _joined(lines | lines.map(lambda line: f"<div>{line}</div>"))
    return html.map(lambda line: line.replace("code>", "kbd>"))


def html_soup() -> st.SearchStrategy[str]:
    """Anything at all, rich in what could break a reader of HTML."""
    pieces = _SOUP | _SOUP | st.text(max_size=3) | st.sampled_from(["x", " ", "字"])
    return st.lists(pieces, max_size=25).map("".join)
