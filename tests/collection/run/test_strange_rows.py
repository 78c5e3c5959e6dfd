"""What no Anki writes today, but collections hold; and faults of ours: each costs one note."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection

from ankivault.convert.to_markdown import converted_field
from ankivault.sync.deck.options import DeckOptions
from ankivault.sync.deck.run import export_deck, sync_deck
from ankivault.sync.deck.values import Values
from ankivault.sync.run.done import Done
from ankivault.sync.run.errors import Cancelled
from ankivault.sync.vault.inward import new_pages
from ankivault.sync.vault.outward import index_pages as index
from ankivault.sync.vault.outward import page_maker as pages

from ..conftest import Desk

DECKS = (
    "A\x1f:b", "A:\x1fb", "A::\x1f:", "\x1fx", "x\x1f", "y\x1f\x1fz", "", "\x1f", ":", "::",
    "::lead", "\x1f\x1flead", "tail::", "\x01ctl\n", "L" * 5000, "NUL\0x", "a\x1f" * 60 + "deep",
    "\ufffd", "‮",
)  # fmt: skip


def write_raw(desk: Desk, statements: list[tuple[str, tuple[Any, ...]]]) -> None:
    """Write rows that Anki itself would refuse."""
    path = desk.col.path
    desk.col.close()
    db = sqlite3.connect(path)
    db.create_collation("unicase", lambda one, two: (one > two) - (one < two))
    with db:
        for statement, values in statements:
            db.execute(statement, values)
    db.close()
    desk.col = Collection(path)


@pytest.mark.parametrize("two_way", [False, True])
def test_no_name_of_a_deck_stops_the_others(desk: Desk, two_way: bool) -> None:
    desk.set(two_way=two_way)
    notes = [desk.add(f"D{n}", Front=f"q{n}", Back="a") for n, _ in enumerate(DECKS)]
    ids = [int(desk.col.decks.id(f"D{n}") or 0) for n, _ in enumerate(DECKS)]
    rename = "update decks set name = ? where id = ?"
    write_raw(desk, [(rename, (name, id_)) for name, id_ in zip(DECKS, ids)])
    report = desk.sync()
    assert report.ok, report.messages
    for note_id in notes:
        page = desk.page(note_id)
        assert page.parent != desk.vault
        if two_way:
            page.write_text(page.read_text("utf-8").replace("\na\n", "\nedited\n"), "utf-8")
    again = desk.sync(confirmed=True)
    assert again.ok, again.messages
    assert {desk.fields(note_id)["Back"] for note_id in notes} == {"edited" if two_way else "a"}
    assert desk.plan().is_empty
    for number, id_ in enumerate(ids):
        file = desk.vault.parent / f"{number}.toml"
        name = next(d.name for d in desk.col.decks.all_names_and_ids() if d.id == id_)
        export_deck(desk.col, name or "blank", file)
        sync_deck(desk.col, file, DeckOptions(), desk.state)


@dataclass
class Strange:
    """Notes as they should not be stored, by what is wrong, and two that are as they should."""

    desk: Desk
    sound: list[int]
    odd: dict[str, int]


@pytest.fixture
def strange(desk: Desk) -> Strange:
    changes = {
        "too few fields": ("update notes set flds = ? where id = ?", "only"),
        "too many fields": ("update notes set flds = ? where id = ?", "a\x1fb\x1fc"),
        "no note type": ("update notes set mid = ? where id = ?", 5),
        "no deck": ("update cards set did = ? where nid = ?", 99),
        "NUL": ("update notes set flds = ? where id = ?", "nul\0in\x1fx\0"),
        "blob": ("update notes set flds = ? where id = ?", b"\x00\xffone\x1fa\x00"),
        "tags": ("update notes set tags = ? where id = ?", " :: a::  ::b \x01 a/b "),
        "tags blob": ("update notes set tags = ? where id = ?", b" \xff "),
        "guid": ("update notes set guid = ? where id = ?", ""),
        "guid blob": ("update notes set guid = ? where id = ?", b"\xff\x00"),
    }
    first = desk.add(Front="first", Back="a")
    odd = {name: desk.add(Front=name, Back="a") for name in changes}
    bare = desk.add(Front="no cards", Back="a")
    surrogate = desk.add(Front="surrogate", Back="a")
    last = desk.add(Front="last", Back="a")
    rows: list[tuple[str, tuple[Any, ...]]] = [
        (text, (value, odd[name])) for name, (text, value) in changes.items()
    ]
    rows += [("delete from cards where nid = ?", (bare,))]
    text = "update notes set flds = cast(? as text) where id = ?"
    rows += [(text, (b"\xed\xa0\x80\xff\x1fx", surrogate))]
    write_raw(desk, rows)
    return Strange(desk, [first, last], {**odd, "no cards": bare, "surrogate": surrogate})


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("ivl", 2.5),
        ("due", 3.7),
        ("due", 10**13),
        ("due", -(10**17)),
        ("odue", "x"),
        ("lapses", "a"),
    ],
)
def test_a_strange_card_stops_no_page_that_tells_how_it_is_studied(
    desk: Desk, column: str, value: Any
) -> None:
    """Old versions of Anki and other add-ons left fractions; Check Database mends them."""
    desk.set(study_properties=True)
    odd, sound = desk.add(Front="odd", Back="a"), desk.add(Front="sound", Back="a")
    studied = "update cards set type = 2, queue = 2, due = 3, ivl = 5, reps = 2"
    strange = f"update cards set {column} = ? where nid = ?"
    write_raw(desk, [(studied, ()), (strange, (value, odd))])
    report = desk.sync()
    assert report.ok and not report.messages
    for note_id in (odd, sound):
        assert "anki_state: review\n" in desk.page(note_id).read_text("utf-8")
    assert desk.plan().is_empty


DAMAGED = ("too few fields", "too many fields", "no note type")


@pytest.mark.parametrize("two_way", [False, True])
def test_a_strange_note_stops_no_other(strange: Strange, two_way: bool) -> None:
    desk = strange.desk
    desk.set(two_way=two_way)
    report = desk.sync()
    damaged = {strange.odd[name] for name in DAMAGED}
    assert {message.note_id for message in report.messages} == damaged
    for note_id in [*strange.sound, *(set(strange.odd.values()) - damaged)]:
        assert desk.page(note_id)
    assert desk.plan().is_empty


def test_a_strange_note_stops_no_export_and_no_deck_sync(strange: Strange) -> None:
    desk = strange.desk
    file = desk.vault.parent / "deck.toml"
    told = export_deck(desk.col, "Biology", file).messages
    assert [m.note_id for m in told if m.level == "error"] == [strange.odd["no note type"]]
    plan, report = sync_deck(desk.col, file, DeckOptions(), desk.state)
    assert any("Check Database" in problem.message for problem in plan.problems)
    file.write_text(file.read_text("utf-8").replace('"last"', '"the last"'), "utf-8")
    plan, report = sync_deck(desk.col, file, DeckOptions(), desk.state)
    assert desk.fields(strange.sound[1])["Front"] == "the last"
    assert report.ok


class Fault(Exception):
    """What nobody thought of."""


@pytest.fixture
def log() -> Iterator[list[logging.LogRecord]]:
    """What the add-on's own log gets."""
    records: list[logging.LogRecord] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    handler = Keeper()
    logger = logging.getLogger("addon.ankivault")
    logger.addHandler(handler)
    yield records
    logger.removeHandler(handler)


def break_for(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, word: str) -> None:
    """Have a function fail whenever what it is given holds a word."""
    sound = getattr(module, name)

    def fails(*given: Any, **more: Any) -> Any:
        if any(word in repr(each) for each in given):
            raise Fault("nobody thought of this")
        return sound(*given, **more)

    monkeypatch.setattr(module, name, fails)


@pytest.mark.parametrize("two_way", [False, True])
def test_a_fault_of_ours_costs_one_note_and_no_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, log: list[logging.LogRecord], two_way: bool
) -> None:
    desk.set(two_way=two_way)
    notes = [desk.add(Front=f"note {n}", Back="a") for n in range(4)]
    faulty = desk.add(Front="the faulty one", Back="a")
    desk.sync()
    page = desk.page(faulty)
    page.write_bytes(page.read_bytes() + b"\nWords of my own.\n")
    before = page.read_bytes()
    for note_id in (*notes, faulty):
        desk.edit(note_id, Back="edited")
    with monkeypatch.context() as broken:
        break_for(broken, converted_field, "html_to_markdown", "faulty")
        report = desk.sync()
        assert not report.ok
        told = desk.told(report, "Fault: nobody thought of this")
        assert (told.note_id, told.level) == (faulty, "error")
        assert "the faulty one" in told.text
        assert [record.exc_info is not None for record in log] == [True]
        assert page.read_bytes() == before
        assert all("edited" in desk.page(note_id).read_text("utf-8") for note_id in notes)
        desk.sync()
        assert page.read_bytes() == before
    assert desk.sync().ok
    assert b"edited" in page.read_bytes()
    assert b"Words of my own." in page.read_bytes()


@pytest.mark.parametrize("closed_at", ["edited note", "deleted note", "new page"])
def test_a_collection_that_is_closed_ends_the_plan_and_is_no_fault_of_each_note(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, log: list[logging.LogRecord], closed_at: str
) -> None:
    """Anki closes while a live run plans: the log would get a traceback for each note."""
    desk.set(two_way=True)
    (desk.vault.parent / ".obsidian").mkdir()
    notes = [desk.add(Front=f"note {n}", Back="a") for n in range(5)]
    desk.sync()
    module: Any
    if closed_at == "edited note":
        desk.edit(notes[0], Back="b")
        module, name = converted_field, "html_to_markdown"
    elif closed_at == "deleted note":
        desk.col.remove_notes([notes[0]])
        module, name = pages, "split_page"
    else:
        page = "---\nanki_note_type: Basic\n---\n## Front\nNew\n"
        (desk.vault / "Biology" / "new.md").write_text(page, "utf-8")
        module, name = new_pages, "read_new_page"
    sound = getattr(module, name)

    def close_and_fail(*given: Any, **more: Any) -> Any:
        if desk.col.db is not None:
            monkeypatch.setattr(desk.col, "db", None)
            raise AssertionError
        return sound(*given, **more)

    monkeypatch.setattr(module, name, close_and_fail)
    with pytest.raises(Cancelled):
        desk.plan()
    assert log == []


def test_a_fault_at_a_page_that_is_to_go_keeps_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, other = desk.add(Front="gone", Back="a"), desk.add(Front="other", Back="a")
    desk.sync()
    page, second = desk.page(gone), desk.page(other)
    desk.col.remove_notes([gone, other])
    with monkeypatch.context() as broken:
        break_for(broken, pages, "split_page", "gone")
        report = desk.sync()
        assert "page of note" in desk.told(report, "Fault").text
        assert page.exists()
        assert not second.exists()
    desk.sync()
    assert not page.exists()


def test_a_fault_at_a_new_page_or_an_index_stops_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, log: list[logging.LogRecord]
) -> None:
    desk.set(two_way=True)
    desk.add(Front="q", Back="a")
    desk.add(deck="Physics", Front="p", Back="a")
    desk.sync()
    head = "---\nanki_note_type: Basic\n---\n"
    for name in ("faulty", "sound"):
        text = f"{head}## Front\n{name}\n\n## Back\nb\n"
        (desk.vault / "Biology" / f"{name}.md").write_text(text, "utf-8")
    desk.add(deck="Physics", Front="more", Back="a")
    break_for(monkeypatch, new_pages, "read_new_page", "faulty")
    break_for(monkeypatch, index, "_plan_index", "Physics")
    report = desk.sync()
    assert "faulty.md" in desk.told(report, "the page “").text
    assert desk.told(report, "the index page").path == "Physics/_Physics_index.md"
    assert desk.col.find_notes("Front:sound")
    assert not desk.col.find_notes("Front:faulty")
    assert all(record.exc_info for record in log)


def test_a_note_that_anki_refuses_costs_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, log: list[logging.LogRecord]
) -> None:
    desk.set(two_way=True)
    notes = [desk.add(Front=f"q{n}", Back="old") for n in range(5)]
    desk.sync()
    for note_id in notes:
        desk.retype(note_id, "old", "refused" if note_id == notes[2] else "new")
    update = desk.col.update_notes

    def refuse(written: Any, *rest: Any, **more: Any) -> Any:
        if any("refused" in note.fields for note in written):
            raise Fault("Anki will not have it")
        return update(written, *rest, **more)

    with monkeypatch.context() as broken:
        broken.setattr(desk.col, "update_notes", refuse)
        report = desk.sync()
    assert desk.told(report, "Anki will not have it").note_id == notes[2]
    assert report.counts[Done.NOTE_UPDATED] == 4
    assert "refused" in desk.page(notes[2]).read_text("utf-8")
    assert desk.sync().ok
    assert desk.fields(notes[2])["Back"] == "refused"


def test_a_fault_of_ours_costs_one_note_of_a_toml_deck(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, log: list[logging.LogRecord]
) -> None:
    notes = [desk.add(Front=f"q{n}", Back=f"a{n}") for n in range(3)]
    file = desk.vault.parent / "deck.toml"
    export_deck(desk.col, "Biology", file, markdown_fields=["Back"])
    sync_deck(desk.col, file, DeckOptions(), desk.state)
    text = file.read_text("utf-8")
    for number in range(3):
        text = text.replace(f'"a{number}"', f'"new{number}"')
    file.write_text(text, "utf-8")
    extra = desk.add(Front="extra1", Back="<b>pulled</b>")
    desk.add(Front="extra2", Back="pulled too")
    with monkeypatch.context() as broken:
        for name in ("to_anki", "to_toml"):
            sound = getattr(Values, name)

            def fails(self: Values, text: str, markdown: bool, _sound: Any = sound) -> Any:
                if text == "new1" or text == "<b>pulled</b>":
                    raise Fault("nobody thought of this")
                return _sound(self, text, markdown)

            broken.setattr(Values, name, fails)
        plan, report = sync_deck(desk.col, file, DeckOptions(), desk.state)
    assert [desk.fields(id_)["Back"] for id_ in notes] == ["new0", "a1", "new2"]
    assert any("note 2 of the file" in problem.message for problem in plan.problems)
    assert "extra2" in file.read_text("utf-8")
    assert "extra1" not in file.read_text("utf-8")
    assert not report.ok
    assert log
    plan, report = sync_deck(desk.col, file, DeckOptions(), desk.state)
    assert report.ok
    assert desk.fields(notes[1])["Back"] == "new1"
    assert str(extra) in file.read_text("utf-8")


def test_a_page_that_became_another_note_is_never_taken_away(desk: Desk, tmp_path: Path) -> None:
    gone, other = desk.add(Front="gone", Back="a"), desk.add(Front="other", Back="a")
    desk.sync()
    page = desk.page(gone)
    text = page.read_text("utf-8").replace(f"anki_note_id: {gone}", "anki_note_id: 77")
    page.write_text(text, "utf-8")
    desk.col.remove_notes([gone])
    desk.settings = replace(desk.settings, two_way=False)
    desk.sync()
    assert page.read_text("utf-8") == text
    assert desk.page(other)
