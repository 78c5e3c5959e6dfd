"""What has changed in Anki since a deck's last run is known without a plan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ankivault.sync.deck.in_step import count_changed_in_anki
from tests.desks.deck_desk import DeckDesk, note, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeckDesk]:
    with open_desk(tmp_path) as opened:
        yield opened


@pytest.fixture
def settled(desk: DeckDesk) -> tuple[DeckDesk, int]:
    """A deck that was synced long ago; the second after its last run."""
    desk.write(note("uno", "one"), note("dos", "two"), note("tres", "three"))
    desk.sync()
    old = 1_000_000_000
    for note_id in desk.ids():
        loaded = desk.col.get_note(note_id)
        desk.col.db.execute("update notes set mod = ? where id = ?", old, loaded.id)
    return desk, old + 1


def test_each_kind_of_change_in_anki_is_counted(settled: tuple[DeckDesk, int]) -> None:
    desk, since = settled

    def count() -> int:
        return count_changed_in_anki(desk.col, desk.file, desk.state, since)

    uno, dos, tres = desk.ids()
    assert count() == 0
    card = desk.col.get_note(uno).cards()[0]
    card.start_timer()
    desk.col.sched.answerCard(card, 3)
    assert count() == 0, "a review is no change"
    desk.edit(uno, English="1")
    assert count() == 1
    desk.col.remove_notes([dos])
    assert count() == 2
    desk.add("cuatro")
    assert count() == 3
    other = desk.col.decks.id("Elsewhere")
    assert other is not None
    desk.col.set_deck(desk.col.get_note(tres).card_ids(), other)
    assert count() == 4


def test_without_a_base_nothing_is_said(desk: DeckDesk, tmp_path: Path) -> None:
    desk.write(note("uno", "one"))
    desk.sync()
    assert count_changed_in_anki(desk.col, desk.file, tmp_path / "none", 0) == 0
