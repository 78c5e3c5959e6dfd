"""A slip at the marks of a cloze means one thing, or is refused with its line."""

from __future__ import annotations

import pytest

from .test_field_edit import edited, shown

FIELD = "日{{c1::X}}本{{c2::Y}}語"
AS_IT_WAS = [
    ("==X==%%c1%%", "==X=="),  # the comment gone
    ("%%c1%%", "%%c1%%%%c1%%"),
]
REFUSED = [
    ("==X==", "===="),
    ("==X==", "== =="),
    ("==X==", "X=="),
    ("==X==", "==X"),
    ("==X==", "==X==="),
    ("==X==", "====X===="),
    ("==X==%%c1%%", "%%c1%%==X=="),
    ("==X==%%c1%%", "==X%%c1%%=="),
    ("==X==%%c1%%", "==X== a %%c1%%"),
    ("==X==%%c1%%", "==X==\n%%c1%%"),
    ("==X==%%c1%%", "**==X==**%%c1%%"),
    ("%%c1%%", "%c1%%"),
    ("%%c1%%", "%%c1%"),
    ("X", "a==X"),
    ("==X==", "===X=="),
    ("==X==", "===X==="),
    *(
        ("%%c1%%", comment)
        for comment in (
            "%%%%",
            "%% %%",
            "%%c%%",
            "%%1%%",
            "%%C1%%",
            "%% c1%%",
            "%%c1 %%",
            "%%c 1%%",
            "%%::a%%",
        )
    ),
]
AMBIGUOUS = ["===new==", "==new===", "===new===", "a===b and c===d", "*===new==*", "- ===new=="]
CLEAR = [
    "a === b === c",
    "\\=​==new==".replace("​", ""),
    "==\\=new==",
    "==new==\\=",
    "&#61;==new==",
    "`===new==`",
    "$a===b==c$",
    "a\n=====",
    "===",
    "a === ==new==",
]


@pytest.mark.parametrize("clozes", ["inline", "outline"])
@pytest.mark.parametrize(("old", "new"), AS_IT_WAS)
def test_a_slip_that_means_the_same_changes_nothing(old: str, new: str, clozes: str) -> None:
    edit = edited(FIELD, shown(FIELD, clozes).replace(old, new), clozes)
    assert (edit.html, edit.refusals) == (FIELD, ())


@pytest.mark.parametrize("clozes", ["inline", "outline"])
@pytest.mark.parametrize(("old", "new"), REFUSED)
def test_a_slip_that_may_mean_several_things_is_refused(old: str, new: str, clozes: str) -> None:
    edit = edited(FIELD, shown(FIELD, clozes).replace(old, new), clozes)
    assert edit.refusals and edit.refusals[0].line >= 1


@pytest.mark.parametrize("clozes", ["inline", "outline"])
@pytest.mark.parametrize("typed", AMBIGUOUS)
def test_a_new_highlight_with_an_equals_sign_too_many_is_refused_with_its_line(
    typed: str, clozes: str
) -> None:
    html = f"a<br>{FIELD}<br>b"
    markdown = shown(html, clozes)
    lines = f"{markdown}\n{typed}"
    edit = edited(html, lines, clozes)
    assert [refusal.line for refusal in edit.refusals[:1]] == [lines.count("\n") + 1]


@pytest.mark.parametrize("typed", CLEAR)
def test_an_equals_sign_that_is_no_mark_is_text(typed: str) -> None:
    html = f"a<br>{FIELD}<br>b"
    edit = edited(html, f"{shown(html)}\n\n{typed}")
    assert not edit.refusals and edit.html.startswith(html)
    assert edit.html.count("{{c") == 2 + typed.count("new") - typed.count("`===new")


@pytest.mark.parametrize("around", ["{}", "a {} b", "a<br>{}<br>b", "<ul><li>{}</li></ul>"])
@pytest.mark.parametrize("hint", ["", "::hint"])
def test_a_cloze_that_holds_only_a_comment_shows_it(around: str, hint: str) -> None:
    cloze = "{{c1::<!--%%hid%%-->" + hint + "}}"
    html = around.format(cloze)
    assert f"==%%hid%%==%%c1{hint}%%" in shown(html)
    assert edited(f"{html}<br>x", shown(f"{html}<br>x")[:-1] + "y").html == f"{html}<br>y"
    typed = shown(html).replace("hid", "other")
    assert edited(html, typed).html == html.replace("hid", "other")
    assert edited("x", f"==%%hid%%==%%c1{hint}%%").html == cloze


@pytest.mark.parametrize("clozes", ["inline", "outline"])
def test_a_highlight_taken_out_takes_its_cloze_with_it(clozes: str) -> None:
    markdown = shown(FIELD, clozes)
    for gone in ("==X==%%c1%%", "==X=="):
        edit = edited(FIELD, markdown.replace(gone, ""), clozes)
        assert edit.refusals or edit.html == FIELD.replace("{{c1::X}}", "")
    edit = edited(FIELD, markdown.replace("==X==%%c1%%", "X%%c1%%"), clozes)
    assert edit.html == FIELD.replace("{{c1::X}}", "X")


@pytest.mark.parametrize("formula", [r"\(x\)", r"\(x\) and y", r"y \(\frac{a}{b}\)"])
def test_a_formula_in_a_cloze_loses_it_to_no_missing_mark(formula: str) -> None:
    html = f"a {{{{c1::{formula}}}}} b"
    markdown = shown(html)
    for wrong in (markdown.replace("==%%", "%%"), markdown.replace("==", "", 1)):
        assert edited(html, wrong).refusals


@pytest.mark.parametrize("clozes", ["inline", "outline"])
@pytest.mark.parametrize("first", ["{{c1::X::a hint}}", "{{c1::X}}", r"{{c1::\(x\)::hint}}"])
@pytest.mark.parametrize("second", ["{{c2::Y::a hint}}", r"{{c2::\(y\)}}", "{{c1::Y::hint}}"])
def test_a_comment_without_its_end_takes_no_other_cloze_along(
    first: str, second: str, clozes: str
) -> None:
    html = f"a {first} b {second} c"
    markdown = shown(html, clozes)
    for comment in ("%%c1::a hint%%", "%%c1%%", "%%c1::hint%%"):
        for end in ("%", ""):
            if comment in markdown:
                wrong = markdown.replace(comment, comment[:-2] + end, 1)
                assert edited(html, wrong, clozes).refusals


def test_a_cloze_that_the_page_does_not_show_is_not_dropped() -> None:
    html = "a <b {{c2::Y}} x> bold</b> {{c1::Z}}"
    assert "c2" not in shown(html)
    edit = edited(html, shown(html).replace("bold", "**bold** *x*").replace("a ", "", 1))
    assert edit.refusals or "{{c2::Y}}" in edit.html
    table = "<table><tr><td>a <b {{c2::Y}} x>b</b></td></tr></table>{{c1::Z}}"
    edit = edited(table, "b\n\n==Z==%%c1%%")
    assert edit.refusals or "{{c2::Y}}" in edit.html
