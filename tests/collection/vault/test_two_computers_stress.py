"""Any days on two computers end with the same on both, and no edit is a conflict with itself."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from ankivault.convert.page.properties import find_note_id

from ...app.ankiweb import AnkiWeb, serve_ankiweb
from ...desks.random_desk import any_days
from ...desks.two_computers import fill, set_up


class TwoDesks(RuleBasedStateMachine):
    """A person who edits each note in one place at a time, on whatever computer."""

    server: AnkiWeb
    folders: Iterator[Path]

    def __init__(self) -> None:
        super().__init__()
        self.home = set_up(next(self.folders), self.server, fill)
        self.computers = (self.home.one, self.home.two)
        self.typed = 0
        self.touched: set[int] = set()
        self.notes = 5
        self.deleted: set[int] = set()  # computers on which a note was deleted since AnkiWeb knew

    def teardown(self) -> None:
        self.home.close()

    def word(self) -> str:
        self.typed += 1
        return f"typed{self.typed}"

    def untouched(self, which: int, pick: int) -> int:
        """A note that was edited nowhere yet, and that both computers know; or 0."""
        ids = sorted(self.computers[which].desk.col.find_notes(""))
        note_id = ids[pick % len(ids)]
        others = self.computers[1 - which].desk.col.find_notes(f"nid:{note_id}")
        if note_id in self.touched or not others:
            return 0
        self.touched.add(note_id)
        return note_id

    @rule(which=st.integers(0, 1), pick=st.integers(0, 99), cloze=st.booleans())
    def edit_note(self, which: int, pick: int, cloze: bool) -> None:
        note_id = self.untouched(which, pick)
        if note_id:
            note = self.computers[which].desk.col.get_note(note_id)
            note.fields[0] += f" {{{{c3::{self.word()}}}}}" if cloze else f"<br>{self.word()}"
            note.tags = [*note.tags, self.word()]
            self.computers[which].desk.col.update_note(note)

    @rule(
        pick=st.integers(0, 99),
        pattern=st.sampled_from(["(?<=tags:\n)  - .*$", "^(?![#%-]).*$", "%% anki:end"]),
    )
    def edit_page(self, pick: int, pattern: str) -> None:
        note_id = self.untouched(0, pick)
        for page in self.home.one.desk.pages(note_id)[:1] if note_id else ():
            text = page.read_text("utf-8")
            head, _, rest = text.partition("%% anki:begin %%\n")
            part = head if pattern.startswith("(?<=tags") else rest
            new = f"  - {self.word()}" if part is head else f"{self.word()}\n\\g<0>"
            changed = re.sub(pattern, new, part, count=1, flags=re.M)
            page.write_text(text.replace(part, changed), "utf-8")

    @rule(pick=st.integers(0, 99), deck=st.sampled_from(["Deck", "Deck::Cloze", "New"]))
    def move_page(self, pick: int, deck: str) -> None:
        note_id = self.untouched(0, pick)
        for page in self.home.one.desk.pages(note_id)[:1] if note_id else ():
            folder = self.home.vault / deck.replace("::", "/")
            folder.mkdir(exist_ok=True)
            os.rename(page, folder / page.name)

    @rule(
        which=st.integers(0, 1), pick=st.integers(0, 99), deck=st.sampled_from(["Deck", "New::A"])
    )
    def move_note(self, which: int, pick: int, deck: str) -> None:
        note_id = self.untouched(which, pick)
        if note_id:
            self.computers[which].desk.move(note_id, deck)

    @rule(which=st.integers(0, 1))
    def add_note(self, which: int) -> None:
        # Anki takes two notes of one millisecond for one note; a person is not that fast.
        newest = max(max(computer.desk.col.find_notes("")) for computer in self.computers)
        while time.time() * 1000 < newest + 1:
            pass
        self.computers[which].desk.add("Deck", Front=self.word(), Back="added")
        self.notes += 1

    @rule()
    def write_page(self) -> None:
        page = self.home.vault / "Deck" / f"{self.word()}.md"
        page.write_text(f"---\nanki_note_type: Basic\n---\n{self.word()}\n", "utf-8")
        self.notes += 1

    @rule(which=st.integers(0, 1), pick=st.integers(0, 99))
    def delete_note(self, which: int, pick: int) -> None:
        note_id = self.untouched(which, pick)
        if note_id and self.notes > 3:
            self.computers[which].desk.col.remove_notes([note_id])
            self.deleted.add(which)
            self.notes -= 1

    @rule(which=st.integers(0, 1))
    def turn(self, which: int) -> None:
        report = self.computers[which].turn()
        assert (report.questions, report.ok) == (0, True), report
        self.deleted.discard(which)

    @rule(which=st.integers(0, 1))
    def sync_the_vault_only(self, which: int) -> None:
        if which in self.deleted:  # the other one finds no page for its note, and asks
            return
        assert self.computers[which].desk.sync(confirmed=True).ok

    @rule()
    def rest(self) -> None:
        """Everything gets everywhere, and every word is on every side."""
        self.home.settle()
        self.touched.clear()
        self.deleted.clear()
        desk = self.home.one.desk
        ids = desk.col.find_notes("")
        assert len(ids) == self.notes
        lost = {find_note_id(page.read_text("utf-8")) for page in self.home.trash()}
        assert not lost & set(ids)  # nobody lost a conflict
        for note_id in ids:
            text = desk.page(note_id).read_text("utf-8")
            note = desk.col.get_note(note_id)
            words = set(re.findall(r"typed\d+", " ".join([*note.fields, *note.tags])))
            assert words == set(re.findall(r"typed\d+", text.partition("%% anki:end")[0]))


def test_any_days_on_two_computers_end_with_the_same_on_both(tmp_path: Path) -> None:
    with serve_ankiweb(tmp_path / "server") as ankiweb:
        TwoDesks.server = ankiweb
        TwoDesks.folders = iter(tmp_path / f"home {number}" for number in range(10_000))
        run_state_machine_as_test(
            TwoDesks,
            settings=any_days(sequences=8, steps=20),
        )
