"""A look at Anki finds every note that is another than at the last look, and hardly any other."""

from __future__ import annotations

import time
from typing import Any

import pytest
from anki.collection import ExportAnkiPackageOptions, ImportAnkiPackageRequest

from ankivault.sync.collection import reads
from ankivault.sync.run.scope import EVERYTHING, Scope
from ankivault.sync.vault.live import anki_changes
from ankivault.sync.vault.live.anki_changes import AnkiMoment, look_at_anki

from ...conftest import Desk

LATER = 3600  # seconds, so that a second look does not see again what happened before the first


class Watcher:
    """Looks again and again, each time an hour later by its own clock."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.moment: AnkiMoment | None = None

    def look(self, later: int = 0) -> Scope:
        scope, self.moment = look_at_anki(self.desk.col, self.moment, time.time() + later)
        return scope


@pytest.fixture(autouse=True, params=["in one part", "in parts"])
def parts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the collection is so large that it is read in parts."""
    if request.param == "in parts":
        monkeypatch.setattr(reads, "_SPAN", 1)


@pytest.fixture
def notes(desk: Desk) -> list[int]:
    """Three notes of long ago."""
    ids = [desk.add("Deck", Front=f"q{number}", Back="a") for number in range(3)]
    desk.col.decks.id("Other")
    assert desk.col.db is not None
    for table in ("notes", "cards"):
        desk.col.db.execute(f"update {table} set mod = mod - 100000")
    return ids


@pytest.fixture
def watcher(desk: Desk, notes: list[int]) -> Watcher:
    watcher = Watcher(desk)
    assert watcher.look() == EVERYTHING
    assert watcher.look() == Scope()
    return watcher


def only(*ids: int) -> Scope:
    return Scope(frozenset(ids))


def test_an_edit_its_undo_and_its_redo_are_each_seen(
    desk: Desk, notes: list[int], watcher: Watcher
) -> None:
    desk.edit(notes[0], Back="edited")
    assert watcher.look(LATER) == only(notes[0])
    assert watcher.look(LATER) == Scope()
    desk.col.undo()
    assert watcher.look(LATER) == only(notes[0])
    assert watcher.look(LATER) == Scope()
    desk.col.redo()
    assert watcher.look(LATER) == only(notes[0])


def test_a_deletion_its_undo_and_its_redo_are_each_seen(
    desk: Desk, notes: list[int], watcher: Watcher
) -> None:
    desk.col.remove_notes([notes[1]])
    assert watcher.look(LATER) == only(notes[1])
    desk.col.undo()
    assert watcher.look(LATER) == only(notes[1])
    desk.col.redo()
    assert watcher.look(LATER) == only(notes[1])
    assert watcher.look(LATER) == Scope()


def test_a_new_note_its_undo_and_its_redo_are_each_seen(desk: Desk, watcher: Watcher) -> None:
    new = desk.add("Deck", Front="new", Back="a")
    assert watcher.look(LATER) == only(new)
    desk.col.undo()
    assert watcher.look(LATER) == only(new)
    desk.col.redo()
    assert watcher.look(LATER) == only(new)
    assert watcher.look(LATER) == Scope()


def test_a_card_that_moves_and_moves_back_is_seen(
    desk: Desk, notes: list[int], watcher: Watcher
) -> None:
    desk.move(notes[2], "Other")
    assert watcher.look(LATER) == only(notes[2])
    desk.col.undo()
    assert watcher.look(LATER) == only(notes[2])


def test_a_review_is_a_change_of_its_note_only(
    desk: Desk, notes: list[int], watcher: Watcher
) -> None:
    desk.col.decks.select(desk.col.decks.id("Deck"))
    card: Any = desk.col.sched.getCard()
    desk.col.sched.answerCard(card, 3)
    assert watcher.look(LATER) == only(card.nid)


def test_an_edit_in_the_second_of_the_last_look_is_not_missed(
    desk: Desk, notes: list[int], watcher: Watcher
) -> None:
    desk.edit(notes[0], Back="first")
    watcher.look()
    desk.edit(notes[0], Back="second")
    desk.edit(notes[1], Back="second")
    assert watcher.look(LATER) == only(notes[0], notes[1])


def test_a_note_with_the_date_of_a_fast_clock_hides_no_later_edit(
    desk: Desk, notes: list[int], watcher: Watcher
) -> None:
    assert desk.col.db is not None
    desk.col.db.execute("update notes set mod = mod + 900000 where id = ?", notes[2])
    assert watcher.look() == only(notes[2])
    desk.edit(notes[0], Back="edited")
    assert notes[0] in (watcher.look().note_ids or ())


def test_an_edit_after_the_clock_was_set_back_is_not_missed(
    desk: Desk, notes: list[int], watcher: Watcher
) -> None:
    watcher.look(LATER)
    desk.edit(notes[0], Back="edited")
    assert watcher.look() == EVERYTHING
    desk.edit(notes[1], Back="edited")
    assert notes[1] in (watcher.look().note_ids or ())


def test_a_deck_with_another_name_is_a_reason_to_look_at_everything(
    desk: Desk, watcher: Watcher
) -> None:
    desk.col.decks.rename(desk.col.decks.id("Deck"), "Renamed")
    assert watcher.look(LATER) == EVERYTHING
    assert watcher.look(LATER) == Scope()
    desk.col.undo()
    assert watcher.look(LATER) == EVERYTHING


def test_another_note_type_is_a_reason_to_look_at_everything(desk: Desk, watcher: Watcher) -> None:
    kind = desk.col.models.by_name("Basic")
    assert kind is not None
    desk.col.models.rename_field(kind, kind["flds"][1], "Answer")
    desk.col.models.update_dict(kind)
    assert watcher.look(LATER) == EVERYTHING


def test_notes_that_come_with_an_old_date_are_a_reason_to_look_at_everything(
    desk: Desk, notes: list[int], watcher: Watcher, tmp_path: Any
) -> None:
    package = str(tmp_path / "old.apkg")
    desk.col.export_anki_package(
        out_path=package, limit=None,
        options=ExportAnkiPackageOptions(with_scheduling=True, legacy=True),
    )  # fmt: skip
    assert desk.col.db is not None
    for table in ("notes", "cards"):
        column = "id" if table == "notes" else "nid"
        desk.col.db.execute(f"delete from {table} where {column} = ?", notes[0])
    watcher.look(LATER)
    watcher.look(LATER)
    desk.col.import_anki_package(ImportAnkiPackageRequest(package_path=package))
    assert watcher.look(LATER) == EVERYTHING


def test_an_undo_of_more_than_can_be_remembered_is_seen(
    desk: Desk, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anki_changes, "_MOST", 5)
    for number in range(9):
        desk.add("Deck", Front=f"one of many {number}", Back="a")
    watcher.look(LATER)
    ids = desk.col.find_notes("many")
    desk.col.tags.bulk_add(ids, "tag")
    watcher.look(LATER)
    for step in (desk.col.undo, desk.col.redo):
        step()
        scope = watcher.look(LATER)
        assert scope.is_everything or {*ids} <= {*(scope.note_ids or ())}
