"""A vault that is renamed, moved or copied: no page is asked about, and links open it again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from ankivault.sync.vault.run import apply_plan

from ..conftest import Desk

TEXT = "answer with [[{0}|a page]] and [[My own note#Part]]"


def prepare(desk: Desk) -> list[int]:
    """A vault with two-way pages, one of which links to another and to a note of the person's."""
    (desk.vault.parent / ".obsidian").mkdir()
    (desk.vault.parent / "My own note.md").write_text("mine\n", "utf-8")
    notes = [desk.add(Front=f"question {n}", Back=f"answer {n}") for n in range(12)]
    desk.set(two_way=True)
    desk.sync()
    target = desk.page(notes[1]).stem
    desk.retype(notes[0], "answer 0", TEXT.format(target))
    desk.sync()
    assert desk.fields(notes[0])["Back"].count("obsidian://open?vault=Obsidian&amp;file=") == 2
    desk.sync()
    assert desk.plan().is_empty
    return notes


def rename(desk: Desk, new: Path) -> None:
    new.parent.mkdir(parents=True, exist_ok=True)
    os.rename(desk.vault.parent, new)


def copy(desk: Desk, new: Path) -> None:
    shutil.copytree(desk.vault.parent, new)


def copy_without_dates(desk: Desk, new: Path) -> None:
    shutil.copytree(desk.vault.parent, new, copy_function=shutil.copyfile)


@pytest.mark.parametrize("move", [rename, copy, copy_without_dates])
@pytest.mark.parametrize("place", ["Renamed & new", "Elsewhere/Obsidian", "Elsewhere/Ö 2"])
@pytest.mark.parametrize("lost", [False, True])
def test_a_vault_elsewhere_or_under_another_name_goes_on(
    desk: Desk, move: Callable[[Desk, Path], None], place: str, lost: bool
) -> None:
    notes = prepare(desk)
    new = desk.vault.parent.parent / place
    move(desk, new)
    if lost:
        desk.lose_base()
    desk.vault = new / "Anki"
    desk.set(vault_folder=str(desk.vault))
    pages = desk.files()
    plan = desk.plan()
    assert not plan.questions and not plan.messages
    assert not [page for page in plan.pages if page.kind not in ("adopt",)]
    report = desk.sync(confirmed=True)
    assert report.ok and not report.questions
    assert desk.files() == pages
    named = desk.fields(notes[0])["Back"]
    assert named.count(f"vault={quote(new.name)}&amp;file=") == 2
    desk.sync()
    assert desk.plan().is_empty
    desk.retype(notes[0], "answer with", "answer of")
    desk.sync()
    assert desk.fields(notes[0])["Back"] == named.replace("answer with", "answer of")


def test_an_edit_made_after_the_move_is_an_edit_and_an_old_copy_is_none(desk: Desk) -> None:
    notes = prepare(desk)
    old = desk.vault.parent.parent / "Backup"
    copy(desk, old)
    desk.retype(notes[2], "answer 2", "newer words")
    desk.sync()
    moved = desk.vault.parent.parent / "Moved"
    rename(desk, moved)
    desk.vault = moved / "Anki"
    desk.set(vault_folder=str(desk.vault))
    desk.retype(notes[3], "answer 3", "words after the move")
    desk.sync(confirmed=True)
    assert desk.fields(notes[3])["Back"] == "words after the move"
    desk.vault = old / "Anki"
    desk.set(vault_folder=str(desk.vault))
    plan = desk.plan()
    assert not [note for note in plan.notes if note.note_id in (notes[2], notes[3])]
    assert {question.note_id for question in plan.questions} == {notes[2], notes[3]}


def test_a_link_to_another_vault_stays_an_address(desk: Desk) -> None:
    prepare(desk)
    address = "obsidian://open?vault=Work&amp;file=Budget"
    note_id = desk.add(Front="q", Back=f'<a href="{address}">budget</a>')
    desk.sync()
    assert "(obsidian://open?vault=Work&file=Budget)" in desk.page(note_id).read_text("utf-8")
    assert desk.fields(note_id)["Back"] == f'<a href="{address}">budget</a>'


@pytest.mark.parametrize("meanwhile", ["asked", "edited on its page", "late"])
def test_links_of_a_note_that_waits_get_the_new_name_later(desk: Desk, meanwhile: str) -> None:
    notes = prepare(desk)
    rename(desk, desk.vault.parent.parent / "Renamed")
    desk.vault = desk.vault.parent.parent / "Renamed" / "Anki"
    desk.set(vault_folder=str(desk.vault))
    if meanwhile != "late":
        desk.retype(notes[0], "answer with", "answer of")
    if meanwhile == "asked":
        before = desk.fields(notes[0])["Back"]
        desk.edit(notes[0], Back=before.replace("answer with", "answer by"))
    plan = desk.plan()
    if meanwhile == "late":
        desk.edit(notes[0], Front="edited since")
    report = apply_plan(desk.col, plan, desk.state)
    if meanwhile == "asked":
        assert report.questions == 1
        (question,) = plan.questions
        desk.answer(question.key, "obsidian")
    desk.sync()
    assert desk.fields(notes[0])["Back"].count("vault=Renamed&amp;file=") == 2
    desk.sync()
    assert desk.plan().is_empty
