"""Pages: ours is kept up to date, the rest is the user's to the last byte."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ankivault.convert.page.note import NoteText, PageStyle
from ankivault.convert.page.page_text import (
    BEGIN,
    END,
    DamagedPage,
    holds_user_words,
    new_index_page,
    new_page,
    replace_managed,
    split_page,
    update_page,
)
from ankivault.convert.page.properties import OwnProperties, PropertiesError
from ankivault.convert.page.render import note_title, own_properties, render_managed

NOTE = NoteText(
    note_id=1512234567890,
    guid="Hq>c3&xyz",
    deck="Book Notes::Economics",
    notetype="Cloze",
    fields=(
        ("Title", "Definition of Poverty Line"),
        ("Text", "The poverty line is defined by {{c1::a minimum income}}"),
        ("Back Extra", "See chapter 5."),
    ),
    tags=("economics::poverty",),
    cloze_fields=("Text",),
    title_field="Text",
)
STYLE = PageStyle()
MANAGED = "## Front\nwords\n\n## Back\nmore words"
OWN = OwnProperties(7, "guid", "Deck", "Basic", ("a",), None, ("words",))
PAGE = new_page(OWN, MANAGED)


def test_a_page_is_the_one_of_the_design() -> None:
    title = note_title(NOTE)
    page = new_page(own_properties(NOTE, STYLE, title), render_managed(NOTE, STYLE))
    assert (
        page
        == """\
---
anki_note_id: 1512234567890
anki_guid: "Hq>c3&xyz"
anki_deck: Book Notes::Economics
anki_note_type: Cloze
tags:
  - economics/poverty
aliases:
  - Definition of Poverty Line
---
%% anki:begin %%
## Title
Definition of Poverty Line

## 1. The poverty line is defined by
==a minimum income==%%c1%%

## Back Extra
See chapter 5.
%% anki:end %%
"""
    )


def note(*fields: tuple[str, str], cloze: tuple[str, ...] = (), sort: str = "") -> NoteText:
    return replace(NOTE, fields=fields, cloze_fields=cloze, title_field=sort, tags=())


@pytest.mark.parametrize(
    ("made", "title"),
    [
        (note(("Front", "A<br>b"), ("Back", "c")), "A b"),
        (note(("Word", "w"), ("Sort", "s"), sort="Sort"), "s"),
        (note(("Word", "w"), ("Front", "f"), sort="Word"), "f"),
        (note(("Text", "x {{c1::y::hint}}"), ("Title", "t"), cloze=("Text",), sort="Text"), "t"),
        (note(("Text", "x {{c1::y::hint}}"), ("Title", ""), cloze=("Text",), sort="Text"), "x y"),
        (note(("Front", '<img src="a.png">'), ("Hint", ""), ("Back", "b"), sort="Front"), "b"),
        (note(("Front", ""), sort="Front"), "Cloze"),
        (note(("Front", "word " * 40)), "word " * 15 + "word…"),
    ],
)
def test_the_title_of_a_note(made: NoteText, title: str) -> None:
    assert note_title(made) == title


CLOZE = "before {{c1::x}}"
OUTLINED, INLINE = "## 1. before\n==x==%%c1%%", "before ==x==%%c1%%"


@pytest.mark.parametrize(
    ("made", "managed"),
    [
        (note(("Front", "a"), ("Hint", ""), ("Back", "b")), "## Front\na\n\n## Back\nb"),
        (note(("Front", ""), ("Back", "<i></i>")), ""),
        (note(("Text", CLOZE), cloze=("Text",)), OUTLINED),
        (note(("Text", CLOZE)), "## Text\nbefore {{c1::x}}"),
        (note(("T", ""), ("U", CLOZE), ("V", CLOZE), cloze=("T", "U", "V")),
         f"{OUTLINED}\n\n## V\n{INLINE}"),
        (note(("T", "a"), ("U", CLOZE), cloze=("U",)), f"## T\na\n\n{OUTLINED}"),
        # Nothing in it tells where the field begins: it needs its heading.
        (note(("T", "a"), ("U", "no cloze"), cloze=("U",)), "## T\na\n\n## U\nno cloze"),
        (note(("U", CLOZE), ("1. x", "a"), cloze=("U",)), f"## U\n{INLINE}\n\n## 1. x\na"),
        (note(("#a *b* C#", "a")), "## \\#a \\*b\\* C\\#\na"),
    ],
)  # fmt: skip
def test_the_sections_of_a_note(made: NoteText, managed: str) -> None:
    assert render_managed(made, STYLE) == managed


def test_without_outline_every_field_is_a_section() -> None:
    managed = render_managed(NOTE, PageStyle("inline"))
    assert "## Text\nThe poverty line is defined by ==a minimum income==%%c1%%\n" in managed


def test_tags_are_left_out_when_not_wanted_and_listed_when_they_lose_something() -> None:
    tagged = replace(NOTE, tags=("a::b", "it's"))
    own = own_properties(tagged, STYLE, "t")
    assert (own.tags, own.anki_tags) == (("a/b", "it_s"), ("a::b", "it's"))
    own = own_properties(tagged, PageStyle(include_tags=False), "t")
    assert (own.tags, own.anki_tags) == ((), None)


lines = st.lists(
    st.sampled_from(
        ["", "words", "# Heading", "---", "```", "%% mine %%", " " + BEGIN, "x " + END, "tags: x",
         "anki_note_id: 8", "- [ ] task", "\ufeff", "\u2028", "\x0c", "trailing  ", "$$"]
    ),
    max_size=6,
)  # fmt: skip
newlines = st.sampled_from(["\n", "\r\n"])


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A page that a user worked on, and the texts in it that are the user's."""
    newline = draw(newlines)
    head, tail = (newline.join(draw(lines)) for _ in range(2))
    managed = newline.join(draw(lines)).replace(END, "").replace(BEGIN, "")
    front = draw(
        st.sampled_from(
            ["", "status: mine\n", "tags: [mine, a]\n# c\n", "anki_deck: Old\n", "x: |\n  ---\n"]
        )
    ).replace("\n", newline)
    head = f"{head}{newline}" if head else ""
    body = f"{BEGIN}{newline}{managed}{newline}{END}{draw(st.sampled_from(['', newline + tail]))}"
    return f"---{newline}{front}---{newline}{head}{body}", [head, body.partition(END)[2]]


@given(pages())
def test_an_update_changes_only_what_is_ours(page: tuple[str, list[str]]) -> None:
    text, (head, tail) = page
    updated = update_page(text, OWN, None, MANAGED)
    parts, before = split_page(updated), split_page(text)
    assert (parts.head, parts.tail) == (before.head, before.tail)
    assert parts.head == head
    assert updated.endswith(END + tail)
    assert (parts.managed or "").replace("\r\n", "\n") == MANAGED
    for line in (before.front_matter or "").split("\n"):
        assert line.startswith(("anki_", "tags")) or line in updated
    if parts.newline == "\r\n":
        assert updated.count("\n") == updated.count("\r\n")
    assert update_page(updated, OWN, OWN, MANAGED) == updated
    assert replace_managed(updated, MANAGED) == updated
    emptied = update_page(updated, OWN, OWN, "")
    assert split_page(emptied).managed == ""
    assert update_page(emptied, OWN, OWN, MANAGED) == updated


@given(
    st.lists(st.sampled_from(["---", BEGIN, END, "a: 1", "x", "", "\ufeff"]), max_size=8), newlines
)
@example([BEGIN, "", "", END], "\r\n")
@example(["\ufeff---", "a: 1", "---", BEGIN, END, "x"], "\n")
def test_a_page_is_its_parts(some: list[str], newline: str) -> None:
    text = newline.join(some)
    parts = split_page(text)
    assert parts.text == text
    try:
        updated = update_page(text, OWN, None, MANAGED)
    except (DamagedPage, PropertiesError):
        return
    assert update_page(updated, OWN, OWN, MANAGED) == updated
    assert (split_page(updated).managed or "").replace("\r\n", "\n") == MANAGED


def test_markers_deleted_by_hand_come_back_above_the_users_text() -> None:
    text = PAGE.replace(f"{BEGIN}\n{MANAGED}\n{END}\n", "my words")
    assert update_page(text, OWN, OWN, MANAGED) == PAGE + "\nmy words"


def test_a_page_without_properties_gets_them() -> None:
    assert update_page("\ufeffmy words\r\n", OWN, None, "x") == (
        "\ufeff" + new_page(OWN, "x").replace("\n", "\r\n") + "\r\nmy words\r\n"
    )
    assert update_page("", OWN, None, MANAGED) == PAGE


@pytest.mark.parametrize(
    "body",
    [
        f"{END}\nx\n{BEGIN}\n",
        f"{BEGIN}\nx\n",
        f"x\n{END}\n",
        f"{BEGIN}\nx\n{END}\n{END}\n",
        f"{BEGIN}\n{BEGIN}\nx\n{END}\n",
    ],
)
def test_damaged_markers_are_said_and_nothing_is_guessed(body: str) -> None:
    text = f"---\na: 1\n---\n{body}"
    parts = split_page(text)
    assert parts.damaged
    assert parts.managed is None
    assert parts.text == text
    with pytest.raises(DamagedPage):
        update_page(text, OWN, None, MANAGED)


@pytest.mark.parametrize(
    "drawn", [f"  {END}", f"\t{END}", f"> {END}", f"> > {END}", f"| {END} |  |", f"     {END}\r"]
)
def test_an_end_that_a_formatter_drew_into_the_text_above_is_known_again(drawn: str) -> None:
    text = PAGE.replace(END, drawn) + "mine\n"
    parts = split_page(text)
    assert (parts.managed, parts.tail, parts.text) == (MANAGED, "mine\n", text)
    assert update_page(text, OWN, OWN, MANAGED) == text
    assert update_page(text, OWN, OWN, "x").replace("\r", "") == new_page(OWN, "x") + "mine\n"
    assert split_page(text.replace(drawn, f"{drawn}\n{drawn}")).damaged
    assert split_page(PAGE.replace(END, f" {END}")).damaged  # as it stands in a field


@given(st.lists(st.sampled_from([BEGIN, END, " " + END, END + " ", "x", ""]), min_size=1))
def test_no_field_can_close_the_managed_part(some: list[str]) -> None:
    shown = note(("Front", "\n".join(some)))
    managed = render_managed(shown, STYLE)
    parts = split_page(new_page(OWN, managed) + "mine")
    assert (parts.managed, parts.tail) == (managed, "mine")


@pytest.mark.parametrize(
    ("page", "holds"),
    [
        (PAGE, False),
        (PAGE + "\n  \n", False),
        (PAGE.replace("\n", "\r\n"), False),
        (PAGE.replace("Deck", "'Deck'").replace("  - a", "  - A"), False),
        (PAGE.replace("words", "other"), True),  # an alias of the user's own
        (PAGE + "my words", True),
        (PAGE.replace(BEGIN, "my words\n" + BEGIN), True),
        (PAGE.replace("tags:", "status: x\ntags:"), True),
        (PAGE.replace("  - a", "  - a\n  - mine"), True),
        (PAGE.replace("tags:", "# mine\ntags:"), True),
        (PAGE.replace("tags:", "tags: ["), True),
        (PAGE.replace(END, ""), True),
        (new_index_page(MANAGED), False),
    ],
)
def test_whether_a_page_holds_the_users_words(page: str, holds: bool) -> None:
    assert holds_user_words(page, OWN) is holds


def test_an_index_page_has_no_properties() -> None:
    page = new_index_page("- [[a]]") + "mine\n"
    assert replace_managed(page, "- [[b]]") == new_index_page("- [[b]]") + "mine\n"
