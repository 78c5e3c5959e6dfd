"""A slip at the marks of a cloze means one thing, or is refused with its line."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankivault.convert.edit.text_edit import TextConverter
from ankivault.convert.field_style import Clozes

from ...stress import tries
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
    ("==X==%%c1%%", "X=="),  # the comment gone as well
    ("==X==%%c1%%", "==X"),
    ("==X==%%c1%%", "==X==%%c1%%=="),
    ("==X==%%c1%%", "====X==%%c1%%"),
    ("==X==", "==X ==y=="),
    ("==X==", "=X="),
    ("==X==", "＝＝X＝＝"),
    ("%%c1%%", "％％c1％％"),
    ("%%c1%%", "c1"),
    ("%%c1%%", "%%c"),
    ("%%c1%%", "%%c1:hint%%"),
    ("%%c1%%", "%%c1 hint%%"),
    ("==X==%%c1%%", "%%==X==%%c1%%%%"),
    ("X", "X%%"),
    ("X", "{{c1::X}}"),
    ("X", "{{c1::X"),
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
BRACES = [("{{c1::", "{c1::"), ("{{c1::", "{{c1:"), ("X}}", "X}"), ("{{c1::", "{{ c1::")]


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


@pytest.mark.parametrize("clozes", ["inline", "outline"])
@pytest.mark.parametrize("torn", ["</mark", "</ma>", "< >", ""])
def test_an_element_of_a_cloze_without_its_end_does_not_take_in_what_follows(
    torn: str, clozes: str
) -> None:
    html = "a <u>{{c1::X}}</u> b<div>{{c2::Y}} c</div>"
    markdown = shown(html, clozes)
    assert "X</mark>" in markdown
    edit = edited(html, markdown.replace("X</mark>", f"X{torn}"), clozes)
    assert edit.refusals


@pytest.mark.parametrize(("old", "new"), BRACES)
def test_a_brace_of_a_nested_cloze_that_is_gone_is_refused(old: str, new: str) -> None:
    html = "a {{c1::X}} {{c2::b {{c1::X}} c}} d"
    markdown = shown(html)
    start = markdown.index("{{c2")
    page = markdown[:start] + markdown[start:].replace(old, new, 1)
    assert page != markdown and edited(html, page).refusals


@pytest.mark.parametrize(("old", "new"), [*REFUSED[2:], ("X==%%c1%%", "X"), ("==X==", "X")])
def test_a_slip_in_a_text_outside_of_a_vault_is_refused_too(old: str, new: str) -> None:
    texts, before = TextConverter(), "日==X==%%c1%%本==Y==%%c2%%語"
    text = "One line\n\n" + before.replace(old, new)
    html = texts.read("One line\n\n" + before)
    assert texts.push(html, "One line\n\n" + before, text).refusal
    refusal = texts.find_loss(text)
    assert refusal is None or refusal.line >= 3


@pytest.mark.parametrize(("old", "new"), BRACES)
def test_a_brace_that_is_gone_outside_of_a_vault_is_refused(old: str, new: str) -> None:
    before = "a {{c1::X}} b\n{{c2::Y}}"
    edit = TextConverter().push("a {{c1::X}} b<br>{{c2::Y}}", before, before.replace(old, new, 1))
    assert edit.refusal and edit.refusal.line == 1


@pytest.mark.parametrize(
    "text",
    [
        "a == b", "a==b", "100%%", "%%note%%", "`x==`", "$a%%b$", "[x](http://a.b/?q==)",
        "==new==", r"\==x", "\n\n```\n==x %%c1\n```", "\n\n%%\n==x\n%%", "c1 is", "\n====",
    ],
)  # fmt: skip
def test_marks_that_belong_to_no_cloze_are_text(text: str) -> None:
    html = "The {{c1::X}} is {{c2::Y::hint}} end"
    edit = edited(html, f"{shown(html)} {text}")
    assert not edit.refusals and "{{c1::X}} is {{c2::Y::hint}}" in edit.html


@pytest.mark.parametrize("spaced", ["== X==", "==X ==", "== X ==", "==X== "])
def test_spaces_in_a_highlight_are_taken_back_to_the_byte(spaced: str) -> None:
    html = "The {{c1::X}} is {{c2::Y}}, {{c3::X}}"
    markdown = shown(html)
    edit = edited(html, markdown.replace("==X==", spaced))
    assert not edit.refusals and edited(edit.html, markdown).html == html


_IN_CODE = "a<br><pre>x = {{c1::one}}\ny = {{c2::two}} + {{c1::three}}</pre>{{c3::word}}<br>end"
_CODE_LINES = st.sampled_from(
    [
        "x = {{c1::one}}",
        "{{c4::z}} = 1",
        "y = {{c2::two}} + {{c1::three}}",
        "plain",
        "y = {{c2::two",
    ]
)
_RAW = re.compile(r"\{\{c(\d)::|%%c(\d)%%")


@given(st.lists(_CODE_LINES, max_size=4), st.booleans(), st.sampled_from(("inline", "outline")))
@settings(max_examples=tries(100), deadline=None)
def test_a_page_shows_the_clozes_in_code_and_the_field_has_just_those(
    lines: list[str], keeps_word: bool, clozes: Clozes
) -> None:
    """They stand there as Anki writes them: all can be edited, added and taken out."""
    markdown = shown(_IN_CODE, clozes)
    code = "x = {{c1::one}}\ny = {{c2::two}} + {{c1::three}}"
    assert code in markdown
    changed = markdown.replace(code, "\n".join(lines))
    if not keeps_word:
        changed = changed.replace("==word==%%c3%%", "")
    edit = edited(_IN_CODE, changed, clozes)
    if edit.refusals:
        assert "y = {{c2::two" in lines
        return
    assert Counter(_RAW.findall(edit.html)) == Counter(
        (number or other, "") for number, other in _RAW.findall(changed)
    )
    assert edited(edit.html, shown(edit.html, clozes), clozes).html == edit.html
