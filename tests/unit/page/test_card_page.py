"""What the page of a dynamic note promises: each card as a section, whatever stands in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankivault.convert.field_style import FieldStyle
from ankivault.convert.page.cards import ConvertedCard, card_comment, render_card
from ankivault.convert.page.note import CardText, NoteText, PageStyle
from ankivault.convert.page.render import note_title, render_managed
from ankivault.convert.to_markdown.converted_field import ConvertedField
from tests.unit.html.field_html import edited_html

STYLE = FieldStyle()


def note(*cards: CardText, note: str = "", link: str = "") -> NoteText:
    return NoteText(
        1,
        "g",
        "Deck",
        "Ankivault 0.1.0",
        (("Link", link), ("Note", note)),
        (),
        title_field="Note",
        cards=cards,
    )


def test_a_page_shows_the_note_and_a_section_for_each_card() -> None:
    page = render_managed(
        note(
            CardText("what", "What is a <b>cell</b>?", "The smallest unit of life."),
            CardText("who", "Who saw it first?", "Robert Hooke<br>in 1665"),
            note="About cells",
        ),
        PageStyle(),
    )
    assert page == (
        "## Note\nAbout cells\n\n"
        "### What is a **cell**?\n%% card: what %%\n\nThe smallest unit of life.\n\n"
        "### Who saw it first?\n%% card: who %%\n\nRobert Hooke\nin 1665"
    )


def card(id_: str, front: str, back: str) -> ConvertedCard:
    return ConvertedCard(id_, ConvertedField(front), ConvertedField(back))


@pytest.mark.parametrize(
    ("front", "section"),
    [
        ("one<br>two", "### one\ntwo\n\n%% card: a %%"),
        ("<h1>Big</h1>more", "### Big\n\nmore\n\n%% card: a %%"),
        ("<ul><li>x</li></ul>", "### Card 3\n- x\n\n%% card: a %%"),
        ('<img src="cat.png">', "### Card 3\n![[cat.png]]\n\n%% card: a %%"),
        (r"Solve \(x^2=4\)", "### Solve $x^2=4$\n%% card: a %%"),
        ("text<h1>in it</h1>", "### text\n\n#### in it\n\n%% card: a %%"),
        ("C #", "### C \\#\n%% card: a %%"),
        ("", "### Card 3\n%% card: a %%"),
    ],
)
def test_a_front_of_any_kind_has_a_heading(front: str, section: str) -> None:
    assert render_card(card("a", front, ""), 3) == section


def test_headings_of_an_answer_stay_below_the_card_s_own() -> None:
    page = render_card(card("a", "front", "<h1>x</h1><h2>y</h2><h6>z</h6>"), 1)
    assert re.findall(r"^#+ .", page, re.MULTILINE) == ["### f", "#### x", "##### y", "###### z"]


@settings(deadline=None)
@given(edited_html(), edited_html())
def test_a_card_has_one_heading_of_its_level_and_one_comment(front: str, back: str) -> None:
    page = render_card(card("c7", front, back), 1)
    assert page.startswith("### ")
    assert page.count("%% card: c7 %%") == 1


@given(st.text(min_size=1))
def test_a_comment_holds_any_id_on_one_line(card_id: str) -> None:
    text = card_comment(card_id)
    assert len(text.splitlines()) == 1
    assert text.count("%%") == 2


def test_the_page_is_named_by_the_note_or_its_first_front() -> None:
    first = CardText("a", "First?", "x")
    assert note_title(note(first, note="About cells", link="https://x.org")) == "About cells"
    assert note_title(note(first, link="https://x.org")) == "First?"
