"""What is added on a page and taken away again leaves the field as it was, to the byte."""

from __future__ import annotations

import pytest

from .test_field_edit import edited, shown


@pytest.mark.parametrize("html", ["a<br>b", "<div>a</div><div>b</div>", "a {{c1::b}} c<br>d"])
@pytest.mark.parametrize("line", ["new\n", "\nnew\n", "new\n\n", "\nnew\n\n"])
@pytest.mark.parametrize("clozes", ["inline", "outline"])
def test_a_line_added_and_removed_again_leaves_no_trace(html: str, line: str, clozes: str) -> None:
    before = shown(html, clozes)
    first, _, last = before.rpartition("\n")
    edit = edited(html, f"{first}\n{line}{last}", clozes)
    assert not edit.refusals and "new" in edit.html
    assert edited(edit.html, before, clozes).html == html


@pytest.mark.parametrize("html", ["a word<br>b", "<div>a word</div>", "<ul><li>a word</li></ul>"])
@pytest.mark.parametrize("marks", ["**", "*", "==", "~~"])
def test_marks_put_around_a_word_come_off_again(html: str, marks: str) -> None:
    before = shown(html, "none")
    edit = edited(html, before.replace("word", f"{marks}word{marks}"), "none")
    assert edit.html != html
    assert edited(edit.html, before, "none").html == html
