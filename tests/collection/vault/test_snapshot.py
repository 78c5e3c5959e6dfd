"""A plan is made from a snapshot alone: it writes nothing, and leaves the snapshot as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ankivault.sync.collection.reads import identify
from ankivault.sync.run.progress import no_progress
from ankivault.sync.vault.base import Base
from ankivault.sync.vault.base_tables import VAULT_BASE
from ankivault.sync.vault.plan import plan
from ankivault.sync.vault.read.snapshot import VaultSnapshot, read_snapshot

from ...desks.two_way_desk import rows
from ..conftest import Desk


@contextmanager
def snapshot(desk: Desk) -> Iterator[VaultSnapshot]:
    with VAULT_BASE.read(desk.state, desk.vault, identify(desk.col)) as db:
        yield read_snapshot(desk.col, desk.settings, desk.vault, Base(db), no_progress)


def change_everything(desk: Desk) -> None:
    """Something of each kind of change, on both sides."""
    notes = [desk.add(f"D::{n % 3}", Front=f"note {n}", Back=f"word{n}") for n in range(12)]
    pictured = desk.add("D::4", Front="pictured", Back='<img src="a.png">')
    desk.col.media.write_data("a.png", b"a")
    desk.sync()
    desk.edit(notes[0], Back="edited in Anki")
    desk.move(notes[1], "Elsewhere")
    desk.col.remove_notes([notes[2], pictured])
    desk.page(notes[3]).unlink()
    desk.retype(notes[4], "word4", "edited in Obsidian")
    desk.edit(notes[5], Back="both, in Anki")
    desk.retype(notes[5], "word5", "both, in Obsidian")
    page = desk.page(notes[6])
    page.rename(page.with_name("Renamed.md"))
    copy = desk.page(notes[7])
    copy.with_name("Copy.md").write_bytes(copy.read_bytes().replace(b"note 7", b"note of its own"))
    (desk.vault / "D" / "_D_index.md").unlink()
    # Two notes of one title: each takes a name that the other is not to get.
    desk.add("D::5", Front="same", Back="one")
    desk.add("D::5", Front="same", Back="two")


@pytest.mark.parametrize("two_way", [False, True])
@pytest.mark.parametrize("suffix", ["note_id", "none"])
def test_one_snapshot_gives_the_same_plan_again_and_nothing_is_written(
    desk: Desk, two_way: bool, suffix: str
) -> None:
    desk.set(two_way=two_way, filename_suffix=suffix)
    change_everything(desk)
    dates, notes = desk.dates(), rows(desk)
    state = {file: file.read_bytes() for file in desk.state.iterdir()}
    with snapshot(desk) as taken:
        first, second = plan(taken), plan(taken)
    assert first == second
    assert first.pages and first.indexes and first.media
    assert bool(first.notes and first.questions) == two_way
    assert first == desk.plan()
    assert (desk.dates(), rows(desk)) == (dates, notes)
    assert {file: file.read_bytes() for file in desk.state.iterdir()} == state


def test_a_note_that_comes_or_goes_after_the_snapshot_takes_no_page_along(desk: Desk) -> None:
    kept = desk.add(Front="kept", Back='<img src="a.png">')
    gone = desk.add(Front="gone", Back='<img src="b.png">')
    for name in ("a.png", "b.png"):
        desk.col.media.write_data(name, b"data")
    desk.sync()
    with snapshot(desk) as taken:
        desk.col.remove_notes([gone])
        late = plan(taken)
    assert late.is_empty
    assert [page.note_id for page in desk.plan().pages] == [gone]
    desk.sync()
    assert desk.page(kept).exists()
