"""A dynamic note is edited on its page, card by card, and no review ends up on another card."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ankivault.model.note import Card, DynamicNote, read_note
from ankivault.sync.dynamic.notes import NewNote, create_notes, read_dynamic_notes, update_notes
from tests.collection.conftest import Desk

CARDS = (
    Card("a", "What is a <b>cell</b>?", "The smallest unit"),
    Card("b", "Who saw it?", "Hooke<br>in 1665"),
    Card("c", '<span style="color: red">Where</span>?', "London"),
)


@pytest.fixture
def note_id(desk: Desk) -> Iterator[int]:
    desk.set(two_way=True)
    deck = desk.col.decks.id("Biology")
    (note_id,) = create_notes(desk.col, [NewNote(DynamicNote("Cells", CARDS), deck)]).note_ids
    desk.sync()
    yield note_id


def page_of(desk: Desk) -> Path:
    (page,) = (p for p in desk.vault.rglob("*.md") if "%% card:" in p.read_text("utf-8"))
    return page


def retype(desk: Desk, *changes: tuple[str, str]) -> None:
    text = page_of(desk).read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    page_of(desk).write_text(text, "utf-8")


def content(desk: Desk, note_id: int) -> DynamicNote:
    return next(read_dynamic_notes(desk.col, [note_id])).read.content


def cards(desk: Desk, note_id: int) -> dict[str, tuple[str, str]]:
    return {card.id: (card.front, card.back) for card in content(desk, note_id).cards}


def anki_cards(desk: Desk, note_id: int) -> dict[str, int]:
    """Anki's card id of each card."""
    note = desk.col.get_note(note_id)
    slots = read_note(note.fields).slots
    ords = {card.ord + 1: card.id for card in note.cards()}
    assert ords.keys() == set(slots.values())
    return {id_: ords[slot] for id_, slot in slots.items()}


def edit(desk: Desk, note_id: int, change: Callable[[DynamicNote], DynamicNote]) -> None:
    update_notes(desk.col, {note_id: change(content(desk, note_id))})


def test_nothing_edited_is_nothing_written(desk: Desk, note_id: int) -> None:
    before = desk.col.get_note(note_id)
    assert desk.plan().is_empty
    desk.sync()
    after = desk.col.get_note(note_id)
    assert (after.mod, after.usn, after.fields) == (before.mod, before.usn, before.fields)


def test_only_the_edited_words_change(desk: Desk, note_id: int) -> None:
    before = anki_cards(desk, note_id)
    retype(
        desk,
        ("### Where?", "### Where then?"),
        ("Hooke", "Robert Hooke"),
        ("## Note\nCells", "## Note\nOn cells"),
    )
    report = desk.sync()
    assert report.ok, report.messages
    assert cards(desk, note_id) == {
        "a": ("What is a <b>cell</b>?", "The smallest unit"),
        "b": ("Who saw it?", "Robert Hooke<br>in 1665"),
        "c": ('<span style="color: red">Where then</span>?', "London"),
    }
    assert content(desk, note_id).note == "On cells"
    assert anki_cards(desk, note_id) == before
    assert desk.plan().is_empty


def test_a_section_typed_below_becomes_a_card_and_learns_its_id(desk: Desk, note_id: int) -> None:
    before = anki_cards(desk, note_id)
    retype(desk, ("%% anki:end %%", "\n### With *what*?\nA microscope\n%% anki:end %%"))
    report = desk.sync()
    assert report.ok, report.messages
    (new,) = cards(desk, note_id).keys() - before.keys()
    assert cards(desk, note_id)[new] == ("With <i>what</i>?", "A microscope")
    assert f"### With *what*?\n%% card: {new} %%\n\nA microscope" in page_of(desk).read_text(
        "utf-8"
    )
    after = anki_cards(desk, note_id)
    assert {id_: after[id_] for id_ in before} == before
    assert desk.plan().is_empty


def test_a_card_taken_off_the_page_is_asked_about(desk: Desk, note_id: int) -> None:
    gone = "### Who saw it?\n%% card: b %%\n\nHooke\nin 1665\n\n"
    before = anki_cards(desk, note_id)
    retype(desk, (gone, ""))
    report = desk.sync()
    assert list(cards(desk, note_id)) == ["a", "b", "c"] and report.questions == 1
    (question,) = desk.plan().open_questions
    assert "Who saw it?" in question.text and question.choices == ("keep", "delete", "later")

    desk.sync(answers={question.key: "keep"})
    assert gone in page_of(desk).read_text("utf-8")
    assert desk.plan().is_empty and anki_cards(desk, note_id) == before

    retype(desk, (gone, ""))
    desk.sync(answers={question.key: "delete"})
    assert list(cards(desk, note_id)) == ["a", "c"]
    del before["b"]
    assert anki_cards(desk, note_id) == before
    assert desk.plan().is_empty


def test_both_sides_edit_different_cards(desk: Desk, note_id: int) -> None:
    retype(desk, ("Hooke", "Robert Hooke"))
    edit(
        desk,
        note_id,
        lambda note: DynamicNote(
            note.note, (*note.cards[1:], Card("d", "When?", "1665"), note.cards[0])
        ),
    )
    assert desk.sync().ok
    assert cards(desk, note_id)["b"] == ("Who saw it?", "Robert Hooke<br>in 1665")
    assert list(cards(desk, note_id)) == ["b", "c", "d", "a"]
    text = page_of(desk).read_text("utf-8")
    assert text.index("Robert Hooke") < text.index("London") < text.index("When?")
    assert desk.plan().is_empty


def test_the_same_words_edited_on_both_sides_are_a_conflict_of_that_side_only(
    desk: Desk, note_id: int
) -> None:
    retype(desk, ("London", "Oxford"), ("The smallest unit", "The smallest unit of life"))
    edit(
        desk,
        note_id,
        lambda note: DynamicNote(note.note, (*note.cards[:2], Card("c", "Where?", "Paris"))),
    )
    desk.sync()
    (question,) = desk.plan().open_questions
    assert (question.anki, question.page) == ("Paris", "Oxford")
    assert cards(desk, note_id)["a"][1] == "The smallest unit"
    desk.sync(answers={question.key: "obsidian"})
    assert cards(desk, note_id)["c"] == ("Where?", "Oxford")
    assert cards(desk, note_id)["a"][1] == "The smallest unit of life"
    assert desk.plan().is_empty


def test_sections_may_be_reordered(desk: Desk, note_id: int) -> None:
    before = anki_cards(desk, note_id)
    last = "### Where?\n%% card: c %%\n\nLondon"
    retype(desk, (f"\n\n{last}", ""), ("### What is", f"{last}\n\n### What is"))
    assert desk.sync().ok
    assert list(cards(desk, note_id)) == ["c", "a", "b"]
    assert anki_cards(desk, note_id) == before
    assert desk.plan().is_empty


def test_a_lost_base_adds_what_is_new(desk: Desk, note_id: int) -> None:
    retype(desk, ("%% anki:end %%", "\n### New?\nYes\n%% anki:end %%"))
    desk.lose_base()
    desk.sync()
    assert list(cards(desk, note_id).values())[3:] == [("New?", "Yes")]
    assert desk.plan().is_empty


def test_a_lost_base_removes_nothing(desk: Desk, note_id: int) -> None:
    gone = "### Who saw it?\n%% card: b %%\n\nHooke\nin 1665\n\n"
    retype(desk, (gone, ""))
    desk.lose_base()
    desk.sync()
    assert list(cards(desk, note_id)) == ["a", "b", "c"]
    assert gone in page_of(desk).read_text("utf-8")
    assert desk.plan().is_empty


def test_what_cannot_be_read_is_told_and_left(desk: Desk, note_id: int) -> None:
    retype(desk, ("%% card: b %%", "%% card: a %%"), ("London", "Oxford"))
    page = page_of(desk).read_bytes()
    report = desk.sync()
    assert [m.text for m in report.messages if "Two cards carry the id “a”" in m.text]
    assert page_of(desk).read_bytes() == page
    assert cards(desk, note_id)["c"][1] == "London"


def test_undo_takes_back_what_a_run_wrote(desk: Desk, note_id: int) -> None:
    before = cards(desk, note_id)
    retype(desk, ("Hooke", "Robert Hooke"), ("%% anki:end %%", "\n### New?\nYes\n%% anki:end %%"))
    desk.sync()
    desk.col.undo()
    assert cards(desk, note_id) == before
    assert len(desk.col.card_ids_of_note(note_id)) == 3


def write_page(desk: Desk, name: str, text: str) -> Path:
    page = desk.vault / "Biology" / name
    page.write_text(text, "utf-8")
    return page


NEW = """---
anki_note_type: Ankivault
tags:
  - exam
---
## Note
About plants

### What do they make of *light*?
Sugar

- and oxygen

### Where?
%% card: place %%
In the chloroplast
"""


def test_a_page_of_cards_becomes_a_dynamic_note(desk: Desk) -> None:
    """Also the first of all: its note type is there when it is needed."""
    desk.set(two_way=True)
    desk.add(Front="a deck", Back="with a folder")
    desk.sync()
    page = write_page(desk, "Plants.md", NEW)
    report = desk.sync()
    assert report.ok, report.messages
    (new,) = desk.col.find_notes("tag:exam")
    (first, front_back), (place, where) = cards(desk, new).items()
    assert front_back[0] == "What do they make of <i>light</i>?" and "Sugar" in front_back[1]
    assert (place, where) == ("place", ("Where?", "In the chloroplast"))
    assert content(desk, new).note == "About plants"
    assert len(anki_cards(desk, new)) == 2
    text = page.read_text("utf-8")
    assert f"anki_note_id: {new}" in text and f"%% card: {first} %%" in text
    assert desk.plan().is_empty
    retype(desk, ("In the chloroplast", "In its chloroplasts"))
    desk.sync()
    assert cards(desk, new)[place][1] == "In its chloroplasts"
    assert desk.plan().is_empty


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.partition("### ")[0], "begin each with “### …”"),
        (lambda text: text.replace("### Where?", "###"), "no front"),
        (lambda text: text.replace("place %%", "a<b %%"), "cannot be a card's id"),
    ],
)
def test_a_page_of_cards_with_a_mistake_is_told_and_left(
    desk: Desk, note_id: int, change: Callable[[str], str], told: str
) -> None:
    page = write_page(desk, "Plants.md", change(NEW))
    report = desk.sync()
    assert any(told in message.text for message in report.messages), report.messages
    assert page.read_text("utf-8") == change(NEW)
    assert desk.col.note_count() == 1


def test_a_copied_page_becomes_a_note_with_cards_of_its_own(desk: Desk, note_id: int) -> None:
    text = page_of(desk).read_text("utf-8").replace("Hooke", "Leeuwenhoek")
    write_page(desk, "Copy.md", text)
    (question,) = desk.plan().open_questions
    desk.sync(answers={question.key: "create"})
    (new,) = set(desk.col.find_notes("")) - {note_id}
    assert cards(desk, new) == {
        **cards(desk, note_id),
        "b": ("Who saw it?", "Leeuwenhoek<br>in 1665"),
    }
    assert anki_cards(desk, new).keys() == {"a", "b", "c"}
    assert desk.plan().is_empty


def test_a_deleted_note_whose_page_was_edited_comes_back_with_its_cards(
    desk: Desk, note_id: int
) -> None:
    guid = desk.col.get_note(note_id).guid
    retype(desk, ("Hooke", "Robert Hooke"))
    desk.col.remove_notes([note_id])
    (question,) = desk.plan().open_questions
    desk.sync(answers={question.key: "keep"})
    (new,) = desk.col.find_notes("")
    assert desk.col.get_note(new).guid == guid
    assert list(cards(desk, new).values())[1] == ("Who saw it?", "Robert Hooke<br>in 1665")
    assert anki_cards(desk, new).keys() == {"a", "b", "c"}
    assert f"anki_note_id: {new}" in page_of(desk).read_text("utf-8")
    assert desk.plan().is_empty


def test_a_lost_comment_is_put_back(desk: Desk, note_id: int) -> None:
    before = page_of(desk).read_bytes()
    retype(desk, ("%% card: b %%\n\n", ""))
    assert desk.sync().changes is None
    assert "%% card: b %%" in page_of(desk).read_text("utf-8")
    assert page_of(desk).read_bytes() == before
    assert desk.plan().is_empty


@pytest.mark.parametrize(
    ("typed", "front", "back"),
    [
        ("see #tag for $5", "Who saw #one?", "see #tag for $5"),
        ("* item\n* other", "Who __saw__ it?", "<ul><li>item</li><li>other</li></ul>"),
        ("__bold__ | b", "Who saw it for $5?", "<b>bold</b> | b"),
    ],
)
def test_what_is_typed_on_a_card_stays_as_it_was_typed(
    desk: Desk, note_id: int, typed: str, front: str, back: str
) -> None:
    retype(desk, ("Hooke\nin 1665", typed), ("Who saw it?", front))
    assert desk.sync().ok
    assert cards(desk, note_id)["b"][1] == back
    assert f"### {front}\n" in page_of(desk).read_text("utf-8")
    assert f"\n{typed}\n" in page_of(desk).read_text("utf-8")
    assert desk.plan().is_empty

    edit(desk, note_id, lambda content: replace(content, cards=content.cards[:2]))
    retype(desk, ("The smallest unit", "The smallest #unit"))
    assert desk.sync().ok
    text = page_of(desk).read_text("utf-8")
    assert f"### {front}\n" in text and f"\n{typed}\n" in text and "smallest #unit\n" in text
    assert "London" not in text and cards(desk, note_id)["b"][1] == back
    assert desk.plan().is_empty


def test_a_card_typed_below_stays_as_it_was_typed(desk: Desk, note_id: int) -> None:
    retype(desk, ("London", "London\n\n### Is it #new?\n\n* yes, for $5\n* no"))
    assert desk.sync().ok
    text = page_of(desk).read_text("utf-8")
    assert "### Is it #new?\n" in text and "\n* yes, for $5\n* no\n" in text
    assert [front for front, _ in cards(desk, note_id).values()][-1] == "Is it #new?"
    assert desk.plan().is_empty
