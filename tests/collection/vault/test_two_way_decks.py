"""Two-way: a page that a person moves takes its cards along."""

from __future__ import annotations

import pytest

from ankivault.sync.reconcile.question import Choice

from ...desks.two_way_desk import rows, the_question
from ..conftest import Desk


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.set(two_way=True)
    return desk


def test_a_page_moved_to_another_folder_moves_the_cards(desk: Desk) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    desk.add("New::Place", Front="other", Back="a")
    desk.sync()
    card = desk.col.get_note(note_id).cards()[0]
    page = desk.page(note_id)
    wanted = desk.vault / "New" / "Place" / page.name
    page.rename(wanted)
    (change,) = desk.plan().notes
    assert change.deck == ("Old", "New::Place")
    assert desk.sync().ok
    card.load()
    assert desk.col.decks.name(card.did) == "New::Place"
    assert desk.page(note_id) == wanted
    assert "anki_deck: New::Place\n" in wanted.read_text("utf-8")
    assert f"q_{note_id}" in (desk.vault / "New/Place/_Place_index.md").read_text("utf-8")
    assert desk.plan().is_empty


def test_a_page_moved_to_a_new_folder_makes_a_deck_of_it(desk: Desk) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    desk.add("Old", Front="other", Back="a")
    desk.sync()
    page = desk.page(note_id)
    (desk.vault / "Old" / "Part one").mkdir()
    page.rename(desk.vault / "Old" / "Part one" / page.name)
    assert desk.sync().ok
    card = desk.col.get_note(note_id).cards()[0]
    assert desk.col.decks.name(card.did) == "Old::Part one"
    assert desk.page(note_id) == desk.vault / "Old" / "Part one" / page.name
    assert "anki_deck: Old::Part one\n" in desk.page(note_id).read_text("utf-8")
    assert (desk.vault / "Old" / "Part one" / "_Part one_index.md").exists()
    assert desk.plan().is_empty


def test_a_retyped_deck_moves_cards_and_page(desk: Desk) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    desk.add("New", Front="other", Back="a")
    desk.sync()
    desk.retype(note_id, "anki_deck: Old", "anki_deck: new")
    assert desk.sync().ok
    card = desk.col.get_note(note_id).cards()[0]
    assert desk.col.decks.name(card.did) == "New"
    assert desk.page(note_id).parent == desk.vault / "New"
    assert "anki_deck: New\n" in desk.page(note_id).read_text("utf-8")
    assert desk.plan().is_empty


def test_a_page_that_did_not_move_follows_its_renamed_deck(desk: Desk) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    desk.sync()
    desk.col.decks.rename(desk.col.decks.id("Old"), "New")
    assert not desk.plan().notes
    desk.sync()
    assert desk.page(note_id).parent == desk.vault / "New"


@pytest.mark.parametrize("answer", ["anki", "obsidian"])
def test_both_sides_moving_a_note_is_a_question(desk: Desk, answer: Choice) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    for deck in ("Here", "There", "Old"):
        desk.add(deck, Front=deck, Back="a")
    desk.sync()
    page = desk.page(note_id)
    page.rename(desk.vault / "Here" / page.name)
    desk.move(note_id, "There")
    question = the_question(desk.plan())
    assert (question.kind, question.anki, question.page) == ("deck", "There", "Here")
    assert desk.sync().questions == 1
    assert desk.sync(answers={question.key: answer}).ok
    deck = "There" if answer == "anki" else "Here"
    card = desk.col.get_note(note_id).cards()[0]
    assert desk.col.decks.name(card.did) == deck
    assert desk.page(note_id).parent == desk.vault / deck
    assert desk.plan().is_empty


def test_only_cards_of_the_pages_own_deck_move_with_it(desk: Desk) -> None:
    note_id = desk.add("Here", "Basic (and reversed card)", Front="q", Back="a")
    for deck in ("There", "New"):
        desk.add(deck, Front=deck, Back="a")
    first, second = desk.col.card_ids_of_note(note_id)
    desk.col.set_deck([second], desk.col.decks.id("There"))
    desk.sync()
    page = desk.page(note_id)
    page.rename(desk.vault / "New" / page.name)
    assert desk.sync().ok
    decks = [desk.col.decks.name(desk.col.get_card(card).did) for card in (first, second)]
    assert decks == ["New", "There"]
    assert desk.plan().is_empty


def test_a_filtered_deck_keeps_its_cards_when_their_home_changes(desk: Desk) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    desk.add("New", Front="other", Back="a")
    desk.sync()
    filtered = desk.col.decks.new_filtered("Cramming")
    deck = desk.col.sched.get_or_create_filtered_deck(filtered)
    deck.config.search_terms[0].search = f"nid:{note_id}"
    desk.col.sched.add_or_update_filtered_deck(deck)
    page = desk.page(note_id)
    page.rename(desk.vault / "New" / page.name)
    assert desk.sync().ok
    card = desk.col.get_note(note_id).cards()[0]
    assert desk.col.decks.name(card.did) == "Cramming"
    assert desk.col.decks.name(card.odid) == "New"
    assert desk.plan().is_empty


@pytest.mark.parametrize("deck", ["Cramming", "cramming::Below", "Hidden", "Hidden::Below", "A::"])
def test_a_deck_that_takes_no_notes_is_told(desk: Desk, deck: str) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    desk.add("Hidden", Front="other", Back="a")
    desk.col.decks.new_filtered("Cramming")
    desk.set(excluded_decks=("Hidden",))
    desk.sync()
    desk.retype(note_id, "anki_deck: Old", f'anki_deck: "{deck}"')
    text, notes = desk.page(note_id).read_bytes(), rows(desk)
    report = desk.sync()
    assert not report.ok
    assert desk.told(report, "left as they are").note_id == note_id
    assert (desk.page(note_id).read_bytes(), rows(desk)) == (text, notes)


def test_a_page_dropped_into_the_vault_folder_itself_goes_home(desk: Desk) -> None:
    note_id = desk.add("Deck", Front="q", Back="a")
    desk.sync()
    page = desk.page(note_id)
    page.rename(desk.vault / page.name)
    assert desk.sync().ok
    assert desk.page(note_id) == page


def test_decks_of_like_names_keep_their_notes_when_the_base_is_lost(desk: Desk) -> None:
    first = desk.add("A_B", Front="first", Back="a")
    desk.sync()
    second = desk.add("A?B", Front="second", Back="a")
    desk.sync()
    assert desk.page(second).parent.name == "A_B_2"
    desk.lose_base()
    notes = rows(desk)
    assert desk.sync(confirmed=True).ok
    assert rows(desk) == notes
    assert not desk.plan().questions
    assert desk.page(first).parent != desk.page(second).parent


def test_a_move_is_asked_about_when_the_base_is_lost(desk: Desk) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    desk.add("New", Front="other", Back="a")
    desk.sync()
    page = desk.page(note_id)
    page.rename(desk.vault / "New" / page.name)
    desk.lose_base()
    notes = rows(desk)
    question = the_question(desk.plan())
    assert (question.kind, question.anki, question.page) == ("deck", "Old", "New")
    desk.sync()
    assert rows(desk) == notes


def test_cards_in_a_deck_made_for_them_keep_their_options(desk: Desk) -> None:
    note_id = desk.add("Old", Front="q", Back="a")
    old = desk.col.decks.by_name("Old")
    assert old is not None
    old["conf"] = desk.col.decks.add_config_returning_id("Hard")
    desk.col.decks.update_dict(old)
    desk.sync()
    page = desk.page(note_id)
    (desk.vault / "New").mkdir()
    page.rename(desk.vault / "New" / page.name)
    assert desk.sync().ok
    new = desk.col.decks.by_name("New")
    assert new is not None
    assert new["conf"] == old["conf"]
    desk.col.undo()
    assert desk.col.decks.by_name("New") is None
    card = desk.col.get_note(note_id).cards()[0]
    assert desk.col.decks.name(card.did) == "Old"


def test_a_renamed_folder_is_a_new_deck_with_all_that_was_in_it(desk: Desk) -> None:
    notes = [desk.add(f"Bio::{deck}", Front=f"q{n}", Back="a") for n, deck in enumerate("AABC")]
    notes.append(desk.add("Bio", Front="other", Back="a"))
    desk.sync()
    (desk.vault / "Bio").rename(desk.vault / "Biology")
    assert desk.sync().ok
    names = [desk.col.decks.name(desk.col.get_note(n).cards()[0].did) for n in notes]
    assert names == ["Biology::A", "Biology::A", "Biology::B", "Biology::C", "Biology"]
    indexes = sorted(path.name for path in (desk.vault / "Biology").glob("*_index.md"))
    assert indexes == ["_Biology_index.md"]
    assert not (desk.vault / "Bio").exists()
    assert desk.plan().is_empty


def test_the_index_page_of_a_renamed_folder_stays_when_a_person_wrote_on_it(desk: Desk) -> None:
    desk.set(two_way=False)
    desk.add("Bio", Front="q", Back="a")
    desk.sync()
    index = desk.vault / "Bio" / "_Bio_index.md"
    index.write_text(index.read_text("utf-8") + "mine\n", "utf-8")
    desk.sync()
    (desk.vault / "Bio").rename(desk.vault / "Mine")
    desk.sync()
    assert (desk.vault / "Mine" / "_Bio_index.md").read_text("utf-8").endswith("mine\n")
