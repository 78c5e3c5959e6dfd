"""The promise that reading Markdown costs what its length is, whatever marks it is filled with."""

from __future__ import annotations

from functools import partial

from ankivault.convert.to_html.markdown_to_html import markdown_to_html

from .deck import make_outcome, print_outcomes, time_work
from .vault import Outcome

FEW, GROWTH, REPEAT = 2_000, 8, 3
LINEAR_RATIO = 3.0  # of so many times the time of the short text; squared, it would be 8
MARKS = (
    "<!--", "[sound:", "_a_", "==a==", "*a ", "![[", "$a ", "\\(", "%%", "<a ", "`a", "[a](",
    "{{c1::", "}}", "https:", "~~a", "<mark>", "&", "|", "- a\n",
    "ftp://*", "a@", "> [!tip] T\n> b\n\n", "{漢字|かんじ} ", "a[^1] b^[n]\n", "^[", "[^",
)  # fmt: skip


def run_bench() -> int:
    """Measure and print the outcomes. The exit status: 0 when every promise holds."""
    return print_outcomes([_measure(mark) for mark in MARKS])


def _measure(mark: str) -> Outcome:
    short, long = (partial(markdown_to_html, mark * count) for count in (FEW, GROWTH * FEW))
    one, many = (min(time_work(work) for _ in range(REPEAT)) for work in (short, long))
    shown = " ".join(mark.split())
    name = f"Markdown: {GROWTH} × {shown} ÷ {GROWTH}"
    return make_outcome(GROWTH * FEW, name, many, GROWTH * one, LINEAR_RATIO)
