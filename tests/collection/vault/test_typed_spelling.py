"""What a person typed on a page stays as they typed it, while it means the same."""

from __future__ import annotations

import pytest

from ..conftest import Desk

SPELLINGS = {
    "see #tag and #another": "see #tag and #another",
    "costs $5 or 6 $": "costs $5 or 6 $",
    "a * b, 2_3, [ ] and [x]": "a * b, 2_3, [ ] and [x]",
    "__bold__ and _italic_": "<b>bold</b> and <i>italic</i>",
    "<b>bold</b> &amp; &lt;": "<b>bold</b> &amp; &lt;",
    "a | b ~ c = d": "a | b ~ c = d",
    "a ~~~ b, 100%": "a ~~~ b, 100%",
    "\\! and \\?": "! and ?",
}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.set(two_way=True)
    return desk


@pytest.mark.parametrize("typed", SPELLINGS)
def test_a_line_stays_as_it_was_typed(desk: Desk, typed: str) -> None:
    note_id = desk.add(Front="q", Back="one<br>two<br>#three")
    desk.sync()
    desk.retype(note_id, "two", f"{typed}\nmore")
    assert desk.sync().ok
    line = SPELLINGS[typed]
    assert desk.fields(note_id)["Back"] == f"one<br>{line}<br>more<br>#three"
    lines = f"one\n{typed}\nmore\n\\#three\n"
    assert lines in desk.page(note_id).read_text("utf-8")
    assert desk.plan().is_empty
    desk.edit(note_id, Front="#q", Back=f"one by Anki<br>{line}<br>more<br>#three")
    desk.sync()
    text = desk.page(note_id).read_text("utf-8")
    assert lines.replace("one", "one by Anki") in text and "## Front\n\\#q\n" in text
    desk.retype(note_id, "more", "more on the page")
    assert desk.sync().ok
    assert typed in desk.page(note_id).read_text("utf-8")
    assert desk.fields(note_id)["Back"] == f"one by Anki<br>{line}<br>more on the page<br>#three"
    assert desk.plan().is_empty


LAYOUTS = {
    "> c\n> - one": "<blockquote>c<ul><li>one</li></ul></blockquote>",
    "a\\": "a\\",
    "| h | i |\n| --- | --- |\n| $\\|x\\|$ | #y |": "\\(|x|\\)",
}


@pytest.mark.parametrize("typed", LAYOUTS)
def test_lines_stay_as_they_were_typed(desk: Desk, typed: str) -> None:
    note_id = desk.add(Front="q", Back="one")
    desk.sync()
    desk.retype(note_id, "\none\n", f"\n{typed}\n")
    assert desk.sync().ok
    field = desk.fields(note_id)["Back"]
    assert LAYOUTS[typed] in field
    assert f"\n{typed}\n" in desk.page(note_id).read_text("utf-8")
    assert desk.plan().is_empty
    desk.edit(note_id, Front="other")
    assert desk.sync().ok
    assert f"\n{typed}\n" in desk.page(note_id).read_text("utf-8")
    assert desk.fields(note_id)["Back"] == field and desk.plan().is_empty


def test_both_sides_edit_beside_what_was_typed(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="one<br>two<br>three")
    desk.sync()
    desk.retype(note_id, "two", "two #tag for $5")
    desk.edit(note_id, Back="one by Anki<br>two<br>three")
    assert desk.sync().ok
    assert "one by Anki\ntwo #tag for $5\nthree\n" in desk.page(note_id).read_text("utf-8")
    assert desk.fields(note_id)["Back"] == "one by Anki<br>two #tag for $5<br>three"
    assert desk.plan().is_empty


def test_what_anki_says_anew_is_written_by_its_own_rules(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="one")
    desk.sync()
    desk.retype(note_id, "one", "one #tag")
    desk.sync()
    desk.edit(note_id, Back="one #tag and #more")
    desk.sync()
    assert "one \\#tag and \\#more\n" in desk.page(note_id).read_text("utf-8")
    assert desk.plan().is_empty


def test_what_gets_a_number_or_is_no_markdown_is_written_as_obsidian_shows_it(desk: Desk) -> None:
    note_id = desk.add("D", "Cloze", Text="a {{c1::b}}<br>c<br>d<br>e #f")
    desk.sync()
    desk.retype(note_id, "\nc\nd\n", "\n==c== #g\n{{c3::d}} \\(x\\)\n")
    assert desk.sync().ok
    assert desk.fields(note_id)["Text"] == (
        "a {{c1::b}}<br>{{c4::c}} #g<br>{{c3::d}} \\(x\\)<br>e #f"
    )
    text = desk.page(note_id).read_text("utf-8")
    assert "==c==%%c4%% #g\n==d==%%c3%% $x$\ne \\#f\n" in text
    assert desk.plan().is_empty
