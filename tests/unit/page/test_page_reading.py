"""Reading a page back: what a person meant is read, or said to be unclear; never guessed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ankivault.convert.page.field_reading import ManagedReading, read_managed
from ankivault.convert.page.note import NoteText, PageStyle
from ankivault.convert.page.render import ConvertedNote, render_managed
from ankivault.convert.segment import join_markdown
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown

from ..html.field_html import cloze_html, edited_html, html_soup

BASIC = NoteText(
    7,
    "guid",
    "Deck",
    "Basic",
    (("Front", "front words"), ("Hint", ""), ("Back", "back<br>lines")),
    (),
)
CLOZE = replace(
    BASIC,
    notetype="Cloze",
    fields=(
        ("Title", "Poverty line"),
        ("Text", "It is defined by {{c1::an income}}, measured {{c2::yearly}}"),
        ("Extra", ""),
        ("Source", "See chapter 5."),
    ),
    cloze_fields=("Text",),
)
STYLE = PageStyle()
NAMES = [
    "Front", "Back", "front", "FRONT ", "Text", "Back Extra", "# x", "**b**", "b", "`c`", "[[l]]",
    "a_b", "<i>", "1. x", "1.", "2) y", "a # b", "C#", "&amp;", "&", "$x$", "中文", "é", "e\u0301",
    "\\", "a|b", "==m==", "%%", "- a", "> q", "---", "x:", "x",
]  # fmt: skip


def read(
    note: NoteText, *changes: tuple[str, str], style: PageStyle = STYLE, line: int = 10
) -> ManagedReading:
    text = render_managed(note, style)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return read_managed(text, line, ConvertedNote(note, style))


def fields(reading: ManagedReading) -> dict[str, str]:
    assert not reading.problems
    assert len({section.name for section in reading.sections}) == len(reading.sections)
    return {section.name: section.markdown for section in reading.sections}


@st.composite
def notes(draw: st.DrawFn, html: st.SearchStrategy[str]) -> NoteText:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    clozes = tuple(name for name in names if draw(st.booleans()))
    values = tuple((name, draw(st.just("") | html)) for name in names)
    return replace(BASIC, fields=values, cloze_fields=clozes)


styles = st.sampled_from([PageStyle("outline"), PageStyle("inline")])


@given(notes(edited_html() | cloze_html() | html_soup()), styles)
def test_a_page_nobody_touched_says_what_the_fields_say(note: NoteText, style: PageStyle) -> None:
    managed = render_managed(note, style)
    reading = read_managed(managed, 10, ConvertedNote(note, style))
    assert not reading.problems
    assert reading.emptied == ()
    styled = {each.name: each.clozes for each in ConvertedNote(note, style).sections}
    wanted = {
        name: re.sub("\r\n?", "\n", join_markdown(html_to_markdown(html, kind)))
        for name, html in note.fields
        if (kind := style.field_styles[styled.get(name, "none")])
    }
    assert fields(reading) == {name: text for name, text in wanted.items() if text}
    lines = managed.split("\n")
    for section in reading.sections:
        assert lines[section.line - 10].lstrip() == section.markdown.split("\n")[0].lstrip()


@given(notes(edited_html() | cloze_html()), styles, st.sampled_from(["\r\n", "\n\n\n", " \n"]))
def test_layout_and_line_ends_change_nothing(note: NoteText, style: PageStyle, ends: str) -> None:
    managed = render_managed(note, style)
    before = fields(read_managed(managed, 1, ConvertedNote(note, style)))
    loose = "\n" + managed.replace("\n\n", "\n\n" + ends) + "\n\n"
    found = fields(
        read_managed(
            loose.replace("\n", ends.strip(" ")[:2] or "\n"), 1, ConvertedNote(note, style)
        )
    )
    assert list(found) == list(before)
    for name, text in found.items():
        assert text.split() == before[name].split()


FRONT, BACK = "## Front\nfront words", "## Back\nback\nlines"


@pytest.mark.parametrize(
    "heading",
    ["##   Back", "## back ##", "## **Back**", "## *back*:", "## [[Back]]", "# Back", "### Back",
     "###### BACK", "## ==Back== %% mine %%", "  ## Back", "## <u>Back</u>"],
)  # fmt: skip
def test_a_heading_may_be_retyped(heading: str) -> None:
    assert fields(read(BASIC, ("## Back", heading))) == {
        "Front": "front words",
        "Back": "back\nlines",
    }


def test_sections_may_stand_in_another_order_and_new_ones_between() -> None:
    reading = read_managed(f"{BACK}\n\n## Hint\nnew\n\n{FRONT}", 10, ConvertedNote(BASIC, STYLE))
    assert [(each.name, each.markdown, each.line) for each in reading.sections] == [
        ("Back", "back\nlines", 11),
        ("Hint", "new", 15),
        ("Front", "front words", 18),
    ]
    assert reading.emptied == ()


@pytest.mark.parametrize(
    ("old", "new", "emptied"),
    [
        (BACK, "", ("Back",)),
        (BACK, "## Back", ("Back",)),
        (BACK, "## Back\n \n", ("Back",)),
        (BACK, f"{BACK}\n\n## Hint\n", ()),
        (f"{FRONT}\n\n{BACK}", "", ("Front", "Back")),
    ],
)
def test_a_field_without_text_is_empty(old: str, new: str, emptied: tuple[str, ...]) -> None:
    reading = read(BASIC, (old, new))
    assert reading.emptied == emptied
    assert set(fields(reading)) == {"Front", "Back"} - set(emptied)


@pytest.mark.parametrize(
    "text",
    ["```\n## Hint\n```", "$$\n## Hint\n$$", "<div>\n## Hint\n</div>", "- item\n  ## Hint",
     "> ## Hint", "### Other", "    ## Hint", "#Hint", "`## Hint`", "`%% a %%`", "$%%$",
     "```mermaid\n%% a\n```", "$x$%%c1,c2::hint%%",
     "<!--\n\n## Hint\n\n-->"],
)  # fmt: skip
def test_what_is_no_heading_stays_in_its_field(text: str) -> None:
    found = fields(read(BASIC, ("front words", f"front words\n\n{text}")))
    assert found == {"Front": f"front words\n\n{text}", "Back": "back\nlines"}


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("## Back\n", "", 13, "The heading of the field “Back” is gone"),
        ("\n\n## Back\nback", " back", 12, "The heading of the field “Back” is gone"),
        ("## Back", "##Back", 13, "This is no heading"),
        ("front words", "front words\n\n```", 15, "This is no heading"),
        ("front words", "front words\n<div>\n", 0, ""),
        ("\n\n## Back", "\n<div>\n## Back", 13, "This is no heading"),
        ("## Front\n", "", 10, "stands above the first heading"),
        ("## Front", "my words\n## Front", 10, "stands above the first heading"),
        ("## Back", "## Front", 13, "stands in two places"),
        ("## Back", "## Answer", 13, "Its fields are “Front”, “Hint”, “Back”"),
        ("## Back", "# Part\n\n## Back", 13, "a heading within a field begins with “###”"),
        ("## Back", "### Hint\nnew\n\n## Back", 13, "may be the heading of the field “Hint”"),
        ("## Back", "## 1. x\n\n## Back", 13, "This note has no field “1. x”"),
        ("front words", "front words\n---", 11, "Leave a blank line"),
        ("## Back", "%%\n## Back", 14, "in a comment"),
        ("front words", "front %% mine %% words", 0, ""),
        ("front words", "front words\n%%\nmine\n%%", 0, ""),
        ("lines", "lines\n\n%% mine", 17, "has no end in its field"),
        (BACK, "## Hint\nback\nlines", 14, "The heading of the field “Back” is gone"),
    ],
)
def test_what_is_unclear_is_said_with_its_line(old: str, new: str, line: int, words: str) -> None:
    reading = read(BASIC, (old, new))
    if not line:
        assert not reading.problems
        return
    assert reading.sections == ()
    assert (line, True) in [(each.line, words in each.text) for each in reading.problems]


def test_fields_may_be_edited_together() -> None:
    note = replace(
        BASIC, fields=(("Front", "What is a foo?"), ("Back", "a foo is foo"), ("C", "c"))
    )
    reading = read(note, ("What is a foo", "What is bar"), ("a foo is foo", "bar is it, a c"))
    assert fields(reading) == {"Front": "What is bar?", "Back": "bar is it, a c", "C": "c"}
    reading = read(note, ("What is a foo?", "Who?"), ("## C\nc", "## C\na foo is foo"))
    assert fields(reading)["C"] == "a foo is foo"
    reading = read(note, ("What is a foo?", "Who?"), ("## C\nc", "## C\nc\nWhat is a foo?"))
    assert [problem.line for problem in reading.problems] == [18]


def test_all_problems_are_told_at_once() -> None:
    reading = read(BASIC, ("## Front", "above\n## Front"), ("## Back", "## Answer\nx\n\n# Part"))
    assert [problem.line for problem in reading.problems] == [10, 14, 17]


def test_an_outline_is_read_with_its_numbered_headings() -> None:
    shown = fields(read(CLOZE))["Text"]
    assert shown.startswith("## 1. It is defined by\n")
    new = "## 7. and\n==more==\n\n## Source"
    assert fields(read(CLOZE, ("## Source", new))) == {
        "Title": "Poverty line",
        "Text": f"{shown}\n\n## 7. and\n==more==",
        "Source": "See chapter 5.",
    }
    alone = replace(CLOZE, fields=CLOZE.fields[1:])
    assert fields(read(alone, ("## 1.", "Above.\n\n## 1.")))["Text"] == f"Above.\n\n{shown}"
    headed = fields(read(CLOZE, ("## 1.", "## Text\nAbove.\n\n## 1.")))
    assert headed["Text"] == f"Above.\n\n{shown}"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("## 1. It is defined by\n", "", 13),
        ("## 1. It is defined by", "### 1. It is defined by", 13),
        ("## 1. It is", "## It is", 13),
        ("## Source", "## Source\n\n## 3. and\n==more==\n", 21),
        ("## Title\n", "", 10),
        ("## Source\n", "", 19),
        ("## Source", "## Text\nmore\n\n## Source", 19),
        ("## Title\nPoverty line", "## Extra\nPoverty line", 11),
    ],
)
def test_an_outline_that_ran_into_its_neighbours_is_said(old: str, new: str, line: int) -> None:
    assert line in [problem.line for problem in read(CLOZE, (old, new)).problems]


def test_names_that_look_alike_are_told_apart_when_they_are_written_exactly() -> None:
    note = replace(BASIC, fields=(("word", "a"), ("Word", "b"), ("*Word*", "c")))
    assert fields(read(note, ("\na\n", "\nx\n"))) == {"word": "x", "Word": "b", "*Word*": "c"}
    unclear = read(note, ("## word", "## WORD"))
    assert "“word” or “Word”" in unclear.problems[0].text


def test_a_line_that_says_a_marker_is_read_as_the_field_says_it() -> None:
    marker = "%% anki:end %%"
    note = replace(BASIC, fields=(("Front", f"<pre>a\n{marker}\n {marker}</pre>"), ("Back", "b")))
    reading = read(note, ("## Back\nb", "## Back\nc"))
    assert fields(reading)["Front"] == f"```\na\n{marker}\n {marker}\n```"


_SHAPES = st.sampled_from(
    ["{}", "{}<br>{}", "<ul><li>{}</li><li>{}</li></ul>", "<h2>{}</h2>{}", "<pre>{}\n## Back</pre>",
     "<table><tr><td>{}</td><td>{}</td></tr></table>", "<p>{}</p><p>{}</p>", "\\[{}\\]<br>{}",
     "<blockquote>{}</blockquote>{}", "<b>{}</b>: {}", "{} {{{{c1::{}}}}}",
     "{} {{{{c1::{}}}}} {} {{{{c2::{}}}}}", "<h1>Front</h1>{}", "{{{{c1::{}}}}} {}", "1. {}"]
)  # fmt: skip
_OWN = re.compile(r"own(\d+)x\d+")
_TYPED = re.compile(r"typed\d+")


@st.composite
def marked_notes(draw: st.DrawFn) -> NoteText:
    """A note in which every word says which field it is of."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=5, unique=True))
    values = []
    for index, name in enumerate(names):
        shape = draw(st.just("") | _SHAPES)
        words = (f"own{index}x{number}" for number in range(shape.count("{}")))
        values.append((name, shape.format(*words)))
    clozes = tuple(name for name, html in values if "{{c" in html and draw(st.booleans()))
    return replace(BASIC, fields=tuple(values), cloze_fields=clozes)


_DRESSES = ["{} #", " {}", "{}  ", "#{}", "\n{}\n", "{}:", "_{}_"]
_OPENINGS = ["```", "$$", "<div>", "<!--", "%%", "~~~", "---"]
_HEADINGS = ["## 9. x", "### x", "## other", "# top"]


class Hand:
    """A person at a page. ``heading`` is the line of some section's heading, ``at`` any line."""

    def __init__(self, draw: st.DrawFn, lines: list[str], names: list[str]) -> None:
        self.draw, self.lines, self.names = draw, lines, names

    def change(self, number: int) -> None:
        """Change one thing. What is typed anew says so, with this number."""
        headings = [i for i, line in enumerate(self.lines) if line.startswith("## ")]
        self.at = self.draw(st.integers(0, len(self.lines) - 1))
        self.borders = [*headings, len(self.lines)]
        self.heading = self.draw(st.sampled_from(headings)) if headings else self.at
        self.end = next((i for i in headings if i > self.heading), len(self.lines))
        self.typed = f"typed{number}"
        self.draw(st.sampled_from(self.CHANGES))(self)
        self.lines = "\n".join(self.lines).split("\n")

    def delete_heading(self) -> None:
        del self.lines[self.heading]

    def delete_line(self) -> None:
        del self.lines[self.at]

    def delete_section(self) -> None:
        del self.lines[self.heading : self.end]

    def dress_heading(self) -> None:
        dress = self.draw(st.sampled_from(_DRESSES))
        self.lines[self.heading] = dress.format(self.lines[self.heading])

    def shout_heading(self) -> None:
        self.lines[self.heading] = self.lines[self.heading].upper()

    def close_up_heading(self) -> None:
        self.lines[self.heading] = self.lines[self.heading].replace("## ", "##")

    def type_words(self) -> None:
        self.lines.insert(self.at, self.typed)

    def type_section(self) -> None:
        name = self.draw(st.sampled_from(self.names))
        place = self.draw(st.sampled_from(self.borders))
        self.lines.insert(place, f"\n## {name}\n{self.typed}\n")

    def type_opening(self) -> None:
        self.lines.insert(self.at, self.draw(st.sampled_from(_OPENINGS)))

    def type_heading(self) -> None:
        self.lines.insert(self.at, self.draw(st.sampled_from(_HEADINGS)))

    def close_up(self) -> None:
        self.lines = [line for line in self.lines if line.strip()]

    def move_section(self) -> None:
        section = self.lines[self.heading : self.end]
        self.delete_section()
        place = self.draw(st.sampled_from([0, len(self.lines)]))
        self.lines[place:place] = ["", *section, ""]

    CHANGES = (
        delete_heading, delete_line, delete_section, dress_heading, shout_heading,
        close_up_heading, type_words, type_section, type_opening, type_heading, close_up,
        move_section,
    )  # fmt: skip


@st.composite
def disturbed(draw: st.DrawFn) -> tuple[NoteText, PageStyle, str]:
    """A note, and its page after a person was at it."""
    note, style = draw(marked_notes()), draw(styles)
    names = [name for name, _ in note.fields]
    hand = Hand(draw, render_managed(note, style).split("\n"), names)
    for number in range(draw(st.integers(1, 4))):
        hand.change(number)
    return note, style, draw(st.sampled_from(["\n", "\r\n"])).join(hand.lines)


@given(disturbed())
def test_no_words_change_fields_in_silence(page: tuple[NoteText, PageStyle, str]) -> None:
    note, style, text = page
    reading = read_managed(text, 1, ConvertedNote(note, style))
    if reading.problems:
        assert all(1 <= problem.line <= text.count("\n") + 1 for problem in reading.problems)
        return
    found = fields(reading)
    names = [name for name, _ in note.fields]
    shown = {section.name for section in ConvertedNote(note, style).sections}
    for name, markdown in found.items():
        # A new heading amid a field's text says that what follows is another field's.
        allowed = {name} if name in shown else {name, *found}
        assert {names[int(index)] for index in _OWN.findall(markdown)} <= allowed
    told = "\n".join(found.values())
    for words in (_OWN, _TYPED):
        assert sorted(m.group() for m in words.finditer(told)) == sorted(
            m.group() for m in words.finditer(text)
        )
    assert not set(reading.emptied) & set(found)
