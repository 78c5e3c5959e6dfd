"""Two computers in live mode share a vault, and AnkiWeb has not brought them together yet.

What one of them knows and the other does not must not be written back and forth.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from anki.cards import CardId
from anki.collection import Collection
from anki.notes import NoteId

from ankivault.sync.vault.settings import Settings

from ....desks.live_desk import LiveDesk
from ....desks.two_computers import fill
from ...conftest import Desk

PICTURE = "picture.png"


@pytest.fixture(params=[False, True], ids=["mirror", "two-way"])
def lives(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[list[LiveDesk]]:
    """Both computers, with copies of one collection."""
    vault, one, two = tmp_path / "Obsidian" / "Anki", tmp_path / "one", tmp_path / "two"
    vault.mkdir(parents=True)
    (vault.parent / ".obsidian").mkdir()
    one.mkdir()
    chosen = Settings(vault_folder=str(vault), two_way=request.param)
    first = Desk(Collection(str(one / "collection.anki2")), vault, tmp_path / "state", chosen)
    fill(first)
    draw(first, b"before")
    first.add("Deck", Front="Picture", Back=f'<img src="{PICTURE}">')
    first.col.close()
    shutil.copytree(one, two)
    first.col.reopen()
    second = Collection(str(two / "collection.anki2"))
    lives = [LiveDesk(first), LiveDesk(replace(first, col=second, state=tmp_path / "other state"))]
    for live in (*lives, *lives):
        live.desk.sync()
        live.run()
    yield lives
    for live in lives:
        live.desk.col.close()


def draw(desk: Desk, picture: bytes) -> None:
    Path(desk.col.media.dir(), PICTURE).write_bytes(picture)


def first_note(desk: Desk) -> int:
    return min(desk.col.find_notes(""))


def retag(desk: Desk) -> None:
    note = desk.col.get_note(first_note(desk))
    note.tags = ["another"]
    desk.col.update_note(note)


def rename_notetype(desk: Desk) -> None:
    notetype = desk.col.models.by_name("Basic")
    assert notetype is not None
    notetype["name"] = "Simple"
    desk.col.models.update_dict(notetype)


CHANGES: tuple[Callable[[Desk], object], ...] = (
    lambda desk: desk.add("Deck", Front="only here", Back="b"),
    lambda desk: desk.add("Other::Below", Front="also only here", Back="b"),
    lambda desk: desk.edit(first_note(desk), Front="another title"),
    retag,
    lambda desk: desk.move(first_note(desk), "Deck::Cloze"),
    rename_notetype,
    lambda desk: desk.col.remove_notes([max(desk.col.find_notes("deck:Deck::Cloze"))]),
    lambda desk: draw(desk, b"after"),
    lambda desk: desk.col.decks.rename(desk.col.decks.id("Deck"), "Renamed"),
    lambda desk: desk.set(excluded_decks=("Renamed::Cloze",)),
)


def check_rest(turns: Sequence[LiveDesk], told: str) -> None:
    """Check that a run of each of both changes no page any more after these."""
    for live in turns:
        live.run()
    desk, again = turns[0].desk, turns[-2:]
    before = desk.dates()
    for live in again:
        live.run()
    assert desk.dates() == before, told


def test_two_live_modes_come_to_rest_after_each_change(lives: list[LiveDesk]) -> None:
    """However different the two collections are by then. Each full run may write; they are few."""
    one, two = lives
    for number, change in enumerate(CHANGES):
        change(two.desk)
        check_rest((two, one, two, one), f"change {number}")
        two.desk.sync(confirmed=True)
        check_rest((one, two, one), f"after a full run, change {number}")


def first_cards(desk: Desk) -> Sequence[CardId]:
    return desk.col.card_ids_of_note(NoteId(first_note(desk)))


STUDY: tuple[Callable[[Desk], object], ...] = (
    lambda desk: desk.col.set_user_flag_for_cards(3, first_cards(desk)),
    lambda desk: desk.col.sched.set_due_date(first_cards(desk), "9!"),
    lambda desk: desk.col.sched.suspend_cards(first_cards(desk)),
    lambda desk: desk.col.sched.schedule_cards_as_new(first_cards(desk)),
    lambda desk: desk.edit(first_note(desk), Back="also edited"),
    lambda desk: desk.col.set_user_flag_for_cards(0, first_cards(desk)),
)


@pytest.mark.parametrize("both_change", [False, True])
def test_two_live_modes_come_to_rest_after_each_change_of_how_a_note_is_studied(
    lives: list[LiveDesk], both_change: bool
) -> None:
    one, two = lives
    for live in (one, two, one):
        live.desk.set(study_properties=True)
        live.desk.sync()
        live.run()
    for number, change in enumerate(STUDY):
        change(two.desk)
        if both_change:
            STUDY[number - 1](one.desk)
        check_rest((two, one, two, one), f"change {number}")
