"""The last check: what a text still shows has to be in the field that was made of it."""

from __future__ import annotations

import pytest

from ankivault.convert.edit.losses import find_shown, refuse_losses
from ankivault.convert.to_html.markdown_to_html import markdown_to_html


@pytest.mark.parametrize(
    ("markdown", "html", "line"),
    [
        ("a\n\n    - ==x==%%c2%%", "a<pre><code>- ==x==%%c2%%</code></pre>", 3),
        ("==a==%%c1%%\n\n\t- ==x==%%c2%%", "{{c1::a}}<pre><code>- ==x==%%c2%%</code></pre>", 3),
        ("==$x$%%c1%%", r"==\(x\)", 1),
        ("====%%c1%%", "x", 1),
        (r"a" "\n" r"$\boxed{x}+\boxed{y}$%%c1,c2::h%%", r"a<br>\({{c1::x}}+y\)", 2),
        ("{{c1::a}}\n{{c3::b}}", "{{c1::a}}<br>b", 2),
        ("    ![[a.png]]", "<pre><code>![[a.png]]</code></pre>", 1),
        ("a\n\n    ![x](a.png)", "a<pre><code>![x](a.png)</code></pre>", 3),
        ("a\n\n    [x](http://x.y)", "a<pre><code>[x](http://x.y)</code></pre>", 3),
        ("[[P]]\n\n    - [[Q]]", '<a href="x">P</a><pre><code>- [[Q]]</code></pre>', 3),
        ("![[a.png]] ![[b.png]]", '<img src="a.png">', 1),
        ("[sound:a.mp3]", "", 1),
    ],
)
def test_what_is_shown_and_would_be_gone_is_refused(markdown: str, html: str, line: int) -> None:
    refusal = refuse_losses(markdown, html, True)
    assert refusal is not None and refusal.line == line
    assert "would be gone in Anki" in refusal.reason


@pytest.mark.parametrize(
    "markdown",
    [
        "```\n==x==%%c2%% ![[a.png]] [[P]] [a](b)\n```",
        "- a\n\n\t```py\n\t- ==x==%%c2%%\n\t```",
        "- ~~~\n  ![[a.png]]\n  ~~~",
        "> ```\n> [x](http://x.y)\n> ```",
        "`==x==%%c2%%` and ``![[a.png]]`` and `[[P]]`",
        r"\==x\==%%c2%% \[a](b) \[[P]]",
        "a == b",
        "x%%c1%%",
        "<!-- ![[a.png]] -->",
        "a\n\n%% [[P]] %%",
        "[^1] and a[0](1 of it",
    ],
)
def test_code_on_purpose_and_what_is_hidden_show_nothing(markdown: str) -> None:
    assert refuse_losses(markdown, "", True) is None


@pytest.mark.parametrize(
    "markdown",
    [
        "==x==%%c2%% {{c1::a}} ==y==%%c1,3::hint%%",
        r"$\boxed{x}+\boxed{y}$%%c1,c2::h%%",
        "==$x$==%%c1%%",
        "![[a.png|200]] ![b](c.png) [sound:x.mp3] [[P]] [x](http://x.y) <https://x.y>",
        "a\n- ==x==%%c1%%\n\t- [a](b.md)",
        "| ==a==%%c1%% | [[P]] |\n| --- | --- |\n| ![[a.png]] | x |",
        "**==x==%%c1%%** ==**y**==%%c2%%",
    ],
)
def test_what_is_written_as_shown_is_not_refused(markdown: str) -> None:
    assert find_shown(markdown, True)
    assert refuse_losses(markdown, markdown_to_html(markdown), True) is None


def test_where_clozes_mean_nothing_none_is_lost() -> None:
    assert refuse_losses("==x==%%c2%%", "x", False) is None


def test_what_was_lost_before_the_edit_is_no_news() -> None:
    before = ("    [[P]]\n\na", "<pre><code>[[P]]</code></pre>a")
    assert refuse_losses("    [[P]]\n\nab", "<pre><code>[[P]]</code></pre>ab", True, before) is None
