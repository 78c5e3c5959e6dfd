"""A line with a list mark is an item, however far in it stands, as in Obsidian's editor."""

from __future__ import annotations

import pytest

from ankivault.convert.to_html.markdown_to_html import markdown_to_html

from .test_field_edit import edited, shown

GOALS = "Goals:<ul><li>{{c1::Correct}}</li><li>{{c2::Timely}}</li></ul>"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("Goals:\n\t- a\n\t- b", "Goals:<ul><li>a</li><li>b</li></ul>"),
        ("Goals:\n\n    - a\n\n    - b", "Goals:<ul><li>a</li><li>b</li></ul>"),
        ("        - a\n            1. b", "<ul><li>a<ol><li>b</li></ol></li></ul>"),
        ("- a\n\t\t- b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("- a\n\n          - b", "<ul><li><p>a</p><ul><li>b</li></ul></li></ul>"),
        ("> a\n>\n>     - b", "<blockquote>a<ul><li>b</li></ul></blockquote>"),
        ("    - a\n\n          code", "<ul><li>a<pre><code>code</code></pre></li></ul>"),
        ("    code - x", "<pre><code>code - x</code></pre>"),
        ("    - - -", "<pre><code>- - -</code></pre>"),
    ],
)
def test_an_item_is_an_item_and_code_is_code(markdown: str, html: str) -> None:
    assert markdown_to_html(markdown) == html


@pytest.mark.parametrize("space", ["\t", "    ", "\t\t", "          "])
@pytest.mark.parametrize("blank", ["", "\n"])
@pytest.mark.parametrize("word", ["", " word"])
@pytest.mark.parametrize("clozes", ["inline", "outline"])
def test_an_item_moved_in_is_a_list_in_its_item(
    space: str, blank: str, word: str, clozes: str
) -> None:
    markdown = shown(GOALS, clozes).replace("- ==T", f"{blank}{space}- ==T") + word
    edit = edited(GOALS, markdown, clozes)
    assert not edit.refusals
    inner = f"<ul><li>{{{{c2::Timely}}}}{word}</li></ul></li></ul>"
    assert edit.html.replace("<p>", "").replace("</p>", "") == (
        f"Goals:<ul><li>{{{{c1::Correct}}}}{inner}"
    )


@pytest.mark.parametrize("space", ["\t", "    ", "\t\t"])
@pytest.mark.parametrize("which", ["- ==C", "- "])
def test_the_first_item_or_all_moved_in_is_no_other_list(space: str, which: str) -> None:
    markdown = shown(GOALS).replace(which, space + which)
    for blank in (markdown, markdown.replace("\n\n", "\n")):
        assert edited(GOALS, blank).html == GOALS
        assert edited(GOALS, blank + " word").html == GOALS.replace("y}}", "y}} word")
