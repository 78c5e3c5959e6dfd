"""A base is disposable: however it is damaged, a run ends where one without a base ends."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from ankivault.sync.deck.options import DeckOptions
from ankivault.sync.deck.run import apply_deck, export_deck, plan_deck, sync_deck

from ..conftest import Desk

EDITED = "an answer edited on the page"
WORDS = "Words of my own, which are nowhere else."


def vault_base(desk: Desk) -> Path:
    (file,) = desk.state.glob("vault-*.sqlite")
    return file


def prepare(desk: Desk, two_way: bool) -> list[int]:
    """Some pages with words of a person's own, one of them edited since the last run."""
    desk.set(two_way=two_way)
    notes = [desk.add(Front=f"question {n}", Back="an answer " * 3) for n in range(6)]
    notes.append(desk.add(deck="Other::Deck", Front="other", Back="o" * 3000, tags="a b::c"))
    desk.sync()
    for note_id in notes:
        page = desk.page(note_id)
        page.write_bytes(page.read_bytes() + f"\n{WORDS}\n".encode())
    desk.sync()
    desk.edit(notes[0], Back="edited in Anki")
    desk.retype(notes[1], "an answer an answer an answer", EDITED)
    return notes


def see_that_all_is_there(desk: Desk, notes: list[int], what: str) -> None:
    assert sorted(desk.col.find_notes("")) == sorted(notes), what
    everything = desk.everything()
    for note_id in notes:
        with_words = [
            text
            for text in everything.values()
            if f"anki_note_id: {note_id}\n".encode() in text and WORDS.encode() in text
        ]
        assert with_words, f"{what}: words of note {note_id} are gone"
        assert len(desk.pages(note_id)) == 1, f"{what}: note {note_id} has not one page"
    kept = any(EDITED.encode() in data for data in everything.values())
    assert kept or desk.fields(notes[1])["Back"] == EDITED, what


def damages(data: bytes) -> list[tuple[str, bytes]]:
    """A base with a byte that is another, in each of its regions, and cut off."""
    chance = random.Random(20)
    made = [(f"cut at {n}", data[:n]) for n in (0, 1, 15, 50, 99, 100, 4096, len(data) // 2)]
    made += [("zeros", bytes(len(data))), ("noise", chance.randbytes(len(data)))]
    schema = data.index(b"CREATE TABLE" if b"CREATE TABLE" in data else b"create table")
    places = [*range(16, 100, 11), *range(100, 140, 9), schema, schema + 7, schema + 16]
    used = [n for n in range(0, len(data), 16) if any(data[n : n + 16])]
    places += sorted(chance.sample(used, min(24, len(used))))
    for place in places:
        value = chance.choice((0xFF, 0x80, data[place] ^ 1, data[place] ^ 0x20))
        made.append((f"byte {place}", data[:place] + bytes((value,)) + data[place + 1 :]))
    return made


@pytest.mark.parametrize("two_way", [False, True])
def test_a_damaged_base_of_a_vault_costs_nobody_a_word(desk: Desk, two_way: bool) -> None:
    notes = prepare(desk, two_way)
    base, vault, kept = vault_base(desk), desk.vault, desk.vault.with_name("kept")
    data = base.read_bytes()
    shutil.copytree(vault, kept)
    fields = {note_id: desk.fields(note_id) for note_id in notes}
    for what, damaged in damages(data):
        for file in desk.state.iterdir():
            file.unlink()
        base.write_bytes(damaged)
        desk.sync(confirmed=True)
        see_that_all_is_there(desk, notes, what)
        again = desk.sync(confirmed=True)
        assert not [m for m in again.messages if "damaged" in m.text], what
        shutil.rmtree(vault)
        shutil.copytree(kept, vault)
        for note_id in notes:
            desk.edit(note_id, **fields[note_id])


@pytest.mark.parametrize(
    "what", ["folder", "pipe", "full folder", "pipe as journal", "row", "utf8"]
)
@pytest.mark.parametrize("two_way", [False, True])
def test_it_is_told_once_and_put_together_anew(desk: Desk, what: str, two_way: bool) -> None:
    notes = prepare(desk, two_way)
    base = vault_base(desk)
    data = base.read_bytes()
    if what == "pipe as journal":
        os.mkfifo(base.with_name(base.name + "-journal"))
    elif what == "row":
        base.write_bytes(data.replace(b'"notetype"', b'{notetype"'))
    elif what == "utf8":
        place = data.index(b"create table".upper() if b"CREATE TABLE" in data else b"create table")
        base.write_bytes(data[: place + 13] + b"\xff" + data[place + 14 :])
    else:
        base.unlink()
        os.mkfifo(base) if what == "pipe" else base.mkdir()
        if what == "full folder":
            (base / "file").write_text("x")
    report = desk.sync()
    assert desk.told(report, "was damaged").level == "warning"
    see_that_all_is_there(desk, notes, what)
    assert not [m for m in desk.sync().messages if "damaged" in m.text]
    assert base.is_file()


@pytest.mark.parametrize("when", ["before the plan", "after it"])
def test_a_damaged_base_of_a_toml_deck_costs_nobody_a_word(desk: Desk, when: str) -> None:
    notes = [desk.add(Front=f"q{n}", Back=f"a{n}", tags="t") for n in range(5)]
    file = desk.vault.parent / "deck.toml"
    export_deck(desk.col, "Biology", file, markdown_fields=["Back"])
    sync_deck(desk.col, file, DeckOptions(), desk.state)
    (base,) = desk.state.glob("deck-*.sqlite")
    data, text = base.read_bytes(), file.read_text("utf-8")
    edited = text.replace('"a1"', '"edited in the file"')
    told = 0
    for what, damaged in damages(data):
        for each in desk.state.iterdir():
            each.unlink()
        base.write_bytes(damaged if when == "before the plan" else data)
        file.write_text(edited, "utf-8")
        desk.edit(notes[1], Back="a1")
        desk.edit(notes[2], Back="edited in Anki")
        plan = plan_deck(desk.col, file, DeckOptions(), desk.state)
        if when == "after it":
            base.write_bytes(damaged)
        report = apply_deck(desk.col, plan, desk.state)
        texts = file.read_text("utf-8")
        assert sorted(desk.col.find_notes("")) == sorted(notes), what
        assert texts.count("[[notes]]") == 5, what
        assert "edited in the file" in texts, what
        assert desk.fields(notes[2])["Back"] == "edited in Anki", what
        times = sum("was damaged" in message.text for message in report.messages)
        assert times <= 1, what
        told += times
        plan, report = sync_deck(desk.col, file, DeckOptions(), desk.state)
        assert not any("was damaged" in message.text for message in report.messages), what
        desk.edit(notes[2], Back="a2")
    assert told > 10
