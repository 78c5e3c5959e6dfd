"""Two computers of one user, with one AnkiWeb account and one vault folder for both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anki.collection import Collection

from ankivault.sync.run.report import Report
from ankivault.sync.vault.settings import Settings

from ..app.ankiweb import PASSWORD, USER, AnkiWeb
from ..collection.conftest import Desk


@dataclass
class Computer:
    """A computer with its own collection and state, and with the shared vault."""

    desk: Desk
    ankiweb: AnkiWeb
    auth: Any

    def turn(self, **how: Any) -> Report:
        """Do what the add-on does around an AnkiWeb sync: write pages, sync, run, sync again."""
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
        """Every note and card, without the columns that only AnkiWeb's sync uses."""
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
        """The pages of notes in the trash folder, without index pages."""
        return list((self.vault.parent / ".trash").rglob("*[!x].md"))

    def settle(self) -> list[Report]:
        """Take turns until both computers are the same, and check that more change nothing."""
        reports = [computer.turn() for computer in (self.one, self.two, self.one, self.two)]
        self.check_rest()
        return reports

    def settle_rows(self) -> None:
        """Take turns until Anki is at rest on both computers, whatever deck a page is in."""
        for computer in (self.one, self.two, self.one, self.two):
            computer.turn()
        before = (self.one.rows(), self.two.rows())
        for computer in (self.one, self.two, self.two, self.one):
            computer.turn()
            assert (self.one.rows(), self.two.rows()) == before

    def check_rest(self) -> None:
        """Check that both computers are the same, and that more turns write no note or page."""
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
    # Made before the first AnkiWeb sync: Anki would have two decks if both computers made it.
    desk.col.decks.id("New::A")
