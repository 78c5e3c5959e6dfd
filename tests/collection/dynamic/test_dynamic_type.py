"""The dynamic note type: made once, known again, carried in packages, never mistaken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from anki.collection import (
    Collection,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)
from anki.models import NotetypeDict

from ankivault.model.note import Card, DynamicNote
from ankivault.model.notetype import FIELDS, NAME, NOTETYPE_ID
from ankivault.sync.collection.dynamic_type import (
    ForeignNotetype,
    ensure_notetype,
    find_notetype,
    find_notetypes,
)
from ankivault.sync.dynamic.notes import (
    NewNote,
    create_notes,
    update_notes,
)

from ...desks.dynamic_desk import (
    DECK,
    add_note,
    cards_of,
    find_dynamic_notes,
    make_content,
    review,
    reviews_of,
    schema_of,
    stored,
)
from ..conftest import Desk


def names_of(col: Collection) -> list[str]:
    return [entry.name for entry in col.models.all_names_and_ids() if NAME in entry.name]


def type_of(col: Collection) -> NotetypeDict:
    """The type under our id, whatever became of it."""
    data = col.models.get(NOTETYPE_ID)
    assert data is not None
    return data


def change_type(col: Collection, **values: Any) -> None:
    data = type_of(col)
    data.update(values)
    col.models.update_dict(data)


def export(col: Collection, file: Path) -> None:
    options = ExportAnkiPackageOptions(with_scheduling=True, with_media=True)
    col.export_anki_package(out_path=str(file), options=options, limit=None)


def bring_in(col: Collection, file: Path, **options: bool) -> None:
    chosen = ImportAnkiPackageOptions(with_scheduling=True, **options)
    col.import_anki_package(ImportAnkiPackageRequest(package_path=str(file), options=chosen))


def test_it_is_made_once_with_nothing_to_sync_in_full(desk: Desk) -> None:
    col = desk.col
    schema = schema_of(col)
    assert find_notetype(col) is None
    made = ensure_notetype(col)
    data = type_of(col)
    assert made == NOTETYPE_ID
    assert (data["name"], tuple(f["name"] for f in data["flds"])) == (NAME, FIELDS)
    assert len(data["tmpls"]) == 100 and FIELDS[data["sortf"]] == "Note"
    assert all("o not edit" in f["description"] for f in data["flds"][2:])
    stamps = col.db.all("select id, mtime_secs, usn from notetypes")
    assert ensure_notetype(col) == find_notetype(col) == made
    assert col.db.all("select id, mtime_secs, usn from notetypes") == stamps
    assert schema_of(col) == schema
    assert col.fix_integrity()[1] and schema_of(col) == schema


def test_what_a_person_may_change_leaves_it_ours(desk: Desk) -> None:
    col = desk.col
    note_id = add_note(col, "a", "b")
    data = type_of(col)
    data["tmpls"][3]["qfmt"] += "<p>mine</p>"
    change_type(col, css=".card { color: red; }", name="My cards", tmpls=data["tmpls"])
    assert ensure_notetype(col) == NOTETYPE_ID
    update_notes(col, {note_id: make_content("b", "c")})
    assert list(cards_of(col, note_id)) == ["b", "c"]
    assert names_of(col) == [] and "mine" in type_of(col)["tmpls"][3]["qfmt"]


def test_a_different_type_of_that_name_is_refused(desk: Desk) -> None:
    col = desk.col
    basic = col.models.by_name("Basic")
    assert basic
    other = col.models.copy(basic, add=False)
    other["name"] = NAME
    col.models.add_dict(other)
    before = col.db.all("select id, name, mtime_secs from notetypes")
    with pytest.raises(ForeignNotetype, match=r"another name in Tools ▸ Manage Note Types"):
        create_notes(col, [NewNote(make_content("a"), DECK)])
    assert find_notetype(col) is None and col.note_count() == 0
    assert col.db.all("select id, name, mtime_secs from notetypes") == before
    renamed = col.models.by_name(NAME)
    assert renamed
    renamed["name"] = "Something else"
    col.models.update_dict(renamed)
    assert list(cards_of(col, add_note(col, "a"))) == ["a"]


@pytest.mark.parametrize("what", ["field", "template", "order"])
def test_a_type_whose_slots_were_changed_is_not_ours_any_more(desk: Desk, what: str) -> None:
    """Its cards may be others than their slots say: it is not written to."""
    col = desk.col
    note_id = add_note(col, "a", "b")
    data = type_of(col)
    if what == "field":
        col.models.add_field(data, col.models.new_field("Mine"))
    elif what == "template":
        col.models.remove_template(data, data["tmpls"][7])
    else:
        col.models.reposition_template(data, data["tmpls"][0], 5)
    col.models.update_dict(data)
    assert find_notetypes(col) == ()
    with pytest.raises(ForeignNotetype):
        add_note(col, "a")
    data = type_of(col)
    data["name"] = "Kept for old times"
    col.models.update_dict(data)
    assert find_dynamic_notes(col) == []
    made = add_note(col, "a")
    assert find_dynamic_notes(col) == [made] != [note_id]
    assert names_of(col) == [NAME]


def test_a_package_carries_everything_into_an_empty_collection(desk: Desk, tmp_path: Path) -> None:
    col = desk.col
    note_id = add_note(col, *"abcd")
    update_notes(col, {note_id: make_content(*"bdae")})
    cards = cards_of(col, note_id)
    review(col, cards["d"], 3)
    review(col, cards["b"], 2)
    export(col, tmp_path / "x.apkg")
    other = Collection(str(tmp_path / "other.anki2"))
    bring_in(other, tmp_path / "x.apkg")
    found = stored(other, *find_dynamic_notes(other))
    assert found.fields == stored(col, note_id).fields
    assert (found.read.retired, found.read.next_slot) == ({"c": 3}, 6)
    there = cards_of(other, found.id)
    assert list(reviews_of(other, [there[id_] for id_ in "abde"]).values()) == [[], [2], [3], []]
    update_notes(other, {found.id: make_content(*"cdf")})
    assert stored(other, found.id).read.slots == {"c": 3, "d": 4, "f": 6}
    assert cards_of(other, found.id)["d"] == there["d"]
    assert ensure_notetype(other) == NOTETYPE_ID and names_of(other) == [NAME]
    other.close()


def test_a_package_does_not_double_the_type(desk: Desk, tmp_path: Path) -> None:
    note_id = add_note(desk.col, "a", "b")
    export(desk.col, tmp_path / "x.apkg")
    other = Collection(str(tmp_path / "other.anki2"))
    mine = add_note(other, "x")
    bring_in(other, tmp_path / "x.apkg")
    assert names_of(other) == [NAME]
    assert len(find_dynamic_notes(other)) == 2
    # A newer version of the same note comes in later.
    update_notes(desk.col, {note_id: make_content("c", "b", text="newer")})
    desk.col.db.execute("update notes set mod = mod + 10")
    export(desk.col, tmp_path / "y.apkg")
    bring_in(other, tmp_path / "y.apkg")
    (theirs,) = {*find_dynamic_notes(other)} - {mine}
    update_notes(other, {theirs: stored(other, theirs).read.content})
    assert list(cards_of(other, theirs)) == ["b", "c"]
    other.close()


def test_a_type_that_a_package_brought_under_another_id_is_ours(desk: Desk, tmp_path: Path) -> None:
    """As it is when the collection has something else under the id."""
    add_note(desk.col, "a", "b")
    export(desk.col, tmp_path / "x.apkg")
    other = Collection(str(tmp_path / "other.anki2"))
    ensure_notetype(other)
    data = type_of(other)
    other.models.add_field(data, other.models.new_field("Mine"))
    data["name"] = "Mine"
    other.models.update_dict(data)
    bring_in(other, tmp_path / "x.apkg")
    (theirs,) = find_dynamic_notes(other)
    assert find_notetype(other) not in (None, NOTETYPE_ID)
    brought = other.models.by_name(NAME)
    assert brought
    brought["name"] = "Renamed by hand"
    other.models.update_dict(brought)
    update_notes(other, {theirs: make_content("b", "c")})
    assert list(cards_of(other, theirs)) == ["b", "c"]
    add_note(other, "z")
    assert names_of(other) == []
    assert len(find_dynamic_notes(other)) == 2
    other.close()


def test_files_renamed_by_an_import_keep_their_cards(desk: Desk, tmp_path: Path) -> None:
    desk.col.media.write_data("x & y.png", b"theirs")
    desk.col.media.write_data("s.mp3", b"theirs")
    html = '<img src="x &amp; y.png">'
    content = DynamicNote("N", (Card("a", html, "[sound:s.mp3]"), Card("b", html, "")))
    create_notes(desk.col, [NewNote(content, DECK)])
    export(desk.col, tmp_path / "x.apkg")
    other = Collection(str(tmp_path / "other.anki2"))
    for name in ("x & y.png", "s.mp3"):
        other.media.write_data(name, b"mine")
    bring_in(other, tmp_path / "x.apkg")
    (theirs,) = find_dynamic_notes(other)
    content = stored(other, theirs).read.content
    update_notes(other, {theirs: content})
    assert stored(other, theirs).read.content == content
    report = other.media.check()
    assert not report.missing
    assert sorted(report.unused) == ["s.mp3", "x & y.png"]  # those that were there before
    assert html not in content.cards[0].front == content.cards[1].front
    assert content.cards[0].back not in ("", "[sound:s.mp3]")
    other.close()
