"""Lines that become items, headings or lines again keep every colour that they had."""

from __future__ import annotations

import pytest

from .test_field_edit import replaced

RED = '<span style="color:red">ab</span> x'


@pytest.mark.parametrize(
    ("html", "old", "new", "wanted"),
    [
        (f"<div>{RED}</div><div>b</div>", "ab x\nb", "- ab x\n- b",
         f"<ul><li>{RED}</li><li>b</li></ul>"),
        (f"{RED}<br>b", "ab x", "### ab x", f"<h1>{RED}</h1>b"),
        (f"<h2>{RED}</h2>b", "#### ab x", "ab x", f"{RED}<br><br>b"),
        (f"<ul><li>{RED}</li><li>b</li></ul>", "- ab x\n- b", "1. ab x\n2. b",
         f"<ol><li>{RED}</li><li>b</li></ol>"),
        (f"<ul><li>{RED}</li><li>b</li></ul>", "- ab x\n- b", "ab x\nb", f"{RED}<br>b"),
        (f"<div>{RED} y</div>", "ab x y", "- ab x z", f"<ul><li>{RED} z</li></ul>"),
    ],
)  # fmt: skip
def test_another_shape_costs_no_colour(html: str, old: str, new: str, wanted: str) -> None:
    assert replaced(html, old, new, "none").html == wanted


@pytest.mark.parametrize(
    ("html", "old", "new", "wanted"),
    [
        ("<ul><li>a</li><li>b</li></ul>", "- a", "- a\n\n\tmore",
         "<ul><li>a<br><br>more</li><li>b</li></ul>"),
        ("<ul><li>a</li><li>b</li></ul>", "- b", "- b\n  more",
         "<ul><li>a</li><li>b<br>more</li></ul>"),
        ("<div>a</div><div>b</div>", "a\n", "a\n    more\n",
         "<div>a</div><div>more</div><div>b</div>"),
    ],
)  # fmt: skip
def test_what_is_indented_belongs_to_what_stands_above(
    html: str, old: str, new: str, wanted: str
) -> None:
    assert replaced(html, old, new, "none").html == wanted
