"""Dynamic notes among the other things of a collection."""

from __future__ import annotations

from pathlib import Path

import pytest
from anki.collection import Collection

from ankivault.model.note import NoCards
from ankivault.model.slots import SlotsExhausted
from ankivault.sync.collection.dynamic_cards import find_cards, remove_emptied_cards
from ankivault.sync.collection.renderer import FILES, MediaUnavailable, read_source
from ankivault.sync.dynamic.notes import (
    NewNote,
    NoteGone,
    create_notes,
    read_dynamic_notes,
    update_notes,
)

from ...desks.dynamic_desk import DECK, add_note, cards_of, make_content, review, reviews_of, stored
from ..conftest import Desk


def decks_of(col: Collection, note_id: int) -> dict[int, str]:
    """Slot → the home deck of its card."""
    return {card.slot: col.decks.name(card.home) for card in find_cards(col, [note_id])[note_id]}


def make_filtered(col: Collection, search: str) -> int:
    """A filtered deck that has borrowed these cards."""
    deck = col.sched.get_or_create_filtered_deck(0)
    deck.name = "Borrowed"
    del deck.config.search_terms[1:]
    deck.config.search_terms[0].search = search
    deck.config.reschedule = True
    return int(col.sched.add_or_update_filtered_deck(deck).id)


def test_one_step_makes_and_one_step_undoes(desk: Desk) -> None:
    col = desk.col
    add_note(col, "first")  # makes the note type, which Anki cannot undo
    made = create_notes(
        col, [NewNote(make_content("a", "b"), DECK, ("x", "y"), "my-guid")] * 2600, "Mine"
    )
    assert col.undo_status().undo == "Mine" and made.changes.note and made.changes.card
    assert (col.note_count(), col.card_count()) == (2601, 5201)
    first = stored(col, made.note_ids[0])
    assert (first.guid, first.tags) == ("my-guid", ("x", "y"))
    col.undo()
    assert (col.note_count(), col.card_count()) == (1, 1)


def test_update_is_one_step_and_none_when_nothing_changed(desk: Desk) -> None:
    col = desk.col
    ids = [add_note(col, "a", "b", "c") for _ in range(3)]
    before = {note_id: cards_of(col, note_id) for note_id in ids}
    review(col, before[ids[0]]["b"])
    wanted = {note_id: make_content("c", "a", "new") for note_id in ids}
    changes = update_notes(col, wanted, "Mine").changes
    assert col.undo_status().undo == "Mine" and changes.note and changes.card
    mod = col.db.scalar("select max(mod) from notes")
    again = update_notes(col, wanted, "Nothing")
    assert (again.note_ids, again.changes.note) == ((), False)
    assert col.undo_status().undo == "Mine"
    assert col.db.scalar("select max(mod) from notes") == mod
    col.undo()
    assert {note_id: cards_of(col, note_id) for note_id in ids} == before
    assert reviews_of(col, before[ids[0]].values())[before[ids[0]]["b"]] == [3]
    assert col.get_card(before[ids[0]]["b"]).reps == 1


def test_what_cannot_be_leaves_all_notes_as_they_were(desk: Desk) -> None:
    col = desk.col
    full = add_note(col, *(f"c{n}" for n in range(100)))
    other = add_note(col, "a")
    mods = col.db.all("select id, mod, flds from notes")
    with pytest.raises(SlotsExhausted, match="used 100 of the 100"):
        update_notes(col, {other: make_content("b"), full: make_content("c1", "one more")})
    with pytest.raises(NoCards):
        update_notes(col, {other: make_content()})
    with pytest.raises(NoteGone):
        update_notes(col, {other: make_content("b"), 12345: make_content("b")})
    basic = desk.add(Front="Not ours")
    with pytest.raises(NoteGone):
        update_notes(col, {basic: make_content("b")})
    assert col.db.all("select id, mod, flds from notes where id != ?", basic) == mods
    assert col.card_count() == 102


def test_a_note_can_change_all_its_cards_at_once(desk: Desk) -> None:
    note_id = add_note(desk.col, "a", "b")
    update_notes(desk.col, {note_id: make_content("c", "d", "e")})
    assert list(cards_of(desk.col, note_id)) == ["c", "d", "e"]


def test_new_cards_lie_where_their_note_lies(desk: Desk) -> None:
    """Anki itself puts them into the deck used last when the note's cards lie in several."""
    col = desk.col
    home, elsewhere = (col.decks.id(name) for name in ("Home", "Elsewhere"))
    note_id = add_note(col, "a", "b", "c", deck=home)
    cards = cards_of(col, note_id)
    col.set_deck([cards["b"]], elsewhere)
    add_note(col, "x", deck=col.decks.id("Used last"))
    update_notes(col, {note_id: make_content("a", "b", "c", "d")})
    assert decks_of(col, note_id) == {1: "Home", 2: "Elsewhere", 3: "Home", 4: "Home"}
    update_notes(col, {note_id: make_content("b", "c", "e")})
    assert decks_of(col, note_id) == {2: "Elsewhere", 3: "Home", 5: "Home"}
    col.undo()
    col.undo()
    assert decks_of(col, note_id) == {1: "Home", 2: "Elsewhere", 3: "Home"}


def test_cards_that_a_filtered_deck_has_borrowed_stay_there(desk: Desk) -> None:
    col = desk.col
    note_id = add_note(col, "a", "b", "c", deck=col.decks.id("Home"))
    cards = cards_of(col, note_id)
    filtered = make_filtered(col, "deck:Home")
    update_notes(col, {note_id: make_content("c", "d", "a")})
    assert decks_of(col, note_id) == {1: "Home", 3: "Home", 4: "Home"}
    now = cards_of(col, note_id)
    assert [now[id_] for id_ in "ac"] == [cards[id_] for id_ in "ac"]
    assert col.get_card(now["a"]).did == filtered != col.get_card(now["d"]).did
    col.sched.empty_filtered_deck(filtered)
    assert {*col.db.list("select did from cards where nid = ?", note_id)} == {col.decks.id("Home")}


def test_suspended_buried_and_flagged_cards_stay_so(desk: Desk) -> None:
    col = desk.col
    note_id = add_note(col, *"abcd")
    cards = cards_of(col, note_id)
    col.sched.suspend_cards([cards["b"]])
    col.sched.bury_cards([cards["c"]])
    col.set_user_flag_for_cards(3, [cards["d"]])
    states = "select id, queue, flags from cards where id in (?, ?, ?) order by id"
    kept = [cards[id_] for id_ in "bcd"]
    before = col.db.all(states, *kept)
    update_notes(col, {note_id: make_content(*"dcbx")})
    assert col.db.all(states, *kept) == before
    assert [row[1:] for row in before] == [[-1, 0], [-3, 0], [0, 3]]


def test_a_card_that_returns_has_its_slot_and_starts_anew(desk: Desk) -> None:
    col = desk.col
    note_id = add_note(col, "a", "b")
    first = cards_of(col, note_id)["a"]
    review(col, first)
    update_notes(col, {note_id: make_content("b")})
    update_notes(col, {note_id: make_content("b", "c", "a")})
    now = cards_of(col, note_id)
    assert list(now) == ["a", "b", "c"]  # in the order of slots
    assert now["a"] != first and col.get_card(now["a"]).reps == 0
    assert reviews_of(col, [first, *now.values()])[first] == [3]  # kept, and nobody's


def test_other_notes_and_last_cards_are_left_alone(desk: Desk) -> None:
    col = desk.col
    note_id, twin = add_note(col, "a", "b"), add_note(col, "a", "b")
    reversed_ = desk.add(
        notetype="Basic (optional reversed card)", Front="f", Back="b", Add_Reverse="y"
    )
    desk.edit(reversed_, Add_Reverse="")  # Anki keeps the emptied card, and so do we
    for ours in (note_id, twin):
        desk.edit(ours, Card_1="", Card_2="", Data="")
    assert remove_emptied_cards(col, [note_id, reversed_]) == 1
    assert [len(col.card_ids_of_note(n)) for n in (note_id, twin, reversed_)] == [1, 2, 2]
    assert len(find_cards(col, [note_id])[note_id]) == 1


def test_cards_that_a_merge_of_devices_took_away_come_back(desk: Desk) -> None:
    col = desk.col
    note_id = add_note(col, "a", "b", "c")
    cards = cards_of(col, note_id)
    col.remove_cards_and_orphaned_notes([cards["b"]])
    update_notes(col, {note_id: stored(col, note_id).read.content}, "Mine")
    now = cards_of(col, note_id)
    assert {id_: now[id_] for id_ in "ac"} == {id_: cards[id_] for id_ in "ac"}
    col.undo()
    assert len(col.card_ids_of_note(note_id)) == 2


def test_a_note_that_was_wiped_out_gives_no_review_to_new_cards(desk: Desk) -> None:
    """Anki's cards are all that is left of it, and they were reviewed."""
    note_id = add_note(desk.col, "a", "b", "c")
    for card in cards_of(desk.col, note_id).values():
        review(desk.col, card)
    answered = desk.col.db.list("select cid from revlog")
    desk.col.find_and_replace(note_ids=[note_id], search="(?s).+", replacement="", regex=True)
    update_notes(desk.col, {note_id: make_content("new", "a")})
    assert not {*answered} & {*cards_of(desk.col, note_id).values()}
    assert stored(desk.col, note_id).read.slots == {"new": 4, "a": 5}


def test_only_dynamic_notes_that_exist_are_read(desk: Desk) -> None:
    col = desk.col
    gone, other, basic = add_note(col, "a"), add_note(col, "b"), desk.add(Front="x")
    col.remove_notes([gone])
    assert [note.id for note in read_dynamic_notes(col, [gone, basic, other])] == [other]


def test_an_empty_collection_has_no_dynamic_notes(desk: Desk) -> None:
    basic = desk.add(Front="x")
    assert list(read_dynamic_notes(desk.col, [basic])) == []
    assert remove_emptied_cards(desk.col, [basic]) == 0
    assert desk.col.models.by_name("Ankivault 0.1.0") is None


def test_the_renderer_is_put_right_only_when_it_is_wrong(desk: Desk) -> None:
    media = Path(desk.col.media.dir())
    add_note(desk.col, "a")
    files = {name: read_source(source) for source, name in FILES.items()}
    stamps = {name: (media / name).stat().st_ino for name in files}
    (media / "_ankivault_0_1_0.css").write_bytes(b"older")
    add_note(desk.col, "a")
    assert {name: (media / name).read_bytes() for name in files} == files
    assert (media / "_ankivault_0_1_0.js").stat().st_ino == stamps["_ankivault_0_1_0.js"]
    assert {file.name for file in media.iterdir()} == {*files}
    (media / "_ankivault_0_1_0.js").unlink()
    (media / "_ankivault_0_1_0.js").mkdir()
    with pytest.raises(MediaUnavailable, match=r"_ankivault_0_1_0\.js"):
        add_note(desk.col, "a")
    assert desk.col.note_count() == 2
