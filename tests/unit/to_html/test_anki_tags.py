"""What looks like Anki's tag for a sound or LaTeX, and is words, stays words in Anki."""

from __future__ import annotations

import pytest

from ankivault.convert.html.media_names import media_names
from ankivault.convert.html.tokens import LATEX, MATH, SOUND, tokenize
from ankivault.convert.to_html.markdown_to_html import markdown_to_html

from ..edit.test_field_edit import edited, shown

WORDS = [
    "\\[sound:x.mp3\\]",
    "\\[sound:x.mp3]",
    "[sound:x.mp3\\]",
    "[sound\\:x.mp3]",
    "[sound:a\\].mp3]",
    "\\[SOUND:x.mp3]",
    "\\[\\[sound:x.mp3\\]\\]",
    "**\\[sound:x.mp3\\]**",
    "- \\[sound:x.mp3\\]",
    "[\\[sound:x.mp3\\]](http://x.y)",
    "`[sound:x.mp3]`",
    "```\n[sound:x.mp3]\n```",
    "<u>&#91;sound:x.mp3]</u>",
    "| \\[sound:x.mp3\\] |\n| --- |\n| x |",
    "\\[latex]x[/latex]",
    "[\\$]x[/\\$]",
]


@pytest.mark.parametrize("markdown", WORDS)
def test_words_are_no_tag(markdown: str) -> None:
    html = markdown_to_html(markdown)
    assert not {SOUND, LATEX, MATH} & {token.kind for token in tokenize(html, True)}
    assert media_names(html) == ()
    assert markdown_to_html(shown(html)) == html
    edit = edited("word", markdown)
    assert edit.html == html and not edit.refusals
    again = edited(f"a<br>b<br>{html}", shown(f"a<br>b<br>{html}").replace("a", "c", 1))
    assert again.html == f"c<br>b<br>{html}"


@pytest.mark.parametrize(
    "html",
    ["&#91;sound:x.mp3]", "[sound:x.mp3&#93;", "[sound<b></b>:x.mp3]", "[sound:<b>x</b>.mp3]"],
)
def test_words_of_a_field_are_words_on_the_page(html: str) -> None:
    field = f"a {html} b"
    assert "![[" not in shown(field)
    assert media_names(markdown_to_html(shown(field))) == ()
    assert edited(field, shown(field).replace(" b", " c")).html == f"a {html} c"


@pytest.mark.parametrize("typed", ["[sound:x.mp3]", "![[x.mp3]]"])
def test_a_sound_is_one_however_it_is_typed(typed: str) -> None:
    assert edited("a b", f"a {typed} b").html == "a [sound:x.mp3] b"
