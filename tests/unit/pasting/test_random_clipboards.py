"""Whatever a program copies: no word is lost, and none turns into a mark of Markdown."""

from __future__ import annotations

import re
from html import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from ankivault.convert.to_html.markdown_to_html import markdown_to_html
from ankivault.ui.dynamic.pasting import read_html

from ...judges.html_text import unprotect, visible_text
from ...stress import tries

_WORDS = st.sampled_from(
    [
        "heart", "of *stars*", "a_b_c", "[[page]]", "$5 and $6", "%%no%%", "==mark==", "{{c1::x}}",
        "# no", "- no", "1. no", "> no", "| a | b |", "```", "~~no~~", "<b>",
        "&amp;", "\\", "a\\*b",
        "![[x.png]]", "[a](b)", "^ref", " http://e.org/a_b_c ", "100%", "#tag", "::", "}}", "日本",
        "---", "- [ ] no", "\u202eabc", "a\u00a0b",
    ]
)  # fmt: skip
_INLINE = st.sampled_from(
    [
        "b", "i", "em", "strong", "u", "s", "sub", "sup", "code", "span", "font", "mark", "o:p",
        "span style='font-weight:700'", "span style='font-style:italic'", "label", "kbd",
        "b style='font-weight:normal'", "a href='https://e.org/x_y'", "span class='x'", "bdi",
    ]
)  # fmt: skip
_BLOCK = st.sampled_from(
    [
        "p", "div", "h2", "blockquote", "section", "article", "p class=MsoNormal", "center",
        "ul><li", "ol><li", "table><tr><td", "pre", "pre><code", "dl><dd", "figure", "details",
    ]
)  # fmt: skip


def _close(tag: str) -> str:
    return "".join(f"</{each.split()[0]}>" for each in reversed(tag.split("><")))


@st.composite
def _clipboards(draw: st.DrawFn) -> str:
    def inline(depth: int) -> str:
        parts = []
        for _ in range(draw(st.integers(1, 3))):
            if depth and draw(st.booleans()):
                tag = draw(_INLINE)
                parts.append(f"<{tag}>{inline(depth - 1)}{_close(tag)}")
            else:
                parts.append(escape(draw(_WORDS)))
        return draw(st.sampled_from([" ", "", "\n", "<br>"])).join(parts)

    def block(depth: int) -> str:
        tag = draw(_BLOCK)
        inside = inline(2)
        if depth and not tag.startswith(("pre", "h2", "p")) and draw(st.booleans()):
            inside += block(depth - 1)
        return f"<{tag}>{inside}{_close(tag)}"

    blocks = [block(2) for _ in range(draw(st.integers(1, 3)))]
    return f"<html><body><!--StartFragment-->{''.join(blocks)}<!--EndFragment--></body></html>"


def _letters(html: str) -> str:
    return re.sub(r"\s+", "", unprotect(visible_text(html)))


@given(_clipboards())
@settings(max_examples=tries(200), deadline=None)
def test_what_is_pasted_says_what_was_copied(html: str) -> None:
    pasted = read_html(html, "")
    if pasted is None:  # nothing is formatted: the plain text is pasted
        return
    shown = markdown_to_html(pasted.write({}))
    assert _letters(shown) == _letters(html), pasted.write({})
