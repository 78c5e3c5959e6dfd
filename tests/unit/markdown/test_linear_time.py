"""Reading Markdown costs what its length is, whatever a person or a joker fills it with."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from ankivault.convert.markdown.canonical import canonical
from ankivault.convert.to_html.markdown_to_html import markdown_to_html

MARKS = (
    "<!--", "<!-- ", "<!--\n", "[sound:", "[sound:a ", "[latex]", "[$]", "<anki-mathjax>", "_a_",
    "_*a", "*a_", "*", "*a ", "a* ", "**a", "==", "==a ", "==a==", "==a==%%c1%%", "~~a", "![[",
    "![[a", "[[", "[[a]]", "$", "$a ", "$$a\n", "\\(", "\\(a ", "\\[\n", "%%", "%% ", "%%a ",
    "%%\n", "%%c1", "<a", "<a ", "<a b=\"", "`", "`a", "[", "[a", "]", "[a](", "[a][b]", "![a](",
    "[a]: b\n", "[^a]: b\n", "{{c1::", "{{c1::a}}", "}}", "https:", "https://a ", "<https://a",
    "<mark", "<mark>", "&", "&amp;", "|", "|a\n", "- a\n", "1. a\n", "> a\n", "# a\n", "a\n=\n",
    "ftp://*", "www.a@b.c*", "https://a.b/(*", "a@", "https://a.b/x ", "> [!tip] T\n> b\n\n",
    "> [!tip] b\n", "> [!", "{漢字|かんじ} a\n", "{{c1::{漢|かん}}}\n", "{漢|か} {漢\n",
    "a[^1] b^[n]\n", "^[", "[^1]: x\n", "^[^[a]] ", "[^",
    "<b>", "</b>", "<div>\n", "<!", "<?", "<![CDATA[", "```\n", "\\", "\\*", "a\n",
)  # fmt: skip


def count_lines(call: Callable[[str], object], text: str) -> int:
    """How many lines of Python are run."""
    lines = 0

    def trace(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call(text)
    finally:
        sys.settrace(before)
    return lines


@pytest.mark.parametrize("mark", MARKS)
def test_five_times_the_text_takes_five_times_the_steps(mark: str) -> None:
    for call in (markdown_to_html, canonical):
        call(mark)
        short, long = (count_lines(call, mark * count) for count in (100, 500))
        assert long < 5 * short * 1.15 + 500
