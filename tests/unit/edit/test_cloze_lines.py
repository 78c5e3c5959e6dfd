"""A cloze over several lines: each line can be edited, and it stays one cloze, or is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankivault.convert.edit.text_edit import TextConverter
from ankivault.convert.field_style import Clozes, FieldStyle
from ankivault.convert.to_html.markdown_to_html import markdown_to_html
from ankivault.convert.to_markdown.converted_field import ConvertedField

from ...stress import tries
from .test_field_edit import edited, replaced, shown

ROLES = (
    'The <i class="x">roles</i> {{c1::<ul class="q"><li style="color:red">Referee one</li>'
    "<li><font>Illus</font></li><li>Glue</li>}}<br></ul> end"
)
CLOZES = re.compile(r"\{\{c(\d+)::")


@pytest.mark.parametrize("style", ["inline", "outline"])
@pytest.mark.parametrize(
    ("old", "new", "gone", "instead"),
    [
        ("Illus", "Illusion", "Illus", "Illusion"),
        ("Referee", "Ref", "Referee", "Ref"),
        ("end", "the end", "end", "the end"),
        ("- ==Illus==%%c1…%%\n", "", "<li><font>Illus</font></li>", ""),
        ("- ==Referee one==%%c1…%%\n", "", '<li style="color:red">Referee one</li>', ""),
        ("- ==Glue", "- ==New==%%c1...%%\n- ==Glue", "<li>Glue", "<li>New</li><li>Glue"),
        ("%%c1%%", "%%c1::hint%%", "}}", "::hint}}"),
        ("%%c1", "%%c2", "{{c1", "{{c2"),
    ],
)
def test_an_edit_of_one_line_keeps_the_html_of_all_others(
    style: Clozes, old: str, new: str, gone: str, instead: str
) -> None:
    markdown = shown(ROLES, style)
    edit = edited(ROLES, markdown.replace(old, new, -1 if new == "%%c2" else 1), style)
    assert not edit.refusals
    assert edit.html == ROLES.replace(gone, instead, 1)


@pytest.mark.parametrize("style", ["inline", "outline"])
@pytest.mark.parametrize(
    ("old", "new", "reason", "line"),
    [
        ("\n- ==Glue==%%c1%%", "", "cloze 1 has no end", 1),
        ("==Glue==%%c1%%", "==Glue==%%c2%%", "a mark of cloze 2 stands in it", 2),
        ("==Illus==%%c1…%%", "==Illus==%%c2%%", "a mark of cloze 2 stands in it", 1),
        ("==Illus==%%c1…%%", "==Illus==", "another mark stands in it", 1),
        ("==Illus==%%c1…%%", "Illus", "this text stands within cloze 1", 1),
        ("- ==Illus", "- words\n- ==Illus", "this text stands within cloze 1", 1),
        ("- ==Illus", "- {{c2::x}}\n- ==Illus", "another mark stands in it", 1),
    ],
)
def test_lines_that_do_not_fit_together_are_refused_with_their_line(
    style: Clozes, old: str, new: str, reason: str, line: int
) -> None:
    markdown = shown(ROLES, style)
    first = markdown[: markdown.index("==Illus")].count("\n") + 1
    edit = edited(ROLES, markdown.replace(old, new, 1), style)
    assert [reason in refusal.reason for refusal in edit.refusals] == [True]
    assert edit.refusals[0].line == first + line - 1


def test_neighbours_of_one_number_stay_apart_and_join_only_by_their_marks() -> None:
    two = "{{c1::a<br>b}}<br>{{c1::c<br>d}}"
    assert markdown_to_html(shown(two)) == two
    assert replaced(two, "b==%%c1%%", "b==%%c1…%%").html == "{{c1::a<br>b<br>c<br>d}}"
    assert replaced(two, "b==", "x==").html == two.replace(">b}", ">x}")
    assert replaced("{{c1::a<br>b}}", "%%c1…%%", "%%c1%%").html == "{{c1::a}}<br>{{c1::b}}"


def test_typed_clozes_hold_whole_lists() -> None:
    code = "a\n\n%%c1…%%\n\n```\nx\ny\n```\n\n%%c1%%"
    assert edited("a", code).html == "a<br><br>{{c1::<pre><code>x\ny</code></pre>}}"
    typed = "Roles\n\n- ==a==%%c1…%%\n- ==b==%%c1::which%%"
    assert edited("", typed).html == "Roles{{c1::<ul><li>a</li><li>b</li></ul>::which}}"
    part = "- ==a==%%c1…%%\n- ==b==%%c1%%\n- c"
    assert edited("", part).html == "<ul>{{c1::<li>a</li><li>b</li>}}<li>c</li></ul>"


@pytest.mark.parametrize("style", ["inline", "outline"])
def test_a_page_of_an_older_version_is_no_edit_of_its_clozes(style: Clozes) -> None:
    field = ConvertedField(ROLES + "<br>{{c2::x<br>y}}", FieldStyle(style))
    older = field.older.markdown
    assert "{{c1::" in older and "==x<br>y==%%c2%%" in older
    assert edited(field.html, older, style).html == field.html
    assert edited(field.html, older.replace("end", "ends"), style).html == field.html.replace(
        "end", "ends"
    )


def test_a_toml_text_reads_and_keeps_a_cloze_over_several_lines() -> None:
    converter = TextConverter()
    text = "- ==a==%%c1…%%\n- ==b==%%c1%%\n\nc"
    html = converter.read(text)
    assert html == "{{c1::<ul><li>a</li><li>b</li></ul>}}c"
    styled = html.replace("<li>b", '<li class="k">b')
    assert converter.push(styled, text, text.replace("a", "aa")).html == styled.replace("a<", "aa<")
    assert converter.pull(text, html, html.replace("b<", "bb<")) == text.replace("b", "bb")
    raw = "{{c1::a\n\nb}}"
    assert converter.push(converter.read(raw), raw, raw + "\n\nc").html == (
        converter.read(raw) + "<br><br>c"
    )
    refused = converter.push(html, text, text.replace("%%c1%%", "%%c1…%%")).refusal
    assert refused and "has no end" in refused.reason
    assert converter.find_loss("==a==%%c1…%%\nb")


_CODE = "{{c1::<pre>code\n  two</pre>}}<br><pre>more\n  lines</pre><br>{{c2::word}}"


_MARK_ALONE = st.sampled_from(["", "%%c1…%%", "%%c1%%", "%%c2…%%", "%%c2%%", "%%c3…%%", "%%c3%%"])


@given(_MARK_ALONE, _MARK_ALONE, _MARK_ALONE, st.sampled_from(("inline", "outline")))
@settings(max_examples=tries(150), deadline=None)
def test_no_change_of_marks_around_code_takes_a_cloze_that_is_still_marked(
    begin: str, end: str, word: str, style: Clozes
) -> None:
    markdown = shown(_CODE, style)
    pieces = re.split(r"%%c1…%%|%%c1%%|==word==%%c2%%", markdown)
    marked = ["" if not word else f"==word=={word}", ""]
    changed = "".join(map("".join, zip(pieces, [begin, end, *marked])))
    edit = edited(_CODE, changed, style)
    if edit.refusals:
        assert edit.html == _CODE
        return
    assert sorted(CLOZES.findall(edit.html)) == sorted(re.findall(r"%%c(\d)%%", changed))


@pytest.mark.parametrize("style", ["inline", "outline"])
@pytest.mark.parametrize("text", ["%%c1%%\n\n```\nx\n```", "a\n\n%%c1%%\n\n- b", "a %%c1%% b"])
def test_a_mark_typed_without_a_highlight_is_refused(text: str, style: Clozes) -> None:
    edit = edited("", text, style)
    assert edit.html == ""
    assert edit.refusals[0].line == text[: text.index("%%")].count("\n") + 1


@pytest.mark.parametrize("style", ["inline", "outline"])
@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("%%c1…%%", "%%c1%%", "this is the end of cloze 1, but no line above goes on with it"),
        ("%%c1…%%", "", "this is the end of cloze 1, but no line above goes on with it"),
        (
            "lines\n```\n\n==word==%%c2%%",
            "lines\n==word==%%c2%%\n```",
            "“%%c2%%” stands in code now, where it is text and no cloze",
        ),
    ],
)
def test_a_cloze_is_not_left_empty_and_does_not_fall_into_code(
    style: Clozes, old: str, new: str, reason: str
) -> None:
    markdown = shown(_CODE, style)
    assert markdown.count(old) == 1
    edit = edited(_CODE, markdown.replace(old, new), style)
    assert edit.html == _CODE
    assert edit.refusals[0].reason.startswith(reason)


_WORDS = st.sampled_from(
    ["one", "two <b>bold</b>", '<i class="k">three</i> four', r"\(x\)", "fünf"]
)
_PARTS = st.one_of(
    st.lists(_WORDS, min_size=1, max_size=3).map("<br>".join),
    st.lists(_WORDS, min_size=1, max_size=3).map(lambda w: "".join(f"<div>{x}</div>" for x in w)),
    st.lists(_WORDS, min_size=1, max_size=3).map(
        lambda w: '<ul class="u">' + "".join(f"<li>{x}</li>" for x in w) + "</ul>"
    ),
    _WORDS.map(lambda w: f"<blockquote>{w}</blockquote>"),
    st.just("<pre>code\n  more</pre>"),
    _WORDS.map(lambda w: f"<table><tr><td>{w}</td><td>cell</td></tr></table>"),
)
_CLOZE = st.tuples(st.integers(1, 2), st.lists(_PARTS, min_size=1, max_size=2)).map(
    lambda cloze: f"{{{{c{cloze[0]}::{''.join(cloze[1])}}}}}"
)


@given(
    st.lists(st.one_of(_CLOZE, _PARTS), min_size=1, max_size=4).map("<br>".join),
    st.sampled_from(("inline", "outline")),
    st.randoms(use_true_random=False),
)
@settings(max_examples=tries(60), deadline=None)
def test_random_edits_around_clozes_lose_and_invent_none(html: str, style: Clozes, random) -> None:  # type: ignore[no-untyped-def]
    markdown = shown(html, style)
    assert edited(html, markdown, style).html == html
    assert sorted(re.findall(r"%%c(\d)(?:::|%%)", markdown)) == sorted(CLOZES.findall(html))
    lines = markdown.split("\n")
    kinds = {_edit_a_line(lines, random) for _ in range(random.choice([1, 1, 1, 2, 3]))}
    changed = "\n".join(lines)
    edit = edited(html, changed, style)
    if edit.refusals:
        assert kinds != {"word"} and edit.html == html
        assert 1 <= edit.refusals[0].line <= len(lines)
        return
    ends = re.findall(r"%%c(\d)(?:::|%%)", changed)
    assert sorted(CLOZES.findall(edit.html)) == sorted(ends)
    again = shown(edit.html, style)
    assert edited(edit.html, again, style).html == edit.html
    if kinds == {"word"}:
        assert len(edit.html) - len(html) == len(changed) - len(markdown)


def _edit_a_line(lines: list[str], random) -> str:  # type: ignore[no-untyped-def]
    at = random.randrange(len(lines))
    kind = random.choice(["word", "remove", "add", "swap", "end", "go on", "number", "unmark"])
    if kind == "word":
        lines[at] = re.sub(r"\b(one|two|three|four|cell|code)\b", "other", lines[at], count=1)
    elif kind == "remove" and len(lines) > 1:
        del lines[at]
    elif kind == "add" and not lines[at].startswith("%%"):
        lines[at:at] = [re.sub(r"\w+(?===)", "added", lines[at])]
    elif kind == "swap":
        other = random.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == "number":
        lines[at] = re.sub(r"(?<=%%c)\d", random.choice("123"), lines[at], count=1)
    elif kind == "unmark":
        lines[at] = re.sub(r"^%%c\d[^%]*%%", "", lines[at])
    else:
        mark = ("…%%", "%%") if kind == "end" else ("%%", "…%%")
        lines[at] = re.sub(rf"(?<=c\d){mark[0]}", mark[1], lines[at], count=1)
    return str(kind)
