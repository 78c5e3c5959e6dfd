"""Where nothing is new, a full run looks at no note and no page alone; what is new, it sees."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ankivault.sync.collection import reads
from ankivault.sync.collection.reads import identify
from ankivault.sync.vault.base import Base
from ankivault.sync.vault.base_tables import VAULT_BASE
from ankivault.sync.vault.changes import VaultPlan
from ankivault.sync.vault.rows import Held, PageRow, Stretch

from ..conftest import Desk

NOTES = 40  # more than ten stretches: a run without changes remembers so many


@pytest.fixture(params=[False, True])
def notes(desk: Desk, request: Any) -> list[int]:
    """The ids of notes that a run before found in step."""
    desk.set(two_way=request.param)
    notes = [desk.add(f"D::{n % 4}", Front=f"q{n}", Back=f"word{n}.") for n in range(NOTES)]
    desk.sync()
    desk.sync()
    assert stretches(desk)
    return notes


def stretches(desk: Desk) -> list[Stretch]:
    with VAULT_BASE.read(desk.state, desk.vault, identify(desk.col)) as db:
        return Base(db).stretches()


@contextmanager
def looked_at() -> Iterator[set[int]]:
    """The ids of the notes that are compared one by one, or whose pages' rows are read."""
    found: set[int] = set()
    with pytest.MonkeyPatch.context() as watched:
        between, alone, contents = Base.pages_between, Base.page, reads.NoteContents.find_decks

        def read_rows(self: Base, first: int, last: int) -> dict[int, PageRow]:
            rows = between(self, first, last)
            found.update(rows)
            return rows

        def read_row(self: Base, note_id: int) -> PageRow | None:
            found.add(note_id)
            return alone(self, note_id)

        def read_notes(self: reads.NoteContents) -> Any:
            found.update(note[0] for note in self.notes)
            return contents(self)

        def read_all(_: Base) -> Any:
            raise AssertionError("all rows are read")

        watched.setattr(Base, "pages_between", read_rows)
        watched.setattr(Base, "page", read_row)
        watched.setattr(reads.NoteContents, "find_decks", read_notes)
        watched.setattr(Base, "pages", read_all)
        yield found


def plan_again(desk: Desk) -> VaultPlan:
    """A plan with the base as it is, which has to be the same as without any stretch."""
    plan = desk.plan()
    with sqlite3.connect(VAULT_BASE.file(desk.state, desk.vault)) as db:
        db.execute("delete from stretch")
    assert desk.plan() == plan
    return plan


def test_a_run_without_changes_looks_at_no_note_alone(desk: Desk, notes: list[int]) -> None:
    before = {file: file.read_bytes() for file in desk.bases()}
    with looked_at() as found:
        assert desk.sync().counts
    assert len(found) < 3, "only those after the last stretch"
    assert {file: file.read_bytes() for file in desk.bases()} == before


def test_after_a_few_changes_only_those_beside_them_are_looked_at(
    desk: Desk, notes: list[int]
) -> None:
    desk.edit(notes[7], Back="edited")
    desk.page(notes[30]).touch()
    desk.col.remove_notes([notes[20]])
    with looked_at() as found:
        plan = desk.plan()
    assert {page.note_id for page in plan.pages} == {notes[7], notes[30], notes[20]}
    assert found >= {notes[7], notes[30], notes[20]}
    assert len(found) <= 4 * 3
    desk.sync()
    with looked_at() as found:
        assert desk.sync().counts
    assert len(found) < 6, "they are in step again"
    assert plan_again(desk).is_empty


def test_after_a_review_only_the_notes_beside_it_are_looked_at(
    desk: Desk, notes: list[int]
) -> None:
    """Where pages tell how notes are studied; where they do not, no note is looked at."""
    desk.col.set_user_flag_for_cards(1, desk.col.card_ids_of_note(notes[13]))
    with looked_at() as found:
        assert desk.plan().is_empty
    assert len(found) < 3, "only those after the last stretch"
    desk.set(study_properties=True)
    desk.sync(confirmed=True)
    desk.sync()
    desk.col.set_user_flag_for_cards(2, desk.col.card_ids_of_note(notes[7]))
    with looked_at() as found:
        plan = desk.plan()
    assert [page.note_id for page in plan.pages] == [notes[7]]
    assert len(found) < 2 * 3 + 3
    desk.sync()
    with looked_at() as found:
        assert desk.sync().counts
    assert len(found) < 6, "they are in step again"
    assert plan_again(desk).is_empty


def test_after_changes_everywhere_the_next_run_looks_at_no_note_alone(
    desk: Desk, notes: list[int]
) -> None:
    for note_id in notes[1::2]:  # in every stretch
        desk.edit(note_id, Back="edited")
    desk.sync()
    with looked_at() as found:
        assert desk.sync().counts
    assert len(found) < 6, "they are in step again"
    assert plan_again(desk).is_empty


def change_text(desk: Desk, note_id: int) -> None:
    desk.edit(note_id, Back="edited")


def change_tags(desk: Desk, note_id: int) -> None:
    note = desk.col.get_note(note_id)
    note.tags = ["new"]
    desk.col.update_note(note)


def change_deck(desk: Desk, note_id: int) -> None:
    desk.move(note_id, "Elsewhere")


def rename_deck(desk: Desk, note_id: int) -> None:
    desk.col.decks.rename(desk.col.decks.id("D::1"), "D::New")


def rename_field(desk: Desk, note_id: int) -> None:
    kind = desk.col.models.by_name("Basic")
    assert kind
    desk.col.models.rename_field(kind, kind["flds"][1], "Answer")
    desk.col.models.update_dict(kind)


def change_page(desk: Desk, note_id: int) -> None:
    desk.retype(note_id, "word", "typed")


def change_date(desk: Desk, note_id: int) -> None:
    os.utime(desk.page(note_id), ns=(1, 1))


def move_page(desk: Desk, note_id: int) -> None:
    page = desk.page(note_id)
    page.rename(desk.vault / "D" / "2" / page.name)


def delete_page(desk: Desk, note_id: int) -> None:
    desk.page(note_id).unlink()


def copy_page(desk: Desk, note_id: int) -> None:
    shutil.copy(desk.page(note_id), desk.vault / "Copy.md")


def exclude_deck(desk: Desk, note_id: int) -> None:
    desk.set(excluded_decks=("D::1",))


CHANGES = [change_text, change_tags, change_deck, rename_deck, rename_field, change_page]
CHANGES += [change_date, move_page, delete_page, copy_page, exclude_deck]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_any_kind_is_seen(desk: Desk, notes: list[int], change: Any) -> None:
    change(desk, notes[9])
    plan = plan_again(desk)
    assert plan.pages or plan.notes or plan.questions or plan.messages


def test_what_is_restored_on_both_sides_is_what_the_next_edit_is_compared_with(desk: Desk) -> None:
    desk.set(two_way=True)
    notes = [desk.add(Front=f"q{n}", Back="old words") for n in range(NOTES)]
    desk.sync()
    desk.sync()
    page = desk.page(notes[5])
    kept = desk.vault.parent / "kept.md"
    shutil.copy2(page, kept)
    desk.edit(notes[5], Back="new words")
    desk.sync()
    desk.edit(notes[5], Back="old words")
    shutil.copy2(kept, page)  # with its date, as a backup does
    desk.sync()
    desk.retype(notes[5], "old words", "old words and more")
    assert desk.sync().questions == 0
    assert desk.fields(notes[5])["Back"] == "old words and more"


def test_a_stretch_is_forgotten_with_any_write_of_a_row_in_it(desk: Desk) -> None:
    for note_id in range(10, 400, 10):
        rows = [_row(note_id)]
        with VAULT_BASE.write(desk.state, desk.vault, "c") as db:
            Base(db).save_pages(rows)

    def left(*changed: int, forget: bool = False) -> list[int]:
        with VAULT_BASE.write(desk.state, desk.vault, "c") as db:
            base = Base(db)
            learned = [Stretch(n, n + 99, 1, b"", b"", ("a",), ()) for n in (1, 101, 201, 301)]
            base.save_stretches(learned)
            if forget:
                base.forget_pages(changed)
            else:
                base.save_pages([_row(note_id) for note_id in changed])
            return [stretch.first for stretch in base.stretches()]

    assert left() == [1, 101, 201, 301]
    assert left(100) == [101, 201, 301]
    assert left(101, forget=True) == [1, 201, 301]
    assert left(1, 400) == [101, 201]
    assert left(*range(110, 300)) == [1, 301]


def _row(note_id: int) -> tuple[PageRow, Held]:
    row = PageRow(note_id, f"{note_id}.md", 1, 1, b"", "", "", "")
    return row, Held(note_id, b"", "{}", b"")
