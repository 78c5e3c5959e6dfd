"""A field edited in Anki and on its page: both sides' words stay, or a person is asked."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ankivault.convert.edit.field_edit import edit_field
from ankivault.convert.edit.field_merge import (
    FieldMerge,
    SegmentConflict,
    merge_field,
    resolve_field,
)
from ankivault.convert.field_style import Clozes, FieldStyle
from ankivault.convert.markdown.canonical import canonical
from ankivault.convert.segment import join_markdown
from ankivault.convert.to_markdown.converted_field import ConvertedField
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown
from ankivault.convert.vault_names import VaultNames

from ...stress import tries
from ..html.field_html import cloze_html, edited_html, html_soup

READING = VaultNames(lambda target: target, lambda target: "")
CHOICES: tuple[Literal["anki", "obsidian", "both"], ...] = ("anki", "obsidian", "both")


def shown(html: str, clozes: Clozes = "inline") -> str:
    return join_markdown(html_to_markdown(html, FieldStyle(clozes)))


def merged(base: str, anki: str, markdown: str, clozes: Clozes = "inline") -> FieldMerge:
    field = ConvertedField(base, FieldStyle(clozes))
    return merge_field(field, field.having(anki), markdown, READING)


def resolved(base: str, anki: str, markdown: str) -> list[str]:
    field = ConvertedField(base, FieldStyle("inline"))
    now = field.having(anki)
    return [resolve_field(field, now, markdown, READING, side).html for side in CHOICES]


BASE = '<div style="x">one</div><div>two</div><div>three</div>'


@pytest.mark.parametrize(
    ("anki", "markdown", "wanted"),
    [
        (BASE.replace("two", "TWO"), "one\ntwo\n3",
         '<div style="x">one</div><div>TWO</div><div>3</div>'),
        (BASE.replace("x", "y"), "uno\ntwo\nthree", BASE.replace("x", "y").replace("one", "uno")),
        (BASE + "<div>four</div>", "zero\none\ntwo\nthree",
         f'<div>zero</div>{BASE}<div>four</div>'),
        (BASE + "<div>four</div>", "one\ntwo\nthree\nfive",
         f'{BASE}<div>four</div><div>five</div>'),
        (BASE + "<div>four</div>", "one\ntwo\nthree\nfour", BASE + "<div>four</div>"),
        (BASE.replace("<div>two</div>", ""), "one\ntwo\n3", '<div style="x">one</div><div>3</div>'),
        (BASE.replace("<div>two</div>", ""), "two\nthree", "<div>three</div>"),
        (BASE.replace("two", "TWO"), "one\nTWO\nthree", BASE.replace("two", "TWO")),
        (BASE.replace("two", "<u>two</u>"), "one\ntwo\nthree\n\n- x",
         BASE.replace("two", "<u>two</u>") + "<ul><li>x</li></ul>"),
    ],
)  # fmt: skip
def test_edits_of_different_lines_are_both_kept(anki: str, markdown: str, wanted: str) -> None:
    assert merged(BASE, anki, markdown) == FieldMerge(wanted)
    assert resolved(BASE, anki, markdown) == [wanted] * 3


@pytest.mark.parametrize(
    ("anki", "markdown", "conflict", "both"),
    [
        (BASE.replace("two", "TWO"), "one\n2\nthree", ("two", "TWO", "2"),
         BASE.replace("two", "TWO</div><div>2")),
        (BASE.replace("<div>two</div>", ""), "one\n2\nthree", ("two", "", "2"),
         BASE.replace("two", "2")),
        (BASE.replace("two", "TWO"), "one\nthree", ("two", "TWO", ""), BASE.replace("two", "TWO")),
    ],
)  # fmt: skip
def test_edits_of_the_same_line_are_for_a_person_to_settle(
    anki: str, markdown: str, conflict: tuple[str, str, str], both: str
) -> None:
    assert merged(BASE, anki, markdown) == FieldMerge(anki, (SegmentConflict(*conflict),))
    ours, theirs, all_of_it = resolved(BASE, anki, markdown)
    assert ours == anki
    assert shown(theirs) == markdown
    assert all_of_it == both


def test_other_edits_are_carried_over_beside_a_conflict() -> None:
    anki = BASE.replace("two", "TWO")
    merge = merged(BASE, anki, "one\n2\n3")
    assert merge.html == anki.replace("three", "3")
    assert merge.conflicts == (SegmentConflict("two", "TWO", "2"),)


def test_without_a_base_what_differs_is_a_conflict() -> None:
    merge = merged("", "a<br>b", "a\nc")
    assert merge == FieldMerge("a<br>b", (SegmentConflict("", "a\nb", "a\nc"),))
    assert resolved("", "a<br>b", "a\nc") == ["a<br>b", "a<br>c", "a<br>b<br><br>c"]
    assert merged("", "a<br>b", "a  \n\nb") == FieldMerge("a<br>b")
    assert merged("", "", "a") == FieldMerge("a")


def test_clozes_and_outlines_merge_like_any_lines() -> None:
    base = "The sun is {{c1::hot}}.<br>The moon is {{c2::cold}}."
    anki = base.replace("hot", "very hot")
    markdown = shown(base, "outline").replace("cold", "icy") + "\n\n## 3. Mars is\n==red=="
    merge = merged(base, anki, markdown, "outline")
    assert merge == FieldMerge(
        "The sun is {{c1::very hot}}.<br>The moon is {{c2::icy}}.<br>Mars is {{c3::red}}",
        clozes_added=(3,),
    )


def test_lines_side_by_side_merge_one_by_one() -> None:
    base = "A is {{c1::x}}.<br>B is {{c2::y}}.<br>C is {{c3::z}}."
    markdown = shown(base, "outline").replace("A is", "An").replace("B is", "Bn").replace("C", "D")
    merge = merged(base, base.replace("B is", "Be"), markdown, "outline")
    assert merge.html == "An {{c1::x}}.<br>Be {{c2::y}}.<br>D is {{c3::z}}."
    assert [(c.anki, c.page) for c in merge.conflicts] == [
        ("## 2. Be\n==y==%%c2%%.", "## 2. Bn\n==y==%%c2%%.")
    ]


HTML = edited_html() | cloze_html() | html_soup()


@given(HTML, HTML, st.sampled_from(["none", "inline", "outline"]))
@example("0<div>0<ul>0", "0<ul>0<ul>0", "none")
@settings(max_examples=tries(60), deadline=None)
def test_one_sides_edit_is_the_result(base: str, other: str, clozes: Clozes) -> None:
    assert merged(base, other, shown(base, clozes), clozes) == FieldMerge(other)
    assert merged(base, other, shown(other, clozes), clozes) == FieldMerge(other)
    edit = edit_field(ConvertedField(base, FieldStyle(clozes)), shown(other, clozes), READING)
    merge = merged(base, base, shown(other, clozes), clozes)
    assert not merge.conflicts
    assert (merge.html, merge.refusals) == (edit.html, edit.refusals)


LINES = st.lists(st.sampled_from(["ab", "cd", "ef", "- gh", "- ij", "> kl"]), max_size=5)


@given(LINES, LINES, LINES)
@settings(max_examples=tries(150), deadline=None)
def test_no_word_that_either_side_wrote_gets_lost(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    """Words that only one side has are in the result, or in a conflict that names them."""
    new_ours = [re.sub(r"(\w)$", r"\1X", line) if number % 2 else line
                for number, line in enumerate(ours)]  # fmt: skip
    new_theirs = [re.sub(r"(\w)$", r"\1Y", line) if number % 2 == 0 else line
                  for number, line in enumerate(theirs)]  # fmt: skip
    before, anki = (field_of(lines) for lines in (base, new_ours))
    markdown = "\n\n".join(new_theirs)
    merge = merged(before, anki, markdown)
    assert not merge.refusals
    said = " ".join([shown(merge.html), *(f"{c.anki} {c.page}" for c in merge.conflicts)])
    for word in re.findall(r"\w+[XY]", " ".join([anki, markdown])):
        assert word in said
    for side, html in zip(CHOICES, resolved(before, anki, markdown)):
        words = re.findall(r"\w+X", anki) if side != "obsidian" else []
        words += re.findall(r"\w+Y", markdown) if side != "anki" else []
        assert set(words) <= set(re.findall(r"\w+", shown(html)))
    if not merge.conflicts:
        assert canonical(shown(merge.html)) == canonical(shown(resolved(before, anki, markdown)[2]))


def field_of(lines: list[str]) -> str:
    return edit_field(ConvertedField("", FieldStyle("inline")), "\n\n".join(lines), READING).html
