"""One person, two computers: one AnkiWeb account, and one vault folder that both see."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from ankivault.convert.properties import find_note_id
from ankivault.sync.report import Report
from ankivault.sync.settings import Settings

from ..app.ankiweb import PASSWORD, USER, AnkiWeb, serve_ankiweb
from .conftest import Desk

MORE = int(os.environ.get("ANKIVAULT_STRESS", "0"))


@dataclass
class Computer:
    """A computer with its own collection and state, and the vault that all share."""

    desk: Desk
    ankiweb: AnkiWeb
    auth: Any

    def turn(self, **how: Any) -> Report:
        """What happens around an AnkiWeb sync, as the add-on does it."""
        before = self.desk.sync(inward=False, confirmed=True)
        assert before.questions == 0
        self.sync_ankiweb()
        report = self.desk.sync(confirmed=True, **how)
        self.sync_ankiweb()
        return report

    def sync_ankiweb(self) -> None:
        done = self.desk.col.sync_collection(self.auth, sync_media=False)
        assert done.required in (done.NO_CHANGES, done.NORMAL_SYNC), done

    def rows(self) -> list[Any]:
        """Every note and card, as this computer stores them."""
        assert self.desk.col.db is not None
        return [
            *map(tuple, self.desk.col.db.all("select * from notes order by id")),
            *map(tuple, self.desk.col.db.all("select * from cards order by id")),
        ]

    def content(self) -> list[Any]:
        """The same without the numbers that syncing keeps for itself."""
        assert self.desk.col.db is not None
        notes = "select id, guid, mid, tags, flds from notes order by id"
        cards = "select id, nid, did, ord, type, queue, due, ivl, reps from cards order by id"
        return [*self.desk.col.db.all(notes), *self.desk.col.db.all(cards)]


@dataclass
class Home:
    """Both computers. ``vault`` is the folder that they share."""

    one: Computer
    two: Computer
    vault: Path

    def close(self) -> None:
        self.one.desk.col.close()
        self.two.desk.col.close()

    def trash(self) -> list[Path]:
        """The notes' pages in the trash folder."""
        return list((self.vault.parent / ".trash").rglob("*[!x].md"))

    def settle(self) -> list[Report]:
        """Turns until everything has got everywhere, and then one that does nothing."""
        reports = [computer.turn() for computer in (self.one, self.two, self.one, self.two)]
        self.check_rest()
        return reports

    def check_rest(self) -> None:
        """Both are the same, and further turns write neither note nor page."""
        assert self.one.content() == self.two.content()
        before = (self.one.rows(), self.two.rows(), self.one.desk.dates())
        for computer in (self.one, self.two, self.two, self.one):
            computer.turn()
            assert (self.one.rows(), self.two.rows(), self.one.desk.dates()) == before


def set_up(folder: Path, ankiweb: AnkiWeb, fill: Callable[[Desk], None]) -> Home:
    vault = folder / "Obsidian" / "Anki"
    vault.mkdir(parents=True)
    (vault.parent / ".obsidian").mkdir()
    computers = []
    for name in ("one", "two"):
        (folder / name).mkdir()
        col = Collection(str(folder / name / "collection.anki2"))
        chosen = Settings(vault_folder=str(vault), two_way=True)
        desk = Desk(col, vault, folder / f"{name} state", chosen)
        if name == "one":
            fill(desk)
        auth = col.sync_login(USER, PASSWORD, ankiweb.url)
        col.close_for_full_sync()
        col.full_upload_or_download(auth=auth, server_usn=None, upload=name == "one")
        col.reopen(after_full_sync=True)
        computers.append(Computer(desk, ankiweb, auth))
    home = Home(computers[0], computers[1], vault)
    home.settle()
    return home


def fill(desk: Desk) -> None:
    for number in range(4):
        desk.add("Deck", Front=f"question {number}", Back="one<br>two<br>three", tags="tag")
    desk.add("Deck::Cloze", "Cloze", Text="It is {{c1::so}} and {{c2::not}}", Back_Extra="x")
    # Decks of one name made on both computers before AnkiWeb are two decks to Anki: not so here.
    desk.col.decks.id("New::A")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with serve_ankiweb(tmp_path / "server") as ankiweb:
        home = set_up(tmp_path, ankiweb, fill)
        yield home
        home.close()


def note_of(desk: Desk, search: str) -> int:
    (note_id,) = desk.col.find_notes(search)
    return note_id


def test_turns_without_edits_write_nothing(home: Home) -> None:
    before = (home.one.rows(), home.two.rows(), home.one.desk.dates())
    for computer in (home.two, home.one, home.one, home.two, home.two):
        report = computer.turn()
        assert (report.questions, report.messages) == (0, ())
    assert (home.one.rows(), home.two.rows(), home.one.desk.dates()) == before


@pytest.mark.parametrize("first", ["one", "two"])
def test_an_edited_page_goes_into_anki_once(home: Home, first: str) -> None:
    computers = [home.one, home.two] if first == "one" else [home.two, home.one]
    note_id = note_of(home.one.desk, '"Front:question 1"')
    home.one.desk.retype(note_id, "three", "three more")
    text = home.one.desk.page(note_id).read_bytes()
    assert computers[0].turn().counts["note updated in Anki"] == 1
    report = computers[1].turn()
    assert "note updated in Anki" not in report.counts
    assert (report.questions, report.messages) == (0, ())
    for computer in computers:
        assert computer.desk.fields(note_id)["Back"] == "one<br>two<br>three more"
    assert home.one.desk.page(note_id).read_bytes() == text
    home.check_rest()


def test_an_edit_in_anki_reaches_the_page_once(home: Home) -> None:
    note_id = note_of(home.two.desk, '"Front:question 1"')
    home.two.desk.edit(note_id, Back="one<br>2<br>three")
    home.two.turn()
    before = home.one.desk.dates()
    report = home.one.turn()
    assert (report.questions, report.messages) == (0, ())
    assert home.one.desk.dates() == before
    assert home.one.desk.fields(note_id)["Back"] == "one<br>2<br>three"
    home.check_rest()


def test_edits_on_phone_page_and_desktop_are_merged(home: Home) -> None:
    note_id = note_of(home.one.desk, '"Front:question 1"')
    home.two.desk.edit(note_id, Back="one by Anki<br>two<br>three")
    home.two.sync_ankiweb()  # a phone, say: no run of ours
    home.one.desk.retype(note_id, "three", "three on the page")
    report = home.one.turn()
    assert (report.questions, report.ok) == (0, True)
    both = "one by Anki<br>two<br>three on the page"
    assert home.one.desk.fields(note_id)["Back"] == both
    home.settle()
    assert home.two.desk.fields(note_id)["Back"] == both
    assert not home.trash()


def test_a_stale_computer_does_not_win(home: Home) -> None:
    """What another computer made of note and page is no edit of this one's person."""
    note_id = note_of(home.one.desk, '"Front:question 1"')
    for round_ in range(3):
        home.one.desk.edit(note_id, Back=f"one<br>two {round_}<br>three")
        home.one.turn()
    home.two.desk.retype(note_id, "three", "three on the page")
    report = home.two.turn()
    assert (report.questions, report.ok) == (0, True)
    home.settle()
    assert home.one.desk.fields(note_id)["Back"] == "one<br>two 2<br>three on the page"
    assert not home.trash()


def test_a_new_page_makes_one_note(home: Home) -> None:
    page = home.vault / "Deck" / "New.md"
    page.write_text("---\nanki_note_type: Basic\n---\n## Front\nnew\n\n## Back\na\n", "utf-8")
    home.two.turn()
    found = home.two.desk.col.find_notes("Front:new")
    report = home.one.turn()
    assert report.messages == ()
    assert home.one.desk.col.find_notes("Front:new") == found
    assert len(found) == 1
    home.settle()
    assert home.one.desk.page(found[0]) == page


def test_a_computer_without_ankiweb_leaves_the_others_new_page(home: Home) -> None:
    page = home.vault / "Deck" / "New.md"
    page.write_text("---\nanki_note_type: Basic\n---\n## Front\nnew\n\n## Back\na\n", "utf-8")
    home.two.turn()
    text = page.read_bytes()
    home.one.desk.sync()  # by hand, before AnkiWeb
    assert page.read_bytes() == text
    assert not home.one.desk.col.find_notes("Front:new")
    home.settle()
    assert len(home.one.desk.col.find_notes("Front:new")) == 1


def test_deletions_go_round_once(home: Home) -> None:
    by_anki, by_page = (note_of(home.one.desk, f'"Front:question {n}"') for n in (1, 2))
    home.one.desk.col.remove_notes([by_anki])
    home.one.turn()
    assert not home.one.desk.pages(by_anki)
    report = home.two.turn()
    assert report.questions == 0
    assert not home.two.desk.col.find_notes(f"nid:{by_anki}")
    home.two.desk.page(by_page).unlink()
    assert home.one.turn().questions == 1
    home.one.turn(answers={f"page deleted:{by_page}": "delete"})
    report = home.two.turn()
    assert report.questions == 0
    assert not home.two.desk.col.find_notes(f"nid:{by_page}")
    home.check_rest()


def test_decks_and_tags_go_round_once(home: Home) -> None:
    by_anki, by_page = (note_of(home.one.desk, f'"Front:question {n}"') for n in (1, 2))
    home.one.desk.move(by_anki, "Deck::Cloze")
    page = home.one.desk.page(by_page)
    page.rename(home.vault / "Deck" / "Cloze" / page.name)
    home.two.desk.retype(by_page, "  - tag\n", "  - other\n")
    home.two.turn()
    home.settle()
    for note_id in (by_anki, by_page):
        for computer in (home.one, home.two):
            card = computer.desk.col.get_note(note_id).cards()[0]
            assert computer.desk.col.decks.name(card.did) == "Deck::Cloze"
        assert home.one.desk.page(note_id).parent == home.vault / "Deck" / "Cloze"
    assert home.one.desk.col.get_note(by_page).tags == ["other"]


def test_a_conflict_is_settled_on_one_computer_for_both(home: Home) -> None:
    note_id = note_of(home.one.desk, '"Front:question 1"')
    home.two.desk.edit(note_id, Back="one<br>two by Anki<br>three")
    home.two.sync_ankiweb()
    home.one.desk.retype(note_id, "two", "two on the page")
    assert home.one.turn().questions == 1
    assert home.two.turn().questions == 1
    home.one.turn(answers={f"field:{note_id}:Back": "obsidian"})
    assert home.two.turn().questions == 0
    home.check_rest()
    assert home.two.desk.fields(note_id)["Back"] == "one<br>two on the page<br>three"
    assert len(home.trash()) == 1


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

    def teardown(self) -> None:
        self.home.close()

    def word(self) -> str:
        self.typed += 1
        return f"typed{self.typed}"

    def untouched(self, which: int, pick: int) -> int:
        ids = sorted(self.computers[which].desk.col.find_notes(""))
        note_id = ids[pick % len(ids)]
        if note_id in self.touched:
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
            self.notes -= 1

    @rule(which=st.integers(0, 1))
    def turn(self, which: int) -> None:
        report = self.computers[which].turn()
        assert (report.questions, report.ok) == (0, True), report

    @rule(which=st.integers(0, 1))
    def sync_the_vault_only(self, which: int) -> None:
        assert self.computers[which].desk.sync(confirmed=True).ok

    @rule()
    def rest(self) -> None:
        """Everything gets everywhere, and every word is on every side."""
        self.home.settle()
        self.touched.clear()
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
            settings=settings(
                max_examples=MORE or 8,
                stateful_step_count=20,
                deadline=None,
                derandomize=not MORE,
                database=None,
                report_multiple_bugs=False,
                phases=[Phase.generate] if MORE else list(Phase),
                suppress_health_check=list(HealthCheck),
            ),
        )
