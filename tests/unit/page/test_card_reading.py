"""A dynamic note's page is read back card by card, or what is unclear is told."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ankivault.convert.field_style import FieldStyle
from ankivault.convert.markdown.canonical import canonical
from ankivault.convert.page.card_reading import CardSection, CardsReading, read_cards
from ankivault.convert.page.cards import ConvertedCard, render_cards
from ankivault.convert.page.note import CardText
from ankivault.convert.segment import join_markdown
from ankivault.convert.to_markdown.converted_field import ConvertedField
from ankivault.convert.to_markdown.html_to_markdown import html_to_markdown
from tests.unit.html.field_html import edited_html, html_soup

from ...stress import tries

STYLE = FieldStyle()
CARDS = (
    CardText("a", "What is a cell?", "The smallest unit."),
    CardText("b", "Who saw it?<br>And when?", "<h2>Hooke</h2>in 1665"),
    CardText("c", "<ul><li>one</li></ul>", ""),
)


def converted(card: CardText) -> ConvertedCard:
    return ConvertedCard(
        card.id, ConvertedField(card.front, STYLE), ConvertedField(card.back, STYLE)
    )


def page(*cards: CardText, above: str = "## Note\nCells") -> str:
    return "\n\n".join([above, *render_cards(map(converted, cards))])


def read(text: str, *cards: CardText) -> CardsReading:
    return read_cards(text, 1, list(map(converted, cards or CARDS)))


def shown(html: str) -> str:
    return join_markdown(html_to_markdown(html, STYLE))


def sides(section: CardSection) -> tuple[str, str, str]:
    return section.id, canonical(section.front), canonical(section.back)


def written(card: CardText) -> tuple[str, str, str]:
    return card.id, canonical(shown(card.front)), canonical(shown(card.back))


def test_a_page_as_written_gives_back_its_cards() -> None:
    reading = read(page(*CARDS))
    assert reading.above.strip() == "## Note\nCells"
    assert [sides(card) for card in reading.cards] == [written(card) for card in CARDS]
    assert reading.cards[1].back == "#### Hooke\n\nin 1665"


HTML = st.one_of(edited_html(), html_soup())


@settings(max_examples=tries(80), deadline=None)
@given(st.lists(st.tuples(HTML, HTML), min_size=1, max_size=4))
def test_whatever_cards_hold_comes_back_or_is_told(texts: list[tuple[str, str]]) -> None:
    cards = [CardText(f"c{n}", front, back) for n, (front, back) in enumerate(texts)]
    reading = read(page(*cards), *cards)
    if reading.problems:
        assert not reading.cards
    else:
        assert [sides(card) for card in reading.cards] == [written(card) for card in cards]


@settings(deadline=None)
@given(st.lists(st.tuples(edited_html(), edited_html()), min_size=1, max_size=4))
def test_cards_as_an_editor_makes_them_are_never_a_problem(texts: list[tuple[str, str]]) -> None:
    cards = [CardText(f"c{n}", front, back) for n, (front, back) in enumerate(texts)]
    assert not read(page(*cards), *cards).problems


def test_a_section_without_a_comment_is_a_new_card() -> None:
    reading = read(page(*CARDS) + "\n\n### Where?\nIn *London*.\n\n#### really\nyes")
    back = "In *London*.\n\n### really\nyes"
    assert reading.cards[-1] == CardSection("", "Where?", back, 23, 24, has_comment=False)


def test_an_id_may_be_given_by_hand() -> None:
    reading = read(page(*CARDS) + "\n\n### Where?\n%% card: place %%\nLondon")
    assert sides(reading.cards[-1]) == ("place", "Where?", "London")


def test_cards_may_be_reordered_and_taken_away() -> None:
    assert [card.id for card in read(page(CARDS[2], CARDS[0])).cards] == ["c", "a"]


def test_an_edited_front_and_answer_are_that_card_s() -> None:
    text = page(*CARDS).replace("What is a cell?", "What *is* it?").replace("unit.", "unit of life")
    assert sides(read(text).cards[0]) == ("a", "What *is* it?", "The smallest unit of life")


def test_a_card_whose_comment_was_lost_is_known_by_its_words() -> None:
    text = page(*CARDS).replace("%% card: a %%\n", "")
    assert [card.id for card in read(text).cards] == ["a", "b", "c"]


def test_text_that_looks_like_a_card_in_code_is_text() -> None:
    cards = (CardText("a", "Q", "<pre><code>### x\n%% card: b %%</code></pre>"),)
    assert [sides(card) for card in read(page(*cards), *cards).cards] == [written(cards[0])]


@pytest.mark.parametrize(
    ("change", "line", "told"),
    [
        (lambda t: t.replace("%% card: b %%", "%% card: a %%"), 12, "Two cards carry the id “a”"),
        (lambda t: t.replace("### What is a cell?", ""), 5, "heading “### …” of this card is gone"),
        (lambda t: t.replace("### Who saw it?", "Who saw it?"), 12, "heading “### …” of this card"),
        (lambda t: t.replace("%% card: ", "%% "), 21, "No card is left"),
        (lambda t: t.replace("### Who saw", "## Who saw"), 9, "“###” begins a card"),
        (
            lambda t: t.replace("%% card: b %%", "").replace("it?", "x"),
            9,
            "Put “%% card: b %%” below its",
        ),
        (lambda t: t.replace("## Note", "### New?\n\n## Note"), 1, "This may be a new card"),
    ],
)
def test_what_is_unclear_is_told_with_its_line(
    change: Callable[[str], str], line: int, told: str
) -> None:
    reading = read(change(page(*CARDS)))
    assert [(each.line, told in each.text) for each in reading.problems[:1]] == [(line, True)]
    assert not reading.cards


@pytest.mark.parametrize("heading", ["### What is a cell?", "### Who saw it?", "### Card 3"])
def test_a_card_typed_between_a_heading_and_its_comment_gets_no_reviews(heading: str) -> None:
    reading = read(page(*CARDS).replace(heading, f"{heading}\n### New?\nYes\n"))
    assert reading.problems and not reading.cards


def test_a_comment_below_the_heading_of_another_card_is_told() -> None:
    text = page(*CARDS)
    swapped = text.replace("card: a", "card: x").replace("card: b", "card: a")
    joined = text[: text.index("%% card: a")] + text[text.index("And when") :]
    for wrong in (swapped.replace("card: x", "card: b"), joined):
        told = {each.text.partition("“")[2].partition("”")[0] for each in read(wrong).problems}
        assert told and told <= {"%% card: a %%", "%% card: b %%"}


def test_a_comment_below_the_list_of_another_card_is_told() -> None:
    cards = (CardText("a", "<ul><li>one</li></ul>", "1"), CardText("b", '<img src="b.png">', "2"))
    text = page(*cards)
    joined = text[: text.index("%% card: a")] + text[text.index("%% card: b") :]
    assert ["%% card: a %%" in each.text for each in read(joined, *cards).problems] == [True]


def test_cards_with_the_same_front_are_no_mistake() -> None:
    cards = (CardText("a", "Name?", "1"), CardText("b", "Name?", "2"), CardText("c", "Who?", "3"))
    text = page(*cards)
    assert not read(text.replace("Who?", "Name?"), *cards).problems
    assert not read(text.replace("Name?", "Who?", 1), *cards).problems
    assert not read(page(cards[2], cards[1], cards[0]), *cards).problems


FRONTS = (
    "Front{}?",
    "Front{}?<br>and more",
    "<ul><li>Front{}</li></ul>",
    '<img src="Front{}.png">',
)


@settings(max_examples=tries(200), deadline=None)
@given(
    st.lists(st.sampled_from(FRONTS), min_size=2, max_size=5),
    st.integers(0, 60),
    st.integers(0, 8),
    st.integers(0, 60),
    st.sampled_from(("move", "copy", "New words", "### New?\nYes")),
)
def test_whatever_is_cut_moved_or_typed_no_card_shows_another_front(
    fronts: list[str], start: int, length: int, place: int, typed: str
) -> None:
    cards = [CardText(f"c{n}", front.format(n), f"Back{n}") for n, front in enumerate(fronts)]
    lines = page(*cards).split("\n")
    block = lines[start : start + length]
    if typed != "copy":
        del lines[start : start + length]
    lines[place:place] = block if typed in ("move", "copy") else typed.split("\n")
    text = "\n".join(lines)
    reading = read(text, *cards)
    for section in reading.cards:
        shown = {n for n in range(len(cards)) if f"Front{n}" in section.front}
        if section.id and shown:
            assert int(section.id[1:]) in shown
    if reading.cards:
        read_words = " ".join([reading.above, *(f"{s.front} {s.back}" for s in reading.cards)])
        words = re.compile(r"(?:Front|Back)\d|New|Yes|more|Cells")
        assert sorted(words.findall(read_words)) == sorted(words.findall(text))
