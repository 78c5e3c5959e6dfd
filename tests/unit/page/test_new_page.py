"""Pages that a person wrote for a note that is not there yet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ankivault.convert.page.field_reading import read_managed
from ankivault.convert.page.new_page import NewPage, read_new_page
from ankivault.convert.page.note import NoteText, PageStyle
from ankivault.convert.page.page_text import BEGIN, END
from ankivault.convert.page.render import ConvertedNote

BASIC = NoteText(0, "", "", "Basic", (("Front", ""), ("Back", ""), ("Hint", "")), ())
CLOZE = NoteText(0, "", "", "Cloze", (("Text", ""), ("Extra", "")), (), ("Text",))
TITLED = replace(CLOZE, fields=(("Title", ""), *CLOZE.fields))
STYLE = PageStyle()
FRONT_MATTER = "---\nanki_note_type: X\n---\n"


def read(body: str, note: NoteText = BASIC, properties: str = "") -> NewPage:
    text = FRONT_MATTER.replace("---\n", f"---\n{properties}", 1) + body
    return read_new_page(text, "A *page*", note, STYLE)


def fields(page: NewPage) -> dict[str, str]:
    assert not page.problems
    return {section.name: section.markdown for section in page.sections}


NAME = "A \\*page\\*"


@pytest.mark.parametrize(
    ("body", "note", "found"),
    [
        ("## Front\nq\n\n## Back\na\n", BASIC, {"Front": "q", "Back": "a"}),
        ("## back\r\na\r\n## FRONT\r\nq\r\n", BASIC, {"Back": "a", "Front": "q"}),
        ("## Front\nq\n## Back\n", BASIC, {"Front": "q"}),
        ("## Front\n\n## Back\n", BASIC, {}),
        ("", BASIC, {}),
        ("# A page\n\n%% mine %%\n", BASIC, {}),
        ("the *answer*\n", BASIC, {"Front": NAME, "Back": "the *answer*"}),
        ("# A page\n\nthe answer\n\n### more\nx", BASIC,
         {"Front": NAME, "Back": "the answer\n\n### more\nx"}),
        ("answer", replace(BASIC, fields=(("Only", ""),)), {"Only": "answer"}),
        ("It is ==x==\n", CLOZE, {"Text": "It is ==x=="}),
        ("## 1. It is\n==x==\n## Extra\ny", CLOZE, {"Text": "## 1. It is\n==x==", "Extra": "y"}),
        ("## Text\nIt is ==x==", TITLED, {"Text": "It is ==x=="}),
        ("It is ==x==", TITLED, {"Title": NAME, "Text": "It is ==x=="}),
        ("## 1. It is\n==x==", TITLED, {"Title": NAME, "Text": "## 1. It is\n==x=="}),
        (f"mine\n{BEGIN}\n## Front\nq\n{END}\nmine", BASIC, {"Front": "q"}),
        (f"# mine\n{BEGIN}\nthe answer\n{END}", BASIC, {"Front": NAME, "Back": "the answer"}),
    ],
)  # fmt: skip
def test_what_a_new_page_says(body: str, note: NoteText, found: dict[str, str]) -> None:
    page = read(body, note)
    assert fields(page) == found
    # What the page is made into says the same, once the note is there.
    html = {"A \\*page\\*": "A *page*"}
    there = tuple(
        (name, html.get(found.get(name, ""), found.get(name, ""))) for name, _ in note.fields
    )
    again = read_managed(page.managed, 1, ConvertedNote(replace(note, fields=there), STYLE))
    assert {section.name: section.markdown for section in again.sections} == found
    assert not again.problems
    assert not again.emptied


def test_lines_count_from_the_top_of_the_page() -> None:
    page = read("# A page\n\n%%\nmine\n%%\n\n## Front\n\nq\n")
    assert page.above == "# A page\n\n%%\nmine\n%%\n"
    assert page.managed == "## Front\n\nq"
    assert [section.line for section in page.sections] == [12]
    assert [section.line for section in read("a").sections] == [1, 4]
    assert [section.line for section in read(f"\n{BEGIN}\n## Front\nq\n{END}").sections] == [7]


@pytest.mark.parametrize(
    ("body", "note", "lines"),
    [
        ("intro\n## Front\nq", BASIC, [4]),
        ("## Front\nq\n## Other\n\n## Front\nx", BASIC, [6, 8]),
        ("some text\n\n## Part\nmore", BASIC, [6]),
        ("### Front\nq\n### Back\na", BASIC, [4, 6]),
        (f"{BEGIN}\n## Front\nq", BASIC, [4]),
        (f"## Front\nq\n{END}\n{BEGIN}", BASIC, [6]),
    ],
)
def test_what_is_unclear_is_said(body: str, note: NoteText, lines: list[int]) -> None:
    page = read(body, note)
    assert page.sections == ()
    assert [problem.line for problem in page.problems] == lines


def test_its_properties() -> None:
    page = read("x", properties="tags: a, b/c\nanki_deck: ' D::E '\nanki_guid: g\nmine: 1\n")
    assert (page.tags, page.deck, page.guid) == (("a", "b::c"), "D::E", "g")
    page = read("x", properties="tags: [it_s, two words]\nanki_tags: [it's]\n")
    assert sorted(page.tags) == ["it's", "two_words"]
    assert read("x", properties="tags:\n  -\nanki_deck:\n").tags == ()
