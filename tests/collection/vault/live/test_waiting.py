"""What a live run leaves to a person: questions, deletions, large changes, edited mirrors."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from ankivault.sync.reconcile.note_change import NoteChange
from ankivault.sync.vault.changes import IndexChange, MediaChange, PageChange, VaultPlan, Why
from ankivault.sync.vault.live.waiting import Waiting, leave_out, split_plan
from ankivault.sync.vault.settings import Settings

from ....desks.live_desk import LiveDesk
from ....desks.two_way_desk import conflict
from ...conftest import Desk


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.set(two_way=True)
    desk.add("Quiet", Front="q", Back="a")
    desk.add("Quiet", Front="q2", Back="a")
    desk.sync()
    return desk


def waits(desk: Desk) -> list[tuple[str, int]]:
    """What waits, after a live run that must not touch it."""
    live, before = LiveDesk(desk), (desk.everything(), [*desk.col.find_notes("")])
    live.run()
    assert (desk.everything(), [*desk.col.find_notes("")]) == before
    return [(each.kind, each.note_id) for each in live.standing.waits.values()]


def test_a_question_waits_and_nothing_of_its_note_and_page_is_written(desk: Desk) -> None:
    note_id = conflict(desk)
    fields = desk.fields(note_id)
    assert waits(desk) == [("question", note_id)]
    assert desk.fields(note_id) == fields


def test_the_page_of_a_deleted_note_waits(desk: Desk) -> None:
    note_id = desk.add("Quiet", Front="goes", Back="a")
    desk.sync()
    page = desk.page(note_id).read_bytes()
    desk.col.remove_notes([note_id])
    LiveDesk(desk).run()  # the index page no longer leads there
    assert desk.page(note_id).read_bytes() == page
    assert waits(desk) == [("deletion", note_id)]


def test_a_note_whose_page_was_deleted_waits(desk: Desk) -> None:
    note_id = desk.add("Quiet", Front="stays", Back="a")
    desk.sync()
    desk.page(note_id).unlink()
    assert [note for _, note in waits(desk)] == [note_id]


def test_an_index_page_of_a_deck_that_is_empty_stays(desk: Desk) -> None:
    note_id = desk.add("Soon empty", Front="moves", Back="a")
    desk.sync()
    index = desk.vault / "Soon empty" / "_Soon empty_index.md"
    before = index.read_bytes()
    desk.move(note_id, "Quiet")
    LiveDesk(desk).run()
    assert desk.page(note_id).parent.name == "Quiet"
    assert b"moves" in before
    assert index.exists()
    desk.sync()
    assert desk.plan().is_empty


def test_a_page_of_a_mirror_that_was_edited_waits_but_one_that_anki_chose_flows(
    desk: Desk,
) -> None:
    desk.set(two_way=False)
    note_id = desk.add("Quiet", Front="mirrored", Back="answer")
    desk.sync()
    desk.retype(note_id, "answer", "typed over")
    assert waits(desk) == [("edited page", note_id)]
    assert "typed over" in desk.page(note_id).read_text("utf-8")


def test_a_copy_of_media_that_no_page_uses_stays(desk: Desk) -> None:
    desk.col.media.write_data("p.png", b"picture")
    note_id = desk.add("Quiet", Front="picture", Back='<img src="p.png">')
    desk.sync()
    desk.edit(note_id, Back="none")
    LiveDesk(desk).run()
    assert (desk.vault / "assets" / "p.png").exists()
    assert "![[" not in desk.page(note_id).read_text("utf-8")


def test_what_is_certain_flows_while_something_else_waits(desk: Desk) -> None:
    asked, edited = conflict(desk), desk.add("Quiet", Front="certain", Back="first")
    live = LiveDesk(desk)
    live.run()
    desk.retype(edited, "first", "second")
    live.run()
    assert desk.fields(edited)["Back"] == "second"
    assert [wait.note_id for wait in live.standing.waits.values()] == [asked]


def plan_of(pages: int, notes: int, elsewhere: int) -> VaultPlan:
    """A plan that updates pages and edits notes of a vault with more of them elsewhere."""
    changed = tuple(
        PageChange("update", number, f"Page {number}.md", (Why.FIELDS,))
        for number in range(1, pages + 1)
    )
    edits = tuple(
        NoteChange("edit", number, f"Page {number}.md", f"Page {number}", "page edited", "Basic")
        for number in range(1, notes + 1)
    )
    return VaultPlan(Path("vault"), Settings(), changed, notes=edits, elsewhere=elsewhere)


def test_a_large_change_waits_as_a_whole() -> None:
    split = split_plan(plan_of(pages=500, notes=500, elsewhere=1_500))
    assert split.flows.is_empty
    assert split.waits == (Waiting("large change", 0, ""),)


def test_500_edited_pages_of_20_000_flow() -> None:
    plan = plan_of(pages=500, notes=500, elsewhere=19_500)
    split = split_plan(plan)
    assert (split.flows.pages, split.flows.notes, split.waits) == (plan.pages, plan.notes, ())


def test_an_emptied_folder_waits() -> None:
    split = split_plan(VaultPlan(Path("vault"), Settings(), emptied=9))
    assert split.flows.is_empty
    assert [wait.kind for wait in split.waits] == ["large change"]


def test_no_deletion_is_ever_left_in_what_flows() -> None:
    plan = replace(
        plan_of(pages=3, notes=3, elsewhere=9),
        indexes=(IndexChange("_i.md", "D", 1, Why.DECK_GONE),),
        media=(MediaChange("remove", "p.png", "assets/p.png"),),
    )
    pages = (replace(plan.pages[0], kind="delete"), *plan.pages[1:])
    notes = (plan.notes[0], replace(plan.notes[1], kind="delete"), plan.notes[2])
    split = split_plan(replace(plan, pages=pages, notes=notes))
    assert [page.note_id for page in split.flows.pages] == [3]
    assert [note.note_id for note in split.flows.notes] == [3]
    assert (split.flows.indexes, split.flows.media) == ((), ())
    assert Counter(wait.kind for wait in split.waits) == {"deletion": 2}


def test_notes_that_are_held_back_keep_their_pages() -> None:
    held = leave_out(plan_of(pages=3, notes=3, elsewhere=0), frozenset({2}))
    assert [page.note_id for page in held.pages] == [1, 3]
    assert [note.note_id for note in held.notes] == [1, 3]


def test_pictures_move_with_their_folder_and_none_stays_behind(desk: Desk) -> None:
    """The setting was changed while live mode was on."""
    desk.col.media.write_data("p.png", b"png")
    note_id = desk.add("Quiet", Front="seen", Back='<img src="p.png">')
    desk.sync()
    desk.set(assets_folder="pictures")
    live = LiveDesk(desk)
    live.run()
    assert (desk.vault / "pictures" / "p.png").read_bytes() == b"png"
    assert not (desk.vault / "assets").exists()
    assert "![[p.png]]" in desk.page(note_id).read_text("utf-8")
    before = desk.dates()
    assert not desk.sync().messages
    assert desk.dates() == before
