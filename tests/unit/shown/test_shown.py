"""Texts as people look at them in a preview: like Obsidian's, safe, and with changes marked."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ankivault.convert.shown.page import show_change, show_text
from ankivault.convert.shown.safe_html import show_safely
from ankivault.convert.shown.words import mark_changes

PAGE = """---
anki_deck: Economics
tags:
  - money
  - poverty
---
%% anki:begin %%
## The poverty line
==a minimum income==%%c1::what%% and **bold** $x^2$ [[Some page|here]]
![[map.png|200]] ![[talk.mp3]]

> [!tip] Remember
> this

- [x] done

| a | b |
|---|---|
| 1 | 2 |

%%nobody sees this%%
%% anki:end %%

My own words.
"""


def picture(name: str) -> str:
    return f"/{name}" if name != "missing.png" else ""


def test_a_page_is_shown_as_obsidian_shows_it() -> None:
    shown = show_text(PAGE, "page", picture)

    for part in (
        "<tr><th>tags</th><td>money, poverty</td></tr>",
        "<h2>The poverty line</h2>",
        '<mark class="cloze">a minimum income<sup class="number">c1 what</sup></mark>',
        "<b>bold</b>",
        '<span class="formula">\\(x^2\\)</span>',
        'class="link" title="Some page">here</a>',
        '<img src="/map.png" alt="map.png" width="200">',
        '<span class="sound">♪ talk.mp3</span>',
        '<blockquote class="callout"',
        "<li>☑ done</li>",
        "<td>2</td>",
        "My own words.",
    ):
        assert part in shown, part
    assert "nobody sees" not in shown and "anki:begin" not in shown


def test_changed_words_are_marked_also_in_headings_cells_and_lists() -> None:
    after = PAGE.replace("The poverty line", "The new line").replace("| 1 |", "| one |")
    after = after.replace("done", "really done").replace("x^2", "x^3").replace("map", "plan")

    shown = show_change(PAGE, after, "page", picture)

    assert shown.before and shown.after
    assert "<h2>The <del>poverty</del> line</h2>" in shown.before
    assert "<h2>The <ins>new</ins> line</h2>" in shown.after
    assert "<td><del>1</del></td>" in shown.before and "<td><ins>one</ins></td>" in shown.after
    assert "<ins>really</ins> done" in shown.after
    folded = '<details class="properties"><summary>'  # no property differs
    assert shown.before.startswith(folded) and shown.after.startswith(folded)
    assert '<ins><span class="formula">\\(x^3\\)</span></ins>' in shown.after
    assert '<ins><img src="/plan.png"' in shown.after


def test_a_mark_that_changes_shows_on_its_words() -> None:
    shown = show_change("a word here", "a **word** here", "markdown", picture)
    assert shown.after == "a <b><ins>word</ins></b> here"


def test_nothing_of_a_note_runs_or_asks_the_network() -> None:
    shown = show_safely(
        '<script>alert(1)</script><img src="http://evil/x.png" onerror=alert(1)>'
        '<a href="javascript:alert(1)" onclick=x>a</a><iframe src=http://evil></iframe>'
        '<p style="background:url(http://evil/y);color:red" onload=x>b</p><svg onload=x></svg>'
        '<link href=//evil rel=stylesheet><meta http-equiv=refresh><style>@import "x"</style>'
        "<form action=//evil><input name=a><button>c</button></form><b x='>'<i>unclosed",
        lambda name: "" if "//" in name else name,
    )
    tags = re.findall(r"<[^>]*>", shown)
    assert {re.sub(r"\W.*", "", tag[1:]) for tag in tags if tag[1] != "/"} <= {
        "a", "b", "i", "p", "span",
    }  # fmt: skip
    for tag in tags:
        assert not re.search(r"\s(?:on\w+|href|src|action)=", re.sub(r'"[^"]*"', '""', tag)), tag
        assert "url(" not in tag and "javascript" not in re.sub(r'title="[^"]*"', "", tag)
    assert '<p style="color: red">b</p>' in shown


MARKUP = st.lists(
    st.sampled_from(
        ["<b>", "</b>", "<ul><li>", "</li>", "one", " ", "two", "{{c1::", "}}", "\\(x", "\\)", "<",
         "&lt;", "&", "<img src=a>", "<br>", "<td", ">", '"', "::", "[sound:a]", "\n", "é", "<p>"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(MARKUP, MARKUP)
def test_marks_add_nothing_but_themselves_and_cross_no_tag(before: str, after: str) -> None:
    """Whatever a field holds, it is shown with all tags closed, and marking changes no word."""
    ours, theirs = show_safely(before, picture), show_safely(after, picture)
    for each in (ours, theirs):
        assert is_balanced(each), each
    marked = mark_changes(ours, theirs)
    assert [re.sub("</?(?:ins|del)>", "", each) for each in marked] == [ours, theirs]
    assert is_balanced(marked[0]) and is_balanced(marked[1])
    assert mark_changes(ours, ours) == (ours, ours)


def is_balanced(html: str) -> bool:
    stack: list[str] = []
    for closes, name in re.findall(r"<(/?)([a-z0-9]+)[^>]*>", html):
        if name in ("img", "br", "hr"):
            continue
        if not closes:
            stack.append(name)
        elif not stack or stack.pop() != name:
            return False
    return not stack


def test_a_long_page_is_cut_until_all_is_asked_for() -> None:
    long = "line of words\n\n" * 10_000
    cut = show_change(long, long + "more", "markdown", picture)
    assert cut.is_cut and len(cut.after or "") < 100_000
    whole = show_change(long, long + "more", "markdown", picture, whole=True)
    assert not whole.is_cut and "<ins>more</ins>" in (whole.after or "")
