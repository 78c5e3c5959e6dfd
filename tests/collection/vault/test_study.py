"""Pages tell how their notes are studied, if asked: only what was studied is written again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from anki.cards import CardId
from anki.collection import Collection
from anki.consts import QUEUE_TYPE_REV

from ankivault.sync.collection.study import StudyReader
from ankivault.sync.run.done import Done
from ankivault.sync.run.scope import Scope
from ankivault.sync.vault.words import explain_page

from ...stress import STRESS
from ..conftest import Desk

NOTES = 600 if STRESS else 60


def today(col: Collection) -> date:
    return date.fromtimestamp(col.sched.day_cutoff - 43_200)


def told(desk: Desk, note_id: int) -> dict[str, Any]:
    """What the page of a note tells, without what every page has."""
    lines = desk.page(note_id).read_text("utf-8").split("---\n")[1]
    every = ("anki_note_id", "anki_guid", "anki_deck", "anki_note_type", "tags", "aliases")
    return {key: value for key, value in yaml.safe_load(lines).items() if key not in every}


def review(col: Collection, card_id: CardId, ease: int = 3) -> None:
    """Answer a card, whichever card Anki would show."""
    card = col.get_card(card_id)
    card.start_timer()
    states = col._backend.get_scheduling_states(card_id)
    answer = col.sched.build_answer(card=card, states=states, rating=ease - 1)
    col.sched.answer_card(answer)


def set_card(col: Collection, card_id: CardId, **values: int) -> None:
    card = col.get_card(card_id)
    for name, value in values.items():
        setattr(card, name, value)
    col.update_card(card)


def set_due(col: Collection, card_id: CardId, days: int, interval: int = 10) -> None:
    """Have a card be one in review that is due in so many days."""
    due = col.sched.today + days
    set_card(col, card_id, type=2, queue=QUEUE_TYPE_REV, due=due, ivl=interval, reps=3, lapses=1)


def cards(desk: Desk, note_id: int) -> Sequence[CardId]:
    return desk.col.card_ids_of_note(note_id)


def changed_pages(desk: Desk, before: Any) -> set[str]:
    after = desk.dates()
    return {path for path in after if path.endswith(".md") and after[path] != before.get(path)}


@pytest.mark.parametrize("two_way", [False, True])
@pytest.mark.parametrize("fsrs", [False, True])
def test_a_day_of_reviews_changes_the_pages_of_these_notes_and_no_other(
    desk: Desk, two_way: bool, fsrs: bool
) -> None:
    desk.set(study_properties=True, two_way=two_way, index_pages=True)
    desk.col.set_config("fsrs", fsrs)
    notes = [desk.add(f"D::{n % 3}", Front=f"q{n}", Back="a") for n in range(NOTES)]
    desk.sync()
    assert desk.plan().is_empty
    desk.sync()
    studied = notes[: NOTES // 2]  # far more than a fifth: reviews are no large change to ask about
    before = desk.dates()
    for note_id in studied:
        review(desk.col, cards(desk, note_id)[0], 4)
    plan = desk.plan()
    assert plan.large_change is None
    assert {explain_page(change) for change in plan.pages} == {"studied in Anki"}
    report = desk.sync()
    assert report.counts[Done.PAGE_UPDATED] == len(studied)
    pages = {str(desk.page(note_id).relative_to(desk.vault)) for note_id in studied}
    assert changed_pages(desk, before) == pages
    assert {told(desk, note_id)["anki_state"] for note_id in studied} == {"review"}
    assert {told(desk, note_id)["anki_state"] for note_id in notes[len(studied) :]} == {"new"}
    before = desk.dates()
    assert desk.plan().is_empty
    assert not any(report.counts[d] for d in desk.sync().counts if d.is_change)
    assert desk.dates() == before


def test_a_page_tells_the_soonest_the_worst_and_the_sum_of_its_notes_cards(desk: Desk) -> None:
    desk.set(study_properties=True)
    note_id = desk.add("D", "Cloze", Text="{{c1::a}} {{c2::b}} {{c3::c}} {{c4::d}}")
    first, second, third, _ = cards(desk, note_id)
    set_due(desk.col, first, 9, 30)
    set_due(desk.col, second, 3, 12)
    set_due(desk.col, third, -5, 4)
    set_card(desk.col, second, lapses=7, flags=2)
    desk.col.sched.suspend_cards([third])
    desk.sync()
    assert told(desk, note_id) == {
        "anki_due": today(desk.col) + timedelta(days=3),
        "anki_interval": 4,
        "anki_reviews": 9,
        "anki_lapses": 7,
        "anki_state": "review",
        "anki_flag": 2,
    }


def test_what_is_done_to_a_card_in_anki_is_on_its_page_and_undo_takes_it_back(desk: Desk) -> None:
    desk.set(study_properties=True)
    note_id, other = desk.add(Front="q", Back="a"), desk.add(Front="other", Back="a")
    card = cards(desk, note_id)[0]
    set_due(desk.col, card, 4)
    desk.sync()
    first, states = told(desk, note_id), []
    assert told(desk, other) == {"anki_reviews": 0, "anki_lapses": 0, "anki_state": "new"}
    scheduler = desk.col.sched
    steps = (
        lambda: scheduler.suspend_cards([card]),
        lambda: scheduler.unsuspend_cards([card]),
        lambda: scheduler.bury_cards([card]),
        lambda: scheduler.unbury_deck(desk.col.decks.id("Biology")),
        lambda: scheduler.set_due_date([card], "20"),
        lambda: desk.col.set_user_flag_for_cards(3, [card]),
        lambda: review(desk.col, card, 1),
    )
    for step in steps:
        before = told(desk, note_id)
        step()
        scope = Scope(frozenset((note_id,)))
        assert desk.plan(scope=scope).pages[0].kind == "update", "a live run sees it as well"
        assert desk.sync().counts[Done.PAGE_UPDATED] == 1
        states.append(told(desk, note_id)["anki_state"])
        assert told(desk, note_id) != before
    assert states == ["suspended", "review", "buried", "review", "review", "review", "learning"]
    assert told(desk, note_id)["anki_flag"] == 3
    for _ in steps:
        desk.col.undo()
    desk.sync()
    assert told(desk, note_id) == first


def test_a_card_in_a_filtered_deck_is_told_as_it_was(desk: Desk) -> None:
    desk.set(study_properties=True)
    note_id = desk.add(Front="q", Back="a")
    set_due(desk.col, cards(desk, note_id)[0], 4)
    desk.sync()
    before = told(desk, note_id)
    filtered = desk.col.decks.new_filtered("Now")
    deck = desk.col.decks.get(filtered)
    assert deck is not None
    deck["terms"] = [["deck:Biology", 10, 0]]
    desk.col.decks.save(deck)
    desk.col.sched.rebuild_filtered_deck(filtered)
    assert desk.col.get_card(cards(desk, note_id)[0]).odid
    assert desk.plan().is_empty
    assert told(desk, note_id) == before


def test_another_day_and_another_place_in_the_queue_change_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.set(study_properties=True)
    desk.col.set_config("fsrs", True)
    notes = [desk.add(Front=f"q{n}", Back="a") for n in range(8)]
    for note_id in notes[:4]:
        review(desk.col, cards(desk, note_id)[0], 4)
    desk.sync()
    before = {note_id: told(desk, note_id) for note_id in notes}
    assert {"anki_difficulty", "anki_retrievability"} <= before[notes[0]].keys()
    desk.col.sched.reposition_new_cards(
        [cards(desk, n)[0] for n in notes[4:]], 50, 1, randomize=True, shift_existing=False
    )
    assert desk.plan().is_empty
    day = type(desk.col.sched)
    monkeypatch.setattr(day, "today", property(lambda s: s._timing_today().days_elapsed + 30))
    cutoff = property(lambda s: s._timing_today().next_day_at + 30 * 86_400)
    monkeypatch.setattr(day, "day_cutoff", cutoff)
    assert desk.plan().is_empty


def test_two_way_puts_edits_of_these_properties_back_and_says_so(desk: Desk) -> None:
    desk.set(study_properties=True, anki_links=True, two_way=True)
    note_id = desk.add(Front="q", Back="a")
    set_due(desk.col, cards(desk, note_id)[0], 4)
    desk.sync()
    text = desk.page(note_id).read_bytes()
    rows = desk.col.db.all("select * from cards") + desk.col.db.all("select * from notes")
    desk.retype(note_id, "anki_reviews: 3", "anki_reviews: 99")
    desk.retype(note_id, "anki_state: review\n", "")
    message = desk.told(desk.sync(), "only show what Anki says")
    assert "“anki_reviews”, “anki_state”" in message.text
    assert message.path == str(desk.page(note_id).relative_to(desk.vault).as_posix())
    assert yaml.safe_load(desk.page(note_id).read_text("utf-8").split("---")[1])
    assert told(desk, note_id)["anki_reviews"] == 3
    assert told(desk, note_id)["anki_state"] == "review"
    assert len(desk.page(note_id).read_bytes()) == len(text)
    now = desk.col.db.all("select * from cards") + desk.col.db.all("select * from notes")
    assert now == rows
    assert not desk.sync().messages


def test_an_edit_of_the_text_goes_on_beside_a_review(desk: Desk) -> None:
    desk.set(study_properties=True, two_way=True)
    note_id = desk.add(Front="q", Back="answer")
    desk.sync()
    desk.retype(note_id, "answer", "other answer")
    review(desk.col, cards(desk, note_id)[0])
    assert desk.sync().ok
    assert desk.fields(note_id)["Back"] == "other answer"
    assert told(desk, note_id)["anki_reviews"] == 1
    assert desk.plan().is_empty


@pytest.mark.parametrize("two_way", [False, True])
def test_switched_off_the_properties_go_and_what_a_person_wrote_stays(
    desk: Desk, two_way: bool
) -> None:
    desk.set(two_way=two_way)
    note_id, mine = desk.add(Front="q", Back="a"), desk.add(Front="mine", Back="a")
    desk.sync()
    plain = desk.page(note_id).read_bytes()
    desk.set(study_properties=True, anki_links=True)
    desk.sync()
    assert told(desk, note_id)["anki_link"] == f"anki://x-callback-url/search?query=nid:{note_id}"
    desk.retype(mine, "anki_lapses: 0", "anki_lapses: 0 # so few")
    desk.set(study_properties=False, anki_links=False)
    desk.sync()
    assert desk.page(note_id).read_bytes() == plain
    assert "# so few" in desk.page(mine).read_text("utf-8")
    assert desk.plan().is_empty


def test_before_every_page_gets_or_loses_these_properties_a_person_is_asked(desk: Desk) -> None:
    for n in range(30):
        desk.add(Front=f"q{n}", Back="a")
    desk.sync()
    for switched in ({"anki_links": True}, {"study_properties": True}, {"anki_links": False}):
        desk.set(**switched)
        plan = desk.plan()
        assert plan.large_change is not None
        assert {explain_page(change) for change in plan.pages} == {"settings changed"}
        desk.sync(confirmed=True)


def test_a_property_of_a_persons_own_is_never_replaced(desk: Desk) -> None:
    note_id = desk.add(Front="q", Back="a")
    desk.sync()
    desk.retype(note_id, "---\n%%", "anki_state: I am proud of this\n---\n%%")
    desk.set(study_properties=True)
    message = desk.told(desk.sync(), "a value of your own")
    assert "line " in message.text
    assert told(desk, note_id) == {"anki_state": "I am proud of this"}


def test_a_lost_base_writes_no_page_again(desk: Desk) -> None:
    desk.set(study_properties=True, anki_links=True)
    for n in range(5):
        review(desk.col, cards(desk, desk.add(Front=f"q{n}", Back="a"))[0])
    desk.sync()
    dates = desk.dates()
    desk.lose_base()
    desk.sync()
    assert desk.dates() == dates


def test_cards_are_read_for_nobody_who_did_not_ask(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.add(Front="q", Back="a")
    monkeypatch.setattr(StudyReader, "__init__", lambda *_: pytest.fail("it was read"))
    assert desk.sync().ok
