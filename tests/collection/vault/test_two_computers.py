"""One person, two computers: one AnkiWeb account, and one vault folder that both see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ankivault.sync.run.done import Done

from ...app.ankiweb import serve_ankiweb
from ...desks.two_computers import Home, fill, set_up
from ..conftest import Desk


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with serve_ankiweb(tmp_path / "server") as ankiweb:
        home = set_up(tmp_path, ankiweb, fill)
        yield home
        home.close()


def note_of(desk: Desk, search: str) -> int:
    (note_id,) = desk.col.find_notes(search)
    return note_id


def test_turns_without_edits_write_nothing(home: Home) -> None:
    before = (home.one.rows(), home.two.rows(), home.one.desk.dates())
    for computer in (home.two, home.one, home.one, home.two, home.two):
        report = computer.turn()
        assert (report.questions, report.messages) == (0, ())
    assert (home.one.rows(), home.two.rows(), home.one.desk.dates()) == before


@pytest.mark.parametrize("first", ["one", "two"])
def test_an_edited_page_goes_into_anki_once(home: Home, first: str) -> None:
    computers = [home.one, home.two] if first == "one" else [home.two, home.one]
    note_id = note_of(home.one.desk, '"Front:question 1"')
    home.one.desk.retype(note_id, "three", "three more")
    text = home.one.desk.page(note_id).read_bytes()
    assert computers[0].turn().counts[Done.NOTE_UPDATED] == 1
    report = computers[1].turn()
    assert Done.NOTE_UPDATED not in report.counts
    assert (report.questions, report.messages) == (0, ())
    for computer in computers:
        assert computer.desk.fields(note_id)["Back"] == "one<br>two<br>three more"
    assert home.one.desk.page(note_id).read_bytes() == text
    home.check_rest()


def test_an_edit_in_anki_reaches_the_page_once(home: Home) -> None:
    note_id = note_of(home.two.desk, '"Front:question 1"')
    home.two.desk.edit(note_id, Back="one<br>2<br>three")
    home.two.turn()
    before = home.one.desk.dates()
    report = home.one.turn()
    assert (report.questions, report.messages) == (0, ())
    assert home.one.desk.dates() == before
    assert home.one.desk.fields(note_id)["Back"] == "one<br>2<br>three"
    home.check_rest()


def test_edits_on_phone_page_and_desktop_are_merged(home: Home) -> None:
    note_id = note_of(home.one.desk, '"Front:question 1"')
    home.two.desk.edit(note_id, Back="one by Anki<br>two<br>three")
    home.two.sync_ankiweb()  # a phone, say: no run of ours
    home.one.desk.retype(note_id, "three", "three on the page")
    report = home.one.turn()
    assert (report.questions, report.ok) == (0, True)
    both = "one by Anki<br>two<br>three on the page"
    assert home.one.desk.fields(note_id)["Back"] == both
    home.settle()
    assert home.two.desk.fields(note_id)["Back"] == both
    assert not home.trash()


def test_a_stale_computer_does_not_win(home: Home) -> None:
    """What another computer made of note and page is no edit of this one's person."""
    note_id = note_of(home.one.desk, '"Front:question 1"')
    for round_ in range(3):
        home.one.desk.edit(note_id, Back=f"one<br>two {round_}<br>three")
        home.one.turn()
    home.two.desk.retype(note_id, "three", "three on the page")
    report = home.two.turn()
    assert (report.questions, report.ok) == (0, True)
    home.settle()
    assert home.one.desk.fields(note_id)["Back"] == "one<br>two 2<br>three on the page"
    assert not home.trash()


def test_a_new_page_makes_one_note(home: Home) -> None:
    page = home.vault / "Deck" / "New.md"
    page.write_text("---\nanki_note_type: Basic\n---\n## Front\nnew\n\n## Back\na\n", "utf-8")
    home.two.turn()
    found = home.two.desk.col.find_notes("Front:new")
    report = home.one.turn()
    assert report.messages == ()
    assert home.one.desk.col.find_notes("Front:new") == found
    assert len(found) == 1
    home.settle()
    assert home.one.desk.page(found[0]) == page


def test_a_computer_without_ankiweb_leaves_the_others_new_page(home: Home) -> None:
    page = home.vault / "Deck" / "New.md"
    page.write_text("---\nanki_note_type: Basic\n---\n## Front\nnew\n\n## Back\na\n", "utf-8")
    home.two.turn()
    text = page.read_bytes()
    home.one.desk.sync()  # by hand, before AnkiWeb
    assert page.read_bytes() == text
    assert not home.one.desk.col.find_notes("Front:new")
    home.settle()
    assert len(home.one.desk.col.find_notes("Front:new")) == 1


def test_deletions_go_round_once(home: Home) -> None:
    by_anki, by_page = (note_of(home.one.desk, f'"Front:question {n}"') for n in (1, 2))
    home.one.desk.col.remove_notes([by_anki])
    home.one.turn()
    assert not home.one.desk.pages(by_anki)
    report = home.two.turn()
    assert report.questions == 0
    assert not home.two.desk.col.find_notes(f"nid:{by_anki}")
    home.two.desk.page(by_page).unlink()
    assert home.one.turn().questions == 1
    home.one.turn(answers={f"page deleted:{by_page}": "delete"})
    report = home.two.turn()
    assert report.questions == 0
    assert not home.two.desk.col.find_notes(f"nid:{by_page}")
    home.check_rest()


def test_decks_and_tags_go_round_once(home: Home) -> None:
    by_anki, by_page = (note_of(home.one.desk, f'"Front:question {n}"') for n in (1, 2))
    home.one.desk.move(by_anki, "Deck::Cloze")
    page = home.one.desk.page(by_page)
    page.rename(home.vault / "Deck" / "Cloze" / page.name)
    home.two.desk.retype(by_page, "  - tag\n", "  - other\n")
    home.two.turn()
    home.settle()
    for note_id in (by_anki, by_page):
        for computer in (home.one, home.two):
            card = computer.desk.col.get_note(note_id).cards()[0]
            assert computer.desk.col.decks.name(card.did) == "Deck::Cloze"
        assert home.one.desk.page(note_id).parent == home.vault / "Deck" / "Cloze"
    assert home.one.desk.col.get_note(by_page).tags == ["other"]


def test_a_conflict_is_settled_on_one_computer_for_both(home: Home) -> None:
    note_id = note_of(home.one.desk, '"Front:question 1"')
    home.two.desk.edit(note_id, Back="one<br>two by Anki<br>three")
    home.two.sync_ankiweb()
    home.one.desk.retype(note_id, "two", "two on the page")
    assert home.one.turn().questions == 1
    assert home.two.turn().questions == 1
    home.one.turn(answers={f"field:{note_id}:Back": "obsidian"})
    assert home.two.turn().questions == 0
    home.check_rest()
    assert home.two.desk.fields(note_id)["Back"] == "one<br>two on the page<br>three"
    assert len(home.trash()) == 1


@pytest.mark.parametrize("two_way", [True, False])
def test_a_review_is_written_once_also_where_anki_does_not_know_of_it_yet(
    home: Home, two_way: bool
) -> None:
    """With study properties: no computer takes back what the other one wrote."""
    for computer in (home.one, home.two):
        computer.desk.set(study_properties=True, two_way=two_way)
    home.settle()
    desk = home.one.desk
    note_id = note_of(desk, '"Front:question 1"')
    (card_id, *_) = desk.col.card_ids_of_note(note_id)
    card = desk.col.get_card(card_id)
    card.start_timer()
    desk.col.sched.answerCard(card, 4)
    assert desk.sync(confirmed=True).ok
    page = desk.page(note_id)
    told = page.read_bytes()
    assert b"anki_reviews: 1" in told
    for _ in range(2):
        report = home.two.desk.sync(confirmed=True)
        assert (report.messages, page.read_bytes()) == ((), told)
        assert home.two.desk.plan().is_empty
    home.two.desk.edit(note_id, Back="other words")
    assert home.two.desk.sync(confirmed=True).ok
    home.settle()
    assert b"anki_reviews: 1" in page.read_bytes() and b"other words" in page.read_bytes()


@pytest.mark.parametrize("two_way", [True, False])
def test_the_lists_of_another_computer_are_nobodys_words(home: Home, two_way: bool) -> None:
    """Also where Anki on this one does not know yet what is in them, or knows more."""
    for computer in (home.one, home.two):
        computer.desk.set(two_way=two_way)
    home.settle()
    home.two.desk.add("Deck", Front="new [1] and <b>old</b>, $x$", Back="b")
    home.two.desk.add("Deck::New/one", Front="n", Back="b")
    home.two.desk.add("Other", Front="o", Back="b")
    titled = note_of(home.two.desk, '"Front:question 1"')
    home.two.desk.edit(titled, Front="Another title")
    gone, moved = (note_of(home.two.desk, f'"Front:question {n}"') for n in (2, 3))
    home.two.desk.col.remove_notes([gone])
    home.two.desk.move(moved, "Deck::Cloze")
    home.two.turn()
    home.one.desk.edit(moved, Front="Moved, and titled here")
    for computer in (home.one, home.two, home.one):
        computer.desk.sync()  # by hand, before AnkiWeb
    home.settle()
    assert not list((home.vault.parent / ".trash").rglob("*ndex.md"))


@pytest.mark.parametrize("made", [True, False], ids=["in Anki", "by a page"])
def test_a_page_waits_for_the_deck_that_another_computer_made(home: Home, made: bool) -> None:
    """A deck of the same name made here too would be a second one, with a + at its name."""
    note_id = note_of(home.one.desk, '"Front:question 1"')
    if made:
        home.two.desk.move(note_id, "Other")
    else:
        page = home.two.desk.page(note_id)
        (home.vault / "Other").mkdir()
        page.rename(home.vault / "Other" / page.name)
    home.two.turn()
    text = home.two.desk.page(note_id).read_bytes()
    report = home.one.desk.sync()  # by hand, before AnkiWeb
    (message,) = report.messages
    assert "Sync with AnkiWeb" in message.text
    assert home.one.desk.page(note_id).read_bytes() == text
    for desk in (home.two.desk, home.one.desk):
        desk.retype(note_id, "two", "two, typed")
        home.settle()
        assert desk.col.decks.name(desk.col.get_note(note_id).cards()[0].did) == "Other"
        assert "Other+" not in {deck.name for deck in desk.col.decks.all_names_and_ids()}
        desk.retype(note_id, "two, typed", "two")


def test_decks_of_one_name_made_on_two_computers_come_to_rest(home: Home) -> None:
    """Anki marks one of them with a +, and not the same one on both computers."""
    for computer, number in ((home.one, 1), (home.two, 2)):
        computer.desk.move(note_of(computer.desk, f'"Front:question {number}"'), "Other")
    home.settle_rows()
    desk = home.one.desk
    desk.move(note_of(desk, '"Front:question 3"'), "Other+")
    home.settle_rows()
    for computer in (home.one, home.two):
        report = computer.turn()
        (message,) = report.messages
        assert report.questions == 0
        assert "give both decks other names" in message.text
    for name, new in (("Other", "My own"), ("Other+", "My others")):
        deck_id = desk.col.decks.id_for_name(name)
        assert deck_id
        desk.col.decks.rename(deck_id, new)
    reports = home.settle()
    assert (reports[-1].questions, reports[-1].messages) == (0, ())
