"""Dynamic notes on two devices that meet on a real sync server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from ankivault.model.notetype import NAME, NOTETYPE_ID
from ankivault.sync.collection.dynamic_type import ensure_notetype
from ankivault.sync.dynamic.notes import update_notes
from tests.app.ankiweb import PASSWORD, USER, serve_ankiweb

from ...desks.dynamic_desk import (
    add_note,
    cards_of,
    find_dynamic_notes,
    make_content,
    review,
    reviews_of,
    stored,
)


@dataclass(frozen=True)
class Device:
    """A computer or phone with a copy of the collection."""

    col: Collection
    auth: Any

    def sync(self) -> None:
        """Sync, which must not ask for a choice between two whole collections."""
        out = self.col.sync_collection(self.auth, sync_media=False)
        assert out.required == out.NO_CHANGES, out


@pytest.fixture
def devices(tmp_path: Path) -> Iterator[tuple[Device, Device]]:
    """Two devices with the same collection, which has no dynamic note yet."""
    with serve_ankiweb(tmp_path / "server") as server:
        made = []
        for name in ("desktop", "phone"):
            col = Collection(str(tmp_path / f"{name}.anki2"))
            auth = col.sync_login(USER, PASSWORD, server.url)
            col.close_for_full_sync()
            col.full_upload_or_download(auth=auth, server_usn=None, upload=name == "desktop")
            col.reopen(after_full_sync=True)
            made.append(Device(col, auth))
        yield made[0], made[1]
        for device in made:
            device.col.close()


def let_a_second_pass() -> None:
    """Anki tells the later of two edits by whole seconds."""
    start = int(time.time())
    while int(time.time()) == start:
        pass


def test_edited_on_one_while_studied_on_the_other(devices: tuple[Device, Device]) -> None:
    desktop, phone = devices
    note_id = add_note(desktop.col, *"abcd")
    desktop.sync()
    phone.sync()
    cards = cards_of(phone.col, note_id)
    assert cards == cards_of(desktop.col, note_id)
    for id_, rating in (("a", 1), ("b", 3), ("c", 2), ("b", 4)):
        review(phone.col, cards[id_], rating)
    let_a_second_pass()
    update_notes(desktop.col, {note_id: make_content(*"dbxa", text="edited")})
    for device in (desktop, phone, desktop, phone):
        device.sync()
    for device in devices:
        now = cards_of(device.col, note_id)
        assert {id_: now[id_] for id_ in "abd"} == {id_: cards[id_] for id_ in "abd"}
        assert reviews_of(device.col, now.values()) == {
            now["a"]: [1],
            now["b"]: [3, 4],
            now["d"]: [],
            now["x"]: [],
        }
        assert device.col.get_card(now["b"]).reps == 2
        assert stored(device.col, note_id).read.retired == {"c": 3}
    update_notes(phone.col, {note_id: make_content(*"cy")})
    phone.sync()
    desktop.sync()
    assert stored(desktop.col, note_id).read.slots == {"c": 3, "y": 6}


def test_both_made_the_type_before_they_met(devices: tuple[Device, Device]) -> None:
    for number, device in enumerate(devices):
        add_note(device.col, "a", f"only {number}")
        let_a_second_pass()
    for device in (*devices, *devices):
        device.sync()
    for device in devices:
        assert [
            entry.id for entry in device.col.models.all_names_and_ids() if entry.name == NAME
        ] == [NOTETYPE_ID]
        assert ensure_notetype(device.col) == NOTETYPE_ID
        found = find_dynamic_notes(device.col)
        assert [list(cards_of(device.col, note_id)) for note_id in found] == [
            ["a", "only 0"],
            ["a", "only 1"],
        ]


def test_cards_that_both_added_do_not_share_their_reviews(devices: tuple[Device, Device]) -> None:
    """Anki takes the later note and both devices' cards, which have the same slot."""
    desktop, phone = devices
    note_id = add_note(desktop.col, *"ab")
    desktop.sync()
    phone.sync()
    for device, new in ((desktop, "x"), (phone, "y")):
        update_notes(device.col, {note_id: make_content("a", "b", new)})
        review(device.col, cards_of(device.col, note_id)[new], 3)
        let_a_second_pass()
    wanted = cards_of(phone.col, note_id)
    for device in (desktop, phone, desktop):
        device.sync()
    assert len(desktop.col.card_ids_of_note(note_id)) == 4
    update_notes(desktop.col, {note_id: stored(desktop.col, note_id).read.content})
    desktop.sync()
    phone.sync()
    for device in devices:
        assert list(stored(device.col, note_id).read.slots) == ["a", "b", "y"]
        assert cards_of(device.col, note_id) == wanted


def test_a_card_that_the_other_device_added_leaves_its_place_to_none(
    devices: tuple[Device, Device],
) -> None:
    """Anki takes the later note, which does not know that card, and the card with its reviews."""
    desktop, phone = devices
    note_id = add_note(desktop.col, *"ab")
    desktop.sync()
    phone.sync()
    update_notes(desktop.col, {note_id: make_content(*"abx")})
    answered = cards_of(desktop.col, note_id)["x"]
    review(desktop.col, answered, 3)
    let_a_second_pass()
    update_notes(phone.col, {note_id: make_content(*"ab", text="later")})
    for device in (desktop, phone):
        device.sync()
    assert answered in phone.col.card_ids_of_note(note_id)
    update_notes(phone.col, {note_id: make_content(*"aby")})
    now = cards_of(phone.col, note_id)
    assert list(now) == ["a", "b", "y"] and now["y"] != answered
    assert stored(phone.col, note_id).read.slots["y"] == 4


def test_a_note_that_both_edited_gets_its_cards_with_the_next_update(
    devices: tuple[Device, Device],
) -> None:
    """Anki takes the later note, and the removals of both devices."""
    desktop, phone = devices
    note_id = add_note(desktop.col, *"abc")
    desktop.sync()
    phone.sync()
    cards = cards_of(desktop.col, note_id)
    review(phone.col, cards["c"], 3)
    update_notes(desktop.col, {note_id: make_content("a", "c")})
    let_a_second_pass()
    update_notes(phone.col, {note_id: make_content(*"abc", text="later")})
    for device in (desktop, phone, desktop):
        device.sync()
    assert len(desktop.col.card_ids_of_note(note_id)) == 2
    update_notes(desktop.col, {note_id: stored(desktop.col, note_id).read.content})
    desktop.sync()
    phone.sync()
    for device in devices:
        now = cards_of(device.col, note_id)
        assert (now["a"], now["c"]) == (cards["a"], cards["c"]) and now["b"] != cards["b"]
        assert reviews_of(device.col, [now["c"]]) == {now["c"]: [3]}
