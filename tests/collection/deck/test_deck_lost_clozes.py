"""Clozes that an edit of the file takes out: told with their line and reviews, before and after."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ankivault.sync.deck.changes import DeckPlan
from ankivault.sync.deck.values import Values
from ankivault.sync.deck.words import explain_note
from tests.desks.deck_desk import DeckDesk, open_desk

__all__ = ["open_desk"]
HEAD = """\
[package]
name = "Cells"

[[models]]
name = "Gaps"
model_type = "cloze"
fields = ["Text", "More", "Extra"]
sort_field = "Text"
markdown_fields = {markdown}

[[models.templates]]
name = "Gap"
front = "{{{{cloze:Text}}}}{{{{cloze:More}}}}"
back = "{{{{cloze:Text}}}}{{{{cloze:More}}}}{{{{Extra}}}}"

[[decks]]
name = "Cells"
"""
NOTE = '\n[[notes]]\ndeck = "Cells"\nmodel = "Gaps"\n\n[notes.fields]\nText = {}\nMore = {}\n'
MARKDOWN = '["Text", "More"]'
PLAIN = """
[[models]]
name = "Plain"
fields = ["Text", "More", "Extra"]
sort_field = "Text"

[[models.templates]]
name = "Card 1"
front = "{{Text}}"
back = "{{More}}"
"""


def cloze(markdown: str, number: int, words: str) -> str:
    return f"=={words}==%%c{number}%%" if markdown == MARKDOWN else f"{{{{c{number}::{words}}}}}"


def write(desk: DeckDesk, markdown: str, *notes: tuple[str, str]) -> None:
    texts = (NOTE.format(*map(json.dumps, note)) for note in notes)
    desk.write(*texts, head=HEAD.format(markdown=markdown))


def review(desk: DeckDesk, note_id: int, times: dict[int, int]) -> None:
    """Give the card of each cloze this many reviews."""
    for card in desk.col.get_note(note_id).cards():
        for _ in range(times.get(card.ord + 1, 0)):
            desk.col.db.execute(
                "insert into revlog select coalesce(max(id), 0) + 1, ?, -1, 3, 1, 1, 2500, 1000, 1"
                " from revlog",
                card.id,
            )


def warnings(plan: DeckPlan) -> list[tuple[int, int | None, str]]:
    return [(p.line, p.note, p.message) for p in plan.problems if p.level == "warning"]


@pytest.mark.parametrize("markdown", [MARKDOWN, "[]"], ids=["Markdown", "HTML"])
def test_a_cloze_that_is_taken_out_is_told_with_its_line_and_reviews(
    desk: DeckDesk, markdown: str
) -> None:
    one, two, three = (cloze(markdown, n, f"word {n}") for n in (1, 2, 3))
    other = ("No edit " + one, "")
    write(desk, markdown, other, (f"Cells {one} and {two}", f"More {three}"))
    desk.sync()
    note_id = desk.ids()[-1]
    review(desk, note_id, {1: 5, 2: 12, 3: 1})
    cards = desk.col.card_ids_of_note(note_id)
    desk.change(two, "word 2")
    line = 1 + next(
        n
        for n, text in enumerate(desk.text.splitlines())
        if "Cells ==" in text or "Cells {{" in text
    )
    told = "removes cloze 2 (Tools ▸ Empty Cards would delete its card and 12 reviews)"

    plan = desk.plan()

    ((where, position, text),) = warnings(plan)
    assert (where, position) == (line, 2)
    assert "Cells" in text and text.endswith(f"the edit of “Text” {told}")
    (change,) = plan.group("modified")
    assert explain_note(change) == f"Text edited; {told}"
    assert plan.valid and not plan.refusal
    report = desk.apply(plan)
    (message,) = report.messages
    assert message.level == "warning" and message.path == f"{desk.file}:{line}"
    assert told in message.text and report.ok
    assert desk.col.card_ids_of_note(note_id) == cards, "only Empty Cards deletes them"
    desk.assert_settled()


@pytest.mark.parametrize("markdown", [MARKDOWN, "[]"], ids=["Markdown", "HTML"])
def test_only_clozes_that_are_really_gone_are_told(desk: DeckDesk, markdown: str) -> None:
    """One that moves to another field, or is there twice, or is only reworded, keeps its card."""
    one, two = cloze(markdown, 1, "one"), cloze(markdown, 2, "two")
    write(desk, markdown, (f"A {one} {two}", "rest"))
    desk.sync()
    desk.change(two, "two")
    desk.change('"rest"', json.dumps(f"rest {two}"))
    desk.change(one, cloze(markdown, 1, "another"))

    plan = desk.plan()

    assert len(plan.group("modified")[0].parts) == 2
    assert warnings(plan) == []
    desk.change(f"rest {two}".replace('"', '\\"'), "rest")
    (told,) = warnings(desk.plan())
    assert "removes cloze 2" in told[2]
    assert warnings(desk.plan(strategy="pull_only")) == [], "there, Anki keeps its clozes"


@pytest.mark.parametrize("spelling", [MARKDOWN, "[]"], ids=["Markdown", "HTML"])
def test_a_cloze_that_is_the_same_on_both_sides_looks_the_same(spelling: str) -> None:
    """A deck may spell clozes in two ways; only what really differs is to be marked."""
    one, two = cloze(spelling, 1, "one"), cloze(spelling, 2, "two")

    shown = Values().show("A <b>{{c1::one}}</b> and {{c2::two}}", True, f"A **{one}** and two")

    assert shown == f"A **{one}** and {two}"


def test_all_clozes_of_all_fields_are_told_at_once(desk: DeckDesk) -> None:
    write(desk, "[]", ("{{c1::a}} {{c1,2::b {{c3::c}}}}", "{{c4::d}}"))
    desk.sync()
    review(desk, desk.ids()[0], {1: 1, 3: 1000, 4: 1})
    desk.change("{{c1::a}} {{c1,2::b {{c3::c}}}}", "{{c1::a}}")
    desk.change("{{c4::d}}", "")

    ((_, _, text),) = warnings(desk.plan())

    assert "the edit of “Text” and “More” removes cloze 2, 3 and 4" in text
    assert "their cards and 1,001 reviews" in text


def test_a_type_that_makes_no_cards_of_a_field_any_more_is_told(desk: DeckDesk) -> None:
    """Also for notes of the type that the file does not know."""
    write(desk, "[]", ("{{c1::a}} {{c2::b}}", "{{c1::c}}"))
    desk.sync()
    col = desk.col
    mine = col.new_note(col.models.by_name("Gaps"))
    mine["Text"] = "{{c1::elsewhere}}"
    col.add_note(mine, col.decks.id("Another deck"))
    review(desk, desk.ids()[0], {1: 50, 2: 3})
    review(desk, mine.id, {1: 4})
    before = desk.snapshot()
    for side in ("front", "back"):
        desk.change(f'{side} = "{{{{cloze:Text}}}}', f'{side} = "{{{{Text}}}}')

    assert desk.plan().models and not warnings(desk.plan()), "types are left unless it is asked for"
    plan = desk.plan(change_models=True)

    ((line, _, text),) = warnings(plan)
    assert line == 1 + desk.text.splitlines().index("[[models]]")
    assert text == (
        "The note type “Gaps” makes no more cards of “Text”: Tools ▸ Empty Cards would delete "
        "2 cards of 2 notes and 7 reviews"
    )
    assert desk.snapshot() == before
    told = [m.text for m in desk.apply(plan).messages]
    assert text in told


@pytest.mark.parametrize("options", [{}, {"change_models": True}, {"strategy": "push_only"}])
@pytest.mark.parametrize("edit", ["model of the note", "kind of the model", "templates"])
def test_a_cloze_note_becomes_no_note_without_clozes(
    desk: DeckDesk, edit: str, options: dict[str, Any]
) -> None:
    """Such a file is refused: the cards stay what they are."""
    write(desk, "[]", ("{{c1::a}}", ""))
    desk.sync()
    before = desk.snapshot()[:2]
    if edit == "model of the note":
        desk.change('model = "Gaps"', 'model = "Plain"')
        desk.change("\n[[decks]]", f"{PLAIN}\n[[decks]]")
    else:
        desk.change("cloze:", "", times=4)
        if edit == "kind of the model":
            desk.change('model_type = "cloze"', 'model_type = "standard"')

    report = desk.sync(**options)

    assert not report.ok
    assert desk.snapshot()[:2] == before
